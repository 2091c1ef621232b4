"""Carries what is selected to another window, in the forms in which it would be copied."""

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDrag, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.copying.copied import Copied
from desktop_chat.ui.transcript.copying.copying import mime_at_once

WIDEST_PX = 240
LONGEST = 60
"""Characters of the label under the pointer."""


def drag_out(source: QWidget, copied: Copied, theme: Theme) -> Qt.DropAction:
    """Drag it until the person lets go."""
    return drag_labelled(source, mime_at_once(copied), copied.quick()[: 4 * LONGEST], theme)


def drag_labelled(
    source: QWidget, data: QMimeData, label: str, theme: Theme, action: Qt.DropAction = Qt.DropAction.CopyAction
) -> Qt.DropAction:
    """Drag something until the person lets go, with a label under the pointer; what runs goes on meanwhile.

    Qt has no other way than a loop within the loop. It is begun by an event of the mouse, never
    by a task, so every task is woken as always.
    """
    drag = QDrag(source)
    drag.setMimeData(data)
    drag.setPixmap(_label(" ".join(label.split())[:LONGEST], theme, source.devicePixelRatioF()))
    drag.setHotSpot(QPoint(-10, -14))
    return drag.exec(action)


def _label(text: str, theme: Theme, ratio: float) -> QPixmap:
    font = theme.font("small")
    height = theme.px(28)
    drawn = QPixmap(round(theme.px(WIDEST_PX) * ratio), round(height * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    with QPainter(drawn) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        pad = theme.px(10)
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, theme.px(WIDEST_PX) - 2 * pad)
        wide = painter.fontMetrics().horizontalAdvance(words) + 2 * pad
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(QRectF(QPointF(0.5, 0.5), QPointF(wide - 0.5, height - 0.5)), 8, 8)
        painter.setPen(theme.color("text"))
        painter.drawText(
            QRectF(pad, 0, wide, height), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words
        )
    return drawn
