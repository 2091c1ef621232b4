"""Places of the page: what shall not move, and where it went when text around it was read."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from desktop_chat.ui.transcript.boxes import source_lines
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.message.parts import TextPart
from desktop_chat.ui.transcript.page.selection import leaf_of

REPLACED_AT_ONCE = 60
"""Boxes of text that was not read yet, at most, that one slice replaces."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the text that shall not move."""

    row: int
    box: int
    px: float
    """Of the window's upper edge below the box's."""
    inner: int = 0
    below: float | None = None
    """What in the box it is, and how far below the top of that the edge is; finds it when the box has another height."""


@dataclass(slots=True)
class Seen:
    """A box in the window."""

    row: int
    index: int
    item: MessageItem
    box: Box
    y: float
    """Of its upper edge, below the window's."""


class Held:
    """A reader in text that was not read yet, while more of the message is read.

    Boxes are counted from the end of the message: above them others come in all the time.

    Args:
        item: The message.
        anchor: Where the reader is in it.
    """

    def __init__(self, item: MessageItem, anchor: Anchor) -> None:
        self._anchor = anchor
        self._place = source_place(item, anchor)
        self._boxes = item.boxes[anchor.box :]
        count = min(len(self._boxes), REPLACED_AT_ONCE)
        self._heights = [item.heights[anchor.box + index] for index in range(count)]

    def find(self, item: MessageItem, lay_out: Callable[[int], float]) -> Anchor:
        """Where the reader is now.

        Args:
            item: The message.
            lay_out: Lays out one of its boxes and returns the height.
        """
        if self._place is not None and (row := self._row_of(item, *self._place, lay_out)) is not None:
            return row
        at = len(item.boxes) - len(self._boxes)
        down = -self._anchor.px
        for box, height in zip(self._boxes, self._heights, strict=False):
            if at >= 0 and item.boxes[at] is box:
                break
            at, down = at + 1, down + height
        else:
            return self._anchor
        while at > 0 and down > 0:
            at -= 1
            down -= lay_out(at)
        return Anchor(self._anchor.row, at, -down)

    def _row_of(
        self, item: MessageItem, part: int, offset: int, px: float, lay_out: Callable[[int], float]
    ) -> Anchor | None:
        """A row of a table that reaches down to the reader by now: rows below it are not as tall as was guessed."""
        index = box_at(item, part, offset)
        box = item.boxes[index] if index is not None else None
        if index is None or not isinstance(box, TableBox):
            return None
        lay_out(index)
        box = item.boxes[index]  # Made anew, if the look is another one.
        y = y_at(item, offset, box) + px
        return Anchor(self._anchor.row, index, y, *box.place_at(y))


def held(item: MessageItem, anchor: Anchor | None, row: int) -> Held | None:
    """What to find again after a sync; `None` if the anchor stays what it is."""
    if anchor is None or anchor.row != row or anchor.box >= len(item.boxes):
        return None
    return Held(item, anchor) if isinstance(item.boxes[anchor.box], RestBox) else None


def source_place(item: MessageItem, anchor: Anchor) -> tuple[int, int, float] | None:
    """An anchor as part, offset in its text, and pixels below what begins there; `None` if it is not in such a text."""
    part = item.part_of(anchor.box) if anchor.box < len(item.boxes) else None
    if not isinstance(part, TextPart):
        return None
    box = item.boxes[anchor.box]
    if isinstance(box, RestBox):
        return part.key[1], *box.place_at(anchor.px)
    offset, px = _offset_of(box), anchor.px
    if offset is not None and isinstance(box, source_lines.Lined) and box.is_laid_out:
        at, px = source_lines.place_at(box, part.source[offset : box.leaf.end], px)
        offset += at
    return None if offset is None else (part.key[1], offset, px)


def y_at(item: MessageItem, offset: int, box: Box) -> float:
    """Where in a box that has an offset of a part the pixels of its place are counted from; needs the layout."""
    if isinstance(box, RestBox):
        return box.y_of(offset)
    if isinstance(box, source_lines.Lined):
        source = item.part_of(item.boxes.index(box)).source[box.leaf.start : box.leaf.end]
        return source_lines.y_of(box, source, offset - box.leaf.start)
    return 0.0


def box_at(item: MessageItem, part: int, offset: int) -> int | None:
    """The box of a part in which an offset of its text is."""
    boxes = item.boxes_of(part)
    if not boxes:
        return None
    return max(boxes[0], bisect_right(boxes, offset, key=lambda at: _offset_of(item.boxes[at]) or 0) - 1 + boxes[0])


def _offset_of(box: Box) -> int | None:
    if isinstance(box, RestBox):
        return box.offset
    leaf = leaf_of(box)
    return leaf.start if leaf is not None else None
