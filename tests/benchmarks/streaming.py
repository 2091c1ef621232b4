"""Streams answers into the real window and measures the process.

python -m tests.benchmarks.streaming BASE_URL MODEL cpu | hold | hold8
"""

import asyncio
import json
import sys
import time
from typing import Any

from PySide6.QtCore import QTimer


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
    from tests.benchmarks.holds import Holds

    endpoint = Endpoint(EndpointId("pace"), "Paced", base_url, model="pace-200-400")
    await program.parts.endpoints.add(endpoint, None)
    await program.warm.wait()
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
