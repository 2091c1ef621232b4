"""The time of this computer."""

import asyncio
import time


class SystemClock:
    """The `Clock` of the running program."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since some moment, never going back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Come back after this time."""
        await asyncio.sleep(seconds)
