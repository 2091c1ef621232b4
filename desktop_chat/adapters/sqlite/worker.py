"""The one thread that owns the connection, and the way to it from any asyncio loop.

Jobs run in the order in which they were handed in. A job that was handed in is done even if
nobody waits for it any more: cancelling the caller never undoes a write.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any, TypeVar

from desktop_chat.domain.errors import StoreError

T = TypeVar("T")

GAP_S = 0.01
"""Jobs that come one after the other are not further apart than this."""
LOOK_S = 0.002
QUIET_S = 1.0
"""A reply that is being written comes by ten times a second."""
PATIENCE_S = 0.1
"""Then a job that is in no hurry begins all the same."""


class Worker:
    """One thread, begun with the first job."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._is_closed = False
        self._waiting = 0
        self._used_at = 0.0

    async def run(self, job: Callable[[], T]) -> T:
        """Have a job done in the thread and come back with its result, or raise what it raised.

        Raises:
            StoreError: `close` was called before.
        """
        if self._is_closed:
            raise StoreError("the store is closed")
        self._waiting += 1
        try:
            return await self._hand_in(job)
        finally:
            self._waiting -= 1
            self._used_at = monotonic()

    @property
    def is_free(self) -> bool:
        """Whether the next job begins at once, as far as is known."""
        return not self._waiting

    @property
    def is_quiet(self) -> bool:
        """Whether no job but those aside was done lately."""
        return not self._waiting and monotonic() - self._used_at > QUIET_S

    async def run_aside(self, job: Callable[[], T]) -> T:
        """As `run`, for a long job that is in no hurry: it begins where no other waits or follows at once.

        Whoever writes a little, again and again, waits for one such job at most.
        """
        until = monotonic() + PATIENCE_S
        while (self._waiting or monotonic() - self._used_at < GAP_S) and monotonic() < until:  # noqa: ASYNC110 - a moment
            await asyncio.sleep(LOOK_S)
        if self._is_closed:
            raise StoreError("the store is closed")
        return await self._hand_in(job)

    def submit(self, job: Callable[[], object]) -> None:
        """Have a job done behind those that wait, and do not wait for it; nothing once closed."""
        if not self._is_closed:
            self._executor.submit(job)

    async def close(self, last: Callable[[], None]) -> None:
        """Do what waits, then `last`, and end the thread. Harmless when closed already."""
        if self._is_closed:
            return
        self._is_closed = True
        try:
            await self._hand_in(last)
        finally:
            self._executor.shutdown(wait=False)

    async def _hand_in(self, job: Callable[[], T]) -> T:
        done = asyncio.wrap_future(self._executor.submit(job))
        done.add_done_callback(_look_at)
        return await asyncio.shield(done)


def _look_at(done: "asyncio.Future[Any]") -> None:
    # Whoever asked may be gone; what failed then is nobody's surprise.
    if not done.cancelled():
        done.exception()
