"""Keeps the garbage collector out of the start, and later out of what the start has made.

While modules are loaded and the window is built, hardly anything becomes garbage, yet the
collector goes through all of it again and again: a twentieth of the start, and twice 50 ms
in the thread of the window while the SDK is loaded.
"""

import gc


def pause() -> None:
    """Collect nothing until `go_on`."""
    gc.disable()


def go_on() -> None:
    """Collect again, but never look at what is there now; harmless where nothing was paused."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
