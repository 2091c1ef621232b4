"""A box whose first row stays in sight at the upper edge of the window while the others scroll under it.

Nothing of the box is in another place for it: that row is painted once more, over the others, and
a point there is taken for one in the row.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop_chat.ui.transcript.boxes.box import HotSpot, Shell, State
from desktop_chat.ui.transcript.boxes.sideways import SidewaysBox

TALLEST_LINES = 4
"""A taller row does not stay: the others need the room."""
LEAST_LINES = 15
"""The head of a lower box is always near, and would only flash by."""
_GROUNDS = {Shell.CARD: "card", Shell.BUBBLE: "user"}


class PinnedBox(SidewaysBox):
    """Shared by what has rows below a head.

    Args:
        look: Fonts, colours and measures.
        place: Where it stands.
        frames: Quotes and list items around it.
    """

    _shift = 0.0
    """By how much the head is lowered."""

    @property
    def head(self) -> float:
        """Height of the first row; 0 before the layout."""
        raise NotImplementedError

    @property
    def marked_area(self) -> QRectF:
        # What is found under the head is not seen.
        area = super().marked_area
        return area.adjusted(0, self.content_top + self._shift + self.head, 0, 0) if self._shift else area

    def stick(self, y: float) -> float:
        """Have the head in sight where the box stands at a height of the window; by how much it is lowered."""
        down, self._shift, line = -y - self.content_top, 0.0, self.look.line_px
        if down > 0 and self.height > LEAST_LINES * line and not self.look.theme.is_paper:
            head = self.head
            room = self.height - self._around - head - line
            self._shift = min(down, max(0.0, room)) if 0 < head < (TALLEST_LINES + 1) * line else 0.0
        return self._shift

    def unpinned(self, y: float) -> float:
        """Where in the box something stands that is seen at a height: what is in the head there, if it is in sight."""
        return y - self._shift if self._shift and 0 <= y - self.content_top - self._shift < self.head else y

    def pinned_area(self, origin: QPointF) -> QRectF:
        """Where the head is; `origin` is where the content is painted."""
        width = min(self.extent, self.window.width())
        # Pills and marks reach a little beyond the columns.
        return QRectF(origin.x() - 2, origin.y() + self._shift, width + 4, round(self.head))

    def _paint_rows(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> tuple[int, int]:
        """Draw the rows that are seen; returns the first and the last one."""
        raise NotImplementedError

    def _paint_pinned(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        """Draw the head over the rows if it is lowered; `origin` is where the content is painted."""
        if not self.stick(origin.y() - self.content_top):
            return
        area = self.pinned_area(origin)
        if clip.top() >= area.bottom():
            return
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.fillRect(area, self.look.color(_GROUNDS.get(self.place.shell, "window")))
        # Not with the upper edge of the row below it.
        self._paint_rows(painter, origin + QPointF(0, self._shift), area.adjusted(0, 0, 0, -1), state)
        painter.restore()

    def _lowered(self, spot: HotSpot) -> QPointF:
        """How far from its place something is painted: what is in the head goes with it."""
        is_in_head = spot.rects[0].bottom() <= self.content_top + self.head
        return QPointF(0, self._shift if is_in_head else 0)

    def _paint_marks(self, painter: QPainter, corner: QPointF, state: State) -> None:
        super()._paint_marks(painter, corner, state)
        if shift := self._shift:
            painter.save()
            area = self.pinned_area(corner + QPointF(self.content_left, self.content_top))
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
            self._shift = 0.0
            super()._paint_marks(painter, corner + QPointF(0, shift), state)
            self._shift = shift
            painter.restore()
