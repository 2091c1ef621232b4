"""Draws what is in the window: the boxes, what the reader does with them, and the writing cursor."""

from collections.abc import Iterable, Iterator
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from desktop_chat.ui.transcript.boxes.box import Box, State
from desktop_chat.ui.transcript.boxes.code import LEX_AT_ONCE, CodeBox
from desktop_chat.ui.transcript.boxes.pinned import PinnedBox
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.page.anchors import Seen
from desktop_chat.ui.transcript.words import tr

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.page.column import Column
    from desktop_chat.ui.transcript.view import TranscriptView


class Painting:
    """Paints one page.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        self.cursor_is_on = True
        self._view = view
        self._canvas = view.viewport()
        self._uncolored: list[CodeBox] = []

    def paint(self, event: QPaintEvent) -> None:
        """Paint what is dirty."""
        column, ground = self._view.column, self._view.look.color("window")
        with QPainter(self._canvas) as painter:
            region = event.region()
            # Strip by strip: what lies between a header at the top and new text at the end is not touched.
            strips = [event.rect()] if region.rectCount() == 1 else list(region)  # type: ignore[call-overload]  # it can
            for strip in strips:
                if len(strips) > 1:
                    painter.setClipRect(strip)
                painter.fillRect(strip, ground)
                if column is not None and column.rows:
                    self._paint_boxes(painter, column, QRectF(strip))
                elif column is not None:
                    self._paint_empty(painter)

    def blit(self, dy: int, top: float | None = None) -> None:
        """Move what is painted; what comes in, and everything below `top`, is painted at the next chance."""
        if not dy and top is None:
            return
        span = self.span
        if dy and (top is None or top > 0):  # All of it is painted anew otherwise.
            self._move(dy, span)
        if top is not None:
            span.setTop(max(0, int(top) - 1))
            self._canvas.update(span)

    def _move(self, dy: int, span: QRect) -> None:
        view, viewport = self._view, self._canvas
        if abs(dy) >= span.height():
            viewport.update()
            return
        head, moves = self._head_at_edge(dy)
        span.setTop(0 if moves else head)
        viewport.scroll(0, dy, span)
        if moves:
            viewport.update(span.left(), 0, span.width(), head + max(0, dy))
        for floating in (view.toolbar, view.editor):
            if floating.isVisible():
                # It stays, its picture has moved.
                viewport.update(floating.geometry())
                viewport.update(floating.geometry().translated(0, dy))

    @property
    def span(self) -> QRect:
        """Where there may be anything: the column with what stands beside it, and the whole height."""
        view, width = self._view, self._canvas.width()
        # Moving this is the dearest single thing of a flush, so it is no wider than it has to be.
        aside, left = round((2 if view.look.has_long_numbers else 0.6) * view.look.indent), view.column_left
        right = left + int(view.column.width if view.column is not None else 0) + aside
        begin = max(0, left - aside)
        return QRect(begin, 0, min(width, right) - begin + 1, self._canvas.height())

    def _head_at_edge(self, dy: int) -> tuple[int, bool]:
        """How tall a header is that sticks to the edge, and whether it moves against the page or stays there."""
        head, moves = 0, False
        view = self._view
        # What is at the edge, and what was there before.
        for box, top in _boxes_in(view.column.seen(0, max(1, dy + 1)) if view.column is not None else ()):
            if not isinstance(box, CodeBox | PinnedBox):
                continue
            y = top + box.content_top
            before, after = box.stick(top - dy), box.stick(top)
            # The corners of a block of code shine through those of its header while they are near.
            stays = dy < 0 and before == dy - y > view.look.radius + 2 and after == -y
            if stays or dy > 0 or before or after:
                head, moves = max(head, ceil(box.head)), moves or not stays
        return head, moves

    def color_more(self) -> None:
        """Go on with code that was painted before it had its colours."""
        if self._uncolored:
            for box in self._uncolored:
                box.color_some(2 * LEX_AT_ONCE)
            self._uncolored.clear()
            self._view.viewport().update()

    def blink(self, item: MessageItem) -> None:
        """Show or hide the cursor at the end of a reply."""
        view, index = self._view, item.writes_in
        self.cursor_is_on = not self.cursor_is_on
        row = view.column.row_with(item) if view.column is not None else None
        if view.column is None or index is None or row is None:
            return
        bottom = view.column.place_of(row, index) + item.heights[index]
        y = round(bottom - view.column.scroll_y)
        tall = 3 * view.look.line_px
        view.viewport().update(view.column_left, y - tall, round(view.column.width), tall)

    def _paint_boxes(self, painter: QPainter, column: "Column", clip: QRectF) -> None:
        view = self._view
        state, left = State(has_focus=view.hasFocus()), view.column_left
        reading = view.reading
        is_pointed = reading.pointer.hovered is not None or reading.focused_spot is not None
        is_read = is_pointed or not reading.selection.is_empty
        is_searched = view.finding.is_open
        item, writes_in = None, None
        for seen in column.seen(clip.top(), clip.bottom() + 1):
            if seen.item is not item:
                item, writes_in = seen.item, seen.item.writes_in if self.cursor_is_on else None
            box = seen.box
            if not box.is_laid_out:
                continue  # It begins at the very edge, or comes at the next flush.
            if is_read:
                reading.tell(state, seen)
            if is_searched:
                view.finding.tell(state, seen)
            state.cursor = seen.index == writes_in
            box.paint(painter, left, seen.y, clip, state)
            if isinstance(box, CodeBox) and box.wants_color:
                self._uncolored.append(box)
                view.flusher.hurry()
        if state.has_focus:
            reading.paint_focus(painter)

    def _paint_empty(self, painter: QPainter) -> None:
        view = self._view
        painter.setFont(view.look.text_font)
        painter.setPen(view.look.color("faint"))
        text = tr("Nothing has been said yet.\nWhat you send and what is answered stands here.")
        painter.drawText(view.viewport().rect(), Qt.AlignmentFlag.AlignCenter, text)


def _boxes_in(seen: Iterable[Seen]) -> Iterator[tuple[Box, float]]:
    """What is seen and at which height, with what is in text that was not read yet."""
    for one in seen:
        if not isinstance(one.box, RestBox):
            yield one.box, one.y
        elif one.box.is_laid_out:
            yield from ((box, one.y + one.box.top_of(at)) for at, box in enumerate(one.box.boxes))
