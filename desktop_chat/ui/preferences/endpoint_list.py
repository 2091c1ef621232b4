"""The list of endpoints: name, host and state; Alt+Up and Alt+Down put them in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_chat.domain.endpoint import DEMO_ENDPOINT_ID, Endpoint
from desktop_chat.domain.ids import EndpointId
from desktop_chat.ui.preferences.addresses import host_of
from desktop_chat.ui.preferences.form import tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.tokens import RADIUS_PX

RowRole = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint as the list shows it."""

    endpoint: Endpoint
    works: bool | None
    """What the last check or list of models said; `None` if neither was tried."""
    is_default: bool = False
    is_new: bool = False
    """Not saved yet."""

    @property
    def title(self) -> str:
        """Its name, or what stands for it while it has none."""
        return self.endpoint.name or tr("New endpoint")

    @property
    def place(self) -> str:
        """Its host, or that it needs none."""
        return tr("built in, offline") if self.endpoint.id == DEMO_ENDPOINT_ID else host_of(self.endpoint.base_url)

    @property
    def state(self) -> str:
        """What is known of it, in words; may be empty."""
        if self.is_new:
            return tr("not saved")
        state = {True: tr("answers"), False: tr("does not answer"), None: ""}[self.works]
        return " · ".join(part for part in (tr("default") if self.is_default else "", state) if part)


class EndpointModel(QAbstractListModel):
    """Rows of endpoints in the person's order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[EndpointRow] = []

    def show_rows(self, rows: Sequence[EndpointRow]) -> None:
        """Exchange the rows."""
        if [r.endpoint.id for r in rows] == [r.endpoint.id for r in self._rows]:
            self._rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
                self.layoutChanged.emit()
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row_at(self, index: Index) -> EndpointRow | None:
        """The row of an index."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def index_of(self, endpoint_id: EndpointId | None) -> QModelIndex:
        """Where an endpoint stands."""
        row = next((at for at, r in enumerate(self._rows) if r.endpoint.id == endpoint_id), -1)
        return self.index(row) if row >= 0 else QModelIndex()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        if role == RowRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return ", ".join(part for part in (row.title, row.place, row.state) if part)
        return None


class EndpointDelegate(QStyledItemDelegate):
    """A row: a dot and the name; host and state below."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        theme = self._theme
        row: EndpointRow = index.data(RowRole)
        small = sum(1 for line in (row.place, row.state) if line)
        lines = QFontMetricsF(theme.font("text")).height() + small * QFontMetricsF(theme.font("small")).height()
        return QSize(100, round(lines) + theme.px(16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: EndpointRow = index.data(RowRole)
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(0, 1, 0, -1)
        if option.state & QStyle.StateFlag.State_Selected:
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(theme.color("accent"), 1) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_weak"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        inner = box.adjusted(theme.px(10), theme.px(6), -theme.px(8), -theme.px(6))
        text, small = QFontMetricsF(theme.font("text")), QFontMetricsF(theme.font("small"))
        first = QRectF(inner.left(), inner.top(), inner.width(), text.height())
        below = QRectF(inner.left(), first.bottom(), inner.width(), small.height())
        dot = theme.px(10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color({True: "ok", False: "bad", None: "faint"}[row.works]))
        painter.drawEllipse(QRectF(first.left(), first.center().y() - dot / 2, dot, dot))
        first.setLeft(first.left() + dot + theme.px(6))
        elide, left = Qt.TextElideMode.ElideRight, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("text"))
        painter.setPen(theme.color("text"))
        painter.drawText(first, left, text.elidedText(row.title, elide, first.width()))
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("secondary"))
        for line in (row.place, row.state):
            if line:
                painter.drawText(below, left, small.elidedText(line, elide, below.width()))
                below.translate(0, small.height())
        painter.restore()


class EndpointList(QListView):
    """The list with its keys."""

    move_asked = Signal(int)
    """-1: up, 1: down."""
    remove_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = EndpointModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(EndpointDelegate(theme, self))
        self.setProperty("look", "nav")
        self.setAccessibleName(tr("Endpoints"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if is_alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.move_asked.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)
