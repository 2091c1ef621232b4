"""Measures one part of the benchmark `library` in a process of its own.

python -m tests.benchmarks.library_running search STORE | window | long | write STORE | kills COUNT
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from statistics import median

OPENED = 30
SETTLE_S = 5.0
WRITTEN_S = 10.0
TOKENS_PER_S = 200
Figures = dict[str, object]


def rss_mb() -> float:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def search(store: Path) -> Figures:
    """Ask everything once."""
    from desktop_chat.adapters.sqlite.search_reader import Reader
    from desktop_chat.core.query import parse
    from tests.benchmarks.library_questions import parts, words

    reader = Reader(store)
    await reader.search(parse("warming up"), 200)
    figures: Figures = {}
    for name, questions in (("search", words()), ("trigram", parts())):
        took: list[tuple[float, str]] = []
        for text in questions:
            query = parse(text)
            begun = time.perf_counter()
            await reader.search(query, 200)
            took.append(((time.perf_counter() - begun) * 1000, text))
        took.sort()
        figures[f"{name}_count"] = len(took)
        figures[f"{name}_p50"] = took[len(took) // 2][0]
        figures[f"{name}_p95"] = took[int(0.95 * (len(took) - 1))][0]
        figures[f"{name}_max"], figures[f"{name}_slowest"] = took[-1]
    figures["interrupt"] = await _interrupted(reader)
    await reader.close()
    return figures


async def _interrupted(reader: object) -> float:
    """How long a quick search takes at most if a slow one was given up for it, in ms."""
    from desktop_chat.core.query import parse

    longest = 0.0
    for _ in range(20):
        slow = asyncio.ensure_future(reader.search(parse("conf inte comp"), 200))  # type: ignore[attr-defined]
        await asyncio.sleep(0.005)
        begun = time.perf_counter()
        slow.cancel()
        await reader.search(parse("xyzzy123 tag:none"), 200)  # type: ignore[attr-defined]
        longest = max(longest, (time.perf_counter() - begun) * 1000)
        with suppress(asyncio.CancelledError):
            await slow
    return longest


def window(opened: int = OPENED) -> Figures:
    """Start the program, look at its list, open so many of its conversations; what was not seen has no figure."""
    # As `__main__` does.
    from desktop_chat.runtime import garbage

    garbage.pause()
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtWidgets import QWidget

    from desktop_chat import app
    from desktop_chat.ui.sidebar.listing import Listing

    figures: Figures = {}

    class Paints(QObject):
        """Sets an event with the paint of a widget that shows what is waited for."""

        def __init__(self, widget: QWidget, shows: object) -> None:
            super().__init__(widget)
            self.painted = asyncio.Event()
            self._shows = shows
            widget.installEventFilter(self)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and self._shows():  # type: ignore[operator]
                self.painted.set()  # Whoever waits goes on once the paint is done.
            return False

    class Watched(app.Program):
        async def start(self) -> None:
            lists = self.window.findChildren(Listing)
            seen = [Paints(each.viewport(), lambda each=each: each.model().rowCount() > 0) for each in lists]
            started = asyncio.ensure_future(super().start())
            await self.painted.wait()
            begun = time.perf_counter()
            waits = [asyncio.ensure_future(each.painted.wait()) for each in seen]
            done, rest = await asyncio.wait(waits, timeout=SETTLE_S, return_when=asyncio.FIRST_COMPLETED)
            if done:
                figures["sidebar_ms"] = (time.perf_counter() - begun) * 1000
            for each in rest:
                each.cancel()
            await started
            await asyncio.sleep(SETTLE_S)
            figures["rss_mb"] = rss_mb()
            await self.open_some()
            self.ended.set()

        async def open_some(self) -> None:
            rows = self.parts.library.rows
            if not rows:
                return
            took, whole = [], []
            for index in range(0, len(rows), max(1, len(rows) // opened)):
                painted_ms, whole_ms = await self.open_one(rows[index].id)
                took.append(painted_ms)
                whole.append(whole_ms)
                await asyncio.sleep(0.05)
            # The first one loads what shows conversations.
            figures["open_ms"], figures["open_median_ms"] = max(took[1:]), median(took[1:])
            figures["open_whole_ms"] = max(whole[1:])

        async def open_one(self, conversation_id: str) -> tuple[float, float]:
            page, shown = self.window.panes.transcript, self.shown
            paints = Paints(
                page.viewport(),
                lambda: page.session is not None and page.session.conversation.id == conversation_id,
            )
            opened = asyncio.Event()
            shown.changed.connect(opened.set)
            begun = time.perf_counter()
            shown.open(conversation_id)
            await paints.painted.wait()
            painted_ms = (time.perf_counter() - begun) * 1000
            while shown.conversation_id != conversation_id:
                opened.clear()
                await opened.wait()
            whole_ms = (time.perf_counter() - begun) * 1000
            shown.changed.disconnect(opened.set)
            page.viewport().removeEventFilter(paints)
            return painted_ms, whole_ms

    app.Program = Watched  # type: ignore[misc]
    app.run()
    return figures


async def write(store: Path) -> Figures:
    """A reply at 200 tokens a second, kept and not kept."""
    unkept = await _reply(store, kept=False)
    kept = await _reply(store, kept=True)
    return {"cpu_percent": kept[0] - unkept[0], "loop_percent": kept[1] - unkept[1]}


async def _reply(path: Path, *, kept: bool) -> tuple[float, float]:
    from desktop_chat.adapters.sqlite.store import SqliteStore
    from desktop_chat.core.clock import SystemClock
    from desktop_chat.core.saver import Saver
    from desktop_chat.domain.conversation import Conversation
    from desktop_chat.domain.draft import Draft
    from desktop_chat.domain.events import TextDelta
    from desktop_chat.domain.ids import new_conversation_id, new_message_id
    from desktop_chat.domain.message import Message, Role

    store = SqliteStore(path)
    await store.open()
    saver = Saver(store, SystemClock())
    conversation = Conversation(new_conversation_id(), "benchmark", time.time(), time.time())
    reply = Message(new_message_id(), None, Role.ASSISTANT, (), time.time(), model="m")
    draft = Draft(reply, lambda: 0)
    draft.begin_round()
    if kept:
        saver.draft_began(conversation.id, reply)
    await asyncio.sleep(1.0)
    cpu, loop, begun = time.process_time(), time.thread_time(), time.monotonic()
    for number in range(int(WRITTEN_S * TOKENS_PER_S)):
        for change in draft.apply(TextDelta("token ")):
            if kept:
                saver.draft_changed(conversation.id, change, draft)
        await asyncio.sleep(max(0.0, begun + (number + 1) / TOKENS_PER_S - time.monotonic()))
    wall = time.monotonic() - begun
    result = 100 * (time.process_time() - cpu) / wall, 100 * (time.thread_time() - loop) / wall
    await store.end_journal(reply.id)
    await saver.close()
    await store.close()
    return result


def kills(count: int) -> Figures:
    """Kill so many processes; those whose store lost anything are counted and named."""
    from tests.kills.test_kills import lost_after_a_kill

    lost = 0
    for seed in range(1000, 1000 + count):
        with tempfile.TemporaryDirectory(prefix="desktop-chat-benchmark-") as folder:
            try:
                gone = lost_after_a_kill(Path(folder) / "store.sqlite", seed)
            except AssertionError as error:
                gone = [str(error)]
            if gone:
                print(*gone, sep="\n", file=sys.stderr)
                lost += 1
    return {"lost": lost}


def main(task: str, *arguments: str) -> None:
    """Measure one thing."""
    match task:
        case "search":
            figures = asyncio.run(search(Path(arguments[0])))
        case "window":
            figures = window()
        case "long":
            figures = window(opened=1000)
        case "write":
            figures = asyncio.run(write(Path(arguments[0])))
        case "kills":
            figures = kills(int(arguments[0]))
        case _:
            raise SystemExit(f"no such task: {task}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
