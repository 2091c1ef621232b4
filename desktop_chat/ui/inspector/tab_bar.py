"""The bar of tabs at the head of the inspector: words, the chosen one underlined."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTabBar, QWidget

from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.tokens import HEADER_PX, RADIUS_PX

BETWEEN_PX = 18
UNDERLINE_PX = 2


class TabBar(QTabBar):
    """A QTabBar in every respect but its looks: arrow keys, focus and roles are Qt's."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFont(theme.font("text"))
        theme.changed.connect(self._on_theme_changed)

    def tabSizeHint(self, index: int) -> QSize:
        wide = QFontMetricsF(self._theme.font("bold")).horizontalAdvance(self.tabText(index))
        return QSize(round(wide) + self._theme.px(BETWEEN_PX), self._high())

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverMove, QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self.update()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme = self._theme
            cursor = self.mapFromGlobal(self.cursor().pos())
            for at in range(self.count()):
                rect = QRectF(self.tabRect(at))
                chosen = at == self.currentIndex()
                font = theme.font("bold" if chosen else "text")
                painter.setFont(font)
                hovered = self.underMouse() and rect.contains(cursor)
                painter.setPen(theme.color("text" if chosen or hovered else "secondary"))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.tabText(at))
                wide = QFontMetricsF(font).horizontalAdvance(self.tabText(at))
                if chosen:
                    thick = max(UNDERLINE_PX, theme.px(UNDERLINE_PX))
                    left = rect.center().x() - wide / 2
                    painter.fillRect(QRectF(left, self.height() - thick, wide, thick), theme.color("accent"))
                if chosen and self.hasFocus():
                    painter.setPen(QPen(theme.color("accent"), 1.5))
                    ring = rect.adjusted(2, 0, -2, 0)
                    high = QFontMetricsF(font).height() + theme.px(8)
                    ring = QRectF(ring.left(), rect.center().y() - high / 2, ring.width(), high)
                    painter.drawRoundedRect(ring, RADIUS_PX / 2, RADIUS_PX / 2)

    def _high(self) -> int:
        return self._theme.px(HEADER_PX) - 1

    def _on_theme_changed(self) -> None:
        self.setFont(self._theme.font("text"))
        self.updateGeometry()
        self.update()
