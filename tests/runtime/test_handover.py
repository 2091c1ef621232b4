"""A second process reaches the one that owns the home."""

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from desktop_chat.runtime import handover
from desktop_chat.runtime.handover import (
    Handover,
    NoAnswer,
    NoWindow,
    OwnerFailed,
    OwnerLeft,
    ask_owner,
    raise_window,
    take_or_find,
    take_or_raise,
)
from desktop_chat.runtime.lock import HomeLock

Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Answers:
    """Counts up to what was asked for, and remembers that it was closed."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def __call__(self, question: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        try:
            for number in range(question["to"]):
                yield {"text": f"ä{number}"}
                await asyncio.sleep(0)
            if question.get("hangs"):
                await asyncio.Event().wait()
        finally:
            self.closed.set()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "handover.json"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "_PATIENCE_S", 0.0)


def test_a_second_start_raises_the_window(path: Path, run: Run) -> None:
    raised: list[str] = []

    async def scene() -> None:
        owner = Handover(path, lambda: raised.append("raised"))
        await owner.listen()
        await raise_window(path)
        await owner.close()

    run(scene())
    assert raised == ["raised"]


def test_an_answer_is_streamed_to_the_asking_process(path: Path, run: Run) -> None:
    async def scene() -> list[dict[str, Any]]:
        owner = Handover(path, lambda: None, Answers())
        await owner.listen()
        items = [item async for item in ask_owner(path, {"to": 3})]
        await owner.close()
        return items

    assert run(scene()) == [{"text": "ä0"}, {"text": "ä1"}, {"text": "ä2"}]


def test_an_answer_is_closed_when_the_asking_process_goes_away(path: Path, run: Run) -> None:
    async def scene() -> bool:
        answers = Answers()
        owner = Handover(path, lambda: None, answers)
        await owner.listen()
        async with aclosing(ask_owner(path, {"to": 1, "hangs": True})) as items:
            await anext(items)
        async with asyncio.timeout(10):
            is_closed = await answers.closed.wait()
        await owner.close()
        return is_closed

    assert run(scene())


def test_an_owner_that_closes_ends_the_answer(path: Path, run: Run) -> None:
    async def scene() -> None:
        owner = Handover(path, lambda: None, Answers())
        await owner.listen()
        with pytest.raises(OwnerLeft):
            async for _ in ask_owner(path, {"to": 1, "hangs": True}):
                await owner.close()

    run(scene())


def test_a_fault_of_the_owner_is_not_taken_for_its_end(path: Path, run: Run) -> None:
    async def broken(_question: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        yield {"text": "so far"}
        raise LookupError("a bug")

    async def scene() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        faults: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
        owner = Handover(path, lambda: None, broken)
        await owner.listen()
        items = []
        with pytest.raises(OwnerFailed):
            async for item in ask_owner(path, {}):
                items.append(item)
        await owner.idle()
        await asyncio.sleep(0)
        await owner.close()
        return items, faults

    items, faults = run(scene())
    assert items == [{"text": "so far"}]
    assert len(faults) == 1, "the owner is told of it as of every fault"


def test_a_wrong_token_gets_no_answer(path: Path, run: Run) -> None:
    raised: list[str] = []

    async def scene() -> None:
        owner = Handover(path, lambda: raised.append("raised"))
        await owner.listen()
        path.write_text(json.dumps({**json.loads(path.read_text()), "token": "guessed"}))
        with pytest.raises(NoAnswer):
            await raise_window(path)
        await owner.close()

    run(scene())
    assert raised == []


@pytest.mark.parametrize(
    "content",
    [None, b"", b"no json", b"[]", b'{"port": 1, "token": "t", "pid": 1}', b'{"port": 99999999, "token": "t"}'],
    ids=["no file", "empty", "no JSON", "no object", "nobody listens", "no port"],
)
def test_a_stale_file_is_an_answer_that_does_not_come(path: Path, run: Run, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(NoAnswer):
        run(raise_window(path))


def test_only_the_owner_of_the_home_can_read_the_token(path: Path, run: Run) -> None:
    async def scene() -> None:
        owner = Handover(path, lambda: None)
        await owner.listen()
        assert path.stat().st_mode & 0o077 == 0
        await owner.close()
        assert not path.exists()

    run(scene())


def test_garbage_does_not_disturb_the_owner(path: Path, run: Run) -> None:
    raised: list[str] = []

    async def scene() -> None:
        owner = Handover(path, lambda: raised.append("raised"))
        await owner.listen()
        port = json.loads(path.read_text())["port"]
        for garbage in (b"GET / HTTP/1.1\r\n\r\n", b"\xff\xfe\n", b"[1]\n", b""):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(garbage)
            writer.write_eof()
            assert await reader.read() == b""
            writer.close()
        await raise_window(path)
        await owner.close()

    run(scene())
    assert raised == ["raised"]


def test_an_owner_without_a_window_says_so(path: Path, run: Run) -> None:
    async def scene() -> None:
        owner = Handover(path, None, Answers())
        await owner.listen()
        with pytest.raises(NoWindow):
            await raise_window(path)
        await owner.close()

    run(scene())


def test_a_window_opens_once_the_question_of_the_terminal_is_answered(path: Path, run: Run) -> None:
    async def scene() -> list[str]:
        said: list[str] = []
        theirs, ours = HomeLock(path.with_name("lock")), HomeLock(path.with_name("lock"))
        theirs.take()
        owner = Handover(path, None)
        await owner.listen()

        async def end() -> None:
            await owner.close()
            theirs.release()

        enders: list[asyncio.Task[None]] = []

        def on_wait() -> None:
            said.append("waits")
            enders.append(asyncio.create_task(end()))

        assert await take_or_raise(ours, path, on_wait)
        ours.release()
        return said

    assert run(scene()) == ["waits"]


def test_an_owner_that_ends_is_waited_for(path: Path, run: Run) -> None:
    async def scene() -> None:
        theirs, ours = HomeLock(path.with_name("lock")), HomeLock(path.with_name("lock"))
        theirs.take()
        asyncio.get_running_loop().call_soon(theirs.release)
        assert await take_or_find(ours, path)
        ours.release()

    run(scene())


def test_an_owner_that_cannot_say_how_to_reach_it_is_not_waited_for(path: Path, run: Run) -> None:
    async def scene() -> None:
        theirs, ours = HomeLock(path.with_name("lock")), HomeLock(path.with_name("lock"))
        theirs.take()
        with pytest.raises(NoAnswer, match="close the window"):
            await take_or_find(ours, path)
        theirs.release()

    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name("lock").touch()
    path.parent.chmod(0o500)
    try:
        if os.access(path.parent, os.W_OK):
            pytest.skip("this user may write everywhere")
        run(scene())
    finally:
        path.parent.chmod(0o700)


def test_an_owner_that_waits_for_its_visitors_breaks_nothing_off(path: Path, run: Run) -> None:
    async def scene() -> int:
        owner = Handover(path, None, Answers())
        await owner.listen()
        async with aclosing(ask_owner(path, {"to": 50})) as items:
            count = len([await anext(items)])
            assert owner.is_busy
            idle = asyncio.create_task(owner.idle())
            count += len([item async for item in items])
        await idle
        await owner.close()
        return count

    assert run(scene()) == 50
