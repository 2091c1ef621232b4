"""The journal of a running reply replays to the reply, wherever it was cut off."""

import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.core.journal import JournalBuffer, replay
from desktop_chat.domain.blocks import Notice, Text, ToolCall, ToolResult
from desktop_chat.domain.changes import RequestSent
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.events import (
    Event,
    FinishReported,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from desktop_chat.domain.ids import CallId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.domain.usage import Usage

words = st.text(min_size=1, max_size=8)
events = st.one_of(
    st.builds(TextDelta, words),
    st.builds(ReasoningDelta, words),
    st.builds(RefusalDelta, words),
    st.builds(
        ToolCallDelta, st.integers(0, 2), st.sampled_from(["", "a", "b"]), st.sampled_from(["", "calc"]), st.text()
    ),
    st.builds(UsageReported, st.builds(Usage, st.integers(0, 9))),
    st.builds(FinishReported, words),
)
steps = st.lists(st.one_of(events, st.sampled_from(["round", "result", "notice"])), max_size=40)

BEGUN = Message(MessageId("m"), MessageId("q"), Role.ASSISTANT, (Text("so far"),), 5.0, model="m")


def written(items: Sequence[Event | str], take_every: int, *, continues: bool = False) -> tuple[list[str], Draft]:
    """Play a reply and take the lines now and then, as the saver does."""
    time = iter(range(10_000))
    draft = Draft(BEGUN, lambda: next(time), continues=continues)
    buffer = JournalBuffer(BEGUN)
    lines: list[str] = []
    buffer.note(RequestSent(BEGUN.id, draft.begin_round()), draft)
    for number, item in enumerate(items):
        match item:
            case "round":
                for change in draft.end_round():
                    buffer.note(change, draft)
                changes = [RequestSent(BEGUN.id, draft.begin_round())]
            case "result":
                changes = draft.add(ToolResult(CallId("a"), "42", duration_ms=3))
            case "notice":
                changes = draft.add(Notice("TimedOut", "too long"))
            case str():
                raise AssertionError(item)
            case _:
                changes = draft.apply(item)
        for change in changes:
            buffer.note(change, draft)
        if number % take_every == take_every - 1:
            lines += buffer.take()
    for change in draft.end_round():
        buffer.note(change, draft)
    return lines + buffer.take(), draft


@given(steps, st.integers(1, 10), st.booleans())
def test_a_whole_journal_replays_to_the_reply(items: list[Event | str], take_every: int, continues: bool) -> None:
    lines, draft = written(items, take_every, continues=continues)

    assert replay(lines) == draft.message(Ended.INTERRUPTED)


@given(steps, st.integers(1, 10), st.integers(0, 60))
def test_a_journal_that_was_cut_off_replays_to_a_beginning_of_the_reply(
    items: list[Event | str], take_every: int, kept: int
) -> None:
    lines, draft = written(items, take_every)

    reply = replay(lines[:kept])

    assert (reply is None) == (kept == 0)
    if reply is not None:
        assert draft.message().text.startswith(reply.text) or not reply.text
        assert reply.ended is Ended.INTERRUPTED


def test_a_torn_line_is_passed_over() -> None:
    lines, _ = written([TextDelta("hello")], 1)

    reply = replay([*lines, '["grew",1,"ha', "[]", "7", '["grew",99,"x"]'])

    assert reply is not None
    assert reply.text == "so far\n\nhello"


def test_nothing_replays_to_nothing() -> None:
    assert replay([]) is None
    assert replay(['["began",{"blocks":[]}]']) is None


def test_pieces_that_follow_each_other_make_one_line() -> None:
    lines, _ = written([TextDelta("a")] * 100, 1000)

    grown = [json.loads(line) for line in lines if json.loads(line)[0] == "grew"]

    assert grown == [["grew", 1, "a" * 100]]


def test_lines_that_were_given_back_stand_before_what_came_since() -> None:
    draft = Draft(BEGUN, lambda: 0)
    buffer = JournalBuffer(BEGUN)
    buffer.note(RequestSent(BEGUN.id, draft.begin_round()), draft)
    for change in draft.apply(TextDelta("one ")):
        buffer.note(change, draft)
    lines = buffer.take()
    for change in draft.apply(TextDelta("two")):
        buffer.note(change, draft)

    buffer.give_back(lines)

    reply = replay(buffer.take())
    assert reply is not None
    assert reply.text == "so far\n\none two"


def test_a_call_that_was_cut_off_keeps_what_came_of_its_arguments() -> None:
    lines, _ = written([ToolCallDelta(0, "a", "calc", '{"x": '), ToolCallDelta(0, "", "", "1")], 1)

    reply = replay(lines)

    assert reply is not None
    assert reply.blocks[1] == ToolCall(CallId("a"), "calc", '{"x": 1')


def test_a_reply_that_is_cut_off_took_until_it_was_written_down_last() -> None:
    seconds = iter(range(0, 10_000, 1000))
    draft = Draft(BEGUN, lambda: next(seconds))
    buffer = JournalBuffer(BEGUN)
    buffer.note(RequestSent(BEGUN.id, draft.begin_round()), draft)
    for word in ("one ", "two ", "three"):
        for change in draft.apply(TextDelta(word)):
            buffer.note(change, draft)

    reply = replay(buffer.take())

    assert reply is not None
    first_ms, ended_ms = reply.rounds[0].first_token_ms, reply.rounds[0].ended_ms
    assert first_ms is not None and ended_ms is not None
    assert ended_ms > first_ms
