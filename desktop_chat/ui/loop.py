"""The event loop of the window: asyncio and Qt in one thread.

A subclass of qasync's loop, which runs asyncio on top of `QApplication.exec`. What differs:

* All timers of asyncio share one Qt timer, kept in a heap. A cancelled one is gone at once
  and costs Qt nothing; none fires early; none is left when the loop closes. (qasync 0.28
  gives every timer a Qt timer and never kills it.)
* Callbacks run in batches of at most `BUDGET_S`, then Qt gets its turn.
* A socket keeps its notifier between two reads.
* Abandoned async generators are finalised, and a context given to `call_soon_threadsafe`
  is used.
* The default executor starts threads only when they are needed.

On Windows qasync brings the proactor with it; there only sockets are its own business.
"""

import asyncio
import heapq
import itertools
import logging
import math
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import Context
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_API", "pyside6")  # qasync would try the bindings by name, PyQt5 first

import qasync  # after the line above

log = logging.getLogger(__name__)

BUDGET_S = 0.005
"""How long callbacks may run before Qt gets its turn; a third of a frame."""

WORKERS = 4
LONGEST_MS = 2**31 - 1
"""About 24.8 days, the longest a Qt timer can wait; a longer timer is armed again."""

COMPACT_AT = 64
"""Cancelled timers in the heap before it is rebuilt, if they are also more than half of it."""


class _Timer(asyncio.TimerHandle):
    __slots__ = ()
    _scheduled: bool
    """True while it is in the heap; asyncio's stubs keep this to themselves."""


class _Waker(QObject):
    """What Qt calls: it lives in the loop's thread."""

    woken = Signal()
    """May be emitted by any thread."""

    def __init__(self, drain: Callable[[], None], fire: Callable[[], None]) -> None:
        super().__init__()
        self.soon = QTimer(self)
        self.soon.setSingleShot(True)
        self.soon.setInterval(0)
        self.soon.timeout.connect(drain)
        self.later = QTimer(self)
        self.later.setSingleShot(True)
        self.later.setTimerType(Qt.TimerType.PreciseTimer)
        self.later.timeout.connect(fire)
        self.woken.connect(drain, Qt.ConnectionType.QueuedConnection)

    def end(self) -> None:
        """Never call again."""
        self.soon.stop()
        self.later.stop()
        self.soon.timeout.disconnect()
        self.later.timeout.disconnect()
        self.woken.disconnect()


class _Loop(qasync.QEventLoop):
    def __init__(self, app: QApplication | None = None, *, already_running: bool = False) -> None:
        self._soon: deque[asyncio.Handle] = deque()
        self._is_armed = False
        self._is_woken = False
        self._heap: list[tuple[float, int, _Timer]] = []
        self._count = itertools.count()
        self._cancelled = 0
        self._due_at = math.inf
        """When `_waker.later` fires; infinity while it is stopped."""
        self._is_debugging = False
        self._waker = _Waker(self._drain, self._fire)
        super().__init__(app, already_running=already_running)

    # Callbacks, soon

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        """Run a callback after those that wait already."""
        self._check_closed()
        handle = asyncio.Handle(callback, args, self, context)
        self._add_callback(handle)
        return handle

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Like `call_soon`, from any thread."""
        self._check_closed()
        handle = asyncio.Handle(callback, args, self, context)
        self._soon.append(handle)
        # Read after the append, cleared before the queue is read: no handle is overlooked.
        if not self._is_woken:
            self._is_woken = True
            self._waker.woken.emit()
        return handle

    def _add_callback(self, handle: asyncio.Handle) -> None:
        self._soon.append(handle)
        if not self._is_armed:
            self._is_armed = True
            self._waker.soon.start()

    def _drain(self) -> None:
        self._is_woken = False
        queue, clock = self._soon, time.monotonic
        end = clock() + BUDGET_S
        # What these callbacks add runs here as well, without Qt's timer.
        was_armed, self._is_armed = self._is_armed, True
        try:
            while queue:
                handle = queue.popleft()
                if not handle._cancelled:
                    self._run(handle)
                    if clock() > end:
                        break
        finally:
            self._is_armed = bool(queue)
            if queue:
                self._waker.soon.start()
            elif was_armed:
                self._waker.soon.stop()

    def _react(self, handle: asyncio.Handle) -> None:
        """Run what a socket has woken, now, and what that wakes."""
        self._soon.appendleft(handle)
        self._drain()

    def _run(self, handle: asyncio.Handle) -> None:
        if not self._is_debugging:
            handle._run()
            return
        began = time.monotonic()
        handle._run()
        took = time.monotonic() - began
        if took >= self.slow_callback_duration:
            log.warning("%r took %.3f s", handle, took)

    # Callbacks, later

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run a callback after `delay` seconds."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Run a callback when the loop's clock shows `when`, never before."""
        self._check_closed()
        handle = _Timer(when, callback, args, self, context)
        handle._scheduled = True  # makes `cancel` tell us
        heapq.heappush(self._heap, (when, next(self._count), handle))
        if when < self._due_at:
            self._arm(when)
        return handle

    def live_timers(self) -> int:
        """How many timers wait; for tests."""
        return len(self._heap) - self._cancelled

    def _arm(self, when: float) -> None:
        self._due_at = when
        milliseconds = math.ceil((when - time.monotonic()) * 1000)
        self._waker.later.start(min(max(milliseconds, 0), LONGEST_MS))

    def _timer_handle_cancelled(self, handle: _Timer) -> None:
        # asyncio calls this before it marks the handle.
        if not handle._scheduled:
            return
        heap = self._heap
        self._cancelled += 1
        while heap and (heap[0][2] is handle or heap[0][2]._cancelled):
            heapq.heappop(heap)[2]._scheduled = False
            self._cancelled -= 1
        if not heap:
            self._waker.later.stop()
            self._due_at = math.inf
        elif self._cancelled > COMPACT_AT and self._cancelled * 2 > len(heap):
            self._heap = [entry for entry in heap if not entry[2]._cancelled and entry[2] is not handle]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def _fire(self) -> None:
        self._due_at = math.inf
        now = time.monotonic()
        while self._heap and self._heap[0][0] <= now:
            handle = heapq.heappop(self._heap)[2]
            handle._scheduled = False
            if handle._cancelled:
                self._cancelled -= 1
            else:
                self._soon.append(handle)
        if self._heap:
            self._arm(self._heap[0][0])
        if self._soon:
            self._drain()

    # Running and closing

    def run_forever(self) -> int:
        """Run until `stop`; generators that are dropped meanwhile are finalised."""
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook)
        self._thread_id = threading.get_ident()
        try:
            return int(super().run_forever())
        finally:
            self._thread_id = None  # type: ignore[assignment]  # what asyncio does
            sys.set_asyncgen_hooks(*hooks)

    def close(self) -> None:
        """Let go of everything; what still waits is dropped."""
        if self.is_closed():
            return
        super().close()
        self._waker.end()
        for _, _, handle in self._heap:
            handle._scheduled = False
        self._heap.clear()
        self._soon.clear()

    def set_debug(self, enabled: bool) -> None:
        """In debug mode slow callbacks are logged and handles know where they were made."""
        super().set_debug(enabled)
        self._is_debugging = enabled

    # Threads

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """Call a function in a worker thread."""
        self._check_closed()
        if executor is None:
            self._check_default_executor()
            executor = getattr(self, "_default_executor", None)
            if executor is None:
                executor = ThreadPoolExecutor(WORKERS, thread_name_prefix="worker")
                self.set_default_executor(executor)
        return asyncio.wrap_future(executor.submit(func, *args), loop=self)

    def set_default_executor(self, executor: ThreadPoolExecutor) -> None:
        """Use this one from now on."""
        asyncio.BaseEventLoop.set_default_executor(self, executor)


class _Watch(QObject):
    """Runs a handle whenever a socket is ready; stays when the handle is exchanged or paused."""

    def __init__(self, fd: int, kind: QSocketNotifier.Type, react: Callable[[asyncio.Handle], None]) -> None:
        super().__init__()
        self.handle: asyncio.Handle | None = None
        self._react = react
        self._notifier = QSocketNotifier(fd, kind, self)
        self._notifier.setEnabled(False)
        self._notifier.activated["int"].connect(self._on_activated)  # type: ignore[index]  # an overload

    def watch(self, handle: asyncio.Handle) -> None:
        if self.handle is None:
            self._notifier.setEnabled(True)
        else:
            self.handle.cancel()
        self.handle = handle

    def rest(self) -> bool:
        if self.handle is None:
            return False
        self._notifier.setEnabled(False)
        self.handle.cancel()
        self.handle = None
        return True

    def _on_activated(self) -> None:
        if self.handle is not None:
            self._react(self.handle)


class _SocketLoop(_Loop):
    """The loop of every system but Windows: sockets are watched by Qt."""

    def __init__(self, app: QApplication | None = None, *, already_running: bool = False) -> None:
        self._readers: dict[int, _Watch] = {}
        self._writers: dict[int, _Watch] = {}
        super().__init__(app, already_running=already_running)

    def close(self) -> None:
        """Let go of everything; what still waits is dropped."""
        super().close()
        for watch in itertools.chain(self._readers.values(), self._writers.values()):
            watch.rest()
            watch.deleteLater()
        self._readers.clear()
        self._writers.clear()

    def _add_reader(self, fd: object, callback: Callable[..., object], *args: Any) -> asyncio.Handle:
        return self._watch(self._readers, QSocketNotifier.Type.Read, fd, callback, args)

    def _add_writer(self, fd: object, callback: Callable[..., object], *args: Any) -> asyncio.Handle:
        return self._watch(self._writers, QSocketNotifier.Type.Write, fd, callback, args)

    def _remove_reader(self, fd: object) -> bool:
        return self._rest(self._readers, fd)

    def _remove_writer(self, fd: object) -> bool:
        return self._rest(self._writers, fd)

    def _watch(
        self,
        watches: dict[int, _Watch],
        kind: QSocketNotifier.Type,
        fd: object,
        callback: Callable[..., object],
        args: tuple[Any, ...],
    ) -> asyncio.Handle:
        self._check_closed()
        number: int = qasync._fileno(fd)
        watch = watches.get(number)
        if watch is None:
            watch = watches[number] = _Watch(number, kind, self._react)
        handle = asyncio.Handle(callback, args, self, None)
        watch.watch(handle)
        return handle

    def _rest(self, watches: dict[int, _Watch], fd: object) -> bool:
        if self.is_closed():
            return False
        watch = watches.get(qasync._fileno(fd))
        return watch is not None and watch.rest()


AppEventLoop = _Loop if os.name == "nt" else _SocketLoop
