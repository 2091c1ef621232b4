"""Where the window was and what it showed, kept between two runs.

Not a preference: nobody chose it, and losing it costs nothing. It is read once at the start
and written in a thread.
"""

import asyncio
import json
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from desktop_chat.runtime.atomic import write_atomic
from desktop_chat.ui.theme.tokens import INSPECTOR_PX, SIDEBAR_PX

log = logging.getLogger(__name__)

FILE_NAME = "window.json"
FARTHEST_PX = 100_000
"""A length beyond it is of no screen, and Qt has no number for some."""


@dataclass(frozen=True, slots=True)
class WindowState:
    """What is remembered; lengths in logical pixels at 100 %."""

    x: int | None = None
    """`None`: where the system puts it."""
    y: int | None = None
    width: int = 1240
    height: int = 820
    is_maximized: bool = False
    sidebar_px: int = SIDEBAR_PX
    inspector_px: int = INSPECTOR_PX
    shows_sidebar: bool = True
    shows_inspector: bool = True
    conversation_id: str = ""
    """Shown last."""
    sort: str = ""
    """What the conversations are sorted by; empty: as at first."""
    collapsed: list[str] = field(default_factory=list)
    """Ids of the folders that are collapsed."""
    positions: dict[str, list[str | int]] = field(default_factory=dict)
    """Where the reader was in each conversation that was not left at its end."""


class StateFile:
    """Keeps one `WindowState` in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: Future[None] | None = None
        self._writer: ThreadPoolExecutor | None = None
        self._written: WindowState | None = None

    def load(self) -> WindowState:
        """Read it; whatever cannot be used has its default."""
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return WindowState()
        if not isinstance(data, dict):
            return WindowState()
        default = asdict(WindowState())
        usable: dict[str, Any] = {
            name: value
            for name, value in data.items()
            if name in default and type(value) is type(0 if default[name] is None else default[name])
            if type(value) is not int or abs(value) <= FARTHEST_PX
        }
        return WindowState(**usable)

    def save(self, state: WindowState) -> None:
        """Write it soon, in a thread."""
        if state == self._written:
            return
        self._written = state
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, thread_name_prefix="window-state")
        content = json.dumps(asdict(state), indent=2).encode()
        self._last = self._writer.submit(_write, self._path, content)

    async def close(self) -> None:
        """Come back once it is written and the thread has ended."""
        if self._last is not None:
            await asyncio.wrap_future(self._last)
        if self._writer is not None:
            self._writer.shutdown(wait=True)
            self._writer = None


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomic(path, content)
    except OSError as error:
        log.warning("the state of the window could not be saved: %s", error)
