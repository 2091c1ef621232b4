"""Boxes that may be wider than the column: they scroll sideways, under a thin bar."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop_chat.markup.leaves import Frame
from desktop_chat.ui.transcript.boxes.box import Act, Box, HotSpot, Place
from desktop_chat.ui.transcript.boxes.code_head import paint_ring
from desktop_chat.ui.transcript.look import Look

BAR_PX = 4
GRIP_PX = 12
"""Height at the lower edge in which the bar can be taken hold of."""


class SidewaysBox(Box):
    """Shared by code and tables.

    Args:
        look: Fonts, colours and measures.
        place: Where it stands.
        frames: Quotes and list items around it.
    """

    def __init__(self, look: Look, place: Place, frames: Sequence[Frame]) -> None:
        super().__init__(look, place, frames)
        self.scroll_x = 0.0

    @property
    def extent(self) -> float:
        """How wide the content is."""
        raise NotImplementedError

    @property
    def room(self) -> float:
        """Width in which the content can be seen."""
        return self.window.width()

    @property
    def window(self) -> QRectF:
        """Where the content can be seen, in the box."""
        raise NotImplementedError

    @property
    def marked_area(self) -> QRectF:
        window = self.window
        return QRectF(window.left() - 2, 0, window.width() + 4, self.height)

    @property
    def overflow(self) -> float:
        """How far it can be scrolled."""
        return max(0.0, self.extent - self.room)

    def keyboard_spot(self, label: str, act: Act) -> HotSpot:
        """Something only the keyboard reaches, and from where it scrolls.

        It has no place of its own, so that a click still selects.
        """
        return HotSpot(label, act, (QRectF(self.content_left, self.content_top, 0, 0),))

    def paint_whole_focus(self, painter: QPainter, corner: QPointF) -> None:
        """Mark all of it, because the keyboard is there; `corner` is where the box is painted."""
        width = min(self.window.width(), self.extent)
        inside = QRectF(self.window.left(), self.content_top, width, self.height - self._around)
        paint_ring(painter, inside.translated(corner).adjusted(-3.5, -0.5, 3.5, 0.5), self.look)

    def scroll_sideways(self, dx: float) -> bool:
        """Move the content left (positive) or right; tells whether it moved."""
        wanted = min(max(0.0, self.scroll_x + dx), self.overflow)
        moved = wanted != self.scroll_x
        self.scroll_x = wanted
        return moved

    def drag_bar(self, dx: float) -> bool:
        """Move the bar; tells whether it moved."""
        return self.scroll_sideways(dx * self.extent / max(1.0, self.window.width()))

    def is_bar(self, point: QPointF) -> bool:
        """True where the bar can be taken hold of."""
        bottom = self.height - self.place.bottom
        return self.overflow > 0 and bottom - GRIP_PX <= point.y() <= bottom

    def _paint_bar(self, painter: QPainter, corner: QPointF) -> None:
        """Draw the bar if there is something to scroll; `corner` is where the box is painted."""
        if self.overflow <= 0:
            return
        window = self.window
        share = window.width() / max(1.0, self.extent)
        left = window.left() + self.scroll_x * share
        handle = QRectF(left, self.height - self.place.bottom - BAR_PX - 3, window.width() * share, BAR_PX)
        color = self.look.theme.color("faint")
        color.setAlphaF(0.45)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(handle.translated(corner), BAR_PX / 2, BAR_PX / 2)
        painter.restore()
