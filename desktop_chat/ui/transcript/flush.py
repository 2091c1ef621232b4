"""Decides when the page catches up with what arrived; has the only timer of the transcript.

The first change is shown at once. After that there is at most one flush in `FRAME_MS`, in
`SLOW_FRAME_MS` where little comes between two of them, in `FLOOD_FRAME_MS` where very much does,
and the next one not before four times the cost of the last, so that a paragraph that is dear to
lay out never takes more than a fifth of the thread.
"""

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer

from desktop_chat.runtime import garbage

FRAME_MS = 33
"""Some 30 repaints a second."""
SLOW_FRAME_MS = 45
"""While text comes slowly: a flush of little costs nearly as much as one of more, and nobody reads by the frame."""
FEW_CHANGES = 12
"""Between two flushes; 300 in a second."""
FLOOD_FRAME_MS = 50
"""While text floods: each flush brings most of a window, which nobody can read; what has left the window before it could
be painted costs nearly nothing."""
MANY_IN_A_SECOND = 3_000
"""Changes; two thirds of a window of 900 pixels come with each flush then."""
COST_FACTOR = 4
BREATH_S = 0.004
"""What is taken for the cost of whatever left work over that goes on at once."""


class Flusher:
    """Calls `flush` soon after `ask`, and `tick` regularly while something is counted.

    No Qt object itself: those take long to be told a number, and this one counts every token.

    Args:
        flush: Brings the page up to date.
        tick: Repaints what shows running time.
        parent: Owns the timer.
    """

    def __init__(self, flush: Callable[[], None], tick: Callable[[], None], parent: QObject) -> None:
        self._flush = flush
        self._tick = tick
        self._is_asked = False
        self._is_hurried = False
        self._changes = 0
        """Since the last flush."""
        self._frame_s = FRAME_MS / 1000
        self._began = 0.0
        self._cost = 0.0
        self._tick_ms = 0
        self._next_tick = 0.0
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_asked(self) -> bool:
        """True while a flush is due."""
        return self._is_asked

    def ask(self) -> None:
        """Something changed: flush as soon as the rules allow."""
        self._changes += 1
        if not self._is_asked:
            self._is_asked = True
            self._start()

    def hurry(self) -> None:
        """Work is left over from a flush: go on as soon as others had as long as it took."""
        garbage.spare_old("slices", True)
        if not self._is_hurried:
            # Begun outside of a flush, by opening a conversation for instance, which took long as well: others first.
            self._began, self._cost = perf_counter(), BREATH_S
        self._is_asked = True
        self._is_hurried = True
        self._start()

    def tick_every(self, ms: int) -> None:
        """Tick with this period from now on; 0 ends it."""
        if ms == self._tick_ms:
            return
        self._tick_ms = ms
        self._next_tick = perf_counter() + ms / 1000
        self._start()

    def charge(self, seconds: float) -> None:
        """Painting what a flush made dirty is part of its cost."""
        self._cost += seconds

    def flush_now(self) -> None:
        """Flush if one is due, without waiting."""
        if self._is_asked:
            self._run()
            self._start()

    def _start(self) -> None:
        due = []
        if self._is_asked:
            due.append(self._earliest)
        if self._tick_ms:
            due.append(self._next_tick)
        if not due:
            self._timer.stop()
            return
        self._timer.start(max(0, round((min(due) - perf_counter()) * 1000)))

    def _on_timeout(self) -> None:
        now = perf_counter()
        if self._is_asked and now >= self._earliest - 0.0005:
            self._run()
        if self._tick_ms and now >= self._next_tick - 0.0005:
            self._next_tick = now + self._tick_ms / 1000
            self._tick()
        self._start()

    def _run(self) -> None:
        was_hurried = self._is_hurried
        self._is_asked = self._is_hurried = False
        began = perf_counter()
        self._frame_s = self._frame_ms(began - self._began) / 1000
        self._changes = 0
        self._flush()
        if was_hurried and not self._is_hurried:
            garbage.spare_old("slices", False)
        self._began, self._cost = began, perf_counter() - began

    def _frame_ms(self, passed_s: float) -> int:
        if self._changes <= FEW_CHANGES:
            return SLOW_FRAME_MS
        return FRAME_MS if self._changes < MANY_IN_A_SECOND * passed_s else FLOOD_FRAME_MS

    @property
    def _earliest(self) -> float:
        if self._is_hurried:
            return self._began + 2 * self._cost
        return self._began + max(self._frame_s, (1 + COST_FACTOR) * self._cost)
