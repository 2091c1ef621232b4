"""The frame of a code block: its ground, the header with its buttons, the foot of a folded one.

Smooth outlines and the words of a header cost as much as ten lines of code, and while an answer
comes they are painted at every flush: they are drawn once and kept as pictures.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

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
    """What a header is painted with."""

    language: str
    buttons: Callable[[], Sequence[HeadButton]]
    area: QRectF
    """The whole block, where it is painted."""
    shift: float
    """How far the header has moved down to stay in sight."""
    hovered: CodeDeed | None
    focused: CodeDeed | None
    is_like: Hashable
    """Equal for headers of one width that look the same."""


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
    left, right, first, last = area.left(), area.right(), area.top(), area.bottom()
    seen_first, seen_last = clip.top(), clip.bottom()
    top, bottom = max(first + cap, seen_first), min(last - cap, seen_last + 1)
    if top < bottom:
        painter.fillRect(QRectF(left + 1, top, right - left - 2, bottom - top), ground)
        painter.fillRect(QRectF(left, top, 1, bottom - top), line)
        painter.fillRect(QRectF(right - 1, top, 1, bottom - top), line)
    ends = [end for end in (first, last - cap) if end <= seen_last and end + cap >= seen_first]
    corners = _corners(look, ratio, cap, "code") if ends and (ratio := _whole_ratio(painter, area, look)) else ()
    for end in ends:
        index = 0 if end == first else 1
        if not corners:
            _paint_cap(painter, area, end, cap, clip, look)
            continue
        edge = end if index == 0 else end + cap - 1
        painter.fillRect(QRectF(left + cap, end, right - left - 2 * cap, cap), ground)
        painter.fillRect(QRectF(left + cap, edge, right - left - 2 * cap, 1), line)
        painter.drawPixmap(QPointF(left, end), corners[2 * index])
        painter.drawPixmap(QPointF(right - cap, end), corners[2 * index + 1])


def _paint_cap(painter: QPainter, area: QRectF, end: float, cap: int, clip: QRectF, look: Look) -> None:
    """Draw the upper or lower end of a ground."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.color("line"), 1))
    painter.setBrush(look.color("code"))
    painter.setClipRect(QRectF(area.left(), end, area.width(), cap) & clip)
    whole = QRectF(area.left(), end if end == area.top() else end - 2 * cap, area.width(), 3 * cap)
    painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), look.radius, look.radius)
    painter.restore()


def _corners(look: Look, ratio: float, cap: int, fill: str) -> Sequence[QPixmap]:
    """The four corners of an outline, from the upper left one on."""

    def draw(painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("line"), 1))
        painter.setBrush(look.color(fill))
        painter.drawRoundedRect(QRectF(0.5, 0.5, 2 * cap - 1, 2 * cap - 1), look.radius, look.radius)

    def make() -> Sequence[QPixmap]:
        whole, edge = _picture(2 * cap, 2 * cap, ratio, Qt.GlobalColor.transparent, draw), round(cap * ratio)
        return [whole.copy(QRect(x, y, edge, edge)) for y in (0, edge) for x in (0, edge)]

    return look.kept((_corners, ratio, fill), make)


def _picture(
    width: float, height: float, ratio: float, ground: QColor | Qt.GlobalColor, draw: Callable[[QPainter], None]
) -> QPixmap:
    made = QPixmap(round(width * ratio), round(height * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(ground)
    with QPainter(made) as painter:
        draw(painter)
    return made


def _whole_ratio(painter: QPainter, area: QRectF, look: Look) -> float:
    """Device pixels for a pixel if an area is made of whole ones; 0 if it has to be drawn as it is."""
    device = painter.device()
    if device is None or look.theme.is_paper:
        return 0.0
    ratio = device.devicePixelRatioF()
    for edge in (ratio, area.left(), area.top(), area.width(), area.height()):
        if edge % 1:
            return 0.0
    return ratio


def paint_head(painter: QPainter, frame: Painted, look: Look) -> None:
    """Draw the header: the language at the left, the buttons at the right."""
    area, height, cap = frame.area, look.head_line_px, ceil(look.radius) + 1
    corner = QPointF(area.left(), area.top() + frame.shift)
    ratio = _whole_ratio(painter, area, look)
    width = area.width()
    if not ratio or frame.shift % 1 or width <= 2 * cap or height <= cap:
        _draw_head(painter, frame, corner, look)
        return

    def make() -> Sequence[QPixmap]:
        def draw(inner: QPainter) -> None:
            _draw_head(inner, frame, QPointF(0, 0), look)

        # Letters look best on what is opaque, and only the ends are round.
        clear = _picture(width, height, ratio, Qt.GlobalColor.transparent, draw)
        solid = _picture(width, height, ratio, look.color("code_head"), draw)
        edge, tall = round(cap * ratio), round(height * ratio)
        wide = solid.width() - 2 * edge
        rooms = ((clear, 0, edge), (solid, edge, wide), (clear, edge + wide, edge))
        return [whole.copy(QRect(x, 0, part, tall)) for whole, x, part in rooms]

    pieces = look.kept((paint_head, ratio, width, frame.is_like), make)
    for x, piece in zip((0.0, cap, width - cap), pieces, strict=True):
        painter.drawPixmap(QPointF(corner.x() + x, corner.y()), piece)


def _draw_head(painter: QPainter, frame: Painted, corner: QPointF, look: Look) -> None:
    width, height = frame.area.width(), look.head_line_px
    head = QRectF(corner.x(), corner.y(), width, height).adjusted(0.5, 0.5, -0.5, 0)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(head.adjusted(-1, -1, 1, 0), Qt.ClipOperation.IntersectClip)
    path = QPainterPath()
    path.addRoundedRect(head.adjusted(0, 0, 0, look.radius * 2), look.radius, look.radius)
    painter.setPen(QPen(look.color("line"), 1))
    painter.setBrush(look.color("code_head"))
    painter.drawPath(path)
    painter.setFont(look.small_font)
    room = width - 3 * look.step
    for button, rect in () if look.theme.is_paper else button_rects(frame.buttons(), width, height, look):
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
