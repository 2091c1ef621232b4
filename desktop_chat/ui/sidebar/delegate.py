"""Paints the rows of the list: conversations, folders and the heads of groups."""

from collections.abc import Iterator
from dataclasses import dataclass

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
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_chat.core.ports import Folder, Row
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.sidebar.model import COLLAPSED_ROLE, DEPTH_ROLE, FOLDER_ROLE, ROW_ROLE, SHOWN_ROLE, TALLY_ROLE
from desktop_chat.ui.sidebar.strokes import (
    DOT_PX,
    PADDING_PX,
    RADIUS_PX,
    fine_font,
    is_right_to_left,
    look_rect,
    paint_chip,
    paint_dashes,
    paint_dot,
    paint_ground,
    paint_line,
    paint_title,
)
from desktop_chat.ui.sidebar.tallies import Tally
from desktop_chat.ui.sidebar.words import trash_words
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import pixmap

Index = QModelIndex | QPersistentModelIndex

ROW_PX = 34
TALL_PX = 50
INDENT_PX = 14
ICON_PX = 16
CHEVRON_PX = 12
GAP_PX = 6
TAGS_SHARE = 0.45
"""At most this much of a row goes to its tags."""
SHORTEST_TAG_PX, LONGEST_TAG_PX = 40, 84


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of a conversation's row are, for painting and for pressing."""

    mark: QRect | None
    """Of the dot or the dashed circle."""
    title: QRect
    tags: tuple[tuple[str, QRect], ...]
    more: QRect | None
    """Of the number of tags there was no room for."""
    pin: QRect | None


class RowDelegate(QStyledItemDelegate):
    """Draws what stands in the list; lets a title be edited in its place.

    Attributes:
        is_choosing: Several rows are selected, so what is selected is marked more than what is shown.
    """

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.is_choosing = False
        self._theme = theme

    def row_px(self, *, tall: bool = False) -> int:
        """Height of every row and head, with or without a second line."""
        text, small = (QFontMetrics(self._theme.font(role)).height() for role in ("text", "small"))
        if tall:
            return max(self._theme.px(TALL_PX), text + small + 2 * RADIUS_PX)
        return max(self._theme.px(ROW_PX), text + 2 * RADIUS_PX)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self.row_px())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row, folder = index.data(ROW_ROLE), index.data(FOLDER_ROLE)
        if isinstance(row, Row):
            self._paint_ground(painter, option, is_shown=bool(index.data(SHOWN_ROLE)))
            if row.trashed_at is None:
                self._paint_row(painter, option, row, index)
            else:
                self._paint_trashed(painter, option, row, str(index.data()))
        elif isinstance(folder, Folder):
            self._paint_ground(painter, option, is_shown=bool(index.data(SHOWN_ROLE)))
            self._paint_folder(painter, option, folder, index)
        else:
            self._paint_head(painter, option, str(index.data()))
        painter.restore()

    def tag_at(self, where: QPoint, rect: QRect, index: Index) -> str | None:
        """The tag that is painted at a place of a row."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, Row) or not row.tags or row.trashed_at is not None:
            return None
        parts = self._parts(rect, row, int(index.data(DEPTH_ROLE)))
        return next((tag for tag, at in parts.tags if at.contains(where)), None)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("look", "rename")
        editor.setFont(self._theme.font("text"))
        is_folder = isinstance(index.data(FOLDER_ROLE), Folder)
        editor.setAccessibleName(self.tr("Name of the folder") if is_folder else self.tr("Title of the conversation"))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            model.setData(model.index(index.row(), 0), editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        indent = self._theme.px(INDENT_PX) * int(index.data(DEPTH_ROLE))
        editor.setGeometry(self._mirrored(look_rect(option.rect).adjusted(indent, 0, 0, 0), option.rect))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        # Esc ends the editing here; without this a window-wide Esc (Stop) would take it first.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().eventFilter(editor, event)

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, *, is_shown: bool) -> None:
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        strong = is_selected if self.is_choosing else is_shown
        weak = is_shown if self.is_choosing else is_selected
        color = "accent_weak" if strong else "code_head" if weak else None
        paint_ground(painter, option, self._theme, color=color)

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: Row, index: Index) -> None:
        theme = self._theme
        parts = self._parts(option.rect, row, int(index.data(DEPTH_ROLE)))
        if parts.mark is not None:
            if row.is_running or row.is_unread:
                paint_dot(painter, parts.mark, theme.color("accent"), filled=row.is_running)
            else:
                paint_dashes(painter, parts.mark, theme.color("secondary"))
        painter.setFont(theme.font("bold" if row.is_unread else "text"))
        painter.setPen(theme.color("text"))
        paint_title(painter, parts.title, str(index.data()))
        painter.setFont(fine_font(self._theme))
        for tag, rect in parts.tags:
            paint_chip(painter, rect, theme)
            painter.setPen(theme.color("secondary"))
            inside = rect.adjusted(GAP_PX, 0, -GAP_PX, 0)
            shown = painter.fontMetrics().elidedText(tag, Qt.TextElideMode.ElideRight, inside.width() + 1)
            painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, shown)
        if parts.more is not None:
            painter.setPen(theme.color("faint"))
            painter.drawText(parts.more, Qt.AlignmentFlag.AlignCenter, f"+{len(row.tags) - len(parts.tags)}")
        if parts.pin is not None:
            self._paint_icon(painter, parts.pin, "pin", "faint")

    def _paint_trashed(self, painter: QPainter, option: QStyleOptionViewItem, row: Row, title: str) -> None:
        theme, padding = self._theme, self._theme.px(PADDING_PX)
        rect = look_rect(option.rect).adjusted(padding, 0, -padding, 0)
        text, small = (QFontMetrics(theme.font(role)).height() for role in ("text", "small"))
        top = rect.top() + (rect.height() - text - small - 2) // 2
        paint_line(painter, QPoint(rect.left(), top), rect.width(), title, theme, ("text", "text"))
        below = QPoint(rect.left(), top + text + 2)
        paint_line(painter, below, rect.width(), trash_words(row), theme, ("small", "secondary"))

    def _paint_folder(self, painter: QPainter, option: QStyleOptionViewItem, folder: Folder, index: Index) -> None:
        theme, px = self._theme, self._theme.px
        tally = index.data(TALLY_ROLE)
        assert isinstance(tally, Tally)
        is_collapsed = bool(index.data(COLLAPSED_ROLE))
        whole = look_rect(option.rect)
        rect = whole.adjusted(px(4) + px(INDENT_PX) * int(index.data(DEPTH_ROLE)), 0, -px(PADDING_PX), 0)
        chevron, rect = self._cut(rect, px(CHEVRON_PX), px(2))
        right_to_left = self._is_mirrored()
        closed = "chevron-left" if right_to_left else "chevron-right"
        self._paint_icon(painter, self._mirrored(chevron, whole), closed if is_collapsed else "chevron-down", "faint")
        icon, rect = self._cut(rect, px(ICON_PX), px(GAP_PX))
        self._paint_icon(painter, self._mirrored(icon, whole), "folder", "secondary")
        painter.setFont(theme.font("small"))
        if tally.conversations:
            count = count_text(tally.conversations)
            width = painter.fontMetrics().horizontalAdvance(count)
            at = QRect(rect.right() - width + 1, rect.top(), width, rect.height())
            rect.setRight(at.left() - px(GAP_PX))
            painter.setPen(theme.color("faint"))
            painter.drawText(self._mirrored(at, whole), Qt.AlignmentFlag.AlignCenter, count)
        has_news = is_collapsed and bool(tally.running or tally.unread)
        if has_news:
            dot = QRect(rect.right() - px(DOT_PX) + 1, rect.top(), px(DOT_PX), rect.height())
            rect.setRight(dot.left() - px(GAP_PX))
            paint_dot(painter, self._mirrored(dot, whole), theme.color("accent"), filled=bool(tally.running))
        painter.setFont(theme.font("bold" if has_news and tally.unread else "text"))
        painter.setPen(theme.color("text"))
        paint_title(painter, self._mirrored(rect, whole), folder.name, from_right=self._is_mirrored())

    def _paint_head(self, painter: QPainter, option: QStyleOptionViewItem, title: str) -> None:
        padding = self._theme.px(PADDING_PX)
        rect = look_rect(option.rect).adjusted(padding, 0, -padding, -self._theme.px(5))
        painter.setFont(self._theme.font("group"))
        painter.setPen(self._theme.color("faint"))
        painter.setLayoutDirection(option.direction)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, title)

    def _paint_icon(self, painter: QPainter, rect: QRect, name: str, color: str) -> None:
        device = painter.device()
        edge = min(rect.width(), rect.height())
        drawn = pixmap(name, self._theme.color(color), edge, device.devicePixelRatio() if device else 1.0)
        painter.drawPixmap(rect.left(), rect.center().y() - edge // 2, drawn)

    def _parts(self, rect: QRect, row: Row, depth: int) -> Parts:
        px = self._theme.px
        whole = look_rect(rect)
        padding, dot = px(PADDING_PX), px(DOT_PX)
        line = whole.adjusted(padding + (px(INDENT_PX) * depth + px(4) if depth else 0), 0, -padding, 0)
        pin: QRect | None = None
        if row.pinned and depth:
            pin = QRect(line.right() - px(CHEVRON_PX) + 1, line.top(), px(CHEVRON_PX), line.height())
            line.setRight(pin.left() - px(GAP_PX))
        tags, more = self._place_tags(line, row.tags)
        if tags or more:
            line.setRight(min(at.left() for at in (*(at for _, at in tags), *([more] if more else []))) - px(GAP_PX))
        mark: QRect | None = None
        if row.is_running or row.is_unread or row.is_temporary:
            wide = dot if row.is_running or row.is_unread else dot + 3
            # The mark stands where the title begins.
            if is_right_to_left(row.title) != self._is_mirrored():
                mark = QRect(line.right() - wide + 1, line.top(), wide, line.height())
                line.setRight(mark.left() - px(GAP_PX))
            else:
                mark, line = self._cut(line, wide, px(GAP_PX))
        return Parts(
            mark=None if mark is None else self._mirrored(mark, whole),
            title=self._mirrored(line, whole),
            tags=tuple((tag, self._mirrored(at, whole)) for tag, at in tags),
            more=None if more is None else self._mirrored(more, whole),
            pin=None if pin is None else self._mirrored(pin, whole),
        )

    def _place_tags(self, line: QRect, tags: tuple[str, ...]) -> tuple[list[tuple[str, QRect]], QRect | None]:
        if not tags:
            return [], None
        metrics = QFontMetrics(fine_font(self._theme))
        height = metrics.height() + 2
        top = line.center().y() - height // 2 + 1
        room = int(line.width() * TAGS_SHARE)
        widths: list[int] = []
        for wanted in self._tag_widths(metrics, tags):
            # The number of the others needs some room as well.
            left_over = room - sum(widths) - (0 if len(widths) + 1 == len(tags) else metrics.averageCharWidth() * 3)
            if wanted > left_over and (widths or left_over < self._theme.px(SHORTEST_TAG_PX)):
                break
            widths.append(min(wanted, left_over))
            if wanted > left_over:
                break
        left = line.right() + 1
        more: QRect | None = None
        if len(widths) < len(tags):
            wide = metrics.horizontalAdvance(f"+{len(tags) - len(widths)}")
            left -= wide
            more = QRect(left, top, wide, height)
            left -= 4
        placed: list[tuple[str, QRect]] = []
        for tag, wide in reversed(list(zip(tags, widths, strict=False))):
            left -= wide
            placed.insert(0, (tag, QRect(left, top, wide - 4, height)))
        return placed, more

    def _tag_widths(self, metrics: QFontMetrics, tags: tuple[str, ...]) -> Iterator[int]:
        longest = self._theme.px(LONGEST_TAG_PX)
        for tag in tags:
            yield min(longest, metrics.horizontalAdvance(tag) + 2 * GAP_PX + 1) + 4

    def _is_mirrored(self) -> bool:
        parent = self.parent()
        return isinstance(parent, QWidget) and parent.isRightToLeft()

    def _mirrored(self, rect: QRect, whole: QRect) -> QRect:
        if not self._is_mirrored():
            return rect
        return QStyle.visualRect(Qt.LayoutDirection.RightToLeft, whole, rect)

    def _cut(self, rect: QRect, width: int, gap: int) -> tuple[QRect, QRect]:
        taken = QRect(rect.left(), rect.top(), width, rect.height())
        return taken, rect.adjusted(width + gap, 0, 0, 0)
