"""The built-in demo, asked by the real provider over real HTTP."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from desktop_chat.adapters.demo.server import DemoServer
from desktop_chat.adapters.openai.provider import OpenAIProvider
from desktop_chat.core.ports import Request, ToolSpec
from desktop_chat.domain import errors
from desktop_chat.domain.blocks import Text, ToolCall, ToolResult
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Role
from desktop_chat.tools.calculator import Calculator
from desktop_chat.tools.current_time import CurrentTime
from tests.adapters.openai.asking import Came, collect, request, said

WEATHER = ToolSpec(
    "get_weather",
    "The weather.",
    {"type": "object", "properties": {"location": {"type": "string"}, "days": {"type": "integer"}}},
)


def with_demo(
    use: Callable[[OpenAIProvider, DemoServer, str], Coroutine[Any, Any, Any]], tokens_per_s: float = 0
) -> Any:
    async def main() -> Any:
        provider, demo = OpenAIProvider(), DemoServer(tokens_per_s=tokens_per_s)
        url = await demo.start()
        try:
            return await use(provider, demo, url)
        finally:
            await provider.close()
            await demo.stop()
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"tasks left running: {left}"

    return asyncio.run(main())


def ask_demo(text: str, *tools: ToolSpec) -> Came:
    async def use(provider: OpenAIProvider, demo: DemoServer, url: str) -> Came:
        return await collect(provider, request(url, text, key="", tools=tools))

    came: Came = with_demo(use)
    return came


def test_a_greeting_is_answered_with_a_tour_that_says_what_it_is() -> None:
    came = ask_demo("Hello")

    assert "built-in demo" in came.text
    assert came.finish == ["stop"]
    assert came.usage is not None
    assert came.usage.total_tokens == (came.usage.prompt_tokens or 0) + (came.usage.completion_tokens or 0)


@pytest.mark.parametrize(
    "word", ["hello", "weather", "time", "calculate 1 + 2", "table", "code", "markdown", "think", "a long answer"]
)
def test_every_answer_is_labelled_as_canned(word: str) -> None:
    assert "canned" in ask_demo(f"Show me {word}, please").text


def test_reasoning_comes_before_the_answer() -> None:
    came = ask_demo("Think first")

    assert came.thought
    assert came.usage is not None
    assert came.usage.reasoning_tokens


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("What's the weather in Paris?", WEATHER, {"location": "Paris", "days": 3}),
        ("weather, please", WEATHER, {"location": "Berlin", "days": 3}),
        ("What time is it in Tokyo?", CurrentTime.spec, {"zone": "Asia/Tokyo"}),
        ("Calculate 12 * 34", Calculator.spec, {"expression": "12 * 34"}),
    ],
    ids=["weather", "weather somewhere", "time", "calculator"],
)
def test_a_tool_that_is_offered_is_called_in_fragments(text: str, tool: ToolSpec, arguments: dict[str, Any]) -> None:
    came = ask_demo(text, tool)

    ((call_id, name, sent),) = came.calls
    assert call_id
    assert name == tool.name
    assert json.loads(sent) == arguments
    assert came.finish == ["tool_calls"]


def test_without_the_tool_the_weather_explains_how_to_add_it() -> None:
    came = ask_demo("What's the weather in Berlin?", CurrentTime.spec)

    assert came.calls == []
    assert "Preferences > Tools" in came.text


def after_tool(result: str) -> Came:
    reply = said(
        Role.ASSISTANT,
        ToolCall(CallId("call_1"), "get_weather", '{"location": "Berlin"}'),
        ToolResult(CallId("call_1"), result),
    )

    async def use(provider: OpenAIProvider, demo: DemoServer, url: str) -> Came:
        asked = request(url, "What's the weather in Berlin this week?", key="", tools=(WEATHER,))
        return await collect(provider, Request(asked.endpoint, "demo", (*asked.messages, reply), tools=asked.tools))

    came: Came = with_demo(use)
    return came


def test_the_result_of_the_weather_brings_a_table_and_code() -> None:
    came = after_tool("14 degrees")

    assert "| Wednesday | 14 °C | 7 °C | 5 % |" in came.text
    assert "```python" in came.text
    assert came.usage is not None
    assert came.usage.cached_tokens


def test_a_call_that_was_not_allowed_is_accepted() -> None:
    assert "no result" in after_tool("The person did not allow this call. Nothing was run.").text


def test_a_reply_that_was_cut_off_can_be_continued() -> None:
    cut = ask_demo("Show me an error")
    assert isinstance(cut.error, errors.Interrupted)
    assert cut.text

    async def use(provider: OpenAIProvider, demo: DemoServer, url: str) -> Came:
        asked = request(url, "Show me an error", key="")
        half = said(Role.ASSISTANT, Text(cut.text))
        return await collect(provider, Request(asked.endpoint, "demo", (*asked.messages, half)))

    continued: Came = with_demo(use)
    assert "the rest of it" in continued.text


@pytest.mark.parametrize(
    ("text", "kind"),
    [("error 429", errors.RateLimited), ("error 500", errors.ServerBusy)],
)
def test_errors_that_a_retry_helps_let_the_next_try_through(text: str, kind: type[errors.ProviderError]) -> None:
    async def use(provider: OpenAIProvider, demo: DemoServer, url: str) -> list[Came]:
        return [await collect(provider, request(url, text, key="")) for _ in range(2)]

    first, second = with_demo(use)
    assert type(first.error) is kind
    assert second.finish == ["stop"]


def test_a_wrong_key_can_be_tried() -> None:
    assert isinstance(ask_demo("error 401").error, errors.KeyRejected)


def test_it_lists_its_model() -> None:
    async def use(provider: OpenAIProvider, demo: DemoServer, url: str) -> list[str]:
        return await provider.models(request(url).endpoint, "")

    assert with_demo(use) == ["demo"]


def test_starting_twice_gives_one_server_and_stopping_twice_is_harmless() -> None:
    async def main() -> None:
        demo = DemoServer()
        assert await demo.start() == await demo.start()
        await demo.stop()
        await demo.stop()

    asyncio.run(main())


def test_it_listens_on_loopback_only() -> None:
    async def main() -> str:
        demo = DemoServer()
        url = await demo.start()
        await demo.stop()
        return url

    assert asyncio.run(main()).startswith("http://127.0.0.1:")


def test_a_client_that_leaves_is_noticed_and_its_answer_ends() -> None:
    async def use(provider: OpenAIProvider, demo: DemoServer, url: str) -> int:
        stream = provider.stream(request(url, "a long answer", key=""))
        async for event in stream:
            if isinstance(event, TextDelta):
                break
        await stream.aclose()  # type: ignore[attr-defined]
        async with asyncio.timeout(5):
            while demo.connections:
                await asyncio.sleep(0)
        return demo.disconnects

    assert with_demo(use, tokens_per_s=200) == 1


def test_stopping_the_server_ends_answers_that_run() -> None:
    async def use(provider: OpenAIProvider, demo: DemoServer, url: str) -> Came:
        came = Came()
        try:
            async for event in provider.stream(request(url, "a long answer", key="")):
                came.events.append(event)
                if len(came.events) == 5:
                    await demo.stop()
        except errors.ProviderError as error:
            came.error = error
        return came

    came: Came = with_demo(use, tokens_per_s=500)
    assert isinstance(came.error, errors.Interrupted)


async def _http(url: str, raw: bytes) -> bytes:
    port = int(url.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    answer = await reader.read()
    writer.close()
    return answer


def post(body: bytes, path: str = "/v1/chat/completions") -> bytes:
    return f"POST {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


def raw_answer(*requests: bytes) -> bytes:
    async def main() -> bytes:
        demo = DemoServer(tokens_per_s=0)
        answer = await _http(await demo.start(), b"".join(requests))
        await demo.stop()
        return answer

    return asyncio.run(main())


def test_a_request_that_does_not_stream_gets_one_json_value() -> None:
    answer = raw_answer(post(b'{"messages": [{"role": "user", "content": "think"}]}'))

    body = json.loads(answer.split(b"\r\n\r\n", 1)[1])
    message = body["choices"][0]["message"]
    assert message["content"]
    assert message["reasoning_content"]
    assert body["usage"]["total_tokens"] > 0


def test_the_stream_has_the_shape_of_the_real_protocol() -> None:
    body = {"stream": True, "stream_options": {"include_usage": True}, "messages": [{"role": "user", "content": "hi"}]}
    answer = raw_answer(post(json.dumps(body).encode()))

    lines = [line[6:] for line in answer.split(b"\n") if line.startswith(b"data: ")]
    chunks = [json.loads(line) for line in lines[:-1]]
    assert lines[-1].strip() == b"[DONE]"
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["completion_tokens"] > 0


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (post(b"not json"), b"400"),
        (post(b"[]"), b"400"),
        (post(b"{}", "/v1/embeddings"), b"404"),
        (b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n", b"404"),
        (b"POST /v1/chat/completions HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n", b"411"),
        (b"POST /v1/chat/completions HTTP/1.1\r\ncontent-length: many\r\n\r\n", b"411"),
        (post(b"{}"), b"200"),
        (post(b'{"messages": [5, null, {"role": "user", "content": [{"type": "text", "text": "hi"}]}]}'), b"200"),
    ],
)
def test_odd_requests_get_an_answer_and_break_nothing(raw: bytes, status: bytes) -> None:
    assert raw_answer(raw).startswith(b"HTTP/1.1 " + status)


def test_two_requests_on_one_connection_are_answered_in_order() -> None:
    answer = raw_answer(b"GET /v1/models HTTP/1.1\r\n\r\n", post(b"not json"))

    assert answer.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 400" in answer
