"""Puts text on the clipboard, in all its forms; much of it in steps, so that the window is never held.

What a huge text says as plain text or HTML is known once all of it is read. Until then the
clipboard has what is there at once, so that pasting right after copying gives something whole.
"""

from collections.abc import Iterator, Sequence
from time import perf_counter

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from desktop_chat.markup.leaves import Leaf
from desktop_chat.ui.transcript.copying.copied import (
    AT_ONCE,
    Copied,
    Form,
    Piece,
    html_title,
    mime_of,
    plain_title,
    said,
)
from desktop_chat.ui.transcript.copying.html import html_lines

MOST = 8_000_000
"""Characters; of more there is only what is there at once."""
PORTION = 1_500
"""Characters read at once."""
LEAVES_AT_ONCE = 100
SLICE_S = 0.006
PAUSE_MS = 4


class Copying(QObject):
    """Copies for one page.

    Args:
        parent: Owns it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: Iterator[None] = iter(())
        self._form: Form | None = None
        self._markdown = self._plain = self._html = ""
        self._given = ""
        """What the clipboard has meanwhile."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def start(self, copied: Copied, form: Form | None = None) -> None:
        """Put a text on the clipboard.

        Args:
            copied: The text.
            form: The only form it is wanted in; otherwise in all of them.
        """
        self._timer.stop()
        clipboard = QGuiApplication.clipboard()
        if copied.size <= AT_ONCE or form is Form.MARKDOWN:
            if form is None:
                clipboard.setMimeData(mime_at_once(copied))
            else:
                clipboard.setText(copied.in_form(form))
            return
        self._form, self._markdown, self._given = form, copied.markdown(), copied.rough()
        if form is None:
            clipboard.setMimeData(mime_of(self._markdown, self._given, None))
        else:
            clipboard.setText(self._given if form is Form.PLAIN else self._markdown)
            self._given = clipboard.text()
        if copied.size <= MOST:
            self._steps = self._read(copied)
            self._timer.start(0)

    def finish(self) -> None:
        """Read to the end now."""
        while self._timer.isActive():
            self._timer.stop()
            self._on_timeout()

    def _on_timeout(self) -> None:
        end = perf_counter() + SLICE_S
        while perf_counter() < end:
            if next(self._steps, self) is self:
                self._give()
                return
        self._timer.start(PAUSE_MS)

    def _give(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard.text() == self._given:  # Otherwise something else was copied meanwhile.
            if self._form is None:
                clipboard.setMimeData(mime_of(self._markdown, self._plain, self._html))
            else:
                clipboard.setText(self._plain if self._form is Form.PLAIN else self._html)
        self._markdown = self._plain = self._html = self._given = ""

    def _read(self, copied: Copied) -> Iterator[None]:
        plain: list[str] = []
        html: list[str] = []
        for pieces in copied.messages:
            lines: list[str] = []
            tags: list[str] = []
            for piece in pieces:
                yield from self._read_piece(piece, lines, tags)
            plain.append("\n".join(lines))
            html.append("".join(tags))
        self._plain = "\n\n".join(copied.with_authors(plain, plain_title))
        self._html = "".join(copied.with_authors(html, html_title))

    def _read_piece(self, piece: Piece, lines: list[str], html: list[str]) -> Iterator[None]:
        # Here, because an empty window is painted without it.
        from desktop_chat.markup.stream import Stream

        if piece.plain is not None:
            lines.append(piece.plain)
        stream = Stream()
        if piece.leaves is None and (piece.plain is None or self._form is not Form.PLAIN):
            for at in range(0, len(piece.markdown), PORTION):
                stream.feed(piece.markdown[at : at + PORTION])
                stream.sync()
                yield
            stream.sync(final=True)
        leaves: Sequence[Leaf] = stream.leaves if piece.leaves is None else piece.leaves
        if piece.plain is None:
            for at in range(0, len(leaves), LEAVES_AT_ONCE):
                lines.append(said(leaves[at : at + LEAVES_AT_ONCE]))
                yield
        if self._form is not Form.PLAIN:
            for count, line in enumerate(html_lines(leaves)):
                html.append(line)
                if count % LEAVES_AT_ONCE == 0:
                    yield


def mime_at_once(copied: Copied) -> QMimeData:
    """What can be given without holding the window."""
    is_little = copied.size <= AT_ONCE
    return mime_of(copied.markdown(), copied.quick(), copied.html() if is_little else None)
