"""The Tools tab: every tool call of the conversation, with arguments, result and state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QScrollArea, QSplitter, QVBoxLayout, QWidget

from desktop_chat.domain.changes import CallState
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.inspector.call_list import CallDelegate, CallModel, state_text
from desktop_chat.ui.inspector.figures import CallFigures, calls_of, draft_of, is_busy
from desktop_chat.ui.inspector.text_panel import TextPanel
from desktop_chat.ui.inspector.tiles import make_label, set_text
from desktop_chat.ui.inspector.units import duration_text, tr
from desktop_chat.ui.theme.apply import Theme

if TYPE_CHECKING:
    from desktop_chat.core.session import Session

ABOVE_MARGINS_PX = 16
LARGEST_PRETTY = 200_000
"""Characters of arguments that are still put in order for reading."""


class ToolsTab(QWidget):
    """A list of calls above, the chosen one below; follows the newest until one is chosen."""

    fills_height = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session: Session | None = None
        self._settled: list[CallFigures] = []
        self._was_running = False
        self._follows = True
        self._build()
        self._connect()

    def show_session(self, session: Session | None) -> None:
        """Show another conversation, or none."""
        if session is not self._session:
            self._follows = True
        self._session = session
        self._read_settled()
        self.refresh()

    def refresh(self) -> None:
        """Show what changed in the conversation since."""
        session = self._session
        if not self._was_running or session is None or not session.is_running:
            self._read_settled()
        calls = self._settled
        draft = draft_of(session)
        if session is not None and draft is not None:
            calls = [*calls, *(self._timed(call) for call in calls_of(draft.message(), session))]
        chosen = self.model.call_at(self.list.currentIndex())
        self.model.show_calls(calls)
        self._empty.setVisible(not calls)
        self._splitter.setVisible(bool(calls))
        if calls:
            # A list of two calls leaves the room to what is below it.
            self._above.setMaximumHeight(len(calls) * self.list.sizeHintForRow(0) + ABOVE_MARGINS_PX)
            self._choose(None if chosen is None or self._follows else chosen.call.call_id)
            self._show_detail()

    def _build(self) -> None:
        self.setAccessibleName(tr("Tools"))
        self._empty = QWidget(self)
        nothing = make_label(tr("No tool was called in this conversation."), "secondary", self._empty)
        nothing.setWordWrap(True)
        around = QVBoxLayout(self._empty)
        around.setContentsMargins(16, 16, 16, 16)
        around.addWidget(nothing)
        around.addStretch(1)
        self.model = CallModel(self)
        self.list = QListView(self)
        self.list.setProperty("look", "nav")
        self.list.setAccessibleName(tr("Tool calls"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(CallDelegate(self._theme, self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(self._theme.px(56))
        self._splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._splitter.setChildrenCollapsible(False)
        self._above = QWidget(self)
        above = QVBoxLayout(self._above)
        above.setContentsMargins(0, ABOVE_MARGINS_PX // 2, 0, ABOVE_MARGINS_PX // 2)
        above.addWidget(self.list)
        self._splitter.addWidget(self._above)
        self._splitter.addWidget(self._build_detail())
        self._splitter.setStretchFactor(0, 2)
        self._splitter.setStretchFactor(1, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._splitter, 1)

    def _build_detail(self) -> QWidget:
        detail = QWidget(self)
        self.name = make_label("", "bold", detail)
        self.name.setWordWrap(True)
        self.state = make_label("", "small", detail)
        self.state.setWordWrap(True)
        self.arguments = TextPanel(self._theme, tr("Arguments"), most_lines=14, parent=detail)
        self.result = TextPanel(self._theme, tr("Result"), most_lines=24, parent=detail)
        inner = QVBoxLayout(detail)
        inner.setContentsMargins(16, 12, 16, 16)
        inner.setSpacing(8)
        inner.addWidget(self.name)
        inner.addWidget(self.state)
        inner.addWidget(self.arguments)
        inner.addWidget(self.result)
        inner.addStretch(1)
        area = QScrollArea(self)
        area.setWidget(detail)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAccessibleName(tr("Chosen tool call"))
        area.setMinimumHeight(self._theme.px(120))
        area.viewport().setAutoFillBackground(False)
        detail.setAutoFillBackground(False)
        return area

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._on_list_current_changed)

    def _read_settled(self) -> None:
        session = self._session
        self._settled = []
        self._was_running = session is not None and session.is_running
        if session is None:
            return
        draft = draft_of(session)
        for message in session.conversation.path():
            if message.has_calls and (draft is None or message.id != draft.message_id):
                self._settled += calls_of(message, session)

    def _timed(self, call: CallFigures) -> CallFigures:
        if not is_busy(call) or self._session is None:
            return call
        so_far_ms = max(0, self._session.elapsed_ms - call.started_ms)
        return CallFigures(call.call, call.state, call.is_own, call.started_ms, so_far_ms, call.result)

    def _choose(self, call_id: CallId | None) -> None:
        row = self.model.row_of(call_id) if call_id is not None else self.model.rowCount() - 1
        if row != self.list.currentIndex().row():
            self.list.selectionModel().currentChanged.disconnect(self._on_list_current_changed)
            self.list.setCurrentIndex(self.model.index(row))
            self.list.selectionModel().currentChanged.connect(self._on_list_current_changed)
            self.list.scrollTo(self.model.index(row))

    def _show_detail(self) -> None:
        call = self.model.call_at(self.list.currentIndex())
        if call is None:
            return
        set_text(self.name, call.call.name or tr("unnamed"))
        parts = [state_text(call.state)]
        if call.duration_ms:
            parts.append(duration_text(call.duration_ms))
        if call.is_own:
            parts.append(tr("your function"))
        set_text(self.state, " · ".join(parts))
        shown, is_valid = pretty(call.call.arguments_json, is_complete=call.state is not CallState.ARRIVING)
        self.arguments.set_title(tr("Arguments") if is_valid else tr("Arguments, not valid JSON"))
        self.arguments.show_text(shown, copied=call.call.arguments_json)
        self.result.setVisible(call.result is not None)
        if call.result is not None:
            self.result.set_title(tr("Error") if call.result.is_error else tr("Result"))
            self.result.show_text(call.result.text)

    def _on_list_current_changed(self, current: QModelIndex) -> None:
        self._follows = current.row() == self.model.rowCount() - 1
        self._show_detail()


def pretty(arguments_json: str, *, is_complete: bool) -> tuple[str, bool]:
    """Put arguments in order for reading.

    Returns:
        The text to show, and whether it is JSON; arguments that still arrive pass as they are.
    """
    if not is_complete or not arguments_json.strip() or len(arguments_json) > LARGEST_PRETTY:
        return arguments_json, True
    try:
        return json.dumps(json.loads(arguments_json), indent=2, ensure_ascii=False), True
    except (ValueError, RecursionError):
        return arguments_json, False
