"""What letting go at a place of the list means, and that the list follows the mouse with it."""

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from desktop_chat.ui.sidebar.arrangement import View
from desktop_chat.ui.sidebar.cargo import Carried, pack, unpack
from desktop_chat.ui.sidebar.dragging import Drop, Kind, drop_at

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def model(sidebar, library, folders, do):
    """`physics` is in `Papers`, `recipes` is pinned."""

    def arrange():
        library.move(["physics"], folders[1])
        library.pin(["recipes"], True)

    do(arrange)
    return sidebar._pane.model


def at(model, name):
    index = model.index_of(name)
    return index if index.isValid() else model.index_of_folder(name)


def test_conversations_go_into_a_folder_and_beside_what_is_in_it(model, folders):
    carried = Carried(("weather", "taxes"))

    assert drop_at(model, carried, at(model, folders[2]), 0.5) == Drop(Kind.INTO, folders[2])
    assert drop_at(model, carried, at(model, "physics"), 0.5) == Drop(Kind.INTO, folders[1])


def test_what_is_in_a_folder_already_cannot_be_dropped_there(model, folders):
    assert drop_at(model, Carried(("physics",)), at(model, folders[1]), 0.5) is None
    assert drop_at(model, Carried(("weather",)), at(model, "taxes"), 0.5) is None


def test_below_the_folders_is_out_of_them(model):
    carried = Carried(("physics",))

    assert drop_at(model, carried, at(model, "weather"), 0.5) == Drop(Kind.INTO, None)
    assert drop_at(model, carried, QModelIndex(), 1) == Drop(Kind.INTO, None)


def test_a_pinned_one_in_a_folder_comes_out_of_it_among_the_pinned(model, library, do):
    do(lambda: library.pin(["physics"], True))

    assert drop_at(model, Carried(("physics",)), at(model, "recipes"), 0.5) == Drop(Kind.INTO, None)
    assert drop_at(model, Carried(("recipes",)), at(model, "recipes"), 0.5) is None


def test_among_the_pinned_pins_and_away_from_them_unpins(model):
    assert drop_at(model, Carried(("weather",)), at(model, "recipes"), 0.5) == Drop(Kind.PIN)
    assert drop_at(model, Carried(("recipes",)), at(model, "weather"), 0.5) == Drop(Kind.UNPIN)
    assert drop_at(model, Carried(("recipes",)), at(model, "recipes"), 0.5) is None


def test_a_folder_goes_before_into_and_behind_another(model, folders):
    work, papers, home = folders
    carried = Carried(folder=home)

    assert drop_at(model, carried, at(model, work), 0.1) == Drop(Kind.BEFORE, None, 0, work)
    assert drop_at(model, carried, at(model, work), 0.5) == Drop(Kind.INTO, work, 1)
    assert drop_at(model, carried, at(model, work), 0.9) == Drop(Kind.INTO, work, 1)
    assert drop_at(model, carried, at(model, papers), 0.1) == Drop(Kind.BEFORE, work, 0, papers)
    model.fold(work, True)
    assert drop_at(model, Carried(folder=papers), at(model, home), 0.9) == Drop(Kind.AFTER, None, 2, home)


def test_a_folder_goes_neither_into_itself_nor_into_what_is_in_it_nor_where_it_is(model, folders):
    work, papers, home = folders

    assert drop_at(model, Carried(folder=work), at(model, work), 0.5) is None
    assert drop_at(model, Carried(folder=work), at(model, papers), 0.5) is None
    assert drop_at(model, Carried(folder=work), at(model, "physics"), 0.5) is None
    assert drop_at(model, Carried(folder=work), at(model, home), 0.1) is None
    assert drop_at(model, Carried(folder=home), at(model, "weather"), 0.5) is None


def test_a_position_means_the_same_to_the_library(model, library, folders, do):
    work, _papers, home = folders
    drop = drop_at(model, Carried(folder=home), at(model, work), 0.1)

    do(lambda: library.move_folder(home, drop.folder_id, drop.position))

    assert [folder.name for folder in library.folders] == ["Home", "Work", "Papers"]


def test_what_is_packed_is_unpacked(model, library):
    rows = [library.row("weather"), library.row("taxes")]
    folders = list(library.folders)

    assert unpack(pack(rows, folders)) == Carried(("weather", "taxes"))
    assert unpack(pack([], folders[:1])) == Carried(folder=folders[0].id)
    assert unpack(pack([], folders)) is None
    assert unpack(QMimeData()) is None


def carry(listed, data, where):
    """A drag that enters, moves and lets go, as Qt tells of it; says whether it was taken."""
    action, place = Qt.DropAction.MoveAction, QPointF(where)
    enter = QDragEnterEvent(where, action, data, LEFT, NONE)
    listed.dragEnterEvent(enter)
    move = QDragMoveEvent(where, action, data, LEFT, NONE)
    listed.dragMoveEvent(move)
    marked = listed._drop
    drop = QDropEvent(place, action, data, LEFT, NONE)
    listed.dropEvent(drop)
    return marked, move.isAccepted() and drop.isAccepted()


def test_letting_go_on_a_folder_asks_to_move(sidebar, model, library, folders, qtbot):
    listed = sidebar._pane.list
    where = listed.visualRect(at(model, folders[2])).center()

    with qtbot.waitSignal(sidebar.wishes.move_asked) as asked:
        data = pack([library.row("weather")], [])
        marked, taken = carry(listed, data, where)

    assert asked.args == [["weather"], folders[2]]
    assert taken
    assert marked == Drop(Kind.INTO, folders[2])
    assert listed._drop is None


def test_what_comes_from_elsewhere_is_not_taken(sidebar, model, folders):
    listed = sidebar._pane.list
    data = QMimeData()
    data.setText("a file")

    _, taken = carry(listed, data, listed.visualRect(at(model, folders[2])).center())

    assert not taken


def test_a_collapsed_folder_opens_under_a_drag(sidebar, model, library, folders, qtbot):
    listed = sidebar._pane.list
    model.fold(folders[0], True)
    where = listed.visualRect(at(model, folders[0])).center()
    data = pack([library.row("weather")], [])
    event = QDragMoveEvent(where, Qt.DropAction.MoveAction, data, LEFT, NONE)

    listed.dragMoveEvent(event)

    qtbot.waitUntil(lambda: sidebar.collapsed == [])
    assert at(model, folders[1]).isValid()
    listed._mark_drop(None, QModelIndex())


def test_a_drop_is_drawn_where_it_goes(sidebar, model, library, folders):
    listed = sidebar._pane.list
    index = at(model, folders[2])
    before = listed.grab().toImage()

    for fraction in (0.1, 0.5):
        rect = listed.visualRect(index)
        listed._mark_drop(drop_at(model, Carried(folder=folders[1]), index, fraction), index)
        assert listed.grab().toImage() != before
        assert listed._drop_rect.intersects(rect)
    listed._mark_drop(None, QModelIndex())


def test_archive_and_trash_take_conversations(sidebar, library, qtbot):
    places = sidebar._places
    for view, signal in ((View.ARCHIVE, sidebar.wishes.archive_asked), (View.TRASH, sidebar.wishes.trash_asked)):
        place = places._places[view]
        data = pack([library.row("weather")], [])
        enter = QDragEnterEvent(place.rect().center(), Qt.DropAction.MoveAction, data, LEFT, NONE)
        place.dragEnterEvent(enter)
        assert enter.isAccepted()
        with qtbot.waitSignal(signal) as asked:
            place.dropEvent(QDropEvent(QPointF(1, 1), Qt.DropAction.MoveAction, data, LEFT, NONE))
        assert asked.args[0] == ["weather"]


def test_archive_and_trash_are_there_while_something_is_dragged(sidebar):
    assert not sidebar._places.isVisible()
    sidebar._pane.list.carried.emit(True)
    assert sidebar._places.isVisible()
    sidebar._pane.list.carried.emit(False)
    assert not sidebar._places.isVisible()
