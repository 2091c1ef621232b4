"""What goes out to an endpoint: keys, redirects, proxies, and the parameters it does not know."""

import asyncio
from dataclasses import replace

import pytest

from desktop_chat.adapters.openai.provider import OpenAIProvider
from desktop_chat.core.ports import ToolSpec
from desktop_chat.domain import errors
from desktop_chat.domain.blocks import Reasoning, ToolCall, ToolResult
from desktop_chat.domain.events import OptionDropped
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Role
from tests.adapters.openai.asking import KEY, ask, collect, request, said
from tests.fake_provider import (
    FakeProvider,
    Reply,
)


def test_nothing_of_the_environment_of_openai_reaches_an_endpoint(
    server: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-ambient")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-ambient-admin")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-leak")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-leak")
    monkeypatch.setenv("OPENAI_WEBHOOK_SECRET", "hook-leak")
    custom = (
        "X-Leak: leak-1\nopenai-organization: leak-2\nAuthorization: Bearer leak-3\nUser-Agent: leak-4\nAccept: leak-5"
    )
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", custom)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")

    async def main() -> None:
        provider = OpenAIProvider()
        for key in (KEY, ""):
            await collect(provider, request(server.base_url, key=key))
            await provider.models(request(server.base_url).endpoint, key)
        await provider.close()

    asyncio.run(main())

    assert len(server.requests) == 4
    for seen in server.requests:
        sent = " ".join(f"{name}: {value}" for name, value in seen.raw_headers).lower()
        assert "leak" not in sent
        assert "ambient" not in sent
        assert "stainless" not in sent
        assert "openai" not in sent


def test_the_key_is_sent_once_and_as_a_bearer(server: FakeProvider) -> None:
    ask(request(server.base_url))

    sent = [value for name, value in server.requests[-1].raw_headers if name.lower() == "authorization"]
    assert sent == [f"Bearer {KEY}"]


def test_without_a_key_there_is_no_authorization_header(server: FakeProvider) -> None:
    came = ask(request(server.base_url, key=""))

    assert came.finish == ["stop"]
    assert "authorization" not in server.requests[-1].headers


def test_a_redirect_to_another_origin_is_not_followed(server: FakeProvider) -> None:
    with FakeProvider() as other:
        target = f"{other.base_url}/chat/completions"
        server.replies(Reply([], 307, "text/plain", {"location": target}))

        came = ask(request(server.base_url))

        assert other.requests == []
        assert isinstance(came.error, errors.BadReply)
        assert other.origin in came.error.detail
        assert KEY not in came.error.detail


def test_redirects_in_circles_are_given_up_soon_and_not_tried_again(server: FakeProvider) -> None:
    server.replies(*(Reply([], 307, "text/plain", {"location": "/v1/chat/completions"}) for _ in range(30)))

    came = ask(request(server.base_url))

    assert isinstance(came.error, errors.BadReply)
    assert "circles" in came.error.detail
    assert len(server.requests) == 6


def test_a_redirect_that_would_lose_the_question_is_told(server: FakeProvider) -> None:
    server.replies(Reply([], 301, "text/plain", {"location": "/v2/chat/completions"}))

    came = ask(request(server.base_url))

    assert isinstance(came.error, errors.BadReply)
    assert "/v2/chat/completions" in came.error.detail
    assert len(server.requests) == 1


def test_a_redirect_within_the_origin_is_followed(server: FakeProvider) -> None:
    server.replies(Reply([], 307, "text/plain", {"location": f"{server.origin}/v1/other"}))
    server.says("There.")

    came = ask(request(server.base_url))

    assert came.text == "There."
    assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"


def test_a_proxy_of_the_environment_is_not_used_for_loopback(
    server: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:9")

    assert ask(request(server.base_url)).finish == ["stop"]


def test_a_proxy_of_the_environment_is_used_for_other_hosts(
    server: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.origin)
    server.says("Through the proxy.")

    came = ask(request("http://model.test/v1"))

    assert came.text == "Through the proxy."
    assert server.requests[-1].headers["host"] == "model.test"


@pytest.mark.parametrize("key", ["sk-ümlaut", "two\nlines"], ids=["not ascii", "line break"])
def test_a_key_that_cannot_be_a_header_is_rejected_before_anything_is_sent(server: FakeProvider, key: str) -> None:
    came = ask(request(server.base_url, key=key))

    assert isinstance(came.error, errors.KeyRejected)
    assert key not in str(came.error)
    assert server.requests == []


def test_unset_values_are_not_sent(server: FakeProvider) -> None:
    ask(request(server.base_url))

    assert set(server.requests[-1].body) == {"model", "messages", "stream", "stream_options"}


# --- parameters an endpoint does not know ---


def test_stream_options_are_dropped_where_they_are_rejected_and_that_is_remembered(server: FakeProvider) -> None:
    base_url = server.at("rejects_stream_options")

    first = ask(request(base_url))
    assert OptionDropped("stream_options") in first.events
    assert first.finish == ["stop"]
    assert len(server.requests) == 2

    second = ask(request(base_url), request(base_url))
    assert OptionDropped("stream_options") not in second.events
    assert len(server.requests) == 5


def test_an_endpoint_known_to_reject_stream_options_is_not_asked_with_them(server: FakeProvider) -> None:
    ask(request(server.base_url, sends_stream_options=False))

    assert "stream_options" not in server.requests[-1].body


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "registry.ollama.ai/library/gemma3:4b does not support tools"),
        (404, "No endpoints found that support tool use. To learn more about provider routing, visit: …"),
        (400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
        (500, "tools param requires --jinja flag"),
        (400, "`tool calling` is not supported with this model"),
        (400, "Function calling is not enabled for models/gemma-3"),
        (400, "This model does not support function calling."),
    ],
)
def test_a_model_without_tools_answers_without_them_and_that_is_told_each_time(
    server: FakeProvider, status: int, message: str
) -> None:
    server.fails(status, message)
    tool = ToolSpec("t", "", {"type": "object"})

    first = ask(request(server.base_url, tools=(tool,)))
    assert first.finish == ["stop"]
    assert OptionDropped("tools") in first.events
    assert ["tools" in seen.body for seen in server.requests] == [True, False]

    server.fails(status, message)
    again = request(server.base_url, tools=(tool,))
    other = request(server.base_url, tools=(tool,), model="another")
    came = ask(again, again, other)
    assert OptionDropped("tools") not in came.events
    assert ["tools" in seen.body for seen in server.requests[2:]] == [True, False, False, True]


@pytest.mark.parametrize(
    "message",
    [
        "Missing `reasoning_content` field in the assistant message at message index 1.",
        "The `reasoning_content` in the thinking mode must be passed back to the API.",
        "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2",
    ],
)
def test_a_server_that_demands_the_reasoning_of_tool_calls_gets_it(server: FakeProvider, message: str) -> None:
    call = ToolCall(CallId("1"), "t", "{}")
    reply = said(Role.ASSISTANT, Reasoning("I need"), Reasoning(" t."), call, ToolResult(call.call_id, "x"))
    asked = request(server.base_url)
    asked = replace(asked, messages=(*asked.messages, reply))
    server.fails(400, message)

    came = ask(asked)

    assert came.finish == ["stop"]
    sent = [next(m for m in seen.body["messages"] if "tool_calls" in m) for seen in server.requests]
    assert [m.get("reasoning_content") for m in sent] == [None, "I need t."]
    server.fails(400, message)
    server.fails(400, message)
    assert isinstance(ask(asked).error, errors.RequestRejected)


def test_max_tokens_goes_out_under_its_new_name_where_that_is_asked_for(server: FakeProvider) -> None:
    message = (
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    )
    server.fails(400, message, "unsupported_parameter")

    came = ask(request(server.base_url, max_tokens=50))

    assert came.finish == ["stop"]
    assert server.requests[0].body["max_tokens"] == 50
    assert server.requests[1].body["max_completion_tokens"] == 50
    assert "max_tokens" not in server.requests[1].body


def test_a_400_about_something_else_is_not_tried_again(server: FakeProvider) -> None:
    server.fails(400, "temperature must be below 2")

    came = ask(request(server.base_url, max_tokens=5))

    assert isinstance(came.error, errors.RequestRejected)
    assert len(server.requests) == 1
