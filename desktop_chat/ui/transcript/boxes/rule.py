"""A thematic break: one line across the column."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop_chat.markup.leaves import Rule
from desktop_chat.ui.transcript.boxes.box import Box, Place, State
from desktop_chat.ui.transcript.look import Look


class RuleBox(Box):
    """A thematic break.

    Args:
        leaf: What to show.
        look: Fonts, colours and measures.
        place: Where it stands.
    """

    def __init__(self, leaf: Rule, look: Look, place: Place) -> None:
        super().__init__(look, place, leaf.frames)
        self.leaf = leaf

    def _guess(self, width: float) -> float:
        return self._lay_out(width)

    def _lay_out(self, width: float) -> float:
        return round(2 * self.look.step) + 1

    def _paint_content(self, painter: QPainter, origin: QPointF, clip: QRectF, state: State) -> None:
        line = QRectF(origin.x(), round(origin.y() + self.look.step), self.content_width(self.width), 1)
        painter.fillRect(line, self.look.color("line"))
