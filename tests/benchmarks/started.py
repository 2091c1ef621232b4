"""Starts the real program as `desktop-chat` does and looks at its process.

python -m tests.benchmarks.started prepare | paint | idle
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

PAGE = os.sysconf("SC_PAGE_SIZE")
SETTLE_S = 5.0
IDLE_S = 10.0


def rss_mb() -> float:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


def age_s() -> float:
    """Seconds since this process was started."""
    started_ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    return uptime - started_ticks / os.sysconf("SC_CLK_TCK")


async def watch(program: Any, task: str) -> dict[str, float]:
    """What is measured of a program that has just been started."""
    if task == "prepare":
        await program.parts.endpoints.use_demo()
        program.shown.new()
        program.shown.session.send("Show me a table, please.")
        while program.shown.session.is_running:
            await asyncio.sleep(0.05)
        return {}
    await program.parts.warm()
    await asyncio.sleep(SETTLE_S)
    cpu, wall = time.process_time(), time.monotonic()
    await asyncio.sleep(IDLE_S)
    used = (time.process_time() - cpu) / (time.monotonic() - wall)
    return {"idle_rss_mb": rss_mb(), "idle_cpu_percent": 100 * used}


def main(task: str) -> None:
    """Start, look, end."""
    from desktop_chat import app

    figures: dict[str, float] = {}

    class Watched(app.Program):
        async def start(self) -> None:
            started = asyncio.create_task(super().start())
            painted = await self.first_paint()
            figures.update(painted)
            await started
            if task != "paint":
                figures.update(await watch(self, task))
            self.ended.set()

        async def first_paint(self) -> dict[str, float]:
            await self.painted.wait()
            return {"start_cpu_s": time.process_time(), "start_paint_s": age_s(), "paint_rss_mb": rss_mb()}

    app.Program = Watched  # type: ignore[misc]
    app.run()
    print(json.dumps(figures))


main(sys.argv[1])
