import random
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from desktop_chat.domain.changes import LibraryLoaded
from desktop_chat.ui.sidebar.model import ROW_ROLE, ConversationModel
from tests.ui.panes import ListedLibrary, row


def shown(model: ConversationModel) -> list[str]:
    return [str(model.index(place).data()) for place in range(model.rowCount())]


@pytest.fixture
def library() -> ListedLibrary:
    return ListedLibrary([row(1), row(2), row(3, age_days=1), row(4, age_days=1000, pinned=True)])


@pytest.fixture
def model(qapp, library):
    made = ConversationModel(library)
    stop = library.changes.subscribe(made.apply)
    yield made
    stop()
    made.deleteLater()


def test_the_model_keeps_the_contract_of_qt(qtmodeltester, model, library):
    qtmodeltester.check(model)
    library.put(row(9))
    library.put(replace(library.rows[0], pinned=False))
    library.trash("c2")


def test_rows_stand_below_the_heads_of_their_groups(model):
    assert shown(model) == [
        "Pinned",
        "Conversation 4",
        "Today",
        "Conversation 1",
        "Conversation 2",
        "Yesterday",
        "Conversation 3",
    ]


def test_a_change_moves_a_conversation_to_the_top_and_drops_the_empty_head(model, library):
    followed = QPersistentModelIndex(model.index_of("c3"))

    library.put(replace(library.row("c3"), updated_at=time.time()))

    assert shown(model) == ["Pinned", "Conversation 4", "Today", "Conversation 3", "Conversation 1", "Conversation 2"]
    assert followed.data() == "Conversation 3"


def test_pinning_moves_a_conversation_and_unpinning_brings_it_back(model, library):
    before = shown(model)

    library.put(replace(library.row("c2"), pinned=True))
    assert shown(model)[:3] == ["Pinned", "Conversation 2", "Conversation 4"]

    library.put(replace(library.row("c2"), pinned=False))
    assert shown(model) == before


def test_a_trashed_conversation_leaves_with_the_head_it_was_alone_below(model, library):
    library.trash("c4")

    assert "Pinned" not in shown(model)


def test_a_new_title_changes_one_row_only(model, library, qtbot):
    with qtbot.waitSignal(model.dataChanged) as changed, qtbot.assertNotEmitted(model.modelReset):
        library.put(replace(library.row("c2"), title="Other"))

    assert changed.args[0] == changed.args[1] == model.index_of("c2")


def test_any_sequence_of_changes_ends_in_the_order_of_the_library(qapp):
    dice = random.Random(5)
    library = ListedLibrary([row(number, age_days=dice.random() * 90) for number in range(40)])
    model = ConversationModel(library)
    stop = library.changes.subscribe(model.apply)

    for _ in range(300):
        chosen = dice.choice(library.rows)
        what = dice.randrange(4)
        if what == 0:
            library.put(replace(chosen, updated_at=time.time()))
        elif what == 1:
            library.put(replace(chosen, pinned=not chosen.pinned))
        elif what == 2 and len(library.rows) > 5:
            library.trash(chosen.id)
        else:
            library.put(row(dice.randrange(1000, 2000), age_days=dice.random() * 90))
    listed = shown(model)
    fresh = ConversationModel(library)

    assert listed == shown(fresh)
    assert all(model.index_of(known.id).data(ROW_ROLE) == known for known in library.rows)
    stop()


def test_a_screen_reader_hears_what_a_conversation_does(model, library):
    library.put(replace(library.row("c1"), is_running=True))
    library.put(replace(library.row("c2"), is_unread=True))

    spoken = [model.index_of(name).data(Qt.ItemDataRole.AccessibleTextRole) for name in ("c1", "c2", "c3")]

    assert spoken == ["Conversation 1, answering", "Conversation 2, new answer", "Conversation 3"]


def test_an_edited_title_is_passed_on_and_not_shown_before_the_library_says_so(model, qtbot):
    with qtbot.waitSignal(model.renamed) as renamed:
        model.setData(model.index_of("c1"), "  A  better\nname ")

    assert renamed.args == ["c1", "A better name"]
    assert model.index_of("c1").data() == "Conversation 1"


def test_an_empty_title_is_not_taken(model, qtbot):
    with qtbot.assertNotEmitted(model.renamed):
        assert not model.setData(model.index_of("c1"), "   ")


def test_heads_can_be_neither_chosen_nor_edited(model):
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
    assert model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


def test_the_library_may_be_read_anew(model, library):
    library.rows = [row(8)]
    library.changes.publish(LibraryLoaded())

    assert shown(model) == ["Today", "Conversation 8"]


def test_a_conversation_that_is_not_listed_yet_can_be_shown(model, qtbot):
    with qtbot.assertNotEmitted(model.dataChanged):
        model.show_current("new")
