"""How long the UI thread keeps from the next event."""

import os
import time

from PySide6.QtCore import QObject, Qt, QTimerEvent

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
