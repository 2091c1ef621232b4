"""Paints what a search found: a conversation in one line; a place with who, when and the words around it."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_chat.ui.dates import moment_text
from desktop_chat.ui.sidebar.hits import FOUND_ROLE, HIT_ROLE, SNIPPET_ROLE, Found, Snippet
from desktop_chat.ui.sidebar.strokes import (
    PADDING_PX,
    fine_font,
    laid_out_lines,
    look_rect,
    paint_ground,
    paint_line,
    paint_title,
)
from desktop_chat.ui.theme.apply import Theme

Index = QModelIndex | QPersistentModelIndex

HEAD_PX = 34
LINE_GAP_PX = 1
INSET_PX = 6


class HitDelegate(QStyledItemDelegate):
    """Draws the rows of a `HitsModel`."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def head_px(self) -> int:
        """Height of a conversation's row."""
        return max(self._theme.px(HEAD_PX), QFontMetrics(self._theme.font("text")).height() + 10)

    @property
    def row_px(self) -> int:
        """Height of a place's row: a small line above two lines of text."""
        group, small = (QFontMetrics(self._theme.font(role)).height() for role in ("group", "small"))
        return group + 2 * small + 2 * LINE_GAP_PX + 2 * INSET_PX

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        is_place = index.data(HIT_ROLE) is not None
        return QSize(0, self.row_px if is_place else self.head_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        found = index.data(FOUND_ROLE)
        if isinstance(found, Found):
            paint_ground(painter, option, self._theme, color="code_head" if is_selected else None)
            self._paint_found(painter, option, found, index)
        elif index.data(HIT_ROLE) is not None:
            paint_ground(painter, option, self._theme, color="accent_weak" if is_selected else None)
            self._paint_place(painter, option, index)
        else:
            self._paint_note(painter, option, str(index.data()))
        painter.restore()

    def _paint_found(self, painter: QPainter, option: QStyleOptionViewItem, found: Found, index: Index) -> None:
        theme, padding = self._theme, self._theme.px(PADDING_PX)
        rect = look_rect(option.rect).adjusted(padding, 0, -padding, 0)
        when = moment_text(found.at)
        painter.setFont(fine_font(theme))
        width = painter.fontMetrics().horizontalAdvance(when)
        painter.setPen(theme.color("faint"))
        at = QStyle.visualRect(
            option.direction, rect, QRect(rect.right() - width + 1, rect.top(), width, rect.height())
        )
        painter.drawText(at, Qt.AlignmentFlag.AlignCenter, when)
        room = QStyle.visualRect(option.direction, rect, rect.adjusted(0, 0, -width - padding, 0))
        snippet = index.data(SNIPPET_ROLE)
        if isinstance(snippet, Snippet) and snippet.marks:
            text_px = QFontMetrics(theme.font("bold")).height()
            top = QPoint(room.left(), room.top() + (room.height() - text_px) // 2)
            paint_line(painter, top, room.width(), snippet.text, theme, ("bold", "text"), snippet.marks)
            return
        painter.setFont(theme.font("bold"))
        painter.setPen(theme.color("text"))
        paint_title(painter, room, str(index.data()))

    def _paint_place(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, padding = self._theme, self._theme.px(PADDING_PX)
        whole = look_rect(option.rect)
        rect = QStyle.visualRect(option.direction, whole, whole.adjusted(padding + theme.px(6), 0, -padding, 0))
        group, small = (QFontMetrics(theme.font(role)).height() for role in ("group", "small"))
        y = whole.top() + (whole.height() - group - 2 * small - 2 * LINE_GAP_PX) // 2
        painter.setClipRect(rect)
        painter.setFont(fine_font(theme))
        painter.setPen(theme.color("faint"))
        painter.setLayoutDirection(option.direction)
        painter.drawText(QRect(rect.left(), y, rect.width(), group), Qt.AlignmentFlag.AlignLeft, str(index.data()))
        snippet = index.data(SNIPPET_ROLE)
        if isinstance(snippet, Snippet):
            y += group + LINE_GAP_PX
            layout = laid_out_lines(snippet.text, rect.width(), theme, snippet.marks, lines=2)
            painter.setPen(theme.color("secondary"))
            layout.draw(painter, QPoint(rect.left(), y).toPointF())

    def _paint_note(self, painter: QPainter, option: QStyleOptionViewItem, note: str) -> None:
        padding = self._theme.px(PADDING_PX)
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("faint"))
        rect = option.rect.adjusted(padding, 0, -padding, 0)
        shown = painter.fontMetrics().elidedText(note, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
