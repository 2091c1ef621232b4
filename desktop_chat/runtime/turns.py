"""Short turns for threads that compute: the window needs the interpreter every few milliseconds."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

SHORT_S = 0.0005
"""How long a busy thread may keep the interpreter meanwhile."""

_lock = Lock()
_before: list[float] = []
"""What it was, once for everybody who needs short turns now."""


@contextmanager
def short_turns() -> Iterator[None]:
    """Threads take short turns until all who asked for it are done."""
    with _lock:
        _before.append(_before[0] if _before else sys.getswitchinterval())
        sys.setswitchinterval(min(_before[0], SHORT_S))
    try:
        yield
    finally:
        with _lock:
            before = _before.pop()
            if not _before:
                sys.setswitchinterval(before)
