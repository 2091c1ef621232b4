"""Ends a request that stays silent for too long, with one timer for the whole of it.

A timeout around every read would make and cancel a timer for each token. Here a read only
notes the time; the timer looks at the note when it fires and goes back to sleep for what
is left. Cutting the connection wakes the reader, which then asks `is_over`.
"""

import asyncio
from collections.abc import Callable


class Watchdog:
    """Watches one request. Use it in `with`."""

    def __init__(self, limit_s: float | None, cut: Callable[[], None]) -> None:
        self.is_over = False
        """True once the limit was passed and `cut` was called."""
        self.limit_s = limit_s
        self._cut = cut
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> "Watchdog":
        self._arm()
        return self

    def __exit__(self, *_: object) -> None:
        self.limit_s = None
        self._arm()

    def seen(self) -> None:
        """Something came: the wait begins anew. Costs a clock reading."""
        self._since = self._loop.time()

    def change(self, limit_s: float | None) -> None:
        """Another limit from now on."""
        self.limit_s = limit_s
        self.seen()
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.limit_s is not None:
            self._timer = self._loop.call_at(self._since + self.limit_s, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        if self.limit_s is None:
            return
        if self._loop.time() < self._since + self.limit_s:
            self._arm()
            return
        self.is_over = True
        self._cut()
