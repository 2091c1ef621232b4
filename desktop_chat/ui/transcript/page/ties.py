"""Ends of the selection in text that was not read yet: they stay where they are while more of it is read."""

from dataclasses import dataclass

from desktop_chat.markup.leaves import Code
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.table_rest import TableRestBox
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.message.parts import TextPart
from desktop_chat.ui.transcript.page.anchors import box_at
from desktop_chat.ui.transcript.page.selection import Position, Selection, leaf_of
from desktop_chat.ui.utf16 import units

NEAR = 10
"""Stretches that may be read at once, at most."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A place in a message while some of its boxes are exchanged."""

    at: Position
    box: Box
    behind: int
    """Boxes from there to the end."""
    part: int = 0
    offset: int = -1
    """In the text of the part; -1 if the box stays."""
    inner: Box | None = None
    """What has the place in a stretch that was not read yet."""
    within: int = 0
    """Offset in that one."""


class Ties:
    """Holds the ends of a selection during one sync.

    Args:
        selection: Is changed by `give_back`.
        row: Of the message.
        item: The message.
    """

    def __init__(self, selection: Selection, row: int, item: MessageItem) -> None:
        self._selection = selection
        self._item = item
        self._anchor = _tie(item, selection.anchor, row)
        self._head = _tie(item, selection.head, row)

    def give_back(self) -> None:
        """The boxes were exchanged."""
        if self._anchor is not None:
            self._selection.anchor = _untied(self._item, self._anchor)
        if self._head is not None:
            self._selection.head = _untied(self._item, self._head)


def _tie(item: MessageItem, at: Position | None, row: int) -> Tie | None:
    if at is None or at.row != row or at.box >= len(item.boxes):
        return None
    box, behind = item.boxes[at.box], len(item.boxes) - at.box
    part = item.part_of(at.box)
    above = item.boxes[max(0, at.box - NEAR) : at.box]
    is_near = len(above) < NEAR or not all(isinstance(one, RestBox) for one in above)
    if isinstance(box, RestBox) and isinstance(part, TextPart) and is_near and box.boxes:
        index, within = box.piece_at(at.offset)
        return Tie(at, box, behind, part.key[1], box.offset_of(index), box.boxes[index], within)
    return Tie(at, box, behind)


def _untied(item: MessageItem, tie: Tie) -> Position:
    at, row = tie.at, tie.at.row
    if at.box < len(item.boxes) and item.boxes[at.box] is tie.box:
        return at
    moved = len(item.boxes) - tie.behind
    if 0 <= moved < len(item.boxes) and item.boxes[moved] is tie.box:
        return Position(row, moved, at.offset)
    index = box_at(item, tie.part, tie.offset) if tie.offset >= 0 else None
    if index is None or tie.inner is None:
        return at
    box = item.boxes[index]
    if isinstance(box, RestBox):
        inner = box.index_of(tie.offset)
        return Position(row, index, box.begin_of(inner) + tie.within if box.boxes else 0)
    leaf, was = leaf_of(box), leaf_of(tie.inner)
    within = tie.within
    if leaf is None or type(leaf) is not type(was) or leaf.start >= tie.offset:
        return Position(row, index, min(within, box.length))
    # It began above the stretch.
    source = item.part_of(index).source
    line = source.count("\n", leaf.start, tie.offset)
    if isinstance(box, TableBox):
        if isinstance(tie.inner, TableRestBox):
            # Two lines of the source are the head, which is one row.
            within += box.contents.start_of(line - 1) - tie.inner.hidden
    else:
        lines = box.text.split("\n")[: max(0, line - source.startswith(("`", "~"), leaf.start))]
        within += sum(units(text) + 1 for text in lines) if isinstance(leaf, Code) else 0
    return Position(row, index, max(0, min(within, box.length)))
