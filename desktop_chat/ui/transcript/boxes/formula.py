"""A formula that stands for itself: centred, and one wider than the column scrolls sideways."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from desktop_chat.markup.math import formula
from desktop_chat.ui.transcript.boxes.box import Box, CopyText, HotSpot, State
from desktop_chat.ui.transcript.boxes.sideways import SidewaysBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.words import tr

ROOM_PX = 2
"""Beside a shape, so that a slanted letter is not cut."""


class FormulaBox(TextBox, SidewaysBox):
    """A paragraph that is one formula. On paper, where nothing scrolls, it is made to fit."""

    @property
    def extent(self) -> float:
        return max((place.shape.width * place.zoom + ROOM_PX for place in self._shapes), default=0.0)

    @property
    def window(self) -> QRectF:
        return QRectF(self.content_left, self.content_top, self.content_width(self.width), self.height)

    def scroll_sideways(self, dx: float) -> bool:
        moved = super().scroll_sideways(dx)
        # All of the text is moved by it: where it is painted, hit and marked.
        self._shift = -self.scroll_x
        return moved

    def hot_spots(self) -> Sequence[HotSpot]:
        if not self.overflow:
            return ()
        return (self.keyboard_spot(tr("Copy formula"), CopyText(formula(self.text)[0])),)

    def _stays_left(self) -> bool:
        return False

    def _lay_out(self, width: float) -> float:
        wanted = width
        if not self.look.theme.is_paper:
            tex, is_display = formula(self.text)
            shape = self.look.shape(tex, is_display, self.look.math_px(self.leaf.level))
            wanted = max(width, shape.width + 2 * ROOM_PX if shape is not None else 0.0)
        height = super()._lay_out(wanted)
        self.scroll_x = min(self.scroll_x, self.overflow)
        self._shift = -self.scroll_x
        # The bar has room of its own below.
        return height + (2 * self.look.step if self.overflow else 0.0)

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        corner = QPointF(origin.x() - self.content_left, origin.y() - self.content_top)
        if not self.overflow:
            super()._paint_content(painter, origin, clip, state)
            return
        painter.save()
        painter.setClipRect(self.window.translated(corner), Qt.ClipOperation.IntersectClip)
        super()._paint_content(painter, origin, clip, State(state.selected, cursor=state.cursor))
        painter.restore()
        self._paint_bar(painter, corner)
        if state.focused is not None:
            self.paint_whole_focus(painter, corner)


def lacks_shapes(box: Box) -> bool:
    """Whether a box shows the source of formulas that may be drawn by now."""
    return isinstance(box, TextBox | TableBox) and box.lacks_shapes
