"""A page without a program around it, for measuring what the transcript itself costs.

    python -m tests.benchmarks.page TASK [ARGUMENT...]

Prints one JSON object. Milliseconds are CPU time of the UI thread, paint included, unless a
name says otherwise, so that a busy computer gives the same figures as an idle one.
"""

import asyncio
import gc
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from PySide6.QtCore import QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QTextEdit

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.events import TextDelta
from desktop_chat.ui.loop import AppEventLoop
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.flush import FRAME_MS
from desktop_chat.ui.transcript.view import TranscriptView
from tests.benchmarks.hostile import HOSTILE
from tests.benchmarks.server import TOKEN, text_of
from tests.ui.transcript.told import ToldSession

FRAME_S = FRAME_MS / 1000
WIDTH, HEIGHT = 1000, 900
WARM_UP = text_of(2_000)
Figures = dict[str, float]


class Bench:
    """A page on the screen, warm: fonts, lexers and all kinds of leaves were used once."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.theme = Theme(app, choice="light")
        self.view = TranscriptView(self.theme)
        self.view.resize(WIDTH, HEIGHT)
        self.view.show()
        self.view.colors._highlighter.warm()
        self.stream(WARM_UP, 132)

    def settle(self) -> None:
        """Let everything that is due be done, painting too."""
        self.app.processEvents()

    def timed(self, act: Callable[[], object]) -> float:
        """CPU milliseconds of an act with the painting it leads to."""
        began = time.thread_time()
        act()
        self.settle()
        return (time.thread_time() - began) * 1000

    def session(self, count: int = 0, size: int = 2_000) -> ToldSession:
        """A conversation of so many messages."""
        session = ToldSession()
        text = text_of(8_000)
        for index in range(count // 2):
            session.asks(f"Question {index}: how is a stream read?")
            start = text.find("\n\n", (index * 131) % 20_000) + 2
            session.replies(Text(text[start : start + 2 * size]))
        return session

    def stream(self, text: str, characters: int) -> list[float]:
        """Milliseconds of each flush of an answer that comes in portions."""
        session = ToldSession()
        session.asks("Go.")
        self.view.show_session(session)
        session.begins()
        self.settle()
        cost = []
        for at in range(0, len(text), characters):
            for token in range(at, min(at + characters, len(text)), TOKEN):
                session.says(TextDelta(text[token : min(token + TOKEN, at + characters)]))
            cost.append(self.timed(self.flush))
        session.ends()
        self.settle()
        return cost

    def flush(self) -> None:
        """What the timer does, now."""
        self.view.flusher.flush_now()

    def finish(self) -> float:
        """Let sliced work come to its end; the longest slice."""
        longest = 0.0
        while self.view.flusher.is_asked:
            longest = max(longest, self.timed(self.flush))
        return longest


def flush(bench: Bench, size: str, rate: str) -> Figures:
    """Flushes of an answer of so many characters at a pace of tokens a second."""
    characters = round(int(rate) * FRAME_S) * TOKEN
    gc.collect()
    cost = bench.stream(text_of(int(size) // TOKEN), characters)
    third = len(cost) // 3
    ordered = sorted(cost)
    return {
        "p50": median(cost),
        "p99": ordered[int(0.99 * (len(cost) - 1))],
        "max": ordered[-1],
        "first": median(cost[:third]),
        "last": median(cost[-third:]),
        # The naive way comes right after those it is compared with: a minute later the clock may be another.
        "vs": setmarkdown(bench, int(size)) / median(cost[-100:]),
    }


def setmarkdown(bench: Bench, size: int) -> float:
    """Milliseconds of the naive way: the whole text given to Qt at every flush."""
    edit = QTextEdit()
    edit.resize(WIDTH, HEIGHT)
    edit.show()
    text = text_of(size // TOKEN)
    edit.setMarkdown(WARM_UP)
    bench.settle()
    cost = []
    for back in range(5 if size < 100_000 else 2):
        end = len(text) - 132 * back

        def show(end: int = end) -> None:
            edit.setMarkdown(text[:end])
            bar = edit.verticalScrollBar()
            bar.setValue(bar.maximum())

        cost.append(bench.timed(show))
    return median(cost)


def pace(bench: Bench, rate: str, tokens: str, shown: str) -> Figures:
    """CPU of an answer that comes at a pace, in a running loop, with or without a page that shows it."""
    session = ToldSession()
    session.asks("Go.")
    if shown == "page":
        bench.view.show_session(session)
    session.begins()
    latest = Latest(bench.view)
    text = text_of(int(tokens))
    bench.settle()

    async def feed() -> None:
        began = time.monotonic()
        for index in range(int(tokens)):
            late = began + index / int(rate) - time.monotonic()
            if late > 0:
                await asyncio.sleep(late)
            session.says(TextDelta(text[index * TOKEN : (index + 1) * TOKEN]))
            latest.told()

    loop = AppEventLoop(bench.app)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        cpu = time.process_time()
        runner.run(feed())
        cpu = time.process_time() - cpu
    waits = sorted(latest.waits) or [0.0]
    return {"cpu_s": cpu, "paint_p95": waits[int(0.95 * (len(waits) - 1))] * 1000}


class Latest(QObject):
    """Notes how long each delta waits for the paint that shows it (wall clock)."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__(view)
        self.waits: list[float] = []
        self._told: list[float] = []
        self._flushed: list[float] = []
        flush = view.flusher._flush
        paint = view.paintEvent

        def flushed() -> None:
            self._flushed += self._told
            self._told = []
            flush()

        def painted(event: QPaintEvent) -> None:
            paint(event)
            now = time.perf_counter()
            self.waits += [now - told for told in self._flushed]
            self._flushed = []

        view.flusher._flush = flushed
        view.paintEvent = painted  # type: ignore[method-assign]

    def told(self) -> None:
        """A delta has come."""
        self._told.append(time.perf_counter())


def opening(bench: Bench, few: str, many: str) -> Figures:
    """Opening conversations of so many messages, by turns, so that the clock is the same for both."""
    sessions = {name: bench.session(int(count)) for name, count in (("few", few), ("many", many))}
    bench.view.show_session(bench.session(100))
    bench.settle()
    cost: dict[str, list[float]] = {name: [] for name in sessions}
    rss = 0.0
    for name in list(sessions) * 5:
        bench.view.show_session(None)
        bench.settle()
        gc.collect()
        before = rss_mb()
        cost[name].append(bench.timed(lambda name=name: bench.view.show_session(sessions[name])))  # type: ignore[misc]
        if name == "many":
            rss = max(rss, rss_mb() - before)
    return {name: median(times) for name, times in cost.items()} | {"rss": rss}


def moves(bench: Bench) -> Figures:
    """Going anywhere, resizing, scrolling and another theme, among 1,000 messages."""
    view = bench.view
    view.show_session(bench.session(1_000))
    bench.settle()
    assert view.column is not None
    bar = view.verticalScrollBar()
    jumps = [bench.timed(lambda part=part: bar.setValue(int(bar.maximum() * part)))  # type: ignore[misc]
             for index in range(40) for part in ((index * 0.381966) % 1.0,)]  # fmt: skip
    bar.setValue(bar.maximum() // 2)
    bench.settle()
    widths = [WIDTH - 30 * (index % 12) for index in range(1, 25)]
    reflows = [bench.timed(lambda width=width: view.resize(width - 360, HEIGHT)) for width in widths]  # type: ignore[misc]
    view.resize(WIDTH, HEIGHT)
    bench.settle()
    scrolls = [bench.timed(lambda: bar.setValue(bar.value() + 60)) for _ in range(400)]
    themes = [bench.timed(lambda name=name: bench.theme.set(name)) for name in ("dark", "light") * 5]  # type: ignore[misc]
    ordered = sorted(scrolls)
    return {
        "jump": sorted(jumps)[int(0.95 * len(jumps))],
        "reflow": sorted(reflows)[int(0.95 * len(reflows))],
        "scroll_p98": ordered[int(0.98 * len(ordered))],
        "theme": median(themes[2:]),
    }


def big(bench: Bench, size: str) -> Figures:
    """The longest hold while a huge message from history is opened and read from top to bottom."""
    session = ToldSession()
    session.asks("Go.")
    session.replies(Text(text_of(int(size) // TOKEN)))
    longest = bench.timed(lambda: bench.view.show_session(session))
    longest = max(longest, bench.finish())
    bar = bench.view.verticalScrollBar()
    for part in (0, 0.5, 0.9, 1):
        longest = max(longest, bench.timed(lambda part=part: bar.setValue(int(bar.maximum() * part))))  # type: ignore[misc]
    return {"hold": longest}


def hostile(bench: Bench, name: str) -> Figures:
    """The longest hold while a hostile text streams in, 4 KB a flush, and is resized, scrolled and opened again."""
    text = HOSTILE[name]()
    view = bench.view
    held = {"stream": max(bench.stream(text, 4_096)), "end": bench.finish()}
    held["resize"] = max(bench.timed(lambda width=width: view.resize(width, HEIGHT)) for width in (700, 620, WIDTH))  # type: ignore[misc]
    bar = view.verticalScrollBar()
    held["jump"] = max(bench.timed(lambda part=part: bar.setValue(int(bar.maximum() * part))) for part in (0, 0.5, 1))  # type: ignore[misc]
    session = ToldSession()
    session.asks(text[:200_000])
    session.replies(Text(text))
    held["open"] = bench.timed(lambda: view.show_session(session))
    held["slices"] = bench.finish()
    return held | {"hold": max(held.values())}


def reopen(bench: Bench, count: str) -> Figures:
    """Growth over so many conversations opened and closed, after as many tenths for warming up."""
    before = 0.0
    warm = int(count) // 5
    for index in range(warm + int(count)):
        if index == warm:
            gc.collect()
            before = rss_mb()
        session = bench.session(20 + index % 7)
        bench.view.show_session(session)
        bench.settle()
        bench.view.show_session(None)
    gc.collect()
    return {"growth": rss_mb() - before}


def rss_mb() -> float:
    """Resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


TASKS: dict[str, Callable[..., Figures]] = {
    "flush": flush, "pace": pace, "open": opening, "moves": moves, "big": big,
    "hostile": hostile, "reopen": reopen,
}  # fmt: skip


def main(task: str, *arguments: str) -> None:
    """Measure one thing."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    print(json.dumps(TASKS[task](Bench(app), *arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
