"""Selecting with the keyboard: the end of the selection moves like a caret, from box to box."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from desktop_chat.ui.transcript.page.selection import Position, Selection, is_text, step_from
from desktop_chat.ui.transcript.reading.box_acts import unfold_for
from desktop_chat.ui.transcript.reading.places import Places

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView


class Caret:
    """Moves the end of the selection.

    Args:
        view: The page.
        places: Finds places in the text.
        selection: Is changed.
    """

    def __init__(self, view: "TranscriptView", places: Places, selection: Selection) -> None:
        self._view = view
        self._places = places
        self._selection = selection

    def select_all(self) -> None:
        """Select everything."""
        column = self._view.column
        if column is None or not column.rows:
            return
        last = len(column.rows) - 1
        boxes = column.item(last).boxes
        self._selection.anchor = Position(0, 0, 0)
        self._selection.head = Position(last, len(boxes) - 1, boxes[-1].length if boxes else 0)
        self._view.viewport().update()

    def extend(self, key: Qt.Key, *, by_word: bool) -> None:
        """Move the end of the selection with an arrow key."""
        column = self._view.column
        head = self._selection.head or self._places.position_at(QPointF(self._view.column_left, 0))
        if column is None or head is None:
            return
        if self._selection.anchor is None:
            self._selection.start(head)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._selection.head = self._above_or_below(head, -1 if key == Qt.Key.Key_Up else 1)
        else:
            forward = key == Qt.Key.Key_Right
            box = column.item(head.row).boxes[head.box]
            offset = step_from(box.text, head.offset, forward=forward, by_word=by_word)
            if offset >= 0:
                offset = box.whole(*sorted((head.offset, offset)))[forward]
            if offset < 0 or offset == head.offset:
                self._selection.head = self._next_box(head, 1 if forward else -1) or head
            else:
                self._selection.head = Position(head.row, head.box, offset)
                unfold_for(self._view, head.row, head.box, offset)
        self._view.viewport().update()

    def _above_or_below(self, head: Position, step: int) -> Position:
        column = self._view.column
        assert column is not None
        box = column.item(head.row).boxes[head.box]
        rects = box.rects(max(0, head.offset - 1), head.offset) or box.rects(0, 1)
        if not rects:
            return self._next_box(head, step) or head
        rect = rects[-1]
        x = rect.right() if head.offset else rect.left()
        y = column.place_of(head.row, head.box) - column.scroll_y + rect.center().y() + step * rect.height()
        moved = self._places.position_at(QPointF(x + self._view.column_left, y))
        if moved is None or moved == head:
            return self._next_box(head, step) or head
        return moved

    def _next_box(self, head: Position, step: int) -> Position | None:
        column = self._view.column
        assert column is not None
        row, index = head.row, head.box + step
        while 0 <= row < len(column.rows):
            boxes = column.item(row).boxes
            while 0 <= index < len(boxes):
                if is_text(boxes[index]):
                    return Position(row, index, 0 if step > 0 else boxes[index].length)
                index += step
            row += step
            if 0 <= row < len(column.rows):
                index = 0 if step > 0 else len(column.item(row).boxes) - 1
        return None
