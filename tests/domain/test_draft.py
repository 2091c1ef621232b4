"""Events become the reply that is being written, and the changes tell the same story."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.blocks import Block, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.changes import BlockEnded, BlockGrew, BlockStarted, Change
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.events import (
    Event,
    FinishReported,
    ReasoningDelta,
    RefusalDelta,
    ReplyStarted,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from desktop_chat.domain.ids import CallId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.domain.usage import Usage

texts = st.text(min_size=1, max_size=4)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(TextDelta, texts),
    st.builds(ReasoningDelta, texts),
    st.builds(RefusalDelta, texts),
    st.builds(ToolCallDelta, st.integers(0, 2), st.sampled_from(["", "a", "b"]), st.sampled_from(["", "f"]), texts),
    st.builds(UsageReported, st.builds(Usage, st.integers(0, 9))),
    st.builds(FinishReported, st.sampled_from(["stop", "length"])),
    st.builds(ReplyStarted, st.sampled_from(["", "model"])),
)


def draft(*blocks: Block, continues: bool = False) -> Draft:
    """A draft whose clock goes one ms a look."""
    ticks = itertools.count()
    message = Message(MessageId("r"), MessageId("q"), Role.ASSISTANT, blocks, 0.0)
    return Draft(message, lambda: next(ticks), continues=continues)


def text_of(block: Block) -> str:
    """What of a block grows."""
    match block:
        case Text(text) | Reasoning(text) | Refusal(text):
            return text
        case ToolCall():
            return block.arguments_json
        case _:
            return ""


@given(st.lists(events, max_size=30))
def test_the_changes_alone_rebuild_the_reply(given_events: list[Event]) -> None:
    one = draft()
    one.begin_round()
    changes: list[Change] = [change for event in given_events for change in one.apply(event)]
    changes += one.end_round()

    grown: dict[int, str] = {}
    ended: set[int] = set()
    for change in changes:
        match change:
            case BlockStarted(_, index):
                assert index == len(grown)
                grown[index] = ""
            case BlockGrew(_, index, delta):
                assert index not in ended
                grown[index] += delta
            case BlockEnded(_, index):
                assert index not in ended
                ended.add(index)
            case _:
                pass
    message = one.message(Ended.COMPLETE)
    assert [text_of(block) for block in message.blocks] == [grown[index] for index in sorted(grown)]
    assert ended == set(grown)
    calls = [block.call_id for block in message.blocks if isinstance(block, ToolCall)]
    assert len(set(calls)) == len(calls)
    assert all(calls)


@given(st.lists(st.tuples(st.integers(0, 3), texts), min_size=1, max_size=30))
def test_fragments_of_several_calls_may_alternate(fragments: list[tuple[int, str]]) -> None:
    one = draft()
    one.begin_round()
    for index, text in fragments:
        one.apply(ToolCallDelta(index, f"c{index}", f"f{index}", text))
    one.end_round()

    wanted = {index: "".join(text for at, text in fragments if at == index) for index, _ in fragments}
    assert {int(call.call_id[1:]): call.arguments_json for call in one.calls()} == wanted


def test_text_between_calls_begins_a_block_of_its_own() -> None:
    one = draft()
    one.begin_round()
    for event in [TextDelta("a"), ToolCallDelta(0, "c", "f", "{"), TextDelta("b"), ToolCallDelta(0, "", "", "}")]:
        one.apply(event)
    one.end_round()

    assert one.message().blocks == (Text("a"), ToolCall(CallId("c"), "f", "{}"), Text("b"))


def test_a_round_counts_from_its_own_beginning() -> None:
    one = draft()
    one.begin_round()
    one.apply(ToolCallDelta(0, "c", "f", "{}"))
    one.end_round()
    one.add(ToolResult(CallId("c"), "r"))

    one.begin_round()

    assert not one.has_output
    assert one.calls() == []
    one.apply(TextDelta("x"))
    assert one.has_output
    assert [r.deltas for r in one.message().rounds] == [1, 1]


def test_cut_text_goes_on_in_its_own_block() -> None:
    one = draft(Text("Hel"), continues=True)
    one.begin_round()

    changes = one.apply(TextDelta("lo"))

    assert one.message().blocks == (Text("Hello"),)
    assert [c for c in changes if isinstance(c, BlockGrew)] == [BlockGrew(MessageId("r"), 0, "lo")]


def test_reasoning_keeps_how_long_it_took() -> None:
    one = draft()
    one.begin_round()
    one.apply(ReasoningDelta("hm"))
    one.apply(TextDelta("x"))

    block = one.message().blocks[0]

    assert isinstance(block, Reasoning)
    assert block.duration_ms is not None
    assert block.duration_ms > 0


def test_the_model_that_answers_is_noted_where_none_was_asked_for() -> None:
    one = draft()
    one.begin_round()
    one.apply(ReplyStarted("real"))
    one.apply(ReplyStarted("other"))

    assert one.message().model == "real"
