"""The sidebar: new conversation, search, the list, archive and trash, and the foot with the endpoints."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desktop_chat.core.ports import Folder, Row
from desktop_chat.domain.ids import ConversationId, FolderId
from desktop_chat.ui.sidebar.arrangement import SortBy, View
from desktop_chat.ui.sidebar.foot import Foot
from desktop_chat.ui.sidebar.list_pane import ListPane
from desktop_chat.ui.sidebar.places import Places
from desktop_chat.ui.sidebar.search_field import SearchField
from desktop_chat.ui.sidebar.wishes import Wishes
from desktop_chat.ui.sidebar.words import tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress

if TYPE_CHECKING:
    from desktop_chat.core.endpoints import Endpoints
    from desktop_chat.core.library import Library
    from desktop_chat.ui.sidebar.results import SearchResults

MARGIN_PX = 12
SMALLEST_PX = 180
NEW_SHORTCUT = "Ctrl+N"


class Sidebar(QWidget):
    """Lists the conversations, finds in them, and says what the person wants of them.

    Attributes:
        wishes: What is asked of the library.
    """

    hit_chosen = Signal(str, str, str)
    """Conversation id; message id, empty where a title matched; the words that match there."""
    hit_looked_at = Signal(str, str, str)
    """The same while the person steps through what was found: the keyboard stays in the sidebar."""
    search_begun = Signal()
    search_left = Signal()
    """The person is done with what was found."""
    meant_changed = Signal()
    """What the keyboard stands on in the list, if it stands there, is another one."""
    preferences_asked = Signal()
    endpoints_asked = Signal()
    arranged = Signal()
    """Other folders are collapsed, or the list is sorted by something else: worth remembering."""

    def __init__(self, library: "Library", theme: Theme, endpoints: "Endpoints", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wishes = Wishes(self)
        self._library = library
        self._theme = theme
        self._endpoints = endpoints
        self._shown: ConversationId | None = None
        self._left: ConversationId | None = None
        """Where the person was when the search began, if they only looked at what it found since."""
        self._came_from: QWidget | None = None
        self._made_results: SearchResults | None = None
        self._build()
        self._connect()
        self._follow_theme()

    def show_current(self, conversation_id: ConversationId | None) -> None:
        """Mark the conversation that the window shows, and bring it into view."""
        self._shown = conversation_id
        self._pane.show_current(conversation_id)

    def focus_search(self) -> None:
        """Let the person type what to look for."""
        focused = self.window().focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            self._came_from = focused
        # Not a reason by which Qt selects by itself: a screen reader would hear of the cursor before it hears of the field.
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.selectAll()

    def rename(self, conversation_id: ConversationId) -> None:
        """Let the person edit the title in its row."""
        self._end_search()
        self._pane.edit(conversation_id)

    def edit_folder(self, folder_id: FolderId) -> None:
        """Let the person edit the name of a folder in its row."""
        self._end_search()
        self._pane.edit_folder(folder_id)

    def reveal(self, conversation_id: ConversationId) -> None:
        """Bring a conversation into sight, in the archive or the trash as well."""
        self._end_search()
        self._pane.reveal(conversation_id)

    def set_new_shortcut(self, keys: QKeySequence) -> None:
        """Show these keys on the button for a new conversation."""
        self._keys.setText(keys.toString(QKeySequence.SequenceFormat.NativeText))

    @property
    def has_keyboard(self) -> bool:
        """True while the keyboard is in the list: undo is about the library then."""
        return self._pane.list.hasFocus()

    @property
    def meant_rows(self) -> list[Row]:
        """The conversations that an action is about, if the keyboard is in the list."""
        return self._pane.meant_rows

    @property
    def meant_folder(self) -> Folder | None:
        """The folder that the keyboard stands on."""
        return self._pane.meant_folder

    def open_tags(self, ids: list[ConversationId], where: QPoint) -> None:
        """Let the person give tags to conversations and take them away."""
        shows_list = self._pane.list.isVisible()
        self._pane.open_tags(ids, None if shows_list else where)

    def fill_move_menu(self, menu: QMenu, rows: Sequence[Row]) -> None:
        """Offer the folders that conversations can be moved to."""
        from desktop_chat.ui.sidebar.menus import fill_move_menu

        fill_move_menu(menu, rows, self._pane.menu_needs())

    def fill_folder_menu(self, menu: QMenu) -> None:
        """Offer what can be done with the folder that the keyboard stands on."""
        from desktop_chat.ui.sidebar.menus import fill_folder_menu

        if (folder := self.meant_folder) is not None:
            fill_folder_menu(menu, folder, self._pane.menu_needs())

    def fill_list_menu(self, menu: QMenu) -> None:
        """Offer what concerns the list as a whole."""
        from desktop_chat.ui.sidebar.menus import fill_list_menu

        fill_list_menu(menu, self._pane.menu_needs())

    def beside(self, ids: Collection[ConversationId]) -> ConversationId | None:
        """The conversation below the first of these in the list, else the one above; none of these itself."""
        return self._pane.model.beside(ids)

    def neighbour(self, by: int) -> ConversationId | None:
        """The conversation below (1) or above (-1) the shown one, of those the sidebar lists or has found."""
        if self._made_results is not None and self._pages.currentWidget() is self._made_results:
            ids = [one for one in self._made_results.conversation_ids() if self._library.row(one) is not None]
            at = ids.index(self._shown) + by if self._shown in ids else 0
            return ids[at] if 0 <= at < len(ids) else None
        # What is in the trash is not opened.
        return None if self._pane.view is View.TRASH else self._pane.model.neighbour(by)

    @property
    def collapsed(self) -> list[str]:
        """The folders that are collapsed, to be remembered."""
        return sorted(self._pane.model.collapsed)

    @property
    def sort(self) -> str:
        """What the list is sorted by, to be remembered."""
        return self._pane.model.sorting.value

    def arrange(self, *, sort: str, collapsed: Sequence[str]) -> None:
        """Sort and collapse as remembered; what is unknown is passed over."""
        known = sort in tuple(SortBy)
        self._pane.model.arrange(sort=SortBy(sort) if known else None, collapsed=[FolderId(one) for one in collapsed])

    def _build(self) -> None:
        self.setProperty("look", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._new = self._make_new_button()
        values = {
            "role": lambda: ("user", "assistant", "system", "tool"),
            "has": lambda: ("code", "image", "tool", "file"),
            "tag": lambda: self._library.tags,
            "in": self._places_to_search,
            "endpoint": lambda: [endpoint.name for endpoint in self._endpoints.all],
            "model": self._models,
        }
        self._field = SearchField(self._theme, values, self)
        self._options = QToolButton(self)
        self._options.setAccessibleName(tr("Sort and folders"))
        self._options.setToolTip(tr("Sort and folders"))
        dress(self._options, "sort", self._theme)
        self._pages = QStackedWidget(self)
        self._pane = ListPane(self._library, self.wishes, self._theme, self._pages)
        self._pages.addWidget(self._pane)
        self._places = Places(self._theme, self)
        self._foot = Foot(self._endpoints, self._theme, self)
        self._search_row = QHBoxLayout()
        self._search_row.addWidget(self._field, 1)
        self._search_row.addWidget(self._options)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._new)
        self._column.addLayout(self._search_row)
        self._column.addWidget(self._pages, 1)
        self._column.addWidget(self._places)
        self._column.addWidget(self._foot)

    def _make_new_button(self) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName("newConversation")
        button.setAccessibleName(tr("New conversation"))
        self._new_text = QLabel(tr("New conversation"), button)
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
        pane, wishes = self._pane, self.wishes
        self._new.clicked.connect(wishes.new_asked)
        pane.left_at_top.connect(self.focus_search)
        pane.tag_pressed.connect(self._on_pane_tag_pressed)
        pane.view_changed.connect(self._on_pane_view_changed)
        pane.list.carried.connect(self._places.take)
        pane.meant_changed.connect(self.meant_changed)
        pane.counted.connect(self._on_pane_counted)
        pane.model.arranged.connect(self.arranged)
        self._field.asked.connect(self._on_field_asked)
        self._field.down_pressed.connect(self._on_field_down_pressed)
        self._field.returnPressed.connect(self._on_field_return_pressed)
        self._field.stepped.connect(self._on_field_stepped)
        self._field.given_up.connect(self._on_search_given_up)
        self._options.clicked.connect(self._on_options_clicked)
        self._places.asked.connect(self._on_places_asked)
        self._places.archive_asked.connect(self._on_places_archive_asked)
        self._places.trash_asked.connect(wishes.trash_asked)
        self._foot.preferences_asked.connect(self.preferences_asked)
        self._foot.endpoints_asked.connect(self.endpoints_asked)
        self._theme.changed.connect(self._follow_theme)

    @property
    def _results(self) -> "SearchResults":
        if self._made_results is None:
            from desktop_chat.ui.sidebar.results import SearchResults

            self._made_results = results = SearchResults(self._library, self._theme, self._pages)
            self._pages.addWidget(results)
            results.came.connect(self._on_results_came)
            results.chosen.connect(self._on_results_chosen)
            results.looked_at.connect(self._on_results_looked_at)
            results.left_at_top.connect(self.focus_search)
            results.given_up.connect(self._on_search_given_up)
            results.other_asked.connect(self._field.search_for)
        return self._made_results

    def _follow_theme(self) -> None:
        px = self._theme.px
        self._column.setContentsMargins(px(MARGIN_PX), px(MARGIN_PX), px(MARGIN_PX), px(4))
        self._column.setSpacing(px(8))
        self._search_row.setSpacing(px(4))
        layout = self._new.layout()
        if layout is not None:
            layout.setContentsMargins(px(12), 0, px(12), 0)
        self.setMinimumWidth(SMALLEST_PX)
        self._hide_keys_without_room()

    def _hide_keys_without_room(self) -> None:
        words, keys = self._new_text.sizeHint().width(), self._keys.sizeHint().width()
        room = self.width() - 2 * self._theme.px(MARGIN_PX) - self._theme.px(32)
        self._keys.setVisible(words + keys <= room)

    def _places_to_search(self) -> list[str]:
        return ["archive", "trash", *(folder.name for folder in self._library.folders)]

    def _models(self) -> list[str]:
        listed = (model for one in self._endpoints.all for model in self._endpoints.known_models(one.id))
        return list(dict.fromkeys(listed))

    def _end_search(self) -> None:
        self._left = None
        self._field.clear()

    def _on_field_asked(self, text: str) -> None:
        # Loaded here, as all that only a search needs: the window is on screen before anybody types.
        from desktop_chat.ui.sidebar.operators import asks_something, names_a_place

        if not asks_something(text):
            text = ""  # Nothing, or an operator without its value yet.
        if not text and self._made_results is None:
            return
        if text and self._pages.currentWidget() is self._pane:
            self._left = self._shown
            self.search_begun.emit()
        scope = {View.LIBRARY: "", View.ARCHIVE: "in:archive ", View.TRASH: "in:trash "}[self._pane.view]
        self._results.look_for(scope + text if text and not names_a_place(text) else text)
        if not text:
            self._pages.setCurrentWidget(self._pane)

    def _on_results_came(self) -> None:
        # Not before: the list stays until there is something to show instead.
        self._pages.setCurrentWidget(self._results)

    def _on_field_down_pressed(self) -> None:
        if self._pages.currentWidget() is self._pane:
            self._pane.list.enter_from_above()
        else:
            self._results.enter_from_above()

    def _on_field_stepped(self, by: int) -> None:
        self._results.step(by)

    def _on_field_return_pressed(self) -> None:
        if self._field.text().strip():
            self._results.choose_current()

    def _on_search_given_up(self) -> None:
        # Back to where the person was: the conversation, the list and the keyboard.
        left, came_from = self._left, self._came_from
        self._end_search()
        self.search_left.emit()
        self._came_from = None
        if left is not None and left != self._shown:
            self.wishes.open_asked.emit(left)
        if came_from is not None and isValid(came_from) and came_from.isVisible():
            came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_results_chosen(self, conversation_id: str, message_id: str, words: str) -> None:
        if self._library.row(ConversationId(conversation_id)) is None:
            self.reveal(ConversationId(conversation_id))  # In the trash; it is opened once it is restored.
            return
        self._left = None
        self.hit_chosen.emit(conversation_id, message_id, words)

    def _on_results_looked_at(self, conversation_id: str, message_id: str, words: str) -> None:
        if self._library.row(ConversationId(conversation_id)) is not None:
            self.hit_looked_at.emit(conversation_id, message_id, words)

    def _on_pane_tag_pressed(self, tag: str) -> None:
        from desktop_chat.ui.sidebar.operators import quoted

        self._field.search_for(f"tag:{quoted(tag)} ")

    def _on_pane_view_changed(self, view: View) -> None:
        scopes = {
            View.LIBRARY: tr("Search conversations"),
            View.ARCHIVE: tr("Search the archive"),
            View.TRASH: tr("Search the trash"),
        }
        self._field.show_scope(scopes[view])
        self._places.show_view(view)

    def _on_pane_counted(self, archived: int, trashed: int) -> None:
        self._places.show_counts(archived=archived, trashed=trashed)

    def _on_places_asked(self, view: View) -> None:
        self._end_search()
        self._pane.show_view(view)
        self._pane.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_places_archive_asked(self, ids: list[ConversationId]) -> None:
        self.wishes.archive_asked.emit(ids, True)

    def _on_options_clicked(self) -> None:
        self._pane.open_list_menu(self._options.mapToGlobal(QPoint(0, self._options.height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hide_keys_without_room()
