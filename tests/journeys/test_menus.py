"""The menus of the window: what the menu of a row offers is there too, and means the same."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop_chat.ui.actions.ids import ActionId
from tests.journeys.conftest import Person, Visit
from tests.journeys.test_shelves import talk

Key, Held = Qt.Key, Qt.KeyboardModifier
ABOUT_ROWS = {"Open", "Restore"}
"""Their keys in the menu of a row mean that row alone: Enter."""


def opened(me: Person, qapp: QApplication, pressed: Key) -> QMenu:
    """The menu of what the keyboard stands on in the list."""
    QTest.keyClick(me.panes.sidebar._pane.list, pressed)
    menu = qapp.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def in_menus(me: Person) -> dict[str, QAction]:
    """The entries of the menus of the window that can be chosen now."""
    me.program.handlers.refresh()
    found = (action for menu in me.window.menus for action in menu.actions())
    return {action.text(): action for action in found if action.isEnabled() and action.text()}


def test_what_the_menu_of_a_row_offers_is_in_the_menus_of_the_window(visit: Visit, qapp: QApplication) -> None:
    async def person(me: Person) -> None:
        await talk(me, "one", "two", "three")
        listed = me.panes.sidebar._pane.list
        listed.setFocus()
        for several in (False, True):
            if several:
                QTest.keyClick(listed, Key.Key_Down, Held.ShiftModifier)
            menu = opened(me, qapp, Key.Key_Menu)
            entries = in_menus(me)
            for action in menu.actions():
                if not action.text() or action.text() == "2 conversations":
                    continue
                assert action.text() in entries
                if action.text() not in ABOUT_ROWS:
                    assert action.shortcut() == entries[action.text()].shortcut(), action.text()
            menu.close()

    visit(person)


def test_the_menus_of_the_window_act_on_all_that_is_selected(visit: Visit) -> None:
    async def person(me: Person) -> None:
        await talk(me, "one", "two", "three")
        library, listed = me.program.parts.library, me.panes.sidebar._pane.list
        listed.setFocus()
        QTest.keyClick(listed, Key.Key_A, Held.ControlModifier)
        me.do(ActionId.CONVERSATION_PIN)
        assert all(row.pinned for row in library.rows)
        assert me.program.actions[ActionId.CONVERSATION_PIN].text() == "Unpin"
        assert not me.can(ActionId.CONVERSATION_RENAME)
        me.do(ActionId.CONVERSATION_ARCHIVE)
        assert all(row.archived for row in library.rows) and len(library.rows) == 3

    visit(person)


def test_folders_are_made_and_filled_from_the_menus_of_the_window(visit: Visit) -> None:
    async def person(me: Person) -> None:
        (made,) = await talk(me, "one")
        library, listed = me.program.parts.library, me.panes.sidebar._pane.list
        me.do(ActionId.FOLDER_NEW)
        listed.setFocus()
        QTest.keyClick(listed, Key.Key_Escape)
        me.panes.composer.focus_editor()
        move = me.program.actions[ActionId.CONVERSATION_MOVE].menu()
        assert isinstance(move, QMenu)
        for _ in range(2):
            move.aboutToShow.emit()
            assert [action.text() for action in move.actions() if action.text()] == [
                "No folder",
                "New folder",
                "New folder",
            ]
        move.actions()[1].trigger()
        row = library.row(made)
        assert row is not None and row.folder_id == library.folders[0].id
        assert not me.can(ActionId.FOLDER_MENU)
        listed.setFocus()
        listed.select_only(me.panes.sidebar._pane.model.index_of_folder(library.folders[0].id))
        assert me.can(ActionId.FOLDER_MENU)
        menu = me.program.actions[ActionId.FOLDER_MENU].menu()
        assert isinstance(menu, QMenu)
        menu.aboutToShow.emit()
        next(action for action in menu.actions() if action.text() == "Remove folder").trigger()
        assert not library.folders

    visit(person)


def test_what_lies_in_the_trash_is_restored_from_the_menus_of_the_window(visit: Visit) -> None:
    async def person(me: Person) -> None:
        await talk(me, "one", "two")
        library, pane = me.program.parts.library, me.panes.sidebar._pane
        me.do(ActionId.CONVERSATION_TRASH)
        await me.until(lambda: len(pane._trash) == 1)
        me.panes.sidebar._on_places_asked(type(pane.view).TRASH)
        QTest.keyClick(pane.list, Key.Key_Home)
        assert not me.can(ActionId.CONVERSATION_TRASH)
        me.do(ActionId.CONVERSATION_RESTORE)
        assert len(library.rows) == 2

    visit(person)
