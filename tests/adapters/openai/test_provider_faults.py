"""How streams break or are late: each fault is one of our errors and keeps the text."""

import asyncio

import pytest

from desktop_chat.adapters.openai.provider import OpenAIProvider
from desktop_chat.domain import errors
from desktop_chat.domain.events import TextDelta
from tests.adapters.openai.asking import KEY, ask, request
from tests.fake_provider import (
    ROLE,
    Chunk,
    FakeProvider,
    Gate,
    Raw,
    Reply,
    chunk,
    completion,
    json_reply,
    texts,
    whole,
)


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
