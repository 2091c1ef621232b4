"""The one thread that owns the connection, and the way to it from any asyncio loop.

Jobs run in the order in which they were handed in. A job that was begun or queued is done
even if nobody waits for it any more: cancelling the caller never undoes a write.
"""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from desktop_chat.domain.errors import StoreError

T = TypeVar("T")


class Worker:
    """One thread, begun with the first job. Used from one asyncio loop at a time."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: SimpleQueue[tuple[Callable[[], Any], asyncio.Future[Any]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    async def run(self, job: Callable[[], T]) -> T:
        """Have a job done in the thread and come back with its result, or raise what it raised."""
        if self._is_closed:
            raise StoreError("the store is closed")
        return await self._hand_in(job)

    async def close(self, last: Callable[[], None]) -> None:
        """Do what waits, then `last`, and end the thread. Harmless when closed already."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._thread is None:
            return
        try:
            await asyncio.shield(self._hand_in(last))
        finally:
            self._jobs.put(None)

    def _hand_in(self, job: Callable[[], T]) -> "asyncio.Future[T]":
        if self._thread is None:
            # A daemon: a program that dies without `close` must not hang. SQLite is made for that.
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put((job, future))
        return future

    def _work(self) -> None:
        while (item := self._jobs.get()) is not None:
            job, future = item
            result: Any = None
            failure: BaseException | None = None
            try:
                result = job()
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                failure = error
            try:
                future.get_loop().call_soon_threadsafe(_settle, future, result, failure)
            except RuntimeError:
                pass  # The loop has ended; nobody waits any more.
            del item, job, future, result, failure


def _settle(future: "asyncio.Future[Any]", result: Any, failure: BaseException | None) -> None:
    if future.done():
        return  # Whoever waited was cancelled.
    if failure is not None:
        future.set_exception(failure)
    else:
        future.set_result(result)
