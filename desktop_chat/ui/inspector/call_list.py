"""The list of tool calls: a model over their figures, and how a row is painted."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop_chat.domain.changes import CallState
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.inspector.figures import CallFigures
from desktop_chat.ui.inspector.units import duration_text, tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.tokens import RADIUS_PX
from desktop_chat.ui.transcript.words import call_sign

CallRole = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


def state_text(state: CallState | None) -> str:
    """The word for a state."""
    words = {
        CallState.ARRIVING: tr("Arguments arriving"),
        CallState.ASKING: tr("Waits for your decision"),
        CallState.RUNNING: tr("Running"),
        CallState.ANSWERING: tr("Waits for your answer"),
        CallState.DONE: tr("Done"),
        CallState.FAILED: tr("Failed"),
        CallState.DENIED: tr("Not run"),
        None: tr("Not answered"),
    }
    return words[state]


class CallModel(QAbstractListModel):
    """Tool calls, oldest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls: list[CallFigures] = []

    def show_calls(self, calls: Sequence[CallFigures]) -> None:
        """Exchange the calls; rows that stay the same one are kept."""
        old, new = self._calls, list(calls)
        same = _common(old, new)
        if same < len(old):
            self.beginRemoveRows(QModelIndex(), same, len(old) - 1)
            del old[same:]
            self.endRemoveRows()
        for row in range(same):
            if old[row] != new[row]:
                old[row] = new[row]
                self.dataChanged.emit(self.index(row), self.index(row))
        if same < len(new):
            self.beginInsertRows(QModelIndex(), same, len(new) - 1)
            old += new[same:]
            self.endInsertRows()

    def call_at(self, index: Index) -> CallFigures | None:
        """The call of a row."""
        return self._calls[index.row()] if index.isValid() and index.row() < len(self._calls) else None

    def row_of(self, call_id: CallId) -> int:
        """The row of a call; the last row if it is gone."""
        return next((row for row, c in enumerate(self._calls) if c.call.call_id == call_id), len(self._calls) - 1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._calls)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        call = self.call_at(index)
        if call is None:
            return None
        if role == CallRole:
            return call
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            time = f", {duration_text(call.duration_ms)}" if call.duration_ms else ""
            return f"{call.call.name}, {state_text(call.state)}{time}"
        return None


class CallDelegate(QStyledItemDelegate):
    """A row: sign, name and time; the state in words below."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        theme = self._theme
        lines = QFontMetricsF(theme.font("code")).height() + QFontMetricsF(theme.font("small")).height()
        return QSize(100, round(lines) + theme.px(16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        call: CallFigures = index.data(CallRole)
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(8, 1, -8, -1)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            focused = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(theme.color("accent"), 1) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_weak"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_PX, RADIUS_PX)
        sign, color = call_sign(call.state) if call.state is not None else ("–", "faint")
        inner = box.adjusted(theme.px(8), theme.px(6), -theme.px(8), -theme.px(6))
        code, small = QFontMetricsF(theme.font("code")), QFontMetricsF(theme.font("small"))
        first = QRectF(inner.left(), inner.top(), inner.width(), code.height())
        second = QRectF(inner.left(), first.bottom(), inner.width(), inner.bottom() - first.bottom())
        indent = theme.px(18)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("text"))
        painter.setPen(theme.color(color))
        painter.drawText(first, middle | Qt.AlignmentFlag.AlignLeft, sign)
        time = duration_text(call.duration_ms) if call.duration_ms else ""
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("secondary"))
        painter.drawText(first, middle | Qt.AlignmentFlag.AlignRight, time)
        painter.drawText(second.adjusted(indent, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, state_text(call.state))
        room = inner.width() - indent - small.horizontalAdvance(time) - theme.px(8)
        painter.setFont(theme.font("code"))
        painter.setPen(theme.color("text"))
        name = code.elidedText(call.call.name or tr("unnamed"), Qt.TextElideMode.ElideRight, room)
        painter.drawText(first.adjusted(indent, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, name)
        painter.restore()


def _common(old: Sequence[CallFigures], new: Sequence[CallFigures]) -> int:
    """How many rows at the beginning are the same calls."""
    rows = 0
    for before, after in zip(old, new, strict=False):
        if before.call.call_id != after.call.call_id:
            break
        rows += 1
    return rows
