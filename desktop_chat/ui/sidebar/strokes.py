"""What the delegates of the sidebar share: grounds, dots, chips, lines of text and their direction."""

import unicodedata

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from desktop_chat.ui.theme.apply import Role, Theme

PADDING_PX = 10
DOT_PX = 8
RADIUS_PX = 7

Marks = tuple[tuple[int, int], ...]
"""Begin and length of what is marked in a text."""


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, theme: Theme, *, color: str | None) -> None:
    """Fill the ground of a row, and draw the ring of the one with the keyboard.

    Args:
        painter: Of the list.
        option: Of the row.
        theme: Gives colours.
        color: Token of the ground; `None` for none unless the pointer is over the row.
    """
    rect = look_rect(option.rect)
    if color is None and option.state & QStyle.StateFlag.State_MouseOver:
        color = "code_head"
    if color is not None:
        paint_box(painter, rect, theme.color(color))
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(theme.color("accent"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)


def paint_box(painter: QPainter, rect: QRect, color: QColor) -> None:
    """Fill a rounded rectangle."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, RADIUS_PX, RADIUS_PX)


def paint_chip(painter: QPainter, rect: QRect, theme: Theme) -> None:
    """Draw the outline of a tag."""
    painter.setPen(theme.color("line"))
    painter.setBrush(theme.color("side"))
    radius = rect.height() / 2
    painter.drawRoundedRect(rect.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def paint_dot(painter: QPainter, rect: QRect, color: QColor, *, filled: bool) -> None:
    """Draw the mark of a conversation that answers (filled) or has an unread answer."""
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
    radius = min(rect.width(), rect.height()) / 2 - 1
    painter.drawEllipse(QPointF(rect.center()) + QPointF(0.5, 1), radius, radius)


def paint_dashes(painter: QPainter, rect: QRect, color: QColor) -> None:
    """Draw the mark of a conversation that is never written: a dashed circle."""
    pen = QPen(color, 1.4)
    pen.setDashPattern([1.9, 1.6])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = min(rect.width(), rect.height()) / 2 - 1
    painter.drawEllipse(QPointF(rect.center()) + QPointF(0.5, 1), radius, radius)


def paint_title(painter: QPainter, rect: QRect, title: str, *, from_right: bool | None = None) -> None:
    """Draw one line in the painter's font and pen.

    Args:
        painter: Of the list.
        rect: Where.
        title: What.
        from_right: At which end; `None`: where its script begins.
    """
    right_to_left = is_right_to_left(title)
    side = Qt.AlignmentFlag.AlignLeft
    if right_to_left if from_right is None else from_right:
        side = Qt.AlignmentFlag.AlignRight
    shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, rect.width())
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight)
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(rect, flags, shown)


def paint_line(
    painter: QPainter, at: QPoint, width: int, text: str, theme: Theme, look: tuple[Role, str], marks: Marks = ()
) -> None:
    """Draw one line of text in a font and a colour, its marks in bold."""
    role, color = look
    layout = laid_out_line(text, width, theme, role, marks)
    painter.setPen(theme.color(color))
    layout.draw(painter, at)


def laid_out_line(text: str, width: int, theme: Theme, role: Role, marks: Marks = ()) -> QTextLayout:
    """One line, shortened so that it fits, with its marks in bold."""
    font = theme.font(role)
    formats = [_mark(theme, begin, length) for begin, length in marks]
    room = float(width)
    while True:
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        layout = _begun(shown, font, formats, QTextOption.WrapMode.NoWrap)
        line = layout.createLine()
        line.setLineWidth(width)
        layout.endLayout()
        # Bold words are wider than the elision counts on.
        excess = line.naturalTextWidth() - width
        if excess <= 0 or room <= 1:
            return layout
        room = max(1.0, room - max(1.0, excess))


def laid_out_lines(text: str, width: int, theme: Theme, marks: Marks, *, lines: int) -> QTextLayout:
    """Up to so many lines of small text, the last one shortened so that it fits, with marks in bold."""
    font = theme.font("small")
    formats = [_mark(theme, begin, length) for begin, length in marks]
    layout, end = _wrapped(text, font, width, formats, lines)
    while end < len(text) and end > 1:
        # What the last line holds is cut until the dots have room in it.
        layout, shown = _wrapped(text[:end].rstrip() + "…", font, width, formats, lines)
        if shown > len(text[:end].rstrip()):
            break
        end -= 1
    return layout


def _begun(text: str, font: QFont, formats: list[QTextLayout.FormatRange], wrap: QTextOption.WrapMode) -> QTextLayout:
    """A layout that waits for its lines; the text runs the way it is written in."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(wrap)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout.setTextOption(option)
    layout.setFormats(formats)
    layout.beginLayout()
    return layout


def _wrapped(
    text: str, font: QFont, width: int, formats: list[QTextLayout.FormatRange], lines: int
) -> tuple[QTextLayout, int]:
    layout = _begun(text, font, formats, QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    y, end = 0.0, 0
    for _ in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y))
        y += line.height()
        end = line.textStart() + line.textLength()
    layout.endLayout()
    return layout, end


def fine_font(theme: Theme) -> QFont:
    """Of tags and times: as small as the heads of groups, and not as heavy."""
    font = theme.font("group")
    font.setWeight(QFont.Weight.Normal)
    return font


def look_rect(rect: QRect) -> QRect:
    """What of a row is filled: neighbours do not touch."""
    return rect.adjusted(0, 1, 0, -1)


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is of a script written from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _mark(theme: Theme, begin: int, length: int) -> QTextLayout.FormatRange:
    mark = QTextLayout.FormatRange()
    mark.start, mark.length = begin, length
    look = QTextCharFormat()
    look.setForeground(theme.color("text"))
    look.setBackground(theme.color("accent_weak"))
    look.setFontWeight(theme.font("bold").weight())
    mark.format = look
    return mark
