import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton

from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import EndpointId
from desktop_chat.ui.sidebar.arrangement import View
from desktop_chat.ui.sidebar.sidebar import Sidebar
from desktop_chat.ui.sidebar.strokes import is_right_to_left

key = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def place_of(sidebar, name):
    model, listed = sidebar._pane.model, sidebar._pane.list
    index = model.index_of(name)
    return listed.visualRect(index if index.isValid() else model.index_of_folder(name)).center()


def click(sidebar, qtbot, name, held=Qt.KeyboardModifier.NoModifier):
    qtbot.mouseClick(sidebar._pane.list.viewport(), Qt.MouseButton.LeftButton, held, place_of(sidebar, name))


@pytest.fixture
def folder(library, do):
    made = []
    do(lambda: made.append(library.add_folder("Work")))
    return made[0]


def test_the_keyboard_walks_past_heads_and_enter_opens(sidebar, listed, qtbot):
    with qtbot.waitSignal(sidebar.wishes.open_asked) as opened:
        for _ in range(3):
            qtbot.keyClick(listed, key.Key_Down)
        qtbot.keyClick(listed, key.Key_Return)

    assert opened.args == ["taxes"]


def test_home_and_end_go_to_the_ends_of_the_list(sidebar, listed, qtbot):
    qtbot.keyClick(listed, key.Key_End)
    assert listed.selected_ids == ["recipes"]
    qtbot.keyClick(listed, key.Key_Home)
    assert listed.selected_ids == ["weather"]


def test_a_click_opens_and_a_click_on_a_head_does_not(sidebar, listed, qtbot):
    with qtbot.waitSignal(sidebar.wishes.open_asked) as opened:
        click(sidebar, qtbot, "physics")
    assert opened.args == ["physics"]
    with qtbot.assertNotEmitted(sidebar.wishes.open_asked):
        qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 10))


def test_ctrl_and_shift_select_and_open_nothing(sidebar, listed, qtbot):
    click(sidebar, qtbot, "weather")
    with qtbot.assertNotEmitted(sidebar.wishes.open_asked):
        click(sidebar, qtbot, "physics", CTRL)
        assert listed.selected_ids == ["weather", "physics"]
        click(sidebar, qtbot, "recipes", SHIFT)

    assert listed.selected_ids == ["weather", "physics", "taxes", "recipes"]


def test_keys_select_several_and_escape_gives_them_up(sidebar, listed, qtbot):
    qtbot.keyClick(listed, key.Key_Down, SHIFT)
    assert listed.selected_ids == ["weather", "countries"]
    qtbot.keyClick(listed, key.Key_A, CTRL)
    assert len(listed.selected_ids) == 5
    qtbot.keyClick(listed, key.Key_Escape)
    assert listed.selected_ids == ["countries"]


def test_several_are_deleted_by_one_key_in_one_step(sidebar, listed, library, qtbot, do):
    qtbot.keyClick(listed, key.Key_Down, SHIFT)

    with qtbot.waitSignal(sidebar.wishes.trash_asked) as asked:
        qtbot.keyClick(listed, key.Key_Delete)

    assert asked.args == [["weather", "countries"]]


def test_the_bar_of_a_selection_acts_on_all_of_it(sidebar, listed, library, qtbot):
    qtbot.keyClick(listed, key.Key_Down, SHIFT)
    bar = sidebar._pane._bar

    assert bar.isVisible()
    assert bar._count.text() == "2 selected"
    with qtbot.waitSignal(sidebar.wishes.pin_asked) as pinned:
        bar._pin.click()
    with qtbot.waitSignal(sidebar.wishes.archive_asked) as archived:
        bar._archive.click()
    with qtbot.waitSignal(sidebar.wishes.export_asked) as exported:
        bar._export.click()
    assert pinned.args == [["weather", "countries"], True]
    assert archived.args == [["weather", "countries"], True]
    assert exported.args == [["weather", "countries"]]
    bar._close.click()
    assert not bar.isVisible()


def test_whoever_is_choosing_keeps_the_selection_when_another_conversation_is_shown(sidebar, listed, qtbot):
    qtbot.keyClick(listed, key.Key_Down, SHIFT)

    sidebar.show_current("taxes")

    assert listed.selected_ids == ["weather", "countries"]


def test_f2_edits_the_title_in_its_row(sidebar, listed, qtbot):
    qtbot.keyClick(listed, key.Key_F2)
    editor = listed.viewport().findChild(QLineEdit)

    with qtbot.waitSignal(sidebar.wishes.renamed) as renamed:
        editor.setText("Better")
        qtbot.keyClick(editor, key.Key_Return)

    assert renamed.args == ["weather", "Better"]


def test_escape_leaves_the_title_as_it_was(sidebar, listed, library, qtbot):
    sidebar.rename("countries")
    editor = listed.viewport().findChild(QLineEdit)

    with qtbot.assertNotEmitted(sidebar.wishes.renamed):
        editor.setText("Better")
        qtbot.keyClick(editor, key.Key_Escape)

    assert library.row("countries").title == "Countries"


def test_left_and_right_fold_a_folder_and_lead_out_of_it_and_into_it(sidebar, listed, library, folder, qtbot, do):
    do(lambda: library.move(["physics"], folder))
    sidebar.reveal("physics")

    qtbot.keyClick(listed, key.Key_Left)
    assert listed.current_folder.id == folder
    qtbot.keyClick(listed, key.Key_Left)
    assert sidebar.collapsed == [folder]
    qtbot.keyClick(listed, key.Key_Right)
    assert sidebar.collapsed == []
    qtbot.keyClick(listed, key.Key_Right)
    assert listed.selected_ids == ["physics"]


def test_a_click_and_enter_fold_a_folder(sidebar, listed, folder, qtbot):
    with qtbot.waitSignal(sidebar.arranged):
        click(sidebar, qtbot, folder)
    assert sidebar.collapsed == [folder]
    qtbot.keyClick(listed, key.Key_Return)
    assert sidebar.collapsed == []


def test_delete_on_a_folder_asks_to_remove_it(sidebar, listed, folder, qtbot):
    click(sidebar, qtbot, folder)

    with qtbot.waitSignal(sidebar.wishes.folder_removed) as asked:
        qtbot.keyClick(listed, key.Key_Delete)

    assert asked.args == [folder]


def test_a_folder_is_renamed_in_its_row(sidebar, listed, folder, qtbot):
    sidebar.edit_folder(folder)
    editor = listed.viewport().findChild(QLineEdit)

    with qtbot.waitSignal(sidebar.wishes.folder_renamed) as renamed:
        editor.setText("Office")
        qtbot.keyClick(editor, key.Key_Return)

    assert renamed.args == [folder, "Office"]


def test_what_is_remembered_comes_back_and_what_is_unknown_harms_nothing(sidebar, folder):
    sidebar.arrange(sort="title", collapsed=[folder, "gone"])
    assert (sidebar.sort, sidebar.collapsed) == ("title", sorted([folder, "gone"]))
    sidebar.arrange(sort="by magic", collapsed=[])
    assert (sidebar.sort, sidebar.collapsed) == ("title", [])


def test_a_tag_is_shown_on_the_row_and_a_press_on_it_finds_all_that_have_it(sidebar, listed, library, qtbot, do):
    do(lambda: library.tag(["weather", "taxes"], "two words", True))
    index = sidebar._pane.model.index_of("weather")
    rect = listed.visualRect(index)
    parts = listed.rows_look._parts(rect, library.row("weather"), 0)

    do(lambda: qtbot.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=parts.tags[0][1].center()))

    assert sidebar._field.text() == 'tag:"two words" '
    assert {sidebar._results._model.place(one)[0] for one in found(sidebar)} == {"weather", "taxes"}


def found(sidebar):
    model = sidebar._results._model
    return [model.index(row) for row in range(model.rowCount())]


def test_tags_are_added_and_removed_in_the_picker(sidebar, library, qtbot, do, qapp):
    do(lambda: library.tag(["weather"], "north", True))
    sidebar._pane.open_tags(["weather", "physics"])
    picker = qapp.activePopupWidget()
    asked = []
    picker.decided.connect(lambda tag, on: asked.append((tag, on)))

    assert picker._list.item(0).checkState() == Qt.CheckState.PartiallyChecked
    qtbot.keyClick(picker.field, key.Key_Return)
    qtbot.keyClicks(picker.field, "new one")
    qtbot.keyClick(picker.field, key.Key_Return)
    picker.close()

    assert asked == [("north", True), ("new one", True)]


def test_down_goes_from_the_field_to_the_list_and_up_goes_back(sidebar, listed, qtbot):
    sidebar.focus_search()
    qtbot.keyClick(sidebar._field, key.Key_Down)
    assert listed.hasFocus()

    qtbot.keyClick(listed, key.Key_Up)
    assert sidebar._field.hasFocus()


def test_letters_are_not_swallowed_by_the_list(sidebar, listed, qtbot):
    before = listed.currentIndex()
    event = QKeyEvent(QKeyEvent.Type.KeyPress, key.Key_T, Qt.KeyboardModifier.NoModifier, "t")

    listed.keyPressEvent(event)

    assert not event.isAccepted()
    assert listed.currentIndex() == before


def test_the_shown_conversation_is_marked(sidebar, listed):
    listed.clearFocus()
    sidebar.show_current("countries")
    rect = listed.visualRect(sidebar._pane.model.index_of("countries"))
    place = listed.viewport().mapTo(sidebar, QPoint(rect.right() - 12, rect.center().y()))

    assert sidebar.grab().toImage().pixelColor(place) == sidebar._theme.color("accent_weak")


def test_the_foot_counts_the_endpoints(sidebar, parts, do):
    assert sidebar._foot._count.text() == "No endpoint yet"

    parts.settings.change(endpoints=(Endpoint(EndpointId("a"), "A", "http://a/v1"),))
    do(lambda: parts.endpoints.changes.publish(None))

    assert sidebar._foot._count.text() == "1 endpoint set up"


def test_the_first_strong_letter_gives_a_title_its_direction():
    assert is_right_to_left("123 مرحبا and more")
    assert not is_right_to_left("Hello مرحبا")
    assert not is_right_to_left("123")


def test_every_control_has_a_name(sidebar, listed, qtbot, library, do):
    do(lambda: library.archive(["recipes"], True))
    qtbot.keyClick(listed, key.Key_A, CTRL)

    for control in sidebar.findChildren(QToolButton):
        if control.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert control.accessibleName(), control
    for control in sidebar.findChildren(QPushButton):  # hidden ones are in a screen reader's tree too
        assert control.accessibleName() or control.text(), control
    for control in (sidebar._new, sidebar._field, listed, sidebar._foot._count, sidebar._places._places[View.TRASH]):
        assert control.accessibleName(), control


def test_a_key_of_the_list_wins_over_a_shortcut_of_the_window(sidebar, listed, qtbot):
    action = QAction("Elsewhere", sidebar)
    action.setShortcut("F2")
    sidebar.addAction(action)

    with qtbot.assertNotEmitted(action.triggered):
        qtbot.keyClick(listed, key.Key_F2)

    assert listed.viewport().findChild(QLineEdit) is not None


@pytest.mark.parametrize("width", [180, 268, 500])
@pytest.mark.parametrize("text_px", [11, 24])
def test_the_sidebar_keeps_its_width_whatever_is_in_it(
    sidebar, listed, library, parts, theme, do, qtbot, width, text_px
):
    theme.set_text_px(text_px)
    plain = Sidebar(library, theme, parts.endpoints)
    qtbot.addWidget(plain)
    plain.show()
    do(lambda: library.rename("weather", "An endless title " * 20))
    do(lambda: library.tag(["weather"], "a very long tag that nobody would ever type", True))
    do(lambda: library.add_folder("An endless name " * 20))
    qtbot.keyClick(listed, key.Key_A, CTRL)
    sidebar.resize(width, 700)

    qtbot.waitUntil(lambda: sidebar.minimumSizeHint().width() == plain.minimumSizeHint().width())
    assert not sidebar.grab().isNull()


@pytest.mark.parametrize(
    ("pressed", "held"), [(key.Key_Menu, Qt.KeyboardModifier.NoModifier), (key.Key_F10, SHIFT)], ids=["menu", "f10"]
)
def test_the_keyboard_opens_the_menu_of_a_row(sidebar, listed, qtbot, qapp, pressed, held):
    qtbot.keyClick(listed, pressed, held)

    menu = qapp.activePopupWidget()
    titles = [action.text() for action in menu.actions() if action.text()]
    with qtbot.waitSignal(sidebar.wishes.pin_asked) as asked:
        next(action for action in menu.actions() if action.text() == "Pin").trigger()
    menu.close()

    assert titles == ["Open", "Rename", "Pin", "Move to folder", "Tags…", "Archive", "Export…", "Delete conversation"]
    assert asked.args == [["weather"], True]


def test_the_menu_of_several_is_about_all_of_them(sidebar, listed, folder, qtbot, qapp):
    qtbot.keyClick(listed, key.Key_Home)
    click(sidebar, qtbot, "weather")
    qtbot.keyClick(listed, key.Key_Down, SHIFT)
    qtbot.keyClick(listed, key.Key_Menu)
    menu = qapp.activePopupWidget()
    inside = next(action.menu() for action in menu.actions() if action.menu())

    with qtbot.waitSignal(sidebar.wishes.move_asked) as asked:
        next(action for action in inside.actions() if action.text() == "Work").trigger()
    menu.close()

    assert menu.actions()[0].text() == "2 conversations"
    assert asked.args == [["weather", "countries"], folder]


def test_a_folder_moves_by_menu_as_it_does_by_dragging(sidebar, listed, library, folder, qtbot, qapp, do):
    do(lambda: library.add_folder("Home"))
    click(sidebar, qtbot, folder)
    qtbot.keyClick(listed, key.Key_Menu)
    menu = qapp.activePopupWidget()
    inside = next(action.menu() for action in menu.actions() if action.menu())

    with qtbot.waitSignal(sidebar.wishes.folder_moved) as asked:
        next(action for action in inside.actions() if action.text() == "Down").trigger()
    menu.close()
    do(lambda: library.move_folder(*asked.args))

    assert [one.name for one in library.folders] == ["Home", "Work"]
