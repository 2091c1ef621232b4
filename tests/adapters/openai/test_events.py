"""Chunks as servers really send them, one by one."""

from typing import Any

import pytest

from desktop_chat.adapters.openai.events import ChunkReader, ServerReported
from desktop_chat.domain.events import Event, FinishReported, ReasoningDelta, RefusalDelta, TextDelta, UsageReported
from desktop_chat.domain.usage import Usage
from tests.adapters.openai.asking import gathered


def read(*chunks: Any) -> list[Event]:
    reader = ChunkReader()
    return [event for chunk in chunks for event in reader.read(chunk)] + reader.rest()


def delta(**fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields}]}


def joined(events: list[Event], kind: type[TextDelta] | type[ReasoningDelta]) -> str:
    return "".join(event.text for event in events if isinstance(event, kind))


@pytest.mark.parametrize(
    "chunk",
    [
        {},
        {"choices": None},
        {"choices": []},
        {"choices": [None]},
        {"choices": [{}]},
        {"choices": [{"delta": None}]},
        {"choices": [{"delta": {}}]},
        delta(role="assistant"),
        delta(role="assistant", content=""),
        delta(content=None),
        delta(content=7),
        delta(tool_calls=None),
        delta(tool_calls=[]),
        delta(tool_calls=[None, 5]),
        delta(reasoning_content=None),
        {"choices": [{"delta": {}, "finish_reason": ""}]},
        {"choices": [{"delta": {}, "finish_reason": None}]},
        {"usage": None},
        {"usage": {}},
        {"usage": {"prompt_tokens": None}},
        {"usage": {"prompt_tokens": "many", "total_tokens": True}},
        {"error": None},
        {"obfuscation": "xxxx"},
        [],
        "text",
        None,
        12,
    ],
    ids=repr,
)
def test_what_says_nothing_brings_no_event(chunk: object) -> None:
    assert read(chunk) == []


@pytest.mark.parametrize(
    "chunk",
    [
        delta(content="hi"),
        {"choices": {"delta": {"content": "hi"}}},
        {"choices": [{"message": {"content": "hi"}}]},
        {"choices": [{"text": "hi"}]},
        {"choices": [{"index": 1, "delta": {"content": "other"}}, {"index": 0, "delta": {"content": "hi"}}]},
        delta(content=[{"type": "text", "text": "hi"}]),
    ],
    ids=["delta", "choices as an object", "message", "old completions", "several choices", "a list of parts"],
)
def test_text_is_found_wherever_it_stands(chunk: object) -> None:
    assert read(chunk) == [TextDelta("hi")]


@pytest.mark.parametrize(
    "fields",
    [
        {"reasoning_content": "so"},
        {"reasoning": "so"},
        {"thinking": "so"},
        {"reasoning": {"content": "so"}},
        {"reasoning_details": [{"type": "reasoning.text", "text": "s"}, {"type": "reasoning.summary", "summary": "o"}]},
        {"reasoning": "so", "reasoning_details": [{"type": "reasoning.text", "text": "so"}]},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "so"}]}]},
        {"content": "<think>so</think>"},
    ],
    ids=["reasoning_content", "reasoning", "thinking", "an object", "details", "both", "parts", "tags in the text"],
)
def test_reasoning_is_found_under_every_name_and_only_once(fields: dict[str, Any]) -> None:
    assert read(delta(**fields)) == [ReasoningDelta("so")]


def test_a_refusal_is_a_refusal() -> None:
    assert read(delta(refusal="I cannot.")) == [RefusalDelta("I cannot.")]


@pytest.mark.parametrize("reason", ["stop", "length", "tool_calls", "content_filter", "something_new"])
def test_every_finish_reason_is_reported_in_the_servers_word(reason: str) -> None:
    assert read({"choices": [{"delta": {}, "finish_reason": reason}]}) == [FinishReported(reason)]


@pytest.mark.parametrize(
    "chunk",
    [
        {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}},
        {"usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}},
        {"choices": [{"delta": {}, "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}}]},
        {"x_groq": {"usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}}},
        {"usage": {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7.0}},
    ],
    ids=["without a choice", "without choices", "in the choice", "of Groq", "under other names"],
)
def test_usage_is_found_wherever_it_stands(chunk: object) -> None:
    assert read(chunk) == [UsageReported(Usage(prompt_tokens=3, completion_tokens=4, total_tokens=7))]


def test_details_of_usage_are_read() -> None:
    usage = {
        "prompt_tokens": 10,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }

    assert read({"usage": usage}) == [UsageReported(Usage(prompt_tokens=10, cached_tokens=4, reasoning_tokens=2))]


def test_usage_that_is_repeated_with_every_chunk_is_reported_when_it_changes() -> None:
    one, two = {"usage": {"total_tokens": 1}}, {"usage": {"total_tokens": 2}}

    assert len(read(one, one, two, two)) == 2


@pytest.mark.parametrize(
    "chunk", [{"error": {"message": "x"}}, {"error": "x"}, {"choices": [{"error": {"code": 502}}]}]
)
def test_an_error_in_the_stream_is_raised(chunk: object) -> None:
    with pytest.raises(ServerReported):
        read(chunk)


def test_an_emoji_that_was_cut_in_half_is_joined() -> None:
    events = read(delta(content="a\ud83d"), delta(content="\ude00b"))

    assert joined(events, TextDelta) == "a😀b"


def test_half_an_emoji_that_is_never_completed_becomes_a_mark() -> None:
    events = read(delta(content="a\ud83d"), {"choices": [{"delta": {}, "finish_reason": "stop"}]})

    assert joined(events, TextDelta) == "a\ufffd"
    assert joined(events, TextDelta).encode()


def call(**fields: Any) -> dict[str, Any]:
    return delta(tool_calls=[fields])


A, B = {"name": "a", "arguments": ""}, {"name": "b", "arguments": ""}


@pytest.mark.parametrize(
    ("chunks", "calls"),
    [
        (
            [
                call(index=0, id="1", function=A),
                call(index=0, function={"arguments": '{"x":'}),
                call(index=0, function={"arguments": "1}"}),
            ],
            [("1", "a", '{"x":1}')],
        ),
        (
            [call(id="1", function=A), call(function={"arguments": "{}"})],
            [("1", "a", "{}")],
        ),
        (
            [call(function=A), call(function={"arguments": "{}"})],
            [("", "a", "{}")],
        ),
        (
            [
                call(id="1", function={"name": "a", "arguments": "{}"}),
                call(id="2", function={"name": "a", "arguments": "{}"}),
            ],
            [("1", "a", "{}"), ("2", "a", "{}")],
        ),
        (
            [
                delta(
                    tool_calls=[
                        {"function": {"name": "a", "arguments": "{}"}},
                        {"function": {"name": "a", "arguments": "[]"}},
                    ]
                )
            ],
            [("", "a", "{}"), ("", "a", "[]")],
        ),
        (
            [
                call(index=0, id="1", function={"name": "a", "arguments": "{}"}),
                call(index=0, id="2", function={"name": "b", "arguments": "{}"}),
            ],
            [("1", "a", "{}"), ("2", "b", "{}")],
        ),
        (
            [
                call(index=0, id="1", function=A),
                call(index=1, id="2", function=B),
                call(index=0, function={"arguments": "{1}"}),
                call(index=1, function={"arguments": "{2}"}),
            ],
            [("1", "a", "{1}"), ("2", "b", "{2}")],
        ),
        (
            [call(index=0, id="x1", function=A), call(index=0, id="x2", function={"name": None, "arguments": "{}"})],
            [("x1", "a", "{}")],
        ),
        (
            [call(index=0, id="1", function=A), call(index=0, id="1", function={"name": "a", "arguments": "{}"})],
            [("1", "a", "{}")],
        ),
        ([call(index=0, id="1", function={"name": "a", "arguments": {"x": 1}})], [("1", "a", '{"x": 1}')]),
        ([call(index=0, id="1", function={"name": "a", "arguments": None})], [("1", "a", "")]),
        ([call(index=0, id="1", name="a", arguments="{}")], [("1", "a", "{}")]),
        ([delta(tool_calls={"id": "1", "function": {"name": "a", "arguments": "{}"}})], [("1", "a", "{}")]),
        ([delta(function_call={"name": "a"}), delta(function_call={"arguments": "{}"})], [("", "a", "{}")]),
        ([call(index=3, id="1", function={"name": "a", "arguments": "{}"})], [("1", "a", "{}")]),
    ],
    ids=[
        "as OpenAI sends them",
        "no index",
        "no index and no id",
        "whole calls without an index, one after the other",
        "whole calls side by side without anything",
        "one index for all calls",
        "two calls in turns",
        "a new id with each fragment",
        "id and name repeated",
        "arguments as an object",
        "arguments null",
        "no function object",
        "one object instead of a list",
        "the old function_call",
        "numbering that does not begin at 0",
    ],
)
def test_fragments_of_calls_are_put_together(chunks: list[Any], calls: list[tuple[str, str, str]]) -> None:
    assert gathered(read(*chunks)) == calls


def test_our_numbering_of_calls_begins_at_0() -> None:
    events = read(call(index=5, id="1", function=A), call(index=9, id="2", function=B))

    assert [event.index for event in events] == [0, 1]  # type: ignore[union-attr]
