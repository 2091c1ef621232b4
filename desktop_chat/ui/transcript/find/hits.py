"""Where on the page the hits of a search stand: which box has one, and where in its text.

Counting is done in sources, so a hit is known as a place of the source long before the text
around it is read. From there it is a few boxes to where it can be seen.
"""

import re
from collections.abc import Sequence

from desktop_chat.markup.embedded import MARK
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.find.searching import Found, Wanted
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.page.anchors import Seen, box_at
from desktop_chat.ui.transcript.page.column import Column
from desktop_chat.ui.transcript.page.selection import is_text, leaf_of
from desktop_chat.ui.utf16 import units

Mark = tuple[int, int]
"""Of the text of a box, in UTF-16 units."""
MANY_BOXES = 1_000
"""Of a part; with more its hits are not counted box by box."""


class Hits:
    """Finds hits in boxes.

    Args:
        wanted: What is looked for.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._pattern = wanted.shown
        self._source = wanted.source
        self._marks: dict[Box, tuple[object, list[Mark]]] = {}

    def marks(self, box: Box) -> list[Mark]:
        """All hits in a box; of a stretch that is not read yet they are what is read of it now."""
        leaf = leaf_of(box)
        known = self._marks.get(box)
        if known is not None and known[0] is leaf:
            return known[1]
        marks = marks_in(box.text, self._pattern) if self._pattern else []
        self._marks[box] = leaf, marks
        return marks

    def count(self, item: MessageItem, part: int) -> int | None:
        """All hits in a part; `None` if it is not all read, or very long."""
        boxes = item.boxes_of(part)
        if item.has_more or len(boxes) > MANY_BOXES:
            return None
        return sum(len(self.marks(item.boxes[at])) for at in boxes)

    def where(self, item: MessageItem, found: Found, index: int) -> tuple[int, Mark] | None:
        """The box of a hit, and where it is in it."""
        boxes = item.boxes_of(found.part)
        if not boxes:
            return None
        start, nth = boxes[0], index
        if found.is_markdown and found.hits and MARK not in found.source:
            offset, nth = found.place(index)
            at = box_at(item, found.part, offset)
            start = boxes[0] if at is None else at
            nth += self._above(item.boxes[start], found, offset)
        nearest: tuple[int, Mark] | None = None
        for at in range(start, boxes[-1] + 1):
            box = item.boxes[at]
            if not is_text(box):
                continue
            if isinstance(box, RestBox) and at > start and self._source is not None:
                # Reading takes long, looking at what is written does not.
                written = sum(1 for _ in self._source.finditer(box.source))
                if nth >= written:
                    nth -= written
                    continue
            marks = self.marks(box)
            if nth < len(marks):
                return at, marks[nth]
            if marks and nearest is None:
                nearest = at, marks[-1]
            if nearest is not None and isinstance(box, RestBox) and not found.starts:
                break
            nth -= len(marks)
        return nearest if item.has_more else None

    def _above(self, box: Box, found: Found, offset: int) -> int:
        """How many hits of a box are above a place of the source."""
        if isinstance(box, RestBox):
            if found.starts:
                begin = box.begin_of(box.index_of(offset)) if box.boxes else 0
                return sum(1 for mark in self.marks(box) if mark[0] < begin)
            return found.written(box.offset, offset)
        leaf = leaf_of(box)
        return 0 if leaf is None or found.starts else found.written(leaf.start, offset)


def source_at(item: MessageItem, index: int, at: int = 0, *, px: float | None = None) -> tuple[int, int]:
    """The part of a message, and about the place in its source, of an offset in a box or of a height in it."""
    if index >= len(item.boxes):
        return 0, 0
    box, key = item.boxes[index], getattr(item.part_of(index), "key", None)
    if key is None:
        return 0, 0
    if px is not None:
        at = box.hit(0, px) if box.is_laid_out else 0
    if isinstance(box, RestBox):
        inner, within = box.piece_at(at) if box.boxes else (0, 0)
        return key[1], (box.offset_of(inner) if box.boxes else box.offset) + within
    leaf = leaf_of(box)
    return key[1], leaf.start + at if leaf is not None else 0


def unfold(column: Column, item: MessageItem, found: Found, index: int, mark: Mark) -> None:
    """Open code that hides a hit in text that is not read yet; it is still open when it was."""
    box = item.boxes[index]
    start = box.unfold(mark[0]) if isinstance(box, RestBox) else None
    if start is not None:
        column.page.code_view((item.id, found.part), start, is_open=True).is_open = True


def near(seen: Seen, marks: Sequence[Mark], height: float) -> list[Mark]:
    """Of many hits in a long box those that are in a window of some height."""
    corners = [seen.box.hit(x, y) for x in (0, 1e6) for y in (-seen.y, height - seen.y)]
    first, last = min(corners), max(corners)
    return [mark for mark in marks if mark[1] >= first and mark[0] <= last]


def marks_in(text: str, pattern: re.Pattern[str]) -> list[Mark]:
    """Where the hits of a text are, in UTF-16 units."""
    spans = [match.span() for match in pattern.finditer(text)]
    if not spans or text.isascii() or max(text) <= "\uffff":
        return spans
    found, at, known = [], 0, 0
    for start, end in spans:
        first = at + units(text[known:start])
        last = first + units(text[start:end])
        found.append((first, last))
        at, known = last, end
    return found
