"""Builds the index of trigrams in the background: a step, a pause, the next step.

A step is a job like any other of the store's thread, so a write waits for one at most; the
pause after it is as long as the step, so that half a core is the most it takes. It goes on
where it was when the program ended.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter

from desktop_chat.adapters.sqlite.worker import Worker
from desktop_chat.domain.errors import StoreError

BEGINS_AFTER_S = 5.0
"""After the store was opened or written: not while the window comes up or an answer is saved."""
_LEAST_PAUSE_S = 0.01


class Backlog:
    """Hands steps to the store's thread for as long as there is something to do.

    Args:
        worker: The store's thread.
        step: Does a little in it; says whether there is more. Where it fails, the rest waits
            for the next `wake`.
    """

    def __init__(self, worker: Worker, step: Callable[[], bool]) -> None:
        self.begins_after_s = BEGINS_AFTER_S
        self._worker = worker
        self._step = step
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._not_before = 0.0
        """Time of the loop."""
        self._is_working = False
        self._is_woken = False
        """Something came while it worked."""
        self._is_stopped = False

    def wake(self) -> None:
        """There may be something to do. Called in the loop."""
        self._is_woken = True
        if self._timer is None and not self._is_working:
            self._loop = asyncio.get_running_loop()
            self._wait(self.begins_after_s)

    def put_off(self) -> None:
        """Not now: there is much to write. Called in the loop, again and again."""
        self._not_before = asyncio.get_running_loop().time() + self.begins_after_s
        self.wake()

    def stop(self) -> None:
        """Do no more. Called in the loop."""
        self._is_stopped = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self, pause_s: float) -> None:
        if self._loop is not None and not self._is_stopped:
            self._timer = self._loop.call_later(pause_s, self._begin, self._loop)

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        left_s = self._not_before - loop.time()
        if left_s > 0:
            self._wait(left_s)
            return
        self._is_working, self._is_woken = True, False
        self._worker.submit(lambda: self._work(loop))

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        begun = perf_counter()
        has_more = False
        with suppress(StoreError):
            has_more = self._step()
        pause_s = max(perf_counter() - begun, _LEAST_PAUSE_S)
        with suppress(RuntimeError):  # The loop has ended meanwhile.
            loop.call_soon_threadsafe(self._went_on, has_more, pause_s)

    def _went_on(self, has_more: bool, pause_s: float) -> None:
        self._is_working = False
        if has_more:
            self._wait(pause_s)
        elif self._is_woken:
            self._wait(self.begins_after_s)
