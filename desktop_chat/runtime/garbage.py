"""Keeps the garbage collector out of the start, and later out of what the start has made.

While modules are loaded and the window is built, hardly anything becomes garbage, yet the
collector goes through all of it again and again: a twentieth of the start, and twice 50 ms
in the thread of the window while the SDK is loaded.
"""

import gc

THRESHOLDS = gc.get_threshold()
_reasons: set[str] = set()


def pause() -> None:
    """Collect nothing until `go_on`."""
    gc.disable()


def go_on() -> None:
    """Collect again, but never look at what is there now; harmless where nothing was paused."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def spare_old(reason: str, is_on: bool) -> None:
    """Whether old objects are searched for garbage: it holds the window for 50 ms, so not while there is a reason.

    Meanwhile young ones are searched in larger heaps: what a flush makes dies with its last reference.
    """
    (_reasons.add if is_on else _reasons.discard)(reason)
    # The second heap is searched before it is so large that it holds the window.
    wanted = (10_000, 1, 1_000_000) if _reasons else THRESHOLDS
    if gc.get_threshold() != wanted:
        gc.set_threshold(*wanted)
