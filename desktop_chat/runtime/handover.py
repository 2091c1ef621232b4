"""How a second process reaches the one that owns the home: to raise its window, or to have it ask.

The owner listens on the loopback interface and writes port and token into a file that only
this person can read. What is said is JSON, one object a line. First the other process says
`{"token": …, "raise": true}` or `{"token": …, "ask": {…}}`, the owner answers `{"ok": true}`,
then come the objects of the answer, at last `{"end": true}`. When the asking process goes
away, the answer is closed, as if it had been stopped.
"""

import asyncio
import json
import os
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

from desktop_chat.runtime.atomic import write_atomic
from desktop_chat.runtime.lock import HomeLock, LockTaken

Answer = Callable[[dict[str, Any]], AsyncGenerator[dict[str, Any], None]]
"""Takes what stands under `ask` and yields objects; an async generator function."""

_HOST = "127.0.0.1"
_LONGEST_LINE_BYTES = 64 * 1024 * 1024  # a prompt may be a whole file
_ANSWER_S = 5.0
_PATIENCE_S = 3.0
"""The owner may have the lock and not listen yet."""
_ENDING_S = 30.0
"""The owner may not listen any more and still be saving."""
_LOOK_S = 0.1


class NoAnswer(Exception):
    """The owner of the home does not answer."""


class NoWindow(NoAnswer):
    """The owner of the home has no window: it answers a question of the terminal."""


class OwnerLeft(NoAnswer):
    """The owner of the home began to answer and ended in the middle."""


class OwnerFailed(NoAnswer):
    """The owner of the home met a fault of its own while it answered; its log says which."""


class Handover:
    """The owner's side.

    Args:
        path: The file that tells other processes how to get here.
        on_raise: Called when somebody wants to see the window; `None` if there is none.
        answer: Called with each question; `None` if there is nobody to answer.
    """

    def __init__(self, path: Path, on_raise: Callable[[], None] | None, answer: Answer | None = None) -> None:
        self._path = path
        self._on_raise = on_raise
        self._answer = answer
        self._token = ""
        self._server: asyncio.Server | None = None
        self._visitors: set[asyncio.Task[Any]] = set()

    async def listen(self) -> None:
        """Begin to listen. Call it only while holding the lock of the home.

        Raises:
            OSError: There is no loopback interface, or the file cannot be written.
        """
        self._token = secrets.token_urlsafe(32)
        self._server = await asyncio.start_server(self._visit, _HOST, 0, limit=_LONGEST_LINE_BYTES)
        port = self._server.sockets[0].getsockname()[1]
        content = json.dumps({"port": port, "token": self._token, "pid": os.getpid()}).encode()
        await asyncio.get_running_loop().run_in_executor(None, write_atomic, self._path, content)

    @property
    def is_busy(self) -> bool:
        """True while somebody is being answered."""
        return bool(self._visitors)

    async def idle(self) -> None:
        """Come back once nobody is being answered."""
        while self._visitors:
            await asyncio.wait(self._visitors)

    async def close(self) -> None:
        """Stop listening and end what is being answered; harmless if it never listened."""
        if self._server is None:
            return
        self._server.close()
        self._server = None
        with suppress(OSError):
            self._path.unlink()
        for visitor in self._visitors:
            visitor.cancel()
        if self._visitors:
            await asyncio.wait(self._visitors)

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visitor = asyncio.current_task()
        assert visitor is not None
        self._visitors.add(visitor)
        try:
            # Whoever does not know what to say, or is gone, gets no answer; nothing has happened.
            with suppress(OSError, ValueError, TimeoutError):
                async with asyncio.timeout(_ANSWER_S):
                    wish = _parse(await reader.readline())
                if secrets.compare_digest(str(wish.get("token", "")).encode(), self._token.encode()):
                    await self._grant(wish, reader, writer)
        except asyncio.CancelledError:
            if self._server is not None:
                raise
            # `close` ended it: the task ends as done, so that nobody reports it as a loss.
        finally:
            self._visitors.discard(visitor)
            writer.close()

    async def _grant(self, wish: dict[str, Any], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _say(writer, {"ok": True})
        if wish.get("raise"):
            if self._on_raise is None:
                await _say(writer, {"no_window": True})
            else:
                self._on_raise()
        elif self._answer is not None and isinstance(wish.get("ask"), dict):
            try:
                await self._stream(self._answer(wish["ask"]), reader, writer)
            except Exception:
                # Not for whoever is gone, but a fault here must not look like an end of the program.
                with suppress(OSError):
                    await _say(writer, {"fault": True})
                raise
        await _say(writer, {"end": True})

    async def _stream(
        self, answer: AsyncGenerator[dict[str, Any], None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            async with asyncio.TaskGroup() as group, aclosing(answer) as items:
                watch = group.create_task(_until_gone(reader))
                async for item in items:
                    await _say(writer, item)
                watch.cancel()
        except* OSError as gone:
            raise ConnectionResetError("the asking process is gone") from gone


async def take_or_find(lock: HomeLock, path: Path) -> bool:
    """Take the lock of the home, or find that its owner can be asked; True if the lock is ours.

    An owner that is about to listen, or that does not listen any more and saves, is waited for.

    Raises:
        OSError: The lock can neither be taken nor be held by another.
        NoAnswer: Its owner cannot be reached, and never will be: nothing can be written to the home.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _ENDING_S
    while True:
        try:
            lock.take()
        except LockTaken:
            if loop.time() > deadline or await loop.run_in_executor(None, path.exists):
                return False
            if not await loop.run_in_executor(None, os.access, path.parent, os.W_OK):
                raise NoAnswer("nothing can be written to its folder; close the window first") from None
            await asyncio.sleep(_LOOK_S)
        else:
            return True


async def raise_window(path: Path) -> None:
    """Have the owner of the home show its window.

    Raises:
        NoWindow: It has none.
        NoAnswer: There is none, or it does not answer.
    """
    async with aclosing(_converse(path, {"raise": True})) as items:
        async for item in items:
            if item.get("no_window"):
                raise NoWindow("a question of the terminal is being answered")


async def take_or_raise(lock: HomeLock, path: Path, on_wait: Callable[[], object]) -> bool:
    """Take the lock of the home, or have its owner show its window; True if the lock is ours.

    An owner that ends, or that answers a question of the terminal, is waited for.

    Args:
        lock: Of the home.
        path: The file that tells how to get to its owner.
        on_wait: Called once if somebody has to finish first.

    Raises:
        NoAnswer: The owner does not answer.
        OSError: The lock can neither be taken nor be held by another.
    """
    is_waiting = False
    while not await take_or_find(lock, path):
        try:
            await raise_window(path)
        except NoWindow:
            if not is_waiting:
                on_wait()
            is_waiting = True
            await asyncio.sleep(_LOOK_S)
        except NoAnswer:
            if not await has_gone(path):
                raise
        else:
            return False
    return True


async def has_gone(path: Path) -> bool:
    """True if the owner that did not answer was about to end: it does not listen any more."""
    return not await asyncio.get_running_loop().run_in_executor(None, path.exists)


async def ask_owner(path: Path, question: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
    """Have the owner of the home answer; yields what its `Answer` yields.

    Raises:
        NoAnswer: There is none, or it does not answer.
        OwnerLeft: It ended in the middle.
        OwnerFailed: It met a fault of its own.
    """
    async with aclosing(_converse(path, {"ask": question})) as items:
        async for item in items:
            yield item


async def _converse(path: Path, wish: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
    reader, writer, token = await _connect(path)
    try:
        await _say(writer, {"token": token, **wish})
        async with asyncio.timeout(_ANSWER_S):
            if not _parse(await reader.readline()).get("ok"):
                raise NoAnswer("something else answers there")
        while True:
            try:
                item = _parse(await reader.readline())
            except (OSError, ValueError) as error:
                raise OwnerLeft("the running program ended in the middle of its answer") from error
            if item.get("end"):
                return
            if item.get("fault"):
                raise OwnerFailed("the running program met a fault")
            yield item
    except TimeoutError as error:
        raise NoAnswer(f"nothing came from it for {_ANSWER_S:.0f} s; it may hang") from error
    except (OSError, ValueError) as error:
        raise NoAnswer(f"what came from it is no answer: {error}") from error
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _connect(path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_S
    while True:
        try:
            place = _parse(await loop.run_in_executor(None, path.read_bytes))
            token, port = str(place["token"]), int(place["port"])
            reader, writer = await asyncio.open_connection(_HOST, port, limit=_LONGEST_LINE_BYTES)
            return reader, writer, token
        except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
            # No file yet, or one that a crash left behind.
            if loop.time() > deadline:
                raise NoAnswer(f"the running program cannot be reached: {error}") from error
            await asyncio.sleep(0.1)


async def _until_gone(reader: asyncio.StreamReader) -> None:
    while await reader.read(1024):
        pass
    raise ConnectionResetError("the other side is gone")


async def _say(writer: asyncio.StreamWriter, item: dict[str, Any]) -> None:
    writer.write(json.dumps(item).encode() + b"\n")
    await writer.drain()


def _parse(line: bytes) -> dict[str, Any]:
    item = json.loads(line)
    if not isinstance(item, dict):
        raise ValueError("not an object")  # noqa: TRY004 - as for anything else that is no message
    return item
