"""Starts the real program as `desktop-chat` does and looks at its process.

python -m tests.benchmarks.started prepare | paint | idle
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
SETTLE_S = 12.0
"""Longer than the cursor blinks when nobody types."""
IDLE_S = 10.0


def rss_mb() -> float:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


def age_s() -> float:
    """Seconds since this process was started."""
    started_ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    return uptime - started_ticks / os.sysconf("SC_CLK_TCK")


def main(task: str) -> None:
    """Start, look, end."""
    # As `__main__` does.
    from desktop_chat.__main__ import _hurry

    _hurry()
    from desktop_chat import app
    from tests.benchmarks.holds import Holds

    figures: dict[str, float] = {}

    class Watched(app.Program):
        async def start(self) -> None:
            await super().start()
            if task == "prepare":
                await self.prepare()
            elif task == "idle":
                await self.idle()
            self.ended.set()

        async def _load(self) -> None:
            # The first thing after the window is painted.
            figures.update(start_cpu_s=time.process_time(), start_paint_s=age_s(), paint_rss_mb=rss_mb())
            self.holds = Holds()
            await super()._load()

        async def prepare(self) -> None:
            await self.parts.endpoints.use_demo()
            self.shown.new()
            self.shown.session.send("Show me a table, please.")
            while self.shown.session.is_running:
                await asyncio.sleep(0.05)

        async def idle(self) -> None:
            await self.warm.wait()
            figures.update(self.holds.figures())
            await asyncio.sleep(SETTLE_S)
            cpu, wall = time.process_time(), time.monotonic()
            await asyncio.sleep(IDLE_S)
            used = (time.process_time() - cpu) / (time.monotonic() - wall)
            figures.update(idle_rss_mb=rss_mb(), idle_cpu_percent=100 * used)

    app.Program = Watched  # type: ignore[misc]
    app.run()
    print(json.dumps(figures))


main(sys.argv[1])
