"""Conversations to API messages."""

import json

from desktop_chat.adapters.openai.request import GO_ON, NO_RESULT, body_of, messages_of
from desktop_chat.core.ports import Request, ToolSpec
from desktop_chat.domain.blocks import Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import CallId, EndpointId, PictureId
from desktop_chat.domain.message import Message, Role
from tests.adapters.openai.asking import said

ENDPOINT = Endpoint(EndpointId("e"), "E", "http://127.0.0.1/v1")


def asked(*messages: Message, **more: object) -> Request:
    return Request(ENDPOINT, "m", messages, **more)  # type: ignore[arg-type]


def user(text: str) -> Message:
    return said(Role.USER, Text(text))


def call(name: str, call_id: str, arguments: str = "{}") -> ToolCall:
    return ToolCall(CallId(call_id), name, arguments)


def result(call_id: str, text: str) -> ToolResult:
    return ToolResult(CallId(call_id), text)


def test_a_plain_exchange() -> None:
    messages = messages_of(
        asked(user("Hi"), said(Role.ASSISTANT, Text("Hello")), user("More"), system_prompt="Be brief.")
    )

    assert messages == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "More"},
    ]


def test_a_turn_with_tools_is_taken_apart_into_its_requests() -> None:
    reply = said(
        Role.ASSISTANT,
        Reasoning("hm"),
        Text("Let me look."),
        call("a", "1"),
        call("b", "2"),
        result("2", "two"),
        result("1", "one"),
        Text("And again."),
        call("a", "3"),
        result("3", "three"),
        Text("Done."),
    )

    messages = messages_of(asked(user("Q"), reply, user("Thanks")))

    assert [m["role"] for m in messages] == [
        "user",
        "assistant",
        "tool",
        "tool",
        "assistant",
        "tool",
        "assistant",
        "user",
    ]
    assert messages[1]["content"] == "Let me look."
    assert [c["id"] for c in messages[1]["tool_calls"]] == ["1", "2"]
    assert [(m["tool_call_id"], m["content"]) for m in messages[2:4]] == [("1", "one"), ("2", "two")]
    assert messages[4]["tool_calls"][0]["id"] == "3"
    assert messages[6] == {"role": "assistant", "content": "Done."}


def test_a_reply_that_runs_ends_with_its_results() -> None:
    messages = messages_of(asked(user("Q"), said(Role.ASSISTANT, call("a", "1"), result("1", "one"))))

    assert [m["role"] for m in messages] == ["user", "assistant", "tool"]
    assert messages[1]["content"] is None


def test_a_call_without_a_result_is_answered_so_that_the_request_is_legal() -> None:
    reply = said(Role.ASSISTANT, call("a", "1"), call("b", "2"), result("1", "one"))

    messages = messages_of(asked(user("Q"), reply, user("Go on")))

    assert messages[3] == {"role": "tool", "tool_call_id": "2", "content": NO_RESULT}


def test_two_rounds_that_use_one_id_twice_keep_their_results() -> None:
    reply = said(
        Role.ASSISTANT, call("a", "call_0"), result("call_0", "first"), call("a", "call_0"), result("call_0", "second")
    )

    tools = [m["content"] for m in messages_of(asked(user("Q"), reply)) if m["role"] == "tool"]

    assert tools == ["first", "second"]


def test_reasoning_notices_and_empty_replies_are_not_sent() -> None:
    failed = said(Role.ASSISTANT, Reasoning("hm"), Notice("RateLimited"))

    messages = messages_of(asked(user("One"), failed, user("Two")))

    assert messages == [{"role": "user", "content": "One\n\nTwo"}]


def test_text_that_was_interrupted_is_kept_and_a_refusal_is_text() -> None:
    reply = said(Role.ASSISTANT, Text("Half a"), Notice("Interrupted"), Refusal("No."))

    assert messages_of(asked(user("Q"), reply, user("?")))[1] == {"role": "assistant", "content": "Half a\n\nNo."}


def test_two_replies_in_a_row_become_one_message() -> None:
    messages = messages_of(asked(said(Role.ASSISTANT, Text("A")), said(Role.ASSISTANT, Text("B")), user("Q")))

    assert messages[0] == {"role": "assistant", "content": "A\n\nB"}


def test_a_path_that_ends_with_text_of_the_model_asks_it_to_go_on() -> None:
    messages = messages_of(asked(user("Q"), said(Role.ASSISTANT, Text("Half a"))))

    assert messages[-2:] == [{"role": "assistant", "content": "Half a"}, {"role": "user", "content": GO_ON}]


def test_arguments_are_sent_back_as_they_came() -> None:
    messages = messages_of(asked(user("Q"), said(Role.ASSISTANT, call("a", "1", '{ "x":1 }'), result("1", ""))))

    assert messages[1]["tool_calls"][0]["function"] == {"name": "a", "arguments": '{ "x":1 }'}


def test_arguments_that_are_no_json_are_wrapped_because_servers_parse_them() -> None:
    messages = messages_of(asked(user("Q"), said(Role.ASSISTANT, call("", "1", '{"x'), result("1", "broken"))))

    function = messages[1]["tool_calls"][0]["function"]
    assert json.loads(function["arguments"]) == {"invalid_arguments": '{"x'}
    assert function["name"]


def test_what_was_chosen_is_in_the_body_and_nothing_else() -> None:
    tool = ToolSpec("t", "does", {"type": "object"})

    body = body_of(asked(user("Q"), temperature=0.0, max_tokens=9, tools=(tool,)), frozenset({"stream_options"}))

    assert body == {
        "model": "m",
        "messages": [{"role": "user", "content": "Q"}],
        "stream": True,
        "temperature": 0.0,
        "max_tokens": 9,
        "tools": [
            {"type": "function", "function": {"name": "t", "description": "does", "parameters": {"type": "object"}}}
        ],
    }


def test_a_picture_is_named_where_it_stands() -> None:
    cat = Image(PictureId("0" * 64), "image/png", 3, 2, "cat.png")
    reply = said(Role.ASSISTANT, call("draw", "c"), result("c", "done"), cat, Text("There."))

    messages = messages_of(asked(said(Role.USER, cat, Text("What is it?")), reply, user("More")))

    contents = [message["content"] for message in messages]
    assert contents == ["[Image: cat.png]\n\nWhat is it?", None, "done", "[Image: cat.png]\n\nThere.", "More"]
