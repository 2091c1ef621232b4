"""The list of a branch map: a model that folds and unfolds, and how a row is painted."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_chat.domain.blocks import Refusal, Text, ToolCall
from desktop_chat.domain.conversation import title_from
from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.ui.dates import moment_text
from desktop_chat.ui.inspector.branch_rows import Kind, MapRow
from desktop_chat.ui.inspector.units import tr
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.tokens import RADIUS_PX

RowRole = int(Qt.ItemDataRole.UserRole) + 1
LANE_PX, DOT_PX, PAD_PX = 14, 4.0, 6
LANES_SHARE = 0.4
"""Of the width, at most."""
READ_CHARACTERS = 400
"""Of a message: its first words are among them."""

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
MessageOf = Callable[[MessageId], Message | None]


class MapModel(QAbstractListModel):
    """Rows of the map; words are looked up when a row is seen."""

    def __init__(self, message_of: MessageOf, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._message_of = message_of
        self._rows: list[MapRow] = []
        self._places: dict[tuple[Kind, MessageId | None], int] = {}

    def show_rows(self, rows: list[MapRow]) -> None:
        """Exchange the rows; whoever stands on one that stays the same stays on it."""
        self.layoutAboutToBeChanged.emit()
        before = self._rows
        self._rows = rows
        self._places = {(row.kind, row.id): place for place, row in enumerate(rows)}
        old = self.persistentIndexList()
        self.changePersistentIndexList(old, [self._same(before, index) for index in old])
        self.layoutChanged.emit()

    def row_at(self, index: Index) -> MapRow | None:
        """The row of an index."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def index_of(self, message_id: MessageId | None) -> QModelIndex:
        """Where a message stands, if it is not folded away."""
        place = self._places.get((Kind.MESSAGE, message_id))
        return QModelIndex() if place is None else self.index(place)

    def run_at(self, index: Index) -> MessageId | None:
        """The run that a row is, or is in."""
        row = self.row_at(index)
        return row.run if row is not None else None

    def run_of(self, run: MessageId) -> QModelIndex:
        """The line that stands for a run."""
        places = (place for place, row in enumerate(self._rows) if row.kind is Kind.RUN and row.run == run)
        return self.index(next(places, -1))

    def is_own(self, row: MapRow) -> bool:
        """True for a message of the person."""
        message = self._message_of(row.id) if row.id is not None else None
        return message is not None and message.role is Role.USER

    def touch(self, message_id: MessageId) -> None:
        """The words of a message are others now."""
        index = self.index_of(message_id)
        if index.isValid():
            self.dataChanged.emit(index, index)

    @property
    def most_lanes(self) -> int:
        """How many lanes there are."""
        return max((row.lane for row in self._rows), default=0) + 1

    def words_of(self, row: MapRow) -> tuple[str, str]:
        """The line of a row, and the small one below it."""
        if row.kind is Kind.START:
            return tr("Beginning"), ""
        if row.kind is Kind.RUN:
            words = tr("1 message") if row.count == 1 else tr("{n} messages")
            return f"{'▾' if row.is_open else '▸'} {words.format(n=count_text(row.count))}", ""
        message = self._message_of(row.id) if row.id is not None else None
        if message is None:
            return "", ""
        return first_words(message), " · ".join(filter(None, (who(message), moment_text(message.created_at))))

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == RowRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return "\n".join(filter(None, self.words_of(row)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words, below = self.words_of(row)
            place = tr("shown") if row.is_shown else tr("other branch, level {n}").format(n=row.lane + 1)
            return ", ".join(filter(None, (words.lstrip("▸▾ "), below, place)))
        return None

    def _same(self, before: list[MapRow], index: Index) -> QModelIndex:
        row = before[index.row()] if index.row() < len(before) else None
        place = self._places.get((row.kind, row.id)) if row is not None else None
        return QModelIndex() if place is None else self.index(place)


class MapDelegate(QStyledItemDelegate):
    """A row: the lines of the lanes, a dot, the first words, and who wrote them when."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self.lanes = 1
        """Of the whole map."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        theme = self._theme
        lines = QFontMetricsF(theme.font("text")).height() + QFontMetricsF(theme.font("small")).height()
        return QSize(100, round(lines) + theme.px(2 * PAD_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: MapRow = index.data(RowRole)
        model = index.model()
        assert isinstance(model, MapModel)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        left = rect.left() + self._theme.px(12)
        step = min(self._theme.px(LANE_PX), rect.width() * LANES_SHARE / max(1, self.lanes))
        own = left + (row.lane + 0.5) * step
        text_left = own + self._theme.px(DOT_PX + 8)
        self._paint_ground(painter, option, QRectF(text_left - 4, rect.top() + 1, rect.right() - text_left - 4, 0))
        self._paint_lines(painter, row, rect, left, step)
        self._paint_dot(painter, row, QPointF(own, rect.center().y()), model)
        words = QRectF(text_left + 2, rect.top(), rect.right() - text_left - self._theme.px(10), rect.height())
        self._paint_words(painter, row, words, model)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, box: QRectF) -> None:
        box.setHeight(option.rect.height() - 2)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            focused = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(self._theme.color("accent"), 1) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent_weak"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("code_head"))
        else:
            return
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)

    def _paint_lines(self, painter: QPainter, row: MapRow, rect: QRectF, left: float, step: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle = rect.center().y()
        for place, lane in enumerate(row.lanes):
            x = left + (place + 0.5) * step
            for is_on, top, bottom in ((lane.upper, rect.top(), middle), (lane.lower, middle, rect.bottom())):
                painter.setPen(self._pen(is_on))
                painter.drawLine(QPointF(x, top), QPointF(x, bottom))
        own = left + (row.lane + 0.5) * step
        if row.is_branch:
            # From the lane to the left, in a quarter of a circle.
            path = QPainterPath(QPointF(own - step, middle - step))
            path.quadTo(QPointF(own - step, middle), QPointF(own, middle))
            painter.setPen(self._pen(row.is_shown))
            painter.drawPath(path)
        elif not row.is_first:
            painter.setPen(self._pen(row.is_shown))
            painter.drawLine(QPointF(own, rect.top()), QPointF(own, middle))
        if not row.is_last:
            painter.setPen(self._pen(row.goes_on_shown))
            painter.drawLine(QPointF(own, middle), QPointF(own, rect.bottom()))

    def _pen(self, is_shown: bool) -> QPen:
        color = self._theme.color("accent" if is_shown else "faint")
        if not is_shown:
            color.setAlphaF(0.55)
        # Flat ends: where two rows meet, nothing lies twice.
        return QPen(color, 2 if is_shown else 1.3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)

    def _paint_dot(self, painter: QPainter, row: MapRow, center: QPointF, model: MapModel) -> None:
        color = self._theme.color("accent" if row.is_shown else "faint")
        edge = self._theme.px(DOT_PX) if row.kind is Kind.MESSAGE else self._theme.px(DOT_PX - 1.5)
        is_own = row.kind is Kind.MESSAGE and model.is_own(row)
        painter.setPen(QPen(color, 1.6))
        # The person's messages are rings, those of models discs.
        painter.setBrush(self._theme.color("side") if is_own else color)
        painter.drawEllipse(center, edge, edge)

    def _paint_words(self, painter: QPainter, row: MapRow, box: QRectF, model: MapModel) -> None:
        theme = self._theme
        first, second = model.words_of(row)
        text, small = QFontMetricsF(theme.font("text")), QFontMetricsF(theme.font("small"))
        top = box.top() + (box.height() - text.height() - (small.height() if second else 0)) / 2
        is_quiet = row.kind is not Kind.MESSAGE or not row.is_shown
        painter.setFont(theme.font("text"))
        painter.setPen(theme.color("secondary" if is_quiet else "text"))
        line = QRectF(box.left(), top, box.width(), text.height())
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(line, middle, text.elidedText(first, Qt.TextElideMode.ElideRight, box.width()))
        if second:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("faint"))
            below = QRectF(box.left(), line.bottom(), box.width(), small.height())
            painter.drawText(below, middle, small.elidedText(second, Qt.TextElideMode.ElideMiddle, box.width()))


def first_words(message: Message) -> str:
    """The beginning of a message, in one line."""
    for block in message.blocks:
        if isinstance(block, Text | Refusal) and (words := title_from(block.text[:READ_CHARACTERS])):
            return words
    if message.pictures:
        return message.pictures[0].words
    names = [block.name for block in message.blocks if isinstance(block, ToolCall)]
    if names:
        return tr("Calls {names}").format(names=", ".join(names[:3]))
    return tr("Nothing was said") if message.ended else "…"


def who(message: Message) -> str:
    """Who wrote it."""
    return tr("You") if message.role is Role.USER else message.model or message.endpoint_name or tr("Assistant")
