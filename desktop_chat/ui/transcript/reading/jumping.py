"""Going from code block to code block and from heading to heading.

Messages are asked by their sources first: one that cannot hold what is wanted is never built, and
of what was not read yet only the stretches that may hold it are read, a few at a time.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop_chat.domain.blocks import Refusal, Text
from desktop_chat.domain.message import Message, Role
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.page.column import Column

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

MARGIN_PX = 12
"""Above what was gone to."""
SLICE_S = 0.012
"""Looking for it never holds the window for longer."""
PAUSE_MS = 4
_CODE = re.compile(r"```|~~~|^(?: {4}|\t)", re.MULTILINE)
_HEADING = re.compile(r"^[ >*+-]{0,8}#{1,6}[ \t]|^[ >]{0,8}(?:=+|-+)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Goal:
    """Something to go to."""

    row: int
    box: Box
    inner: int = -1
    """In a stretch that is not read yet: which box of it."""


class Jumping:
    """Goes to the next thing of a kind.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self._last: tuple[int, Goal] | None = None
        """Where the last jump ended, and the scroll position then."""
        self._steps: Iterator[Goal | None] = iter(())
        self._from: tuple[Column, int] | None = None
        """Where the jump that goes on began."""
        self._timer = QTimer(view)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    @property
    def place(self) -> tuple[int, int] | None:
        """The message and the box that was gone to, until the page moves."""
        column, last = self._view.column, self._last
        if column is None or last is None or last[0] != column.scroll_y or last[1].row >= len(column.rows):
            return None
        row, boxes = last[1].row, column.item(last[1].row).boxes
        return (row, boxes.index(last[1].box)) if last[1].box in boxes else None

    def back(self) -> None:
        """Go where the reader of this conversation is known to have been."""
        view = self._view
        if view.session is None or view.column is None:
            return
        view.glide.stop()
        view.column.sticks = True
        view.positions.go_back(view.session.conversation.id, view.column)
        view.settle()
        view.viewport().update()

    def to_code(self, step: int) -> None:
        """Go to the next (1) or previous (-1) code block."""
        self._go(step, _CODE, lambda box: isinstance(box, CodeBox) and box.has_header)

    def to_heading(self, step: int) -> None:
        """Go to the next (1) or previous (-1) heading."""
        self._go(step, _HEADING, lambda box: isinstance(box, TextBox) and box.leaf.level > 0)

    def _go(self, step: int, hint: re.Pattern[str], fits: Callable[[Box], bool]) -> None:
        view, column = self._view, self._view.column
        if column is None or not column.rows:
            return
        view.glide.stop()
        self._from = column, column.scroll_y
        self._steps = self._seek(column, step, hint, fits)
        self._go_on()

    def finish(self) -> None:
        """Go there now, however long it takes."""
        while self._timer.isActive():
            self._timer.stop()
            self._go_on()

    def _go_on(self) -> None:
        column = self._view.column
        self._timer.stop()
        if column is None or self._from is None or self._from[0] is not column or self._from[1] != column.scroll_y:
            return
        end = perf_counter() + SLICE_S
        for place in self._steps:
            if place is not None:
                self._show(place)
                return
            if perf_counter() > end:
                self._timer.start(PAUSE_MS)
                return

    def _seek(
        self, column: Column, step: int, hint: re.Pattern[str], fits: Callable[[Box], bool]
    ) -> Iterator[Goal | None]:
        """The next place; `None` after each piece of work."""
        row, box, inner = self._here()
        for at in range(row, len(column.rows) if step > 0 else -1, step):
            message = column.page.session.conversation.messages.get(column.rows[at])
            if message is not None and message.role is Role.ASSISTANT and not _may_hold(message, hint):
                draft = column.page.session.draft
                if draft is None or draft.message_id != message.id:
                    continue
            boxes = list(column.item(at).boxes)
            yield None
            if at == row and inner >= 0 and isinstance(boxes[box], RestBox):
                yield from _within(at, boxes[box], inner, step, fits)
            for index in _from(len(boxes), box if at == row else None, step):
                found = boxes[index]
                if isinstance(found, RestBox):
                    if hint.search(found.source):
                        yield from _within(at, found, None, step, fits)
                        yield None
                elif fits(found):
                    yield Goal(at, found)

    def _here(self) -> tuple[int, int, int]:
        """Message, box, and of a stretch that is not read yet the box in it; -1 if it is none."""
        column = self._view.column
        assert column is not None
        if self._last is not None and self._last[0] == column.scroll_y:
            row, last = self._last[1].row, self._last[1]
            if row < len(column.rows) and last.box in column.item(row).boxes:
                return row, column.item(row).boxes.index(last.box), last.inner
        y = column.scroll_y + MARGIN_PX
        row = column.heights.row_at(y)
        item = column.item(row)
        if not item.boxes:
            return row, 0, -1
        within = item.heights.row_at(y - column.heights.top(row))
        box, top = item.boxes[within], column.place_of(row, within)
        if isinstance(box, RestBox) and box.is_laid_out and box.boxes:
            return row, within, box.last_above(y + 1 - top)
        # What begins at the edge itself is where one stands; what begins below it comes next.
        begins = top + box.place.gap > y + 1
        return row, within - 1 if begins else within, -1

    def _show(self, place: Goal) -> None:
        view, column = self._view, self._view.column
        if column is None:
            return
        for _ in range(2):
            # Heights on the way are estimates until they are seen once.
            boxes = column.item(place.row).boxes
            if place.box not in boxes:
                return
            index = boxes.index(place.box)
            box = column.bring(place.row, index)
            y = column.place_of(place.row, index) - MARGIN_PX
            if isinstance(box, RestBox):
                y += box.top_of(place.inner) + box.boxes[place.inner].place.gap
            else:
                y += box.place.gap
            view.move_to(round(min(max(0.0, y), column.furthest)))
        view.viewport().update()
        self._last = column.scroll_y, place
        view.reading.take_row(place.row, place.box)


def _may_hold(message: Message, hint: re.Pattern[str]) -> bool:
    return any(hint.search(block.text) for block in message.blocks if isinstance(block, Text | Refusal))


def _within(row: int, box: Box, inner: int | None, step: int, fits: Callable[[Box], bool]) -> Iterator[Goal]:
    """What fits in a stretch that is not read yet."""
    if isinstance(box, RestBox):
        for index in _from(len(box.boxes), inner, step):
            if fits(box.boxes[index]):
                yield Goal(row, box, index)


def _from(count: int, start: int | None, step: int) -> Iterator[int]:
    """Indexes behind one of so many in a direction, or all."""
    if step > 0:
        yield from range(0 if start is None else start + 1, count)
    else:
        yield from range(count - 1 if start is None else start - 1, -1, -1)
