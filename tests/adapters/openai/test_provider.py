"""The provider against a real server on loopback: the cases every client must handle."""

import asyncio
import subprocess
import sys

import pytest

from desktop_chat.adapters.openai.provider import OpenAIProvider
from desktop_chat.core.ports import ToolSpec
from desktop_chat.domain import errors
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.events import Event, RefusalDelta, ReplyStarted, TextDelta
from desktop_chat.domain.message import Role
from tests.adapters.openai.asking import KEY, ask, request, said
from tests.fake_provider import (
    DONE,
    ROLE,
    FakeProvider,
    Raw,
    Reply,
    chunk,
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
