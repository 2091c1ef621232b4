"""Gives code its colours once the lexers are there; loads them in a worker when first needed."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop_chat.ui.aio import spawn
from desktop_chat.ui.transcript.boxes.code_lines import Highlight
from desktop_chat.ui.transcript.code.highlight import Highlighter


class CodeColors(QObject):
    """Line lexers for the boxes of one page.

    Args:
        on_ready: Called when code can be painted in more colours than before.
        parent: Owns it.
    """

    def __init__(self, on_ready: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._on_ready = on_ready
        self._highlighter = Highlighter()
        self._highlighter.missed = self._load
        self._is_warming = False
        self._wanted: set[str] = set()

    def for_language(self, language: str) -> Highlight | None:
        """A fresh lexer; `None` if there is none, or none yet."""
        if not language:
            return None
        if not self._highlighter.is_ready:
            self.warm()
            return None
        return self._highlighter.line_lexer(language)

    def warm(self) -> None:
        """Load the common lexers in a worker; harmless when repeated, and without a running loop."""
        if self._is_warming or not _has_loop():
            return
        self._is_warming = True
        spawn(self._in_worker(self._highlighter.warm), owner=self)

    def _load(self, language: str) -> None:
        if language not in self._wanted and _has_loop():
            self._wanted.add(language)
            spawn(self._in_worker(lambda: self._highlighter.load(language)), owner=self)

    async def _in_worker(self, work: Callable[[], None]) -> None:
        await asyncio.to_thread(work)
        self._on_ready()


def _has_loop() -> bool:
    return asyncio._get_running_loop() is not None
