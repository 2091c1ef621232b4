"""The provider against a real server on loopback: the cases every client must handle."""

import asyncio
import subprocess
import sys
from dataclasses import replace

import pytest

from desktop_chat.adapters.openai.provider import OpenAIProvider
from desktop_chat.core.ports import ToolSpec
from desktop_chat.domain import errors
from desktop_chat.domain.blocks import Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.events import Event, OptionDropped, RefusalDelta, ReplyStarted, TextDelta
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Role
from tests.adapters.openai.asking import KEY, ask, collect, request, said
from tests.fake_provider import (
    DONE,
    ROLE,
    Chunk,
    FakeProvider,
    Gate,
    Raw,
    Reply,
    chunk,
    completion,
    json_reply,
    reasoning,
    texts,
    tool_call,
    usage,
    whole,
)

WEATHER = ToolSpec("get_weather", "The weather.", {"type": "object", "properties": {"location": {"type": "string"}}})


def test_importing_the_provider_imports_no_sdk() -> None:
    code = (
        "import sys, desktop_chat.adapters.openai.provider; "
        "sys.exit(any(m in sys.modules for m in ('openai', 'httpx2', 'pydantic')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- the cases by which clients of this API are usually shown ---


def test_a_custom_base_url_gets_the_model_name_smart_select(server: FakeProvider) -> None:
    server.says("Routed.")

    came = ask(request(server.base_url, model="smart-select"))

    assert came.text == "Routed."
    assert server.requests[-1].path == "/v1/chat/completions"
    assert server.requests[-1].body["model"] == "smart-select"


def test_basic_streaming_yields_each_piece_as_it_comes(server: FakeProvider) -> None:
    server.says("Hel", "lo", waits=True)

    async def main() -> list[str]:
        provider, seen = OpenAIProvider(), []
        async for event in provider.stream(request(server.base_url)):
            if isinstance(event, TextDelta):
                seen.append(event.text)
                server.go_on()
        await provider.close()
        return seen

    # The server sends the second piece only after the first was seen.
    assert asyncio.run(main()) == ["Hel", "lo"]


def test_collecting_the_full_text(server: FakeProvider) -> None:
    server.says("One ", "two ", "three.")

    came = ask(request(server.base_url))

    assert came.text == "One two three."
    assert came.finish == ["stop"]


def test_function_calling_arrives_in_fragments(server: FakeProvider) -> None:
    server.calls_tool("get_weather", '{"location": "Berlin"}', call_id="call_9")

    came = ask(request(server.base_url, tools=(WEATHER,)))

    assert came.calls == [("call_9", "get_weather", '{"location": "Berlin"}')]
    assert came.finish == ["tool_calls"]
    assert server.requests[-1].body["tools"][0]["function"]["name"] == "get_weather"


def test_error_handling_names_an_error_that_a_retry_helps_and_asks_only_once(server: FakeProvider) -> None:
    server.fails(429, "slow down", retry_after="7")

    came = ask(request(server.base_url))

    assert isinstance(came.error, errors.RateLimited)
    assert came.error.retry_helps
    assert came.error.retry_after_s == 7.0
    assert len(server.requests) == 1


def test_stream_options_with_usage(server: FakeProvider) -> None:
    server.replies(Reply([ROLE, *texts("x"), chunk(finish="stop"), usage(20, 3), DONE]))

    came = ask(request(server.base_url))

    assert server.requests[-1].body["stream_options"] == {"include_usage": True}
    assert came.usage is not None
    assert (came.usage.prompt_tokens, came.usage.completion_tokens, came.usage.total_tokens) == (20, 3, 23)


def test_early_termination_closes_the_socket(server: FakeProvider) -> None:
    server.says("a", "b", then_hangs=True)

    async def main() -> None:
        provider = OpenAIProvider()
        stream = provider.stream(request(server.base_url))
        async for event in stream:
            if isinstance(event, TextDelta):
                break
        await stream.aclose()  # type: ignore[attr-defined]
        await asyncio.to_thread(lambda: server.saw_disconnect)
        await provider.close()

    asyncio.run(main())

    assert server.saw_disconnect


def test_cancelling_the_task_closes_the_socket(server: FakeProvider) -> None:
    server.says("a", then_hangs=True)

    async def main() -> list[Event]:
        provider, came, began = OpenAIProvider(), [], asyncio.Event()

        async def read() -> None:
            async for event in provider.stream(request(server.base_url)):
                came.append(event)
                if isinstance(event, TextDelta):
                    began.set()

        task = asyncio.ensure_future(read())
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(lambda: server.saw_disconnect)
        await provider.close()
        return came

    assert TextDelta("a") in asyncio.run(main())
    assert server.saw_disconnect


# --- what goes out ---


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


# --- how streams break ---


@pytest.mark.parametrize(
    ("fault", "kind", "text"),
    [
        ("drop_after/0", errors.Unreachable, ""),
        ("drop_after/2", errors.Interrupted, "Hello from"),
        ("malformed", errors.Interrupted, "Hello from"),
        ("invalid_utf8", errors.Interrupted, "Hello from"),
        ("error_in_stream", errors.StreamError, "Hello from"),
        ("error_event", errors.StreamError, "Hello from"),
        ("no_finish", errors.Interrupted, "Hello from the fake provider."),
        ("done_without_finish", errors.Interrupted, "Hello from the fake provider."),
        ("empty_stream", errors.Interrupted, ""),
        ("html", errors.BadReply, ""),
        ("redirect", errors.BadReply, ""),
        ("status/400", errors.RequestRejected, ""),
        ("status/401", errors.KeyRejected, ""),
        ("status/403", errors.AccessDenied, ""),
        ("status/404", errors.ModelNotFound, ""),
        ("status/408", errors.ServerBusy, ""),
        ("status/409", errors.ServerBusy, ""),
        ("status/429", errors.RateLimited, ""),
        ("status/502", errors.ServerBusy, ""),
    ],
)
def test_each_fault_is_a_domain_error_and_keeps_the_text(
    server: FakeProvider, fault: str, kind: type[errors.ProviderError], text: str
) -> None:
    came = ask(request(server.at(fault)))

    assert type(came.error) is kind
    assert came.text == text
    assert KEY not in f"{came.error} {came.error.detail}"


@pytest.mark.parametrize("fault", ["slow", "no_done", "no_choices", "crlf"])
def test_odd_but_whole_streams_are_answers(server: FakeProvider, fault: str) -> None:
    came = ask(request(server.at(fault)))

    assert came.error is None
    assert came.text == "Hello from the fake provider."
    assert came.finish == ["stop"]
    assert came.usage is not None


def test_a_json_body_instead_of_a_stream_is_an_answer(server: FakeProvider) -> None:
    came = ask(request(server.at("json_body")))

    assert came.text == "Hello as one JSON body."
    assert came.finish == ["stop"]
    assert came.usage is not None
    assert came.usage.total_tokens == 7


def test_a_json_body_under_the_content_type_of_a_stream_is_an_answer_too(server: FakeProvider) -> None:
    reply = json_reply(completion("Mislabelled."))
    server.replies(Reply(reply.steps, 200, "text/event-stream"))

    assert ask(request(server.base_url)).text == "Mislabelled."


def test_a_json_error_under_status_200_is_that_error(server: FakeProvider) -> None:
    server.replies(
        json_reply({"error": {"message": "maximum context length is 10", "code": "context_length_exceeded"}})
    )

    assert isinstance(ask(request(server.base_url)).error, errors.PromptTooLong)


def test_a_page_instead_of_an_answer_is_named(server: FakeProvider) -> None:
    error = ask(request(server.at("html"))).error

    assert error is not None
    assert "text/html" in str(error)
    assert "Sign in" in str(error)


def test_a_key_in_the_middle_of_an_answer_that_broke_is_masked(server: FakeProvider) -> None:
    server.replies(Reply([ROLE, Chunk({"error": {"message": f"bad key {KEY}"}})]))

    error = ask(request(server.base_url)).error

    assert error is not None
    assert KEY not in f"{error} {error.detail}"


def test_a_stream_that_breaks_after_its_finish_reason_is_whole(server: FakeProvider) -> None:
    server.replies(Reply([ROLE, *texts("All."), chunk(finish="stop"), Raw(b'data: {"usage"\n\n')]))

    came = ask(request(server.base_url))

    assert came.error is None
    assert came.text == "All."


def test_a_refused_connection_is_unreachable() -> None:
    came = ask(request("http://127.0.0.1:1/v1"))

    assert isinstance(came.error, errors.Unreachable)
    assert came.error.retry_helps


@pytest.mark.parametrize("address", ["nonsense", "ftp://127.0.0.1/v1", "http://:80/v1", "http://127.0.0.1:99999/v1"])
def test_an_impossible_address_is_rejected(address: str) -> None:
    assert isinstance(ask(request(address)).error, errors.RequestRejected)


# --- time ---


def test_no_first_token_within_the_limit_is_timed_out(server: FakeProvider) -> None:
    came = ask(request(server.at("hang"), first_token_s=0.5))

    assert isinstance(came.error, errors.TimedOut)
    assert server.saw_disconnect


def test_headers_alone_are_no_first_token(server: FakeProvider) -> None:
    server.replies(Reply([ROLE, Raw(b": still loading\n\n"), Gate()]))

    assert isinstance(ask(request(server.base_url, first_token_s=0.3)).error, errors.TimedOut)


def test_a_gap_between_tokens_beyond_the_limit_is_timed_out_and_keeps_the_text(server: FakeProvider) -> None:
    came = ask(request(server.at("hang_after/2"), between_tokens_s=0.3))

    assert isinstance(came.error, errors.TimedOut)
    assert came.text == "Hello from"
    assert server.saw_disconnect


def test_a_server_that_sends_as_fast_as_it_can_lets_others_have_the_loop(server: FakeProvider) -> None:
    flood = b"".join(b'data: {"choices":[{"delta":{"content":"%d"}}]}\n\n' % n for n in range(40_000))
    server.replies(Reply([Raw(flood), *whole([])]))

    async def main() -> tuple[int, int]:
        provider, turns, pieces = OpenAIProvider(), 0, 0
        await provider.warm()
        loop = asyncio.get_running_loop()

        def count() -> None:
            nonlocal turns
            turns += 1
            loop.call_soon(count) if pieces < 40_000 else None

        loop.call_soon(count)
        async for event in provider.stream(request(server.base_url)):
            pieces += isinstance(event, TextDelta)
        await provider.close()
        return turns, pieces

    turns, pieces = asyncio.run(main())
    assert pieces == 40_000
    assert turns > 50


# --- what comes ---


def test_reasoning_refusals_and_the_name_of_the_model_come_through(server: FakeProvider) -> None:
    steps = [*reasoning("Let me ", "see."), chunk({"refusal": "No."})]
    server.replies(Reply(whole(steps)))

    came = ask(request(server.base_url))

    assert came.events[0] == ReplyStarted("fake-model", "req-1")
    assert came.thought == "Let me see."
    assert RefusalDelta("No.") in came.events


def test_several_calls_at_once_keep_apart(server: FakeProvider) -> None:
    first, second = tool_call("a", '{"x": 1}', call_id="c1"), tool_call("b", '{"y": 2}', index=1, call_id="c2")
    mixed = [step for pair in zip(first, second, strict=False) for step in pair]
    server.replies(Reply(whole(mixed, "tool_calls")))

    assert ask(request(server.base_url)).calls == [("c1", "a", '{"x": 1}'), ("c2", "b", '{"y": 2}')]


def test_a_compressed_stream_is_read(server: FakeProvider) -> None:
    import gzip

    body = b"".join(
        [
            b'data: {"choices":[{"delta":{"content":"zip"}}]}\n\n',
            b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n',
        ]
    )
    server.replies(Reply([Raw(gzip.compress(body))], headers={"content-encoding": "gzip"}))

    assert ask(request(server.base_url)).text == "zip"


def test_a_reply_that_is_continued_ends_with_a_request_to_go_on(server: FakeProvider) -> None:
    asked = request(server.base_url)
    question = asked.messages[0]
    asked = type(asked)(asked.endpoint, asked.model, (question, said(Role.ASSISTANT, Text("Half a"))), key=KEY)

    ask(asked)

    roles = [message["role"] for message in server.requests[-1].body["messages"]]
    assert roles == ["user", "assistant", "user"]


# --- the list of models ---


def models(server: FakeProvider) -> list[str]:
    async def main() -> list[str]:
        provider = OpenAIProvider()
        try:
            return await provider.models(request(server.base_url).endpoint, KEY)
        finally:
            await provider.close()

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("listing", "names"),
    [
        ({"data": [{"id": "org/model:free"}, {"id": "b"}]}, ["org/model:free", "b"]),
        ({"models": [{"name": "llama3:8b"}]}, ["llama3:8b"]),
        (["a", "b", "a"], ["a", "b"]),
        ([{"id": "x"}, 7, {"id": None}], ["x"]),
        ({"data": []}, []),
    ],
    ids=["of OpenAI, with slashes", "of Ollama", "bare names, twice", "with rubbish", "empty"],
)
def test_lists_of_models_are_read_in_every_form(server: FakeProvider, listing: object, names: list[str]) -> None:
    server.models = listing

    assert models(server) == names
    assert server.requests[-1].method == "GET"


@pytest.mark.parametrize("listing", [{"object": "list"}, "text", 5], ids=["no list", "text", "a number"])
def test_a_list_of_models_in_no_known_form_is_a_bad_reply(server: FakeProvider, listing: object) -> None:
    server.models = listing

    with pytest.raises(errors.BadReply):
        models(server)


def test_a_wrong_key_for_the_list_of_models_is_rejected(server: FakeProvider) -> None:
    server.key = "sk-another"

    with pytest.raises(errors.KeyRejected):
        models(server)
