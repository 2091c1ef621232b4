import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QLineEdit, QMenu

from desktop_chat.core.ports import Hit
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.ui.sidebar.delegate import is_right_to_left
from desktop_chat.ui.sidebar.sidebar import Sidebar
from tests.ui.panes import KnownEndpoints, ListedLibrary, row

HITS = [
    Hit("c1", None, "\x02Berlin\x03 in spring"),
    Hit("c2", "m7", "the weather in \x02Berlin\x03 is mild"),
]


@pytest.fixture
def library():
    return ListedLibrary([row(1), row(2), row(3, age_days=1)], HITS)


@pytest.fixture
def endpoints():
    return KnownEndpoints(Endpoint("a", "A", "http://a/v1"))


@pytest.fixture
def sidebar(qtbot, library, theme, endpoints):
    made = Sidebar(library, theme, endpoints)
    qtbot.addWidget(made)
    made.resize(268, 600)
    made.show()
    made._list.setFocus()
    return made


def search(run_qt, sidebar, text):
    async def person():
        sidebar._field.setText(text)
        sidebar._field._pause.stop()
        sidebar._field.asked.emit(text)
        while sidebar._results._task is not None and not sidebar._results._task.done():
            await asyncio.sleep(0)

    run_qt(person())


def test_the_keyboard_walks_past_heads_and_enter_opens(sidebar, qtbot):
    with qtbot.waitSignal(sidebar.conversation_chosen) as chosen:
        qtbot.keyClick(sidebar._list, Qt.Key.Key_Down)
        qtbot.keyClick(sidebar._list, Qt.Key.Key_Down)
        qtbot.keyClick(sidebar._list, Qt.Key.Key_Return)

    assert chosen.args == ["c3"]


def test_a_click_opens_a_conversation(sidebar, qtbot):
    place = sidebar._list.visualRect(sidebar._model.index_of("c2")).center()

    with qtbot.waitSignal(sidebar.conversation_chosen) as chosen:
        qtbot.mouseClick(sidebar._list.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert chosen.args == ["c2"]


def test_a_click_on_a_head_opens_nothing(sidebar, qtbot):
    with qtbot.assertNotEmitted(sidebar.conversation_chosen):
        qtbot.mouseClick(sidebar._list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 10))


def test_delete_asks_for_the_trash(sidebar, qtbot):
    with qtbot.waitSignal(sidebar.trash_asked) as asked:
        qtbot.keyClick(sidebar._list, Qt.Key.Key_Delete)

    assert asked.args == ["c1"]


def test_f2_edits_the_title_in_its_row(sidebar, qtbot):
    qtbot.keyClick(sidebar._list, Qt.Key.Key_F2)
    editor = sidebar._list.viewport().findChild(QLineEdit)

    with qtbot.waitSignal(sidebar.rename_committed) as committed:
        editor.setText("Better")
        qtbot.keyClick(editor, Qt.Key.Key_Return)

    assert committed.args == ["c1", "Better"]


def test_escape_leaves_the_title_as_it_was(sidebar, qtbot):
    sidebar.rename("c2")
    editor = sidebar._list.viewport().findChild(QLineEdit)

    with qtbot.assertNotEmitted(sidebar.rename_committed):
        editor.setText("Better")
        qtbot.keyClick(editor, Qt.Key.Key_Escape)


def test_the_menu_offers_what_can_be_done(sidebar, qtbot, library):
    menu = sidebar.menu_of(replace(library.row("c1"), pinned=True))
    entries = {action.text(): action for action in menu.actions()}

    assert list(entries) == ["Open", "Rename", "Unpin", "Delete"]
    with qtbot.waitSignal(sidebar.pin_asked) as asked:
        entries["Unpin"].trigger()
    assert asked.args == ["c1", False]
    with qtbot.waitSignal(sidebar.trash_asked):
        entries["Delete"].trigger()
    assert isinstance(menu, QMenu)


def test_search_shows_the_line_and_jumps_to_the_message(sidebar, qtbot, run_qt):
    search(run_qt, sidebar, "mild")

    assert sidebar._pages.currentWidget() is sidebar._results
    with qtbot.waitSignal(sidebar.hit_chosen) as chosen:
        qtbot.keyClick(sidebar._field, Qt.Key.Key_Return)
    assert chosen.args == ["c2", "m7"]


def test_a_title_that_matches_jumps_to_its_conversation(sidebar, qtbot, run_qt):
    search(run_qt, sidebar, "spring")

    with qtbot.waitSignal(sidebar.hit_chosen) as chosen:
        sidebar._results.choose_first()
    assert chosen.args == ["c1", ""]


def test_a_search_without_matches_says_so(sidebar, run_qt):
    search(run_qt, sidebar, "Lisbon")

    assert sidebar._results._nothing.text() == "Nothing found for “Lisbon”"


def test_typing_waits_for_a_pause_and_then_asks_once(sidebar, qtbot, run_qt, library):
    async def person():
        for text in ("B", "Be", "Ber"):
            sidebar._field.setText(text)
        asked = asyncio.get_running_loop().create_future()
        sidebar._field.asked.connect(asked.set_result)
        await asked
        sidebar._field.asked.disconnect(asked.set_result)
        await asyncio.sleep(0)

    run_qt(person())

    assert library.searched == ["Ber"]


def test_escape_in_the_search_field_brings_the_list_back(sidebar, qtbot, run_qt):
    search(run_qt, sidebar, "Berlin")

    qtbot.keyClick(sidebar._field, Qt.Key.Key_Escape)

    assert sidebar._field.text() == ""
    assert sidebar._pages.currentWidget() is sidebar._list


def test_down_goes_from_the_field_to_the_list_and_up_goes_back(sidebar, qtbot):
    sidebar.activateWindow()
    sidebar.focus_search()
    qtbot.keyClick(sidebar._field, Qt.Key.Key_Down)
    assert sidebar._list.hasFocus()

    qtbot.keyClick(sidebar._list, Qt.Key.Key_Up)
    assert sidebar._field.hasFocus()


def test_an_empty_library_says_so_until_the_first_conversation(qtbot, theme, endpoints):
    library = ListedLibrary()
    sidebar = Sidebar(library, theme, endpoints)
    qtbot.addWidget(sidebar)

    assert sidebar._pages.currentWidget() is sidebar._empty
    library.put(row(1))
    assert sidebar._pages.currentWidget() is sidebar._list


def test_the_shown_conversation_is_marked(sidebar):
    before = sidebar.grab().toImage()
    sidebar.show_current("c2")
    rect = sidebar._list.visualRect(sidebar._model.index_of("c2"))
    place = sidebar._list.viewport().mapTo(sidebar, QPoint(rect.right() - 12, rect.center().y()))

    after = sidebar.grab().toImage()

    assert after.pixelColor(place) == sidebar._theme.color("accent_weak")
    assert isinstance(before, QImage)


def test_the_foot_counts_the_endpoints(sidebar, endpoints):
    assert sidebar._foot._count.text() == "1 endpoint ready"

    endpoints.all = (*endpoints.all, Endpoint("b", "B", "http://b/v1"))
    endpoints.changes.publish(None)

    assert sidebar._foot._count.text() == "2 endpoints ready"


def test_the_first_strong_letter_gives_a_title_its_direction():
    assert is_right_to_left("123 مرحبا and more")
    assert not is_right_to_left("Hello مرحبا")
    assert not is_right_to_left("123")


def test_every_control_has_a_name(sidebar):
    for control in (sidebar._new, sidebar._field, sidebar._list, sidebar._foot._count, sidebar._foot._gear):
        assert control.accessibleName()


def test_a_key_of_the_list_wins_over_a_shortcut_of_the_window(sidebar, qtbot):
    action = QAction("Elsewhere", sidebar)
    action.setShortcut("F2")
    sidebar.addAction(action)

    with qtbot.assertNotEmitted(action.triggered):
        qtbot.keyClick(sidebar._list, Qt.Key.Key_F2)

    assert sidebar._list.viewport().findChild(QLineEdit) is not None
