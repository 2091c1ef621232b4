"""Paints the rows of the sidebar: conversations, heads of groups, and what a search found."""

import unicodedata

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_chat.core.ports import Row
from desktop_chat.ui.sidebar.hits import SNIPPET_ROLE, Snippet
from desktop_chat.ui.sidebar.model import ROW_ROLE, SHOWN_ROLE
from desktop_chat.ui.theme.apply import Theme

Index = QModelIndex | QPersistentModelIndex

ROW_PX = 34
HIT_PX = 54
PADDING_PX = 10
DOT_PX = 8
RADIUS_PX = 7


class RowDelegate(QStyledItemDelegate):
    """Draws a conversation or the head of a group; lets a title be edited in its place."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def row_px(self) -> int:
        """Height of every row and head."""
        return max(self._theme.px(ROW_PX), QFontMetrics(self._theme.font("text")).height() + 2 * RADIUS_PX)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.row_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Row):
            _ground(painter, option, self._theme, is_shown=bool(index.data(SHOWN_ROLE)))
            self._paint_row(painter, _look_rect(option), row, str(index.data()))
        else:
            self._paint_head(painter, option, str(index.data()))
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("look", "rename")
        editor.setFont(self._theme.font("text"))
        editor.setAccessibleName(self.tr("Title of the conversation"))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(model.index(index.row(), 0), editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(_look_rect(option))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        # Esc ends the editing here; without this a window-wide Esc (Stop) would take it first.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().eventFilter(editor, event)

    def _paint_row(self, painter: QPainter, rect: QRect, row: Row, title: str) -> None:
        theme = self._theme
        padding, dot = theme.px(PADDING_PX), theme.px(DOT_PX)
        rect = rect.adjusted(padding, 0, -padding, 0)
        right_to_left = is_right_to_left(title)
        painter.setFont(theme.font("bold" if row.is_unread else "text"))
        if row.is_running or row.is_unread:
            center = rect.right() - dot // 2 if right_to_left else rect.left() + dot // 2
            _dot(painter, QPoint(center, rect.center().y() + 1), dot, theme.color("accent"), filled=row.is_running)
            shift = dot + theme.px(6)
            rect = rect.adjusted(0, 0, -shift, 0) if right_to_left else rect.adjusted(shift, 0, 0, 0)
        painter.setPen(theme.color("text"))
        side = Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, rect.width())
        painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight)
        painter.drawText(
            rect,
            side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            shown,
        )

    def _paint_head(self, painter: QPainter, option: QStyleOptionViewItem, title: str) -> None:
        padding = self._theme.px(PADDING_PX)
        rect = _look_rect(option).adjusted(padding, 0, -padding, -self._theme.px(5))
        painter.setFont(self._theme.font("group"))
        painter.setPen(self._theme.color("faint"))
        painter.setLayoutDirection(option.direction)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, title)


class HitDelegate(QStyledItemDelegate):
    """Draws what a search found: the title, and below it the line with the match marked."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def row_px(self) -> int:
        """Height of every row."""
        text, small = (QFontMetrics(self._theme.font(role)).height() for role in ("text", "small"))
        return max(self._theme.px(HIT_PX), text + small + 2 * RADIUS_PX)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.row_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        snippet, theme = index.data(SNIPPET_ROLE), self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _ground(painter, option, theme, is_shown=False)
        padding = theme.px(PADDING_PX)
        rect = _look_rect(option).adjusted(padding, 0, -padding, 0)
        text, small = (QFontMetrics(theme.font(role)) for role in ("text", "small"))
        top = rect.top() + (rect.height() - text.height() - small.height() - 2) // 2
        title = text.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, rect.width())
        _line(painter, QRect(rect.left(), top, rect.width(), text.height()), title, theme, "text", "text")
        if isinstance(snippet, Snippet):
            below = QRect(rect.left(), top + text.height() + 2, rect.width(), small.height())
            painter.setClipRect(below)
            _line(painter, below, snippet.text, theme, "small", "secondary", snippet.marks)
        painter.restore()


def _line(
    painter: QPainter,
    rect: QRect,
    text: str,
    theme: Theme,
    role: str,
    color: str,
    marks: tuple[tuple[int, int], ...] = (),
) -> None:
    layout = laid_out_line(text, rect.width(), theme, role, marks)
    painter.setPen(theme.color(color))
    layout.draw(painter, rect.topLeft())


def laid_out_line(
    text: str, width: int, theme: Theme, role: str, marks: tuple[tuple[int, int], ...] = ()
) -> QTextLayout:
    """One line, shortened so that it fits, with its marks in bold."""
    font = theme.font("small" if role == "small" else "text")
    formats = []
    for begin, length in marks:
        mark = QTextLayout.FormatRange()
        mark.start, mark.length = begin, length
        look = QTextCharFormat()
        look.setForeground(theme.color("text"))
        look.setBackground(theme.color("accent_weak"))
        look.setFontWeight(theme.font("bold").weight())
        mark.format = look
        formats.append(mark)
    room = float(width)
    while True:
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room))
        layout = QTextLayout(shown, font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        layout.setTextOption(option)
        layout.setFormats(formats)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(width)
        layout.endLayout()
        # Bold words are wider than the elision counts on.
        excess = line.naturalTextWidth() - width
        if excess <= 0 or room <= 1:
            return layout
        room = max(1.0, room - max(1.0, excess))


def _ground(painter: QPainter, option: QStyleOptionViewItem, theme: Theme, *, is_shown: bool) -> None:
    rect = _look_rect(option)
    state = option.state
    is_current = bool(state & QStyle.StateFlag.State_HasFocus)
    if is_shown:
        _box(painter, rect, theme.color("accent_weak"))
    elif state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
        _box(painter, rect, theme.color("code_head"))
    if is_current:
        painter.setPen(theme.color("accent"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)


def _box(painter: QPainter, rect: QRect, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, RADIUS_PX, RADIUS_PX)


def _dot(painter: QPainter, center: QPoint, size: int, color: QColor, *, filled: bool) -> None:
    painter.setPen(color)
    painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(center, size // 2 - (0 if filled else 1), size // 2 - (0 if filled else 1))


def _look_rect(option: QStyleOptionViewItem) -> QRect:
    rect: QRect = option.rect
    return rect.adjusted(0, 1, 0, -1)


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is of a script written from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
