"""Streams answers into the real window and measures the process.

python -m tests.benchmarks.streaming BASE_URL MODEL cpu | hold | hold8
"""

import asyncio
import json
import os
import sys
import time
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, QTimerEvent

TICK_MS = 5


class Holds(QObject):
    """How late a timer of the UI thread fires, in ms."""

    def __init__(self) -> None:
        super().__init__()
        self._delays = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
        self.raw: list[float] = []
        self.own: list[float] = []
        self._last = time.perf_counter()
        self._delay = self._read_delay()
        self._timer = self.startTimer(TICK_MS, Qt.TimerType.PreciseTimer)

    def timerEvent(self, event: QTimerEvent) -> None:
        now, delay = time.perf_counter(), self._read_delay()
        late = (now - self._last) * 1000 - TICK_MS
        self.raw.append(max(0.0, late))
        self.own.append(max(0.0, late - (delay - self._delay)))
        self._last, self._delay = now, delay

    def figures(self) -> dict[str, float]:
        """Percentiles."""
        self.killTimer(self._timer)
        os.close(self._delays)
        return {**_shares(self.own, ""), **_shares(self.raw, "raw_")}

    def _read_delay(self) -> float:
        """Milliseconds in which this thread could run and others had the processor."""
        return int(os.pread(self._delays, 100, 0).split()[1]) / 1e6


def _shares(late: list[float], prefix: str) -> dict[str, float]:
    ordered = sorted(late)
    shares = {"p50_ms": 0.5, "p99_ms": 0.99, "p999_ms": 0.999, "max_ms": 1.0}
    return {prefix + name: ordered[min(len(ordered) - 1, int(len(ordered) * part))] for name, part in shares.items()}


async def ended(*sessions: Any) -> None:
    """Wait for the end of every running turn."""
    from desktop_chat.domain.changes import TurnEnded

    for session in sessions:
        done = asyncio.Event()

        def note(change: object, done: asyncio.Event = done) -> None:
            if isinstance(change, TurnEnded):
                done.set()

        stop = session.changes.subscribe(note)
        if session.is_running:
            await done.wait()
        stop()


async def stream(program: Any, base_url: str, model: str, task: str) -> dict[str, float]:
    """Warm up, then measure."""
    from desktop_chat.domain.endpoint import Endpoint
    from desktop_chat.domain.ids import EndpointId, new_conversation_id
    from desktop_chat.ui import aio

    endpoint = Endpoint(EndpointId("pace"), "Paced", base_url, model="pace-200-400")
    await program.parts.endpoints.add(endpoint, None)
    while aio.running():
        await asyncio.sleep(0.1)
    program.window.resize(1240, 820)
    program.shown.new()
    session = program.shown.session
    session.send("warm up")
    await ended(session)
    await asyncio.sleep(1.0)
    library, sessions = program.parts.library, [session]
    if task == "hold8":
        sessions += [library._show(library._fresh(new_conversation_id())) for _ in range(7)]
    for each in sessions:
        each.edit_settings(model=model)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    holds = Holds() if task != "cpu" else None
    cpu, wall = time.process_time(), time.monotonic()
    for each in sessions:
        each.send("go")
    await ended(*sessions)
    figures = {"cpu_s": time.process_time() - cpu, "wall_s": time.monotonic() - wall}
    size = len(session.conversation.path()[-1].text)
    return {**figures, "size": size, **(holds.figures() if holds else {})}


def main(base_url: str, model: str, task: str) -> None:
    """Start the program, stream, end it."""
    # As `__main__` does.
    from desktop_chat.runtime import garbage

    garbage.pause()
    from desktop_chat import app

    figures: dict[str, float] = {}

    class Streaming(app.Program):
        async def start(self) -> None:
            await super().start()
            QTimer.singleShot(0, self.window.update)
            figures.update(await stream(self, base_url, model, task))
            self.ended.set()

    app.Program = Streaming  # type: ignore[misc]
    app.run()
    print(json.dumps(figures))


main(*sys.argv[1:])
