"""The sidebar: new conversation, search, the list, and the foot with the endpoints."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop_chat.core.ports import Row
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.sidebar.delegate import RowDelegate
from desktop_chat.ui.sidebar.foot import Foot
from desktop_chat.ui.sidebar.listing import Listing
from desktop_chat.ui.sidebar.model import ROW_ROLE, ConversationModel
from desktop_chat.ui.sidebar.search import SearchField, SearchResults
from desktop_chat.ui.theme.apply import Theme

if TYPE_CHECKING:
    from desktop_chat.core.endpoints import Endpoints
    from desktop_chat.core.library import Library

MARGIN_PX = 12
SMALLEST_PX = 180
NEW_SHORTCUT = "Ctrl+N"


class Sidebar(QWidget):
    """Lists the conversations and says what the person wants of them."""

    new_asked = Signal()
    conversation_chosen = Signal(str)
    """Conversation id."""
    hit_chosen = Signal(str, str)
    """Conversation id, message id; the latter is empty where a title matched."""
    rename_committed = Signal(str, str)
    """Conversation id, title."""
    pin_asked = Signal(str, bool)
    trash_asked = Signal(str)
    preferences_asked = Signal()
    endpoints_asked = Signal()

    def __init__(self, library: "Library", theme: Theme, endpoints: "Endpoints", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._theme = theme
        self._model = ConversationModel(library, self)
        self._build(endpoints)
        self._connect()
        self._follow_theme()
        self._show_what_fits()

    def show_current(self, conversation_id: ConversationId | None) -> None:
        """Mark the conversation that the window shows, and bring it into view."""
        self._model.show_current(conversation_id)
        index = QModelIndex() if conversation_id is None else self._model.index_of(conversation_id)
        if not self._list.hasFocus() or index.isValid():
            self._list.setCurrentIndex(index)
        if index.isValid():
            self._list.scrollTo(index)

    def focus_search(self) -> None:
        """Let the person type what to look for."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def rename(self, conversation_id: ConversationId) -> None:
        """Let the person edit the title in its row."""
        self._field.clear()
        index = self._model.index_of(conversation_id)
        if index.isValid():
            self._list.setCurrentIndex(index)
            self._list.edit(index)

    def set_new_shortcut(self, keys: QKeySequence) -> None:
        """Show these keys on the button for a new conversation."""
        self._keys.setText(keys.toString(QKeySequence.SequenceFormat.NativeText))

    @property
    def selected_id(self) -> ConversationId | None:
        """The conversation that the keyboard stands on in the list, if it stands in the list."""
        row = self._list.currentIndex().data(ROW_ROLE) if self._list.hasFocus() else None
        return row.id if isinstance(row, Row) else None

    def _build(self, endpoints: "Endpoints") -> None:
        self.setProperty("look", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._new = self._make_new_button()
        self._field = SearchField(self._theme, self)
        self._pages = QStackedWidget(self)
        self._list = Listing(self._model, self._pages)
        self._list.setAccessibleName(self.tr("Conversations"))
        self._delegate = RowDelegate(self._theme, self._list)
        self._list.setItemDelegate(self._delegate)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._results = SearchResults(self._library, self._title_of, self._theme, self._pages)
        self._empty = QLabel(self.tr("No conversations yet"), self._pages)
        self._empty.setProperty("look", "faint")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setWordWrap(True)
        for page in (self._list, self._empty, self._results):
            self._pages.addWidget(page)
        self._foot = Foot(endpoints, self._theme, self)
        self._column = QVBoxLayout(self)
        for widget in (self._new, self._field):
            self._column.addWidget(widget)
        self._column.addWidget(self._pages, 1)
        self._column.addWidget(self._foot)

    def _make_new_button(self) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName("newConversation")
        button.setAccessibleName(self.tr("New conversation"))
        self._new_text = QLabel(self.tr("New conversation"), button)
        self._keys = QLabel(button)
        self._keys.setProperty("look", "group")
        self.set_new_shortcut(QKeySequence(NEW_SHORTCUT))
        row = QHBoxLayout(button)
        row.addWidget(self._new_text, 1)
        row.addWidget(self._keys)
        for label in (self._new_text, self._keys):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setMinimumWidth(1)
        return button

    def _connect(self) -> None:
        self._new.clicked.connect(self.new_asked)
        self._list.chosen.connect(self._on_list_chosen)
        self._list.delete_pressed.connect(self._on_list_delete_pressed)
        self._list.left_at_top.connect(self.focus_search)
        self._list.customContextMenuRequested.connect(self._on_menu_requested)
        self._model.renamed.connect(self.rename_committed)
        for signal in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            signal.connect(self._show_what_fits)
        self._field.asked.connect(self._on_field_asked)
        self._field.down_pressed.connect(self._on_field_down_pressed)
        self._field.returnPressed.connect(self._on_field_return_pressed)
        self._results.chosen.connect(self.hit_chosen)
        self._results.left_at_top.connect(self.focus_search)
        self._foot.preferences_asked.connect(self.preferences_asked)
        self._foot.endpoints_asked.connect(self.endpoints_asked)
        self._theme.changed.connect(self._follow_theme)
        Bridge(self._library.changes, self).changed.connect(self._model.apply)

    def _follow_theme(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(MARGIN_PX), px(MARGIN_PX), px(MARGIN_PX), px(4))
        self._column.setSpacing(px(10))
        layout = self._new.layout()
        if layout is not None:
            layout.setContentsMargins(px(12), 0, px(12), 0)
        self._list.set_row_height(self._delegate.row_px)
        self._empty.setContentsMargins(0, px(32), 0, 0)
        self.setMinimumWidth(SMALLEST_PX)
        self._hide_keys_without_room()

    def _hide_keys_without_room(self) -> None:
        words, keys = self._new_text.sizeHint().width(), self._keys.sizeHint().width()
        room = self.width() - 2 * self._theme.px(MARGIN_PX) - self._theme.px(32)
        self._keys.setVisible(words + keys <= room)

    def _show_what_fits(self) -> None:
        if self._field.text().strip():
            self._pages.setCurrentWidget(self._results)
        else:
            self._pages.setCurrentWidget(self._empty if self._model.is_empty else self._list)

    def _title_of(self, conversation_id: ConversationId) -> str:
        row = self._model.row(conversation_id)
        return (row.title if row else "") or self.tr("New conversation")

    def _on_field_asked(self, text: str) -> None:
        self._results.look_for(text)
        self._show_what_fits()

    def _on_field_down_pressed(self) -> None:
        page = self._pages.currentWidget()
        if isinstance(page, Listing | SearchResults):
            page.enter_from_above()

    def _on_field_return_pressed(self) -> None:
        if self._pages.currentWidget() is self._results:
            self._results.choose_first()

    def _on_list_chosen(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, Row):
            self.conversation_chosen.emit(row.id)

    def _on_list_delete_pressed(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, Row):
            self.trash_asked.emit(row.id)

    def _on_menu_requested(self, where: QPoint) -> None:
        row = self._list.indexAt(where).data(ROW_ROLE)
        if isinstance(row, Row):
            self.menu_of(row).popup(self._list.viewport().mapToGlobal(where))

    def menu_of(self, row: Row) -> QMenu:
        """What can be done with a conversation, as a menu that dies when it closes."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries = (
            (self.tr("Open"), "Return", lambda: self.conversation_chosen.emit(row.id)),
            (self.tr("Rename"), "F2", lambda: self.rename(row.id)),
            (
                self.tr("Unpin") if row.pinned else self.tr("Pin"),
                "",
                lambda: self.pin_asked.emit(row.id, not row.pinned),
            ),
            (self.tr("Delete"), "Del", lambda: self.trash_asked.emit(row.id)),
        )
        for title, keys, act in entries:
            action = QAction(title, menu)
            action.setShortcut(QKeySequence(keys))
            # Shown only: the list itself acts on these keys.
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(act)
            menu.addAction(action)
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hide_keys_without_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Menu and self.selected_id is not None:
            row = self._model.row(self.selected_id)
            if row is not None:
                rect = self._list.visualRect(self._list.currentIndex())
                self.menu_of(row).popup(self._list.viewport().mapToGlobal(rect.center()))
                return
        super().keyPressEvent(event)
