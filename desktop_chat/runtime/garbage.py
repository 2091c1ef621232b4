"""Keeps the garbage collector out of the start, and later out of what the start has made.

While modules are loaded and the window is built, hardly anything becomes garbage, yet the
collector goes through all of it again and again: a twentieth of the start, and twice 50 ms
in the thread of the window while the SDK is loaded.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

THRESHOLDS = gc.get_threshold()
_reasons: set[str] = set()
_lock = Lock()


def pause() -> None:
    """Collect nothing until `go_on`."""
    gc.disable()


def go_on() -> None:
    """Collect again, but never look at what is there now; harmless where nothing was paused."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def look_at_young() -> None:
    """Search what is new for garbage now.

    While as much dies as is born nobody does, and the search that comes at last holds the window for 50 ms.
    """
    gc.collect(1)


def spare_old(reason: str, is_on: bool) -> None:
    """Whether old objects are searched for garbage: it holds the window for 50 ms, so not while there is a reason.

    Meanwhile young ones are searched in larger heaps: what a flush makes dies with its last reference.
    """
    with _lock:
        (_reasons.add if is_on else _reasons.discard)(reason)
        # The second heap is searched before it is so large that it holds the window.
        wanted = (10_000, 1, 1_000_000) if _reasons else THRESHOLDS
        if gc.get_threshold() != wanted:
            gc.set_threshold(*wanted)


@contextmanager
def old_spared(reason: str) -> Iterator[None]:
    """Do not search old objects meanwhile; for one thread at a time, whichever it is."""
    spare_old(reason, True)
    try:
        yield
    finally:
        spare_old(reason, False)
