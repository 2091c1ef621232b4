"""Pictures from the web: asked for once, without a word about who asks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from desktop_chat.adapters import pictures
from desktop_chat.adapters.pictures import HttpPictures
from desktop_chat.domain.errors import PictureFailed, PictureProblem

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Answer = Callable[[str, asyncio.StreamWriter], Awaitable[None]]
PNG = b"\x89PNG not really"


@asynccontextmanager
async def served(answer: Answer, *, falls_silent: bool = False) -> AsyncIterator[tuple[str, list[str]]]:
    """A server on this computer that notes what it is asked."""
    asked: list[str] = []
    serving: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        with suppress(ConnectionError):
            asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
            await answer(asked[-1], writer)
            if falls_silent:
                await reader.read()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
        await asyncio.gather(*serving)


def reply(status: str, *headers: str, body: bytes = b"") -> Answer:
    async def answer(_request: str, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", *headers, "connection: close", "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return answer


def loaded(
    run: Run, answer: Answer, *, falls_silent: bool = False, limit_s: float = 20
) -> tuple[bytes | PictureFailed, list[str]]:
    async def main() -> tuple[bytes | PictureFailed, list[str]]:
        async with served(answer, falls_silent=falls_silent) as (origin, asked):
            try:
                return await HttpPictures(limit_s=limit_s).load(f"{origin}/cat.png"), asked
            except PictureFailed as failure:
                return failure, asked

    return run(main())  # type: ignore[no-any-return]


def test_a_picture_is_asked_for_without_a_word_about_who_asks(run: Run) -> None:
    data, asked = loaded(run, reply("200 OK", "content-type: image/png", "set-cookie: a=b", body=PNG))

    assert data == PNG
    (request,) = asked
    head, *lines = request.lower().split("\r\n")
    assert head == "get /cat.png http/1.1"
    assert {line.partition(":")[0] for line in lines if line} <= {
        "host",
        "accept",
        "accept-encoding",
        "user-agent",
        "connection",
    }


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (reply("404 Not Found"), PictureProblem.REFUSED),
        (reply("200 OK", "content-type: text/html", body=b"<html>"), PictureProblem.NO_PICTURE),
        (reply("200 OK", "content-type: image/svg+xml", body=b"<svg/>"), PictureProblem.NO_PICTURE),
        (reply("200 OK", "content-type: image/png", "content-length: 99999999999"), PictureProblem.TOO_LARGE),
        (reply("302 Found", "location: http://other.example/cat.png"), PictureProblem.ELSEWHERE),
        (reply("302 Found", "location: file:///etc/passwd"), PictureProblem.ELSEWHERE),
        (reply("302 Found", "location: /cat.png"), PictureProblem.UNREACHABLE),
        (reply("nonsense"), PictureProblem.UNREACHABLE),
    ],
    ids=["gone", "a page", "a program", "too large", "another host", "a file", "round and round", "nonsense"],
)
def test_what_is_not_a_picture_is_named(run: Run, answer: Answer, problem: PictureProblem) -> None:
    failure, asked = loaded(run, answer)

    assert isinstance(failure, PictureFailed)
    assert failure.problem is problem
    assert all(request.startswith("GET /cat.png") for request in asked)


def test_another_host_is_told_and_not_asked(run: Run) -> None:
    failure, asked = loaded(run, reply("301 Moved", "location: http://localhost:1/other.png"))

    assert isinstance(failure, PictureFailed)
    assert failure.address == "http://localhost:1/other.png"
    assert len(asked) == 1


def test_a_redirect_within_one_host_is_followed(run: Run) -> None:
    async def answer(request: str, writer: asyncio.StreamWriter) -> None:
        is_first = request.startswith("GET /cat.png")
        there = (
            reply("302 Found", "location: /dog.png")
            if is_first
            else reply("200 OK", "content-type: image/png", body=PNG)
        )
        await there(request, writer)

    data, asked = loaded(run, answer)

    assert (data, len(asked)) == (PNG, 2)


def test_a_body_that_never_ends_is_cut(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_BYTES", 1000)

    failure, _ = loaded(run, reply("200 OK", "content-type: image/png", body=b"x" * 2000))

    assert isinstance(failure, PictureFailed) and failure.problem is PictureProblem.TOO_LARGE


def test_a_server_that_falls_silent_is_given_up(run: Run) -> None:
    begun = reply("200 OK", "content-type: image/png", "content-length: 9", body=b"x")

    failure, _ = loaded(run, begun, falls_silent=True, limit_s=0.1)

    assert isinstance(failure, PictureFailed) and failure.problem is PictureProblem.TOO_SLOW


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://h/x.png", "http://u:p@h/x.png", "http://", "x", "http://[::1"]
)
def test_other_addresses_are_refused(run: Run, address: str) -> None:
    async def main() -> PictureProblem:
        with pytest.raises(PictureFailed) as caught:
            await HttpPictures().load(address)
        return caught.value.problem

    assert run(main()) is PictureProblem.ADDRESS
