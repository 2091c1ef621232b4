"""Going from code block to code block and from heading to heading.

Messages are asked by their sources first: one that cannot hold what is wanted is never built.
"""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from desktop_chat.domain.blocks import Refusal, Text
from desktop_chat.domain.message import Message, Role
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.message import MessageItem

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

MARGIN_PX = 12
"""Above what was gone to."""
_CODE = re.compile(r"```|~~~|^(?: {4}|\t)", re.MULTILINE)
_HEADING = re.compile(r"^[ >*+-]{0,8}#{1,6}[ \t]|^[ >]{0,8}(?:=+|-+)[ \t]*$", re.MULTILINE)


class Jumping:
    """Goes to the next thing of a kind.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self._last: tuple[int, int, int] | None = None
        """Where the last jump ended: scroll position, message and box."""

    @property
    def place(self) -> tuple[int, int] | None:
        """The message and the box that was gone to, until the page moves."""
        column = self._view.column
        is_there = self._last is not None and column is not None and self._last[0] == column.scroll_y
        return self._last[1:] if is_there and self._last is not None else None

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
        row, box = self._here()
        for at in range(row, len(column.rows) if step > 0 else -1, step):
            message = column.page.session.conversation.messages.get(column.rows[at])
            if message is not None and message.role is Role.ASSISTANT and not _may_hold(message, hint):
                draft = column.page.session.draft
                if draft is None or draft.message_id != message.id:
                    continue
            item = column.item(at)
            while item.has_more:
                column.sync(item)
            for index in _from(item, box if at == row else None, step):
                if fits(item.boxes[index]):
                    self._show(at, index)
                    return

    def _here(self) -> tuple[int, int]:
        column = self._view.column
        assert column is not None
        if self._last is not None and self._last[0] == column.scroll_y and self._last[1] < len(column.rows):
            return self._last[1], self._last[2]
        y = column.scroll_y + MARGIN_PX
        row = column.heights.row_at(y)
        item = column.item(row)
        within = item.heights.row_at(y - column.heights.top(row)) if item.boxes else 0
        # What begins at the edge itself is where one stands; what begins below it comes next.
        begins = bool(item.boxes) and column.place_of(row, within) + item.boxes[within].place.gap > y + 1
        return row, within - 1 if begins else within

    def _show(self, row: int, index: int) -> None:
        view, column = self._view, self._view.column
        assert column is not None
        for _ in range(2):
            # Heights on the way are estimates until they are seen once.
            box = column.bring(row, index)
            y = column.place_of(row, index) + box.place.gap - MARGIN_PX
            view.move_to(round(min(max(0.0, y), column.furthest)))
        view.viewport().update()
        view.reading.take_row(row)
        self._last = column.scroll_y, row, index


def _may_hold(message: Message, hint: re.Pattern[str]) -> bool:
    return any(hint.search(block.text) for block in message.blocks if isinstance(block, Text | Refusal))


def _from(item: MessageItem, box: int | None, step: int) -> Iterator[int]:
    if step > 0:
        yield from range(0 if box is None else box + 1, len(item.boxes))
    else:
        yield from range(len(item.boxes) - 1 if box is None else box - 1, -1, -1)
