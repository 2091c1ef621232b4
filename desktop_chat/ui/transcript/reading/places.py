"""Where things are: the text, the box and the hot spot at a point of the viewport."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF

from desktop_chat.ui.transcript.boxes.box import HotSpot, OnCode, OnPicture, PictureDeed
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.pinned import PinnedBox
from desktop_chat.ui.transcript.page.anchors import Seen
from desktop_chat.ui.transcript.page.selection import Position, is_text

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView


@dataclass(frozen=True, slots=True)
class Spot:
    """A hot spot and where it is."""

    row: int
    box: int
    index: int
    hot: HotSpot


class Places:
    """Finds things on the page.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view

    def position_at(self, point: QPointF, *, in_head: bool = True) -> Position | None:
        """The place in the text nearest to a point; not `in_head`, that in the row under the head of a table."""
        column = self._view.column
        if column is None:
            return None
        best: tuple[float, Seen] | None = None
        for seen in column.seen(-40, self._view.viewport().height() + 40):
            if not is_text(seen.box):
                continue
            distance = max(seen.y - point.y(), point.y() - seen.y - seen.box.height, 0.0)
            if best is None or distance < best[0]:
                best = distance, seen
        if best is None:
            return None
        seen = best[1]
        y = _height_in(seen, point.y()) if in_head else point.y() - seen.y
        offset = seen.box.hit(point.x() - self._view.column_left, y)
        return Position(seen.row, seen.index, offset)

    def is_in_head(self, point: QPointF) -> bool:
        """Whether a point is in the head of a table that stays in sight over its rows."""
        seen = self.seen_at(point.y())
        return seen is not None and _height_in(seen, point.y()) != point.y() - seen.y

    def seen_at(self, y: float) -> Seen | None:
        """The box at a height of the viewport."""
        column = self._view.column
        return next(iter(column.seen(y, y + 1)), None) if column is not None else None

    def row_at(self, y: float) -> int | None:
        """The message at a height of the viewport."""
        seen = self.seen_at(y)
        return seen.row if seen is not None else None

    def spot_at(self, point: QPointF) -> Spot | None:
        """The hot spot under a point."""
        seen = self.seen_at(point.y())
        if seen is None or not seen.box.is_laid_out:
            return None
        local = QPointF(point.x() - self._view.column_left, _height_in(seen, point.y()))
        for index, hot in enumerate(seen.box.hot_spots()):
            if any(rect.contains(local) for rect in hot.rects):
                return Spot(seen.row, seen.index, index, hot)
        return None

    def tip_at(self, point: QPointF) -> str:
        """What is said beside the pointer: what there was no room for, or what a sign means."""
        spot = self.spot_at(point)
        if spot is not None and isinstance(spot.hot.act, OnCode):
            return spot.hot.label
        seen = self.seen_at(point.y())
        return seen.box.tip_at(point.x() - self._view.column_left, point.y() - seen.y) if seen is not None else ""

    def is_over_text(self, point: QPointF) -> bool:
        """True if there is text to select at a point."""
        seen = self.seen_at(point.y())
        inside = self._view.column_left <= point.x() <= self._view.viewport().width() - self._view.column_left
        return seen is not None and inside and is_text(seen.box)

    def spots_in_view(self) -> list[Spot]:
        """All hot spots in view, in the order of reading."""
        column = self._view.column
        if column is None:
            return []
        return [
            Spot(seen.row, seen.index, index, hot)
            for seen in column.seen(0, self._view.viewport().height())
            if seen.box.is_laid_out
            for index, hot in enumerate(seen.box.hot_spots())
        ]

    def message_rect(self, row: int) -> QRect:
        """Where a message is in the viewport, without the gap above it."""
        column = self._view.column
        assert column is not None
        top = column.heights.top(row) - column.scroll_y
        item = column.item(row)
        gap = item.boxes[0].place.gap if item.boxes else 0
        height = column.heights[row] - gap
        return QRect(self._view.column_left, round(top + gap), round(column.width), round(height))

    def toolbar_point(self, row: int) -> QPoint:
        """Where the toolbar of a message belongs: its upper right corner."""
        rect = self.message_rect(row)
        bar = self._view.toolbar
        top = max(4, rect.top() - bar.height() + 8)
        place = QRectF(rect.right() + 1 - bar.width(), top, bar.width(), bar.height())
        for button in self._buttons_near(place):
            if button.intersects(place):
                place.moveTop(button.bottom() + 4)
        return QPoint(rect.right() + 1, round(place.top()))

    def _buttons_near(self, place: QRectF) -> Iterator[QRectF]:
        """Buttons of code and pictures and heads of tables, from above, as far as the toolbar could cover them."""
        column = self._view.column
        for seen in column.seen(place.top(), place.bottom() + 2 * place.height()) if column is not None else ():
            if isinstance(seen.box, CodeBox):
                seen.box.stick(seen.y)
            if isinstance(seen.box, PinnedBox):
                if seen.box.stick(seen.y):
                    corner = QPointF(seen.box.content_left, seen.box.content_top)
                    yield seen.box.pinned_area(corner + QPointF(self._view.column_left, seen.y))
                continue  # Links only.
            for hot in seen.box.hot_spots() if seen.box.is_laid_out else ():
                if isinstance(hot.act, OnCode) or (isinstance(hot.act, OnPicture) and hot.act.deed is PictureDeed.LOAD):
                    yield hot.rects[0].translated(self._view.column_left, seen.y)


def _height_in(seen: Seen, y: float) -> float:
    """Where in a box something stands that is seen at a height of the window."""
    if not isinstance(seen.box, PinnedBox):
        return y - seen.y
    seen.box.stick(seen.y)
    return seen.box.unpinned(y - seen.y)
