"""Text that was not read yet, as it looks at first sight: read by itself as soon as it comes near the window.

A long message is read in slices from its beginning. What waits is cut into stretches at blank
lines, a box for each; one that is seen reads its own stretch only. What it knows nothing of,
such as link definitions elsewhere, is mended when the exact boxes take its place.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop_chat.markup.leaves import Code, Leaf, Run, Text
from desktop_chat.ui.transcript.boxes.box import Box, HotSpot, Link, Place, State
from desktop_chat.ui.transcript.boxes.card import text_estimate
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.plain import plain_leaves

STRETCH = 2_000
"""Characters of a box."""
MANY_STRETCHES = 1_500
"""With more of them they are longer."""
LONGEST_STRETCH = 8_000
MANY_LINES = 300
"""In a stretch; with more it is shown as it is written."""
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

    def fence_at(self, at: int) -> str:
        """The opening line of the code that a place is in, as far as a glance tells; empty if in none."""
        count = self.text.count("\n```", 0, at) + self.text.startswith("```")
        if count % 2 == (1 if self.fence else 0):
            return ""
        if not count:
            return self.fence
        start = self.text.rfind("\n```", 0, at) + 1
        end = self.text.find("\n", start)
        return self.text[start:end] if 0 < end < at else "```"


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
        self._tops: list[float] = []
        self._offsets: list[int] = []

    @property
    def words(self) -> str:
        """What it shows, once it is laid out."""
        return "\n".join(box.text for box in self._boxes)

    @property
    def offset(self) -> int:
        """Where it begins in the whole text."""
        return self._rest.base + self.start

    def place_at(self, y: float) -> tuple[int, float]:
        """The place in the whole text of what stands at a height, and how far below its top that is."""
        if not self._tops:
            return self.offset, y
        index = max(0, bisect_right(self._tops, y) - 1)
        return self._offsets[index], y - self._tops[index]

    def y_of(self, offset: int) -> float:
        """Where a place of the whole text stands; needs the layout."""
        index = bisect_right(self._offsets, offset) - 1
        return self._tops[index] if index >= 0 else 0.0

    def restyle(self, look: Look) -> None:
        """Have another look from now on."""
        self.drop()
        self.look = look

    def estimate(self, width: float) -> float:
        # Once is enough: each slice asks all of them.
        return self.height if self.width == width and self.height else super().estimate(width)

    def drop(self) -> None:
        super().drop()
        self._boxes, self._tops, self._offsets = [], [], []

    def hot_spots(self) -> Sequence[HotSpot]:
        return [
            replace(spot, rects=tuple(rect.translated(0, top) for rect in spot.rects))
            for box, top in zip(self._boxes, self._tops, strict=True)
            for spot in box.hot_spots()
            if isinstance(spot.act, Link)
        ]

    def paint(self, painter: QPainter, x: float, y: float, clip: QRectF, state: State) -> None:
        nothing = State()
        for box, top in zip(self._boxes, self._tops, strict=True):
            if y + top < clip.bottom() and y + top + box.height > clip.top():
                box.paint(painter, x, y + top, clip, nothing)

    def _guess(self, width: float) -> float:
        lines = self._rest.text.count("\n", self.start, self.end)
        return text_estimate(self.end - self.start, lines, width, self.look)

    def _lay_out(self, width: float) -> float:
        self._boxes, self._tops, self._offsets = [], [], []
        prefix, leaves = self._read()
        height, above = 0.0, self._above(prefix)
        for index, leaf in enumerate(leaves):
            is_cut = bool(prefix) and index == 0
            box = self._rest.make(above, leaf, is_cut)
            self._boxes.append(box)
            self._tops.append(height)
            self._offsets.append(max(self.offset, self.offset + leaf.start - len(prefix)))
            height += box.layout(self.width)
            above = leaf
        return height

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        raise NotImplementedError  # `paint` has its boxes do it.

    def _read(self) -> tuple[str, list[Leaf]]:
        text = self._rest.text[self.start : self.end]
        if text.count("\n") > MANY_LINES or self.end - self.start > 3 * STRETCH:
            return "", plain_leaves(text)
        # Here, because an empty window is painted without it.
        from desktop_chat.markup.stream import Stream

        fence = self._rest.fence_at(self.start)
        prefix = fence + "\n" if fence else ""
        stream = Stream()
        stream.feed(prefix + text)
        stream.sync(final=True)
        return prefix, stream.leaves

    def _above(self, prefix: str) -> Leaf | None:
        """A leaf like the one above it, for the gap."""
        before = self._rest.text[max(0, self.start - 200) : self.start].rstrip()
        if not before or prefix:
            return None
        last = before[before.rfind("\n") + 1 :]
        if last.startswith("```"):
            return Code()
        return Text((Run(last),), level=3 if last.startswith("#") else 0)


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
    cut = text.rfind("\n\n", least, end)
    while cut > 0:
        if cut + 2 < len(text) and text[cut + 2] not in " \t\n":
            return cut + 2
        cut = text.rfind("\n\n", least, cut + 1)
    for mark in ("\n", " "):
        if (cut := text.rfind(mark, least, end)) > 0:
            return cut + 1
    return end
