"""The map has every message once, few lanes, and marks what is shown."""

import math

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.ui.inspector.branch_rows import LONGEST_RUN, Kind, MapRow, rows_of


def tree(parents: list[int | None], deleted: frozenset[int] = frozenset()) -> Conversation:
    """A conversation in which message n hangs below `parents[n]`."""
    made = Conversation(ConversationId("c"), "", 0, 0)
    for number, parent in enumerate(parents):
        parent_id = None if parent is None else MessageId(f"m{parent}")
        made.add(Message(MessageId(f"m{number}"), parent_id, Role.USER, (Text(str(number)),), 0))
    for number in sorted(deleted):
        made.delete(MessageId(f"m{number}"))
    return made


def drawn(rows: list[MapRow]) -> list[str]:
    names = {Kind.START: "*", Kind.RUN: "…"}
    return [f"{'  ' * row.lane}{names.get(row.kind, row.id)}" for row in rows]


def test_versions_hang_aside_and_the_longest_branch_goes_on() -> None:
    rows = rows_of(tree([None, 0, 0, 2, 3]))

    assert drawn(rows) == ["m0", "  m1", "m2", "m3", "m4"]
    assert [row.is_branch for row in rows] == [False, True, False, False, False]
    assert [row.is_last for row in rows] == [False, True, False, False, True]


def test_several_first_messages_have_a_common_beginning() -> None:
    assert drawn(rows_of(tree([None, None]))) == ["*", "  m0", "m1"]


def test_a_straight_run_is_one_line_until_it_is_opened() -> None:
    conversation = tree([None, *range(9)])

    folded = rows_of(conversation)
    assert drawn(folded) == ["m0", "…", "m9"]
    assert folded[1].count == 8
    opened = rows_of(conversation, {MessageId("m0")})
    assert drawn(opened) == ["m0", "…", *(f"m{n}" for n in range(1, 10))]
    assert all(row.run == "m0" for row in opened)


def test_what_is_deleted_is_not_in_the_map_but_what_hangs_below_is() -> None:
    assert drawn(rows_of(tree([None, 0, 1], frozenset({1})))) == ["m0", "m2"]


def test_the_way_to_a_branch_that_is_shown_is_marked() -> None:
    conversation = tree([None, 0, 0, 0, 3])
    conversation.choose(MessageId("m2"))

    rows = {row.id: row for row in rows_of(conversation)}
    lane_of = {one: rows[MessageId(one)].lanes[-1] for one in ("m1", "m2")}
    # The line goes past the first version, and ends at the second.
    assert (lane_of["m1"].upper, lane_of["m1"].lower) == (True, True)
    assert (lane_of["m2"].upper, lane_of["m2"].lower) == (True, False)
    assert [one for one, row in rows.items() if row.is_shown] == ["m0", "m2"]
    assert rows[MessageId("m0")].goes_on_shown


def test_a_very_long_conversation_is_a_few_rows() -> None:
    assert len(rows_of(tree([None, *range(9_999)]))) == 3


@given(st.lists(st.integers(0, 30), max_size=30), st.frozensets(st.integers(0, 29), max_size=6), st.integers(0, 29))
def test_any_tree_is_drawn_whole(below: list[int], deleted: frozenset[int], chosen: int) -> None:
    parents = [None if at > number or not number else at % number for number, at in enumerate(below)]
    conversation = tree(parents, frozenset(one for one in deleted if one < len(parents)))
    if chosen < len(parents):
        conversation.choose(MessageId(f"m{chosen}"))
    alive = {one for one in conversation.messages if one not in conversation.deleted}

    rows = rows_of(conversation, set(conversation.messages))
    messages = [row.id for row in rows if row.kind is Kind.MESSAGE]

    assert sorted(messages, key=str) == sorted(alive)
    assert max((row.lane for row in rows), default=0) <= math.log2(len(alive) + 1) + 1
    shown = {message.id for message in conversation.path()}
    assert {row.id for row in rows if row.kind is Kind.MESSAGE and row.is_shown} == shown & alive
    folded = rows_of(conversation)
    hidden = sum(row.count - 0 for row in folded if row.kind is Kind.RUN)
    assert len([row for row in folded if row.kind is Kind.MESSAGE]) + hidden == len(alive)
    assert all(row.count > LONGEST_RUN - 2 for row in folded if row.kind is Kind.RUN)
