"""The archive and the trash beside the list: led to, looked through, and left."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from desktop_chat.ui.sidebar.arrangement import View

key = Qt.Key


def test_archive_and_trash_are_counted_and_lead_there_and_back(sidebar, listed, library, qtbot, do):
    places = sidebar._places
    assert not places.isVisible()
    do(lambda: library.archive(["recipes"], True))
    do(lambda: library.trash(["taxes", "physics"]))
    sidebar._pane._count()

    assert [place.text() for place in places._places.values()] == ["Archive (1)", "Trash (2)"]
    places._places[View.ARCHIVE].click()
    assert [listed.model().index(row, 0).data() for row in range(2)][1] == "Recipes"
    places._places[View.TRASH].click()
    assert {listed.model().index(row, 0).data() for row in range(2)} == {"Taxes", "Physics"}
    qtbot.keyClick(listed, key.Key_Escape)
    assert sidebar._pane.view is View.LIBRARY


def test_the_trash_says_when_things_go_and_gives_them_back(sidebar, listed, library, qtbot, do):
    do(lambda: library.trash(["taxes"]))
    sidebar._places.asked.emit(View.TRASH)
    index = listed.model().index(0, 0)

    assert "Deleted today, kept until" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    listed.select_only(index)
    with qtbot.waitSignal(sidebar.wishes.restore_asked) as asked:
        sidebar._pane._bar._restore.click()
    assert asked.args == [["taxes"]]
    with qtbot.waitSignal(sidebar.wishes.restore_asked):
        qtbot.keyClick(listed, key.Key_Return)


def test_nothing_is_deleted_or_renamed_in_the_trash(sidebar, listed, library, qtbot, do):
    do(lambda: library.trash(["taxes"]))
    sidebar._places.asked.emit(View.TRASH)
    listed.select_only(listed.model().index(0, 0))

    with qtbot.assertNotEmitted(sidebar.wishes.trash_asked):
        qtbot.keyClick(listed, key.Key_Delete)
        qtbot.keyClick(listed, key.Key_F2)
    assert listed.viewport().findChild(QLineEdit) is None


def test_whoever_begins_something_new_is_done_with_the_trash(sidebar, listed, library, do):
    do(lambda: library.trash(["taxes"]))
    sidebar._places.asked.emit(View.TRASH)
    sidebar._field.setFocus()

    sidebar.show_current("new")

    assert sidebar._pane.view is View.LIBRARY


def test_what_is_restored_is_not_selected_any_more(sidebar, listed, library, do):
    do(lambda: library.trash(["taxes", "physics"]))
    sidebar._places.asked.emit(View.TRASH)
    listed.selectAll()
    assert sidebar._pane._bar.isVisible()

    do(lambda: library.restore(["taxes", "physics"]))

    assert not sidebar._pane._bar.isVisible()
    assert listed.selected_ids == []
    assert sidebar._pane._empty.text() == "The trash is empty"
