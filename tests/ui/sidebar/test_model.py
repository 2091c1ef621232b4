import random

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from desktop_chat.domain.changes import LibraryLoaded
from desktop_chat.ui.sidebar.arrangement import SortBy, View
from desktop_chat.ui.sidebar.model import FEW, ROW_ROLE, SHOWN_ROLE, TALLY_ROLE, ConversationModel


def shown(model):
    return [str(model.index(place).data()) for place in range(model.rowCount())]


@pytest.fixture
def model(qapp, library):
    made = ConversationModel(library)
    stop = library.changes.subscribe(made.apply)
    yield made
    stop()
    made.deleteLater()


def test_the_model_keeps_the_contract_of_qt(qtmodeltester, model, library, folders, do):
    qtmodeltester.check(model)
    do(lambda: library.pin(["taxes"], True))
    do(lambda: library.move(["weather", "physics"], folders[1]))
    model.fold(folders[0], True)
    do(lambda: library.trash(["physics"]))
    model.fold(folders[0], False)
    do(lambda: library.remove_folder(folders[0]))
    qtmodeltester.check(model)

    assert "Work" not in shown(model)
    assert "Papers" in shown(model)


def test_rows_stand_below_the_heads_of_their_groups(model, library, do):
    do(lambda: library.pin(["recipes"], True))

    assert shown(model)[:6] == ["Pinned", "Recipes", "Today", "Weather", "Countries", "Physics"]


def test_whoever_stands_on_a_row_stays_on_it(model, library, folders, do):
    followed = QPersistentModelIndex(model.index_of("physics"))

    do(lambda: library.move(["physics"], folders[2]))
    model.arrange(sort=SortBy.TITLE)
    do(lambda: library.rename_folder(folders[2], "House"))
    library.changes.publish(LibraryLoaded())

    assert followed.data() == "Physics"


def test_a_conversation_in_a_collapsed_folder_is_counted_and_not_listed(model, library, folders, do):
    do(lambda: library.move(["weather", "physics"], folders[1]))
    model.fold(folders[0], True)

    assert "Weather" not in shown(model)
    assert model.index_of_folder(folders[0]).data(TALLY_ROLE).conversations == 2
    assert model.nearest("weather") == model.index_of_folder(folders[0])
    do(lambda: library.move(["weather"], None))
    assert "Weather" in shown(model)
    assert model.index_of_folder(folders[0]).data(TALLY_ROLE).conversations == 1


def test_a_collapsed_folder_stands_for_the_conversation_that_is_shown(model, library, folders, do):
    do(lambda: library.move(["weather"], folders[0]))
    model.show_current("weather")
    model.fold(folders[0], True)

    assert model.index_of_folder(folders[0]).data(SHOWN_ROLE)
    model.reveal("weather")
    assert model.index_of("weather").data(SHOWN_ROLE)
    assert not model.index_of_folder(folders[0]).data(SHOWN_ROLE)


def test_removing_a_folder_leaves_what_was_in_it(model, library, folders, do):
    do(lambda: library.move(["weather"], folders[1]))
    do(lambda: library.remove_folder(folders[1]))

    assert shown(model)[:4] == ["Folders", "Work", "Weather", "Home"]
    do(lambda: library.remove_folder(folders[0]))
    do(lambda: library.remove_folder(folders[2]))
    assert shown(model)[:2] == ["Today", "Weather"]


def test_archived_conversations_are_in_their_own_view(model, library, do):
    do(lambda: library.archive(["physics", "recipes"], True))

    assert "Physics" not in shown(model)
    model.show_view(View.ARCHIVE)
    assert {"Physics", "Recipes"} <= set(shown(model))
    do(lambda: library.archive(["physics"], False))
    assert "Physics" not in shown(model)


def test_a_new_title_changes_one_row_only(model, library, qtbot, do):
    with qtbot.waitSignal(model.dataChanged) as changed, qtbot.assertNotEmitted(model.layoutChanged):
        do(lambda: library.rename("countries", "Other"))

    assert changed.args[0] == changed.args[1] == model.index_of("countries")


@pytest.mark.parametrize("sort", SortBy)
def test_any_sequence_of_changes_ends_as_if_it_were_read_anew(model, library, folders, do, sort):
    dice = random.Random(7)
    model.arrange(sort=sort, collapsed=[folders[1]])

    def play():
        for _ in range(120):
            ids = [row.id for row in dice.sample(library.rows, k=min(2, len(library.rows)))]
            match dice.randrange(9):
                case 0:
                    library.pin(ids, dice.random() < 0.5)
                case 1:
                    library.move(ids, dice.choice([None, *(folder.id for folder in library.folders)]))
                case 2:
                    library.archive(ids, dice.random() < 0.4)
                case 3:
                    library.trash(ids[:1])
                case 4:
                    library.undo()
                case 5:
                    library.redo()
                case 6:
                    library.rename(ids[0], f"Title {dice.randrange(30)}") if ids else None
                case 7 if library.folders:
                    moved = dice.choice(library.folders)
                    library.move_folder(moved.id, dice.choice([None, *(f.id for f in library.folders)]), 0)
                case _ if library.folders:
                    model.fold(dice.choice(library.folders).id, dice.random() < 0.5)

    do(play)
    fresh = ConversationModel(library)
    fresh.arrange(sort=model.sorting, collapsed=model.collapsed)

    assert shown(model) == shown(fresh)
    for place in range(model.rowCount()):
        row = model.index(place).data(ROW_ROLE)
        assert row is None or model.index_of(row.id).row() == place
    for folder in library.folders:
        tallies = [one.index_of_folder(folder.id).data(TALLY_ROLE) for one in (model, fresh)]
        assert tallies[0] == tallies[1]


def test_a_screen_reader_hears_what_a_row_is(model, library, folders, do):
    do(lambda: library.move(["weather"], folders[0]))
    do(lambda: library.tag(["physics"], "school", True))
    do(lambda: library.pin(["physics"], True))

    def spoken(index):
        return index.data(Qt.ItemDataRole.AccessibleTextRole)

    assert spoken(model.index_of("physics")) == "Physics, pinned, tagged school"
    assert spoken(model.index_of_folder(folders[0])) == "Folder Work, 1 conversation, expanded"


def test_an_edited_title_is_passed_on_and_not_shown_before_the_library_says_so(model, qtbot):
    with qtbot.waitSignal(model.renamed) as renamed:
        model.setData(model.index_of("weather"), "  A  better\nname ")

    assert renamed.args == ["weather", "A better name"]
    assert model.index_of("weather").data() == "Weather"


def test_an_empty_title_is_not_taken(model, qtbot):
    with qtbot.assertNotEmitted(model.renamed):
        assert not model.setData(model.index_of("weather"), "   ")


def test_heads_can_be_neither_chosen_nor_edited(model):
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
    assert model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


def test_beside_what_goes_is_what_stands_below_it_as_the_list_is_sorted(model, library, folders, do):
    do(lambda: library.move(["recipes"], folders[0]))
    model.arrange(sort=SortBy.TITLE)

    assert model.beside(["countries"]) == "physics"
    assert model.beside(["countries", "physics"]) == "taxes"
    assert model.beside(["weather"]) == "taxes"
    assert model.beside(["recipes"]) == "countries"
    many = [f"gone {number}" for number in range(FEW)]
    assert model.beside([*many, "countries", "physics"]) == "taxes"
    assert model.beside([*many, "elsewhere"]) is None
    model.fold(folders[0], True)
    assert model.beside(["recipes"]) is None
