"""When a failed request is sent again, and how long to wait before it.

One try and up to three more, with growing pauses that are shaken a little so that many
clients do not come back at the same moment. A server's `Retry-After` is obeyed; if it
asks for more than a minute, nothing is sent until the person says so.
"""

import asyncio
import random
from dataclasses import dataclass

from desktop_chat.core.ports import Clock
from desktop_chat.domain.errors import ProviderError

RETRIES = 3
FIRST_PAUSE_S = 1.0
PATIENCE_S = 60.0
"""The longest wait that begins without asking."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The next try."""

    attempt: int
    wait_s: float
    needs_consent: bool


def plan(error: ProviderError, attempt: int) -> Plan | None:
    """Decide about retry number `attempt` (1 for the first).

    Returns:
        `None` if the request is not sent again.
    """
    if not error.retry_helps or attempt > RETRIES:
        return None
    asked_s = error.retry_after_s
    if asked_s is not None:
        return Plan(attempt, max(asked_s, 0.0), needs_consent=asked_s > PATIENCE_S)
    pause_s = FIRST_PAUSE_S * 2 ** (attempt - 1)
    return Plan(attempt, pause_s * random.uniform(0.75, 1.25), needs_consent=False)


class Pause:
    """A wait that can be cut short."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ended: asyncio.Event | None = None

    async def wait(self, seconds: float | None) -> None:
        """Come back after this time or after `end`; `None` waits for `end` alone."""
        self._ended = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                ended = group.create_task(self._ended.wait())
                if seconds is not None:
                    slept = group.create_task(self._clock.sleep(seconds))
                    ended.add_done_callback(lambda _: slept.cancel())
                    slept.add_done_callback(lambda _: ended.cancel())
        finally:
            self._ended = None

    def end(self) -> None:
        """Cut the wait short; harmless if there is none."""
        if self._ended is not None:
            self._ended.set()
