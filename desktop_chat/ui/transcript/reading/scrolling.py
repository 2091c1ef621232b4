"""Moving about: the thin scroll bar, and the pill that leads to new text."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QScrollBar, QWidget

from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.words import tr

BAR_PX = 10
SHORTEST_PX = 32
STEP_PX = 2
"""The upper end of the handle moves in steps: nobody sees it while text comes below, and each costs a repaint."""


class ThinBar(QScrollBar):
    """A scroll bar that is only a handle. Painting Fusion's costs as much as laying out a flush.

    Telling Qt's own slider where the page is costs as much as painting a line, and at most flushes nobody
    asks it: it is told when it gets an event, when its value is wanted, and while there is a screen reader.

    Args:
        theme: Gives the colours.
        parent: Owns it.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._theme = theme
        self._is_lit = False
        self._painted = 0, 0
        """Where the handle begins and ends on the screen."""
        self._is_quiet = self._is_behind = False
        self._place, self._step = (0, 0, 1), 1
        """Value, maximum and length of a page."""
        self.setAccessibleName(tr("Scroll the conversation"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def sizeHint(self) -> QSize:
        return QSize(BAR_PX, super().sizeHint().height())

    def value(self) -> int:
        self._catch_up()
        return super().value()

    def maximum(self) -> int:
        self._catch_up()
        return super().maximum()

    def setValue(self, value: int) -> None:
        self._catch_up()
        super().setValue(value)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            return super().event(event)
        self._catch_up()
        done = super().event(event)
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange):
            # It fills itself, and Fusion believes that it does not: six widgets would be painted below it.
            self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        return done

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            strip = QRectF(event.rect())
            painter.fillRect(strip, self._theme.color("window"))
            self._painted = top, bottom = self._ends()
            if top == bottom:
                return
            handle = QRectF(2, top, BAR_PX - 4, bottom - top)
            color = self._theme.color("faint")
            color.setAlphaF(0.75 if self._is_lit or self.isSliderDown() else 0.35)
            round_px = handle.width() / 2
            painter.fillRect(handle.adjusted(0, round_px, 0, -round_px) & strip, color)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            # Smooth outlines are dear: only the ends are round.
            for end in (handle.top(), handle.bottom() - round_px):
                room = QRectF(handle.left(), end, handle.width(), round_px) & strip
                if not room.isEmpty():
                    painter.setClipRect(room)
                    middle = end + round_px if end == handle.top() else end
                    painter.drawEllipse(QPointF(handle.center().x(), middle), round_px, round_px)

    def show_place(self, value: int, furthest: int, page: int, step: int) -> None:
        """Take over where the page is. On a long page a flush does not move the handle by a pixel."""
        if (value, furthest, page) == self._place:
            return
        self._place, self._step, self._is_behind = (value, furthest, page), step, True
        if QAccessible.isActive():
            self._catch_up()
        ends = self._ends()
        if ends != self._painted:
            self._update_between(self._painted, ends)

    def _catch_up(self) -> None:
        if not self._is_behind:
            return
        value, furthest, page = self._place
        self._is_behind, self._is_quiet = False, True
        # Nobody else has to hear of it: the scroll area would lay out its bars.
        was_blocked = self.blockSignals(True)
        self.setPageStep(page)
        self.setSingleStep(self._step)
        self.setRange(0, furthest)
        super().setValue(value)
        self.blockSignals(was_blocked)
        self._is_quiet = False

    def _update_between(self, old: tuple[int, int], new: tuple[int, int]) -> None:
        """Have painted what looks different: while text comes, that is a little at the upper end."""
        if old == (0, 0) or new == (0, 0):
            self.update()
            return
        for a, b in ((old[0], new[0]), (old[1] - BAR_PX, new[1] - BAR_PX)):
            if a != b:
                self.update(0, min(a, b) - 1, BAR_PX, abs(a - b) + BAR_PX + 2)

    def sliderChange(self, change: QScrollBar.SliderChange) -> None:
        if not self._is_quiet:
            self._place = super().value(), super().maximum(), self.pageStep()
            super().sliderChange(change)

    def _ends(self) -> tuple[int, int]:
        """Where the handle begins and ends; both 0 where there is none."""
        value, furthest, page = self._place
        if furthest <= 0:
            return 0, 0
        room = self.height() - 4
        length = round(max(SHORTEST_PX, room * page / (furthest + page)))
        top = 2 + round((room - length) * value / furthest)
        return max(2, top - top % STEP_PX), top + length

    def enterEvent(self, event: QEnterEvent) -> None:
        self._is_lit = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._is_lit = False
        self.update()
        super().leaveEvent(event)


class NewTextPill(QPushButton):
    """Says that text came below, and leads there.

    Args:
        parent: The page it floats over.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(tr("↓ New text"))
        self.setAccessibleName(tr("Go to the new text at the end"))
        self.setProperty("look", "pill")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def place(self, area: QRectF) -> None:
        """Float at the middle of the lower edge."""
        self.adjustSize()
        x = area.center().x() - self.width() / 2
        self.move(round(x), round(area.bottom() - self.height() - 14))
