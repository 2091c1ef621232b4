"""Text that was not read yet, as it looks at first sight: read by itself as soon as it comes near the window.

A long message is read in slices from its beginning. What waits is cut into stretches at blank
lines, a box for each; one that is seen reads its own stretch only. What it knows nothing of,
such as link definitions elsewhere and the numbers of footnotes, is mended when the exact boxes take its place.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop_chat.markup.leaves import Code, Leaf, Run, Text
from desktop_chat.ui.transcript.boxes import source_lines
from desktop_chat.ui.transcript.boxes.box import Box, HotSpot, Link, Place, State
from desktop_chat.ui.transcript.boxes.card import text_estimate
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.message.plain import plain_leaves

STRETCH = 2_000
"""Characters of a box."""
MANY_STRETCHES = 1_500
"""With more of them they are longer."""
LONGEST_STRETCH = 8_000
MANY_LINES = 300
"""In a stretch; with more it is shown as it is written."""
BLANK_LINES_TRIED = 30
"""To find one behind which a block begins."""
MakeBox = Callable[[Leaf | None, Leaf, bool], Box]
"""Makes the box of a leaf below another one; the last argument says that its beginning is not there."""


@dataclass(slots=True)
class Rest:
    """What the stretches of a text share."""

    text: str
    base: int
    """Where it begins in the whole text."""
    fence: str
    """The line that opened the code it begins in; empty if it begins in none."""
    make: MakeBox
    fences: tuple[int, int] = (0, 0)
    """Up to a place there are so many lines that open or close code."""

    def fence_at(self, at: int) -> str:
        """The opening line of the code that a place is in, as far as a glance tells; empty if in none."""
        known, count = self.fences
        # What begins just before a place ends behind it.
        if known <= at:
            count += self.text.count("\n```", max(0, known - 3), at)
        else:
            count -= self.text.count("\n```", max(0, at - 3), known)
        self.fences = at, count
        count += self.text.startswith("```")
        if count % 2 == (1 if self.fence else 0):
            return ""
        if not count:
            return self.fence
        start = self.text.rfind("\n```", 0, at) + 1
        end = self.text.find("\n", start)
        return self.text[start:end] if 0 < end < at else "```"

    def opening_at(self, at: int) -> str:
        """The lines that opened the code or table that a place is in, as far as a glance tells; empty if in none."""
        if fence := self.fence_at(at):
            return f"{fence}\n"
        if not (self.text.startswith("|", at) and self.text.startswith("\n", at - 1)):
            return ""
        above = self.text.rfind("\n\n", 0, at)
        start = above + 2 if above >= 0 else 0
        if not self.text.startswith("|", start):
            start = self.text.find("\n|", start, at) + 1
        end = self.text.find("\n", self.text.find("\n", start) + 1) + 1
        # Here, because an empty window is painted without it.
        from desktop_chat.markup.stream import MAX_CELLS
        from desktop_chat.markup.tables import table_token

        head, rows = self.text[start:end], self.text.count("\n", start, at)
        token = table_token(head.split("\n"), 0) if end <= at and head.count("\n") == 2 else None
        return head if token is not None and rows * len(token.meta["alignments"]) <= MAX_CELLS else ""

    def is_written(self, start: int, end: int) -> bool:
        """Whether a stretch is the middle of something so large that it is shown as it is written."""
        # Here, because an empty window is painted without it.
        from desktop_chat.markup.inline import MAX_INLINE, is_too_large

        if self.text.find("\n\n", start, end - 1) >= 0:
            return False
        before = max(0, start - MAX_INLINE)
        first = start if self.begins_block(start) else self.text.rfind("\n\n", before, start)
        last = self.text.find("\n\n", end - 2, end + MAX_INLINE)
        last = min(len(self.text), end + MAX_INLINE) if last < 0 else last
        return is_too_large(self.text[before if first < 0 else first : last])

    def begins_block(self, at: int) -> bool:
        """Whether there is a blank line above a place, or nothing."""
        return not at or self.text.startswith("\n\n", at - 2)


class RestBox(Box):
    """A stretch of text that was not read yet.

    Args:
        rest: What it is a stretch of.
        start: Where it begins in that.
        end: Where it ends.
        look: Fonts, colours and measures.
        place: Where it stands.
    """

    def __init__(self, rest: Rest, start: int, end: int, look: Look, place: Place) -> None:
        super().__init__(look, place)
        self.start = start
        self.end = end
        self._rest = rest
        self._boxes: list[Box] = []
        self._begins: list[int] = []
        """Where their texts begin in the text of this."""
        self._offsets: list[int] = []
        """Where they begin in the whole text."""
        self._tops: list[float] = []

    @property
    def text(self) -> str:
        return "\n".join(box.text for box in self.boxes)

    @property
    def length(self) -> int:
        boxes = self.boxes
        return self._begins[-1] + boxes[-1].length if boxes else 0

    @property
    def boxes(self) -> Sequence[Box]:
        """What is in it; read if it was not yet."""
        if not self._boxes:
            self._make()
        return self._boxes

    @property
    def offset(self) -> int:
        """Where it begins in the whole text."""
        return self._rest.base + self.start

    @property
    def end_offset(self) -> int:
        """Where it ends in the whole text."""
        return self._rest.base + self.end

    @property
    def source(self) -> str:
        """As it is written."""
        return self._rest.text[self.start : self.end]

    def piece_at(self, at: int) -> tuple[int, int]:
        """Index of the box in it that has an offset of its text, and the offset in that one."""
        boxes = self.boxes
        index = max(0, bisect_right(self._begins, at) - 1)
        return index, min(at - self._begins[index], boxes[index].length) if boxes else 0

    def begin_of(self, index: int) -> int:
        """Where the text of a box in it begins in the text of this."""
        return self._begins[index]

    def offset_of(self, index: int) -> int:
        """Where a box in it begins in the whole text."""
        return self._offsets[index]

    def index_of(self, offset: int) -> int:
        """The box in it that has a place of the whole text."""
        return max(0, bisect_right(self._offsets, offset) - 1) if self.boxes else 0

    def last_above(self, y: float) -> int:
        """The last box in it whose content begins above a height; -1 if there is none."""
        tops = [top + box.place.gap for box, top in zip(self._boxes, self._tops, strict=False)]
        return bisect_right(tops, y) - 1

    def source_of(self, index: int) -> str:
        """A box in it as it is written."""
        end = self._offsets[index + 1] if index + 1 < len(self._offsets) else self.end_offset
        return self._rest.text[self._offsets[index] - self._rest.base : end - self._rest.base]

    @property
    def opening(self) -> str:
        """The lines that opened the code or table it begins in; empty if in none."""
        return self._rest.opening_at(self.start)

    @property
    def copied_opening(self) -> str:
        """The same for what is copied: a table has an empty head there, since what is below it is no title of anything."""
        opening = self.opening
        if not opening.startswith("|"):
            return opening
        line = opening.split("\n")[1]
        return f"|{' |' * (line.strip().strip('|').count('|') + 1)}\n{line}\n"

    @property
    def fence_behind(self) -> str:
        """The opening line of the code it ends in; empty if in none."""
        return self._rest.fence_at(self.end)

    def top_of(self, index: int) -> float:
        """Where a box in it stands; needs the layout."""
        return self._tops[index]

    def place_at(self, y: float) -> tuple[int, float]:
        """The place in the whole text of what stands at a height, and how far below its top that is."""
        if not self._tops:
            return self.offset, y
        index = max(0, bisect_right(self._tops, y) - 1)
        at, px, inner = 0, y - self._tops[index], self._boxes[index]
        if isinstance(inner, source_lines.Lined):
            at, px = source_lines.place_at(inner, self.source_of(index), px)
        return self._offsets[index] + at, px

    def y_of(self, offset: int) -> float:
        """Where a place of the whole text stands; needs the layout."""
        index = bisect_right(self._offsets, offset) - 1
        if index < 0:
            return 0.0
        within, box = 0.0, self._boxes[index]
        if isinstance(box, source_lines.Lined):
            within = source_lines.y_of(box, self.source_of(index), offset - self._offsets[index])
        return self._tops[index] + within

    def unfold(self, at: int) -> int | None:
        """Open a long block of code that hides an offset; returns where it begins in the whole text."""
        index, within = self.piece_at(at)
        inner = self.boxes[index] if self.boxes else None
        if not isinstance(inner, CodeBox) or not inner.hides(within):
            return None
        inner.turn_fold()
        self.is_laid_out = False
        return self._offsets[index]

    def restyle(self, look: Look) -> None:
        """Have another look from now on."""
        self.drop()
        self.look = look

    def estimate(self, width: float) -> float:
        # Once is enough: each slice asks all of them.
        return self.height if self.width == width and self.height else super().estimate(width)

    def drop(self) -> None:
        super().drop()
        self._boxes, self._begins, self._tops, self._offsets = [], [], [], []

    def hit(self, x: float, y: float) -> int:
        if not self._tops:
            return 0
        index = max(0, bisect_right(self._tops, y) - 1)
        return self._begins[index] + self._boxes[index].hit(x, y - self._tops[index])

    def rects(self, start: int, end: int) -> list[QRectF]:
        found = []
        for box, begin, top in zip(self._boxes, self._begins, self._tops, strict=False):
            if begin < end and start < begin + box.length:
                part = box.rects(max(0, start - begin), min(box.length, end - begin))
                found += [rect.translated(0, top) for rect in part]
        return found

    def hot_spots(self) -> Sequence[HotSpot]:
        return [
            replace(spot, rects=tuple(rect.translated(0, top) for rect in spot.rects))
            for box, top in zip(self._boxes, self._tops, strict=True)
            for spot in box.hot_spots()
            if isinstance(spot.act, Link)
        ]

    def paint(self, painter: QPainter, x: float, y: float, clip: QRectF, state: State) -> None:
        for box, begin, top in zip(self._boxes, self._begins, self._tops, strict=False):
            if y + top < clip.bottom() and y + top + box.height > clip.top():
                box.paint(painter, x, y + top, clip, _state_of(state, begin, begin + box.length))

    def _guess(self, width: float) -> float:
        lines = self._rest.text.count("\n", self.start, self.end)
        return text_estimate(self.end - self.start, lines, width, self.look)

    def _lay_out(self, width: float) -> float:
        self._tops = []
        height = 0.0
        for box in self.boxes:
            self._tops.append(height)
            box.layout(self.width)
            if box.is_guessed:
                # There is little of it, and nobody asks it again.
                box.come_near(0, inf, inf)
            height += box.layout(self.width)
        return height

    def _make(self) -> None:
        prefix, leaves = self._read()
        begin, above = 0, self._above(prefix)
        for index, leaf in enumerate(leaves):
            box = self._rest.make(above, leaf, bool(prefix) and index == 0)
            self._boxes.append(box)
            self._begins.append(begin)
            self._offsets.append(max(self.offset, self.offset + leaf.start - len(prefix)))
            begin += box.length + 1
            above = leaf

    def _read(self) -> tuple[str, list[Leaf]]:
        text = self.source
        if text.isspace():
            return "", []
        if text.count("\n") > MANY_LINES or self.end - self.start > 3 * STRETCH:
            return "", plain_leaves(text)
        # Here, because an empty window is painted without it.
        from desktop_chat.markup.stream import Stream

        prefix = self.opening
        if not prefix and self._rest.is_written(self.start, self.end):
            return "", [replace(leaf, plain=True) if isinstance(leaf, Text) else leaf for leaf in plain_leaves(text)]
        stream = Stream(has_numbers=False)
        stream.feed(prefix + text)
        stream.sync(final=True)
        return prefix, stream.leaves

    def _above(self, prefix: str) -> Leaf | None:
        """A leaf like the one above it, for the gap."""
        before = self._rest.text[max(0, self.start - 200) : self.start].rstrip()
        if not before or prefix:
            return None
        last = before[before.rfind("\n") + 1 :]
        if not self._rest.begins_block(self.start):
            return Text((Run(last),), plain=True)
        if last.startswith("```"):
            return Code()
        return Text((Run(last),), level=3 if last.startswith("#") else 0)


def _state_of(state: State, begin: int, end: int) -> State:
    """Of what is selected and found in a text, what is in a part of it."""

    def part(start: int, stop: int) -> tuple[int, int]:
        return max(0, start - begin), min(stop, end) - begin

    marks = [part(*mark) for mark in state.marks if mark[0] < end and begin < mark[1]]
    current, selected = state.current_mark, state.selected
    return State(
        selected=part(*selected) if selected and selected[0] < end and begin < selected[1] else None,
        hovered=state.hovered,
        marks=marks,
        current_mark=part(*current) if current and current[0] < end and begin < current[1] else None,
    )


def stretches(text: str, start: int) -> list[tuple[int, int]]:
    """Where a text is cut into stretches: at blank lines if there are any, else at lines or words."""
    size = min(LONGEST_STRETCH, max(STRETCH, (len(text) - start) // MANY_STRETCHES))
    found: list[tuple[int, int]] = []
    while start < len(text):
        end = start + size
        end = _good_cut(text, start, end) if end < len(text) else len(text)
        found.append((start, end))
        start = end
    return found


def _good_cut(text: str, start: int, end: int) -> int:
    least = start + (end - start) // 3
    cut = end - 1
    for _ in range(BLANK_LINES_TRIED):
        cut = text.rfind("\n\n", least, cut + 1)
        if cut < 0:
            break
        if cut + 2 < len(text) and text[cut + 2] not in " \t\n":
            return cut + 2
    for mark in ("\n", " "):
        if (cut := text.rfind(mark, least, end)) > 0:
            return cut + 1
    return end
