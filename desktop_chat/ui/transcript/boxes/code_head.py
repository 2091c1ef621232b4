"""The frame of a code block: its ground, the header with its buttons, the foot of a folded one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from desktop_chat.ui.theme.icons import pixmap
from desktop_chat.ui.transcript.boxes.box import CodeDeed, State
from desktop_chat.ui.transcript.look import Look

ICON_PX = 15
LEAST_LABEL_PX = 60
"""Buttons give way to the name of the language, all but the last one."""


@dataclass(frozen=True, slots=True)
class HeadButton:
    """A button of a block."""

    deed: CodeDeed
    label: str
    """Read aloud, and shown beside the pointer."""
    icon: str = ""
    text: str = ""
    """Instead of an icon."""
    longest: str = ""
    """The longest text it may ever have, so that nothing moves when it changes."""


@dataclass(frozen=True, slots=True)
class Painted:
    """What a frame is painted with."""

    language: str
    buttons: Sequence[HeadButton]
    area: QRectF
    """The whole block, where it is painted."""
    shift: float
    """How far the header has moved down to stay in sight."""
    hovered: CodeDeed | None
    focused: CodeDeed | None


def button_rects(
    buttons: Sequence[HeadButton], width: float, height: float, look: Look
) -> Iterator[tuple[HeadButton, QRectF]]:
    """Where the buttons stand in a header of a size, from the right; those without room are left out."""
    metrics = QFontMetricsF(look.small_font)
    right = width - look.step
    for button in reversed(buttons):
        wide = metrics.horizontalAdvance(button.longest) + 4 * look.step if button.text else height
        if right - wide < LEAST_LABEL_PX * look.theme.scale and right < width - look.step:
            return
        yield button, QRectF(right - wide, 0, wide, height)
        right -= wide


def paint_ground(painter: QPainter, area: QRectF, clip: QRectF, look: Look) -> None:
    """Draw the rounded ground of a block."""
    cap = ceil(look.radius) + 1
    line, ground = look.color("line"), look.color("code")
    top, bottom = max(area.top() + cap, clip.top()), min(area.bottom() - cap, clip.bottom() + 1)
    if top < bottom:
        # Smooth outlines are dear: all but the corners is made of plain rectangles.
        painter.fillRect(QRectF(area.left(), top, area.width(), bottom - top), line)
        painter.fillRect(QRectF(area.left() + 1, top, area.width() - 2, bottom - top), ground)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, 1))
    painter.setBrush(ground)
    for end in (area.top(), area.bottom() - cap):
        if end <= clip.bottom() and end + cap >= clip.top():
            painter.setClipRect(QRectF(area.left(), end, area.width(), cap) & clip)
            whole = QRectF(area.left(), end if end == area.top() else end - 2 * cap, area.width(), 3 * cap)
            painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), look.radius, look.radius)
    painter.restore()


def paint_head(painter: QPainter, frame: Painted, look: Look) -> None:
    """Draw the header: the language at the left, the buttons at the right."""
    area = frame.area
    height = look.head_line_px
    head = QRectF(area.left(), area.top() + frame.shift, area.width(), height).adjusted(0.5, 0.5, -0.5, 0)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(head.adjusted(-1, -1, 1, 0), Qt.ClipOperation.IntersectClip)
    path = QPainterPath()
    path.addRoundedRect(head.adjusted(0, 0, 0, look.radius * 2), look.radius, look.radius)
    painter.setPen(QPen(look.color("line"), 1))
    painter.setBrush(look.color("code_head"))
    painter.drawPath(path)
    painter.setFont(look.small_font)
    corner = QPointF(area.left(), area.top() + frame.shift)
    room = area.width() - 3 * look.step
    for button, rect in () if look.theme.is_paper else button_rects(frame.buttons, area.width(), height, look):
        room = min(room, rect.left() - look.step)
        _paint_button(painter, button, rect.translated(corner), frame, look)
    painter.setPen(look.color("secondary"))
    pad = 3 * look.step
    words = painter.fontMetrics().elidedText(frame.language, Qt.TextElideMode.ElideRight, max(0, int(room - pad)))
    painter.drawText(head.adjusted(pad, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
    painter.restore()


def _paint_button(painter: QPainter, button: HeadButton, rect: QRectF, frame: Painted, look: Look) -> None:
    is_lit = button.deed in (frame.hovered, frame.focused)
    color = look.color("text" if is_lit else "secondary")
    if button.text:
        painter.setPen(color)
        room = rect.adjusted(0, 0, -2 * look.step, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, button.text)
    else:
        paint_icon(painter, button.icon, rect.center(), look, "text" if is_lit else "secondary")
    if button.deed is frame.focused:
        paint_ring(painter, rect.adjusted(3, 4, -3, -4), look)


def paint_foot(painter: QPainter, foot: QRectF, words: str, state: State, look: Look, lit: bool) -> None:
    """Draw what stands for the rest of a folded block: how many lines there are.

    Args:
        painter: Draws.
        foot: Its lowest strip.
        words: How many lines there are.
        state: Of the box.
        look: Fonts, colours and measures.
        lit: The pointer or the keyboard is there.
    """
    painter.save()
    painter.setFont(look.small_font)
    color = "text" if lit else "secondary"
    painter.setPen(look.color(color))
    wide = painter.fontMetrics().horizontalAdvance(words)
    icon = ICON_PX * look.theme.scale
    left = foot.center().x() - (wide + icon + look.step) / 2
    middle = foot.center().y() - look.step / 2
    paint_icon(painter, "chevron-down", QPointF(left + icon / 2, middle), look, color)
    text = QRectF(left + icon + look.step, middle - foot.height() / 2, wide + 2, foot.height())
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
    if state.focused is not None and lit:
        paint_ring(painter, QRectF(left - 6, text.top() + 4, wide + icon + look.step + 12, text.height() - 8), look)
    painter.restore()


def paint_ring(painter: QPainter, rect: QRectF, look: Look) -> None:
    """Mark what has the keyboard."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.color("accent"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect, 4, 4)


def paint_icon(painter: QPainter, name: str, center: QPointF, look: Look, color: str, size_px: float = ICON_PX) -> None:
    """Draw an icon in a colour of the theme."""
    edge = round(size_px * look.theme.scale)
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    drawn = pixmap(name, look.color(color), edge, ratio)
    # Not `round`, which goes up here and down there: a part that is painted anew would not fit to the rest.
    painter.drawPixmap(QPointF(floor(center.x() - edge / 2 + 0.5), floor(center.y() - edge / 2 + 0.5)), drawn)
