"""The search field of the sidebar and what it finds."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QStackedWidget, QWidget

from desktop_chat.core.ports import Hit
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.messages import explain
from desktop_chat.ui.sidebar.delegate import HitDelegate
from desktop_chat.ui.sidebar.hits import HIT_ROLE, HitsModel
from desktop_chat.ui.sidebar.listing import Listing
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress

if TYPE_CHECKING:
    from desktop_chat.core.library import Library

PAUSE_MS = 120
"""Without a key before a search begins."""


class SearchField(QLineEdit):
    """Asks as the person types; Esc clears it."""

    asked = Signal(str)
    """What to look for; empty: nothing any more."""
    down_pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setPlaceholderText(self.tr("Search conversations"))
        self.setAccessibleName(self.tr("Search conversations"))
        self._clear = QAction(self.tr("Clear the search"), self)
        dress(self._clear, "cross", theme, color="faint", size_px=14)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._clear.triggered.connect(self.clear)
        self.textChanged.connect(self._on_text_changed)

    def _on_text_changed(self, text: str) -> None:
        if not text.strip():
            self._pause.stop()
            self.removeAction(self._clear)
            self._ask()
            return
        if self._clear not in self.actions():
            self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._pause.start()

    def _ask(self) -> None:
        self.asked.emit(self.text().strip())

    def event(self, event: QEvent) -> bool:
        # Esc belongs to the field while there is something to clear, not to Stop.
        is_override = event.type() == QEvent.Type.ShortcutOverride and bool(self.text())
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._pause.isActive():
            self._pause.stop()
            self._ask()
        else:
            super().keyPressEvent(event)


class SearchResults(QStackedWidget):
    """The places that match, or a word that there are none."""

    chosen = Signal(str, str)
    """Conversation id, message id (empty for a title)."""
    left_at_top = Signal()

    def __init__(
        self, library: "Library", title_of: Callable[[ConversationId], str], theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._theme = theme
        self._asked = ""
        self._task: asyncio.Task[None] | None = None
        self._model = HitsModel(title_of, self)
        self._build()
        self._list.chosen.connect(self._on_list_chosen)
        self._list.left_at_top.connect(self.left_at_top)
        theme.changed.connect(self._follow_theme)
        self._follow_theme()

    def look_for(self, text: str) -> None:
        """Search; what an earlier search still finds is dropped."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._asked = text
        if text:
            self._task = spawn(self._search(text), owner=self, on_error=self._on_search_failed)
        else:
            self._show_hits(())

    def enter_from_above(self) -> None:
        """Take the keyboard at the first place."""
        self._list.enter_from_above()

    def choose_first(self) -> None:
        """Go to the first place, if there is one."""
        index = self._model.index(0)
        if index.isValid():
            self._on_list_chosen(index)

    async def _search(self, text: str) -> None:
        self._show_hits(await self._library.search(text))

    def _build(self) -> None:
        self._list = Listing(self._model, self)
        self._list.setAccessibleName(self.tr("Found places"))
        self._delegate = HitDelegate(self._theme, self._list)
        self._list.setItemDelegate(self._delegate)
        self._nothing = QLabel(self)
        self._nothing.setProperty("look", "faint")
        self._nothing.setWordWrap(True)
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.addWidget(self._list)
        self.addWidget(self._nothing)

    def _follow_theme(self) -> None:
        self._list.set_row_height(self._delegate.row_px)
        self._nothing.setContentsMargins(0, self._theme.px(32), 0, 0)

    def _show_hits(self, hits: Sequence[Hit]) -> None:
        self._model.show_hits(hits)
        if not hits:
            words = self.tr("Nothing found for “{text}”").format(text=self._asked)
            self._nothing.setText(words if self._asked else "")
        self.setCurrentWidget(self._list if hits else self._nothing)

    def _on_search_failed(self, error: Exception) -> None:
        self._nothing.setText(explain(error).text)
        self.setCurrentWidget(self._nothing)

    def _on_list_chosen(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if isinstance(hit, Hit):
            self.chosen.emit(hit.conversation_id, hit.message_id or "")
