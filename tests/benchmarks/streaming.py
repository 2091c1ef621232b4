"""Streams answers into the real window and measures the process.

    python -m tests.benchmarks.streaming BASE_URL MODEL cpu | hold | hold8
"""

import asyncio
import json
import sys
import time
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, QTimerEvent

TICK_MS = 5


class Holds(QObject):
    """How late a timer of the UI thread fires, in ms."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._last = time.perf_counter()
        self._timer = self.startTimer(TICK_MS, Qt.TimerType.PreciseTimer)

    def timerEvent(self, event: QTimerEvent) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._last) * 1000 - TICK_MS))
        self._last = now

    def figures(self) -> dict[str, float]:
        """Percentiles."""
        self.killTimer(self._timer)
        late = sorted(self.late)
        share = lambda part: late[min(len(late) - 1, int(len(late) * part))]  # noqa: E731
        return {"p50_ms": share(0.5), "p99_ms": share(0.99), "p999_ms": share(0.999), "max_ms": late[-1]}


async def ended(*sessions: Any) -> None:
    """Wait for the end of every running turn."""
    for session in sessions:
        done = asyncio.Event()
        stop = session.changes.subscribe(lambda change, done=done: done.set() if type(change).__name__ == "TurnEnded" else None)
        if session.is_running:
            await done.wait()
        stop()


async def stream(program: Any, base_url: str, model: str, task: str) -> dict[str, float]:
    """Warm up, then measure."""
    from desktop_chat.domain.endpoint import Endpoint
    from desktop_chat.domain.ids import EndpointId, new_conversation_id

    endpoint = Endpoint(EndpointId("pace"), "Paced", base_url, model="pace-0-400")
    await program.parts.endpoints.add(endpoint, None)
    await program.parts.warm()
    program.window.resize(1240, 820)
    program.shown.new()
    session = program.shown.session
    session.send("warm up")
    await ended(session)
    await asyncio.sleep(1.0)
    sessions = [session]
    if task == "hold8":
        sessions += [program.parts.library._show(program.parts.library._fresh(new_conversation_id())) for _ in range(7)]
    for each in sessions:
        each.edit_settings(model=model)
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
