"""What stands beside a list item: a bullet, a number, or the box of a task."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from desktop_chat.markup.leaves import Item
from desktop_chat.ui.transcript.look import Look

_BEFORE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_BEHIND = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def paint_marker(painter: QPainter, item: Item, depth: int, room: QRectF, look: Look, *, is_rtl: bool = False) -> None:
    """Draw the marker of an item.

    Args:
        painter: Draws.
        item: Whose marker.
        depth: How deep its list is nested, from 1.
        room: The indentation beside its first line.
        look: Fonts, colours and measures.
        is_rtl: Whether the text stands on the left of it.
    """
    color = look.color("secondary")
    if item.checked is None and item.marker != "•":
        _paint_number(painter, item.marker, room, look, color, is_rtl=is_rtl)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge, inward = (room.right(), -look.indent) if is_rtl else (room.left(), look.indent)
    middle = room.center().y()
    if item.checked is not None:
        _paint_check(painter, QPointF(edge + inward * 0.3, middle), look, item.checked)
    else:
        _paint_bullet(painter, QPointF(edge + inward * 0.45, middle), depth, look.theme.scale, color)
    painter.restore()


def _paint_number(painter: QPainter, text: str, room: QRectF, look: Look, color: QColor, *, is_rtl: bool) -> None:
    painter.setPen(color)
    painter.setFont(look.text_font)
    spare, wide = 6 * look.theme.scale, 2 * look.indent
    area = room.adjusted(spare, 0, wide, 0) if is_rtl else room.adjusted(-wide, 0, -spare, 0)
    painter.drawText(area, _BEHIND if is_rtl else _BEFORE, text)


def _paint_bullet(painter: QPainter, center: QPointF, depth: int, scale: float, color: QColor) -> None:
    radius = 2.4 * scale
    if depth == 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(center, radius, radius)
    elif depth == 2:
        painter.setPen(QPen(color, 1.1 * scale))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(center, radius, radius)
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        side = round(4 * scale)
        painter.fillRect(QRectF(center.x() - side / 2, center.y() - side / 2, side, side), color)


def _paint_check(painter: QPainter, center: QPointF, look: Look, is_checked: bool) -> None:
    half = 6.5 * look.theme.scale
    square = QRectF(center.x() - half, center.y() - half, 2 * half, 2 * half)
    painter.setPen(QPen(look.color("accent" if is_checked else "faint"), 1.2))
    painter.setBrush(look.color("accent") if is_checked else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(square, 3, 3)
    if is_checked:
        tick = QPainterPath(QPointF(square.left() + half * 0.45, center.y()))
        tick.lineTo(center.x() - half * 0.12, center.y() + half * 0.45)
        tick.lineTo(square.right() - half * 0.4, center.y() - half * 0.45)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.color("on_accent"), 1.6 * look.theme.scale))
        painter.drawPath(tick)
