"""The list with what belongs to it: the way back above it, the bar of the selection below it, its menus."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop_chat.core.ports import Folder, Row
from desktop_chat.domain.changes import LibraryChange, LibraryLoaded, SaveFailed, TrashChanged
from desktop_chat.domain.ids import ConversationId, FolderId
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.sidebar.arrangement import View
from desktop_chat.ui.sidebar.cargo import Carried
from desktop_chat.ui.sidebar.conversation_list import ConversationList
from desktop_chat.ui.sidebar.dragging import Drop, carry_out
from desktop_chat.ui.sidebar.model import FOLDER_ROLE, ROW_ROLE, ConversationModel
from desktop_chat.ui.sidebar.places import ViewHead
from desktop_chat.ui.sidebar.wishes import Wishes
from desktop_chat.ui.sidebar.words import tr
from desktop_chat.ui.theme.apply import Theme

if TYPE_CHECKING:
    from desktop_chat.core.library import Library
    from desktop_chat.ui.sidebar.menus import MenuNeeds
    from desktop_chat.ui.sidebar.selection_bar import SelectionBar

COUNT_MS = 60
"""After a change before archive and trash are counted anew."""


class ListPane(QWidget):
    """Shows the library, the archive or the trash, and turns what the person does there into wishes."""

    view_changed = Signal(object)
    """A `View`."""
    counted = Signal(int, int)
    """How many conversations are in the archive and in the trash."""
    meant_changed = Signal()
    """Actions are about something else now."""
    tag_pressed = Signal(str)
    left_at_top = Signal()

    def __init__(self, library: "Library", wishes: Wishes, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._library = library
        self._wishes = wishes
        self._theme = theme
        self._trash: list[Row] = []
        self._awaited: ConversationId | None = None
        """The window shows it, and nothing was said in it yet: it is in no list."""
        self._bar: SelectionBar | None = None
        self.model = ConversationModel(library, self)
        self._build()
        self._connect()
        self._follow_theme()
        self._show_what_fits()

    @property
    def view(self) -> View:
        """What is listed."""
        return self.model.view

    def show_view(self, view: View) -> None:
        """List the library, the archive or the trash."""
        if view is self.model.view:
            return
        self.list.clearSelection()
        self.list.setCurrentIndex(QModelIndex())
        self.model.show_view(view)
        self.list.scrollToTop()
        self._head.show_view(view)
        self.list.setAccessibleName(self._list_name(view))
        self._follow_theme()
        self._show_what_fits()
        self.view_changed.emit(view)

    def show_current(self, conversation_id: ConversationId | None) -> None:
        """Mark the conversation that the window shows, and bring it into view."""
        row = self._library.row(conversation_id) if conversation_id is not None else None
        if not self.list.hasFocus() and not (row is not None and row.archived):
            self.show_view(View.LIBRARY)  # Whoever begins something new is done with archive and trash.
        self.model.show_current(conversation_id)
        self._awaited = conversation_id if row is None else None
        if len(self.list.selected_ids) > 1:
            return  # Somebody is choosing: their selection stays.
        index = QModelIndex() if conversation_id is None else self.model.nearest(conversation_id)
        if index.isValid():
            self.list.select_only(index)
            self.list.scrollTo(index)
        else:
            self.list.clearSelection()
            if not self.list.hasFocus():
                self.list.setCurrentIndex(index)

    def reveal(self, conversation_id: ConversationId) -> QModelIndex:
        """Bring a conversation into sight, wherever it is; says where it stands."""
        row = self._library.row(conversation_id)
        if row is None:
            self.show_view(View.TRASH)
        else:
            self.show_view(View.ARCHIVE if row.archived else View.LIBRARY)
        index = self.model.reveal(conversation_id)
        if index.isValid():
            self.list.select_only(index)
            self.list.scrollTo(index)
        return index

    def edit(self, conversation_id: ConversationId) -> None:
        """Let the person edit a title in its row."""
        index = self.reveal(conversation_id)
        if index.isValid():
            self.list.edit(index)

    def edit_folder(self, folder_id: FolderId) -> None:
        """Let the person edit a folder's name in its row."""
        self.show_view(View.LIBRARY)
        folder = self.model.arrangement.folders.get(folder_id)
        if folder is not None:
            self.model.arrange(collapsed=self.model.collapsed - set(self.model.arrangement.around(folder.parent_id)))
        index = self.model.index_of_folder(folder_id)
        if index.isValid():
            self.list.select_only(index)
            self.list.scrollTo(index)
            self.list.edit(index)

    def edit_current(self) -> None:
        """Let the person edit what the keyboard stands on."""
        index = self.list.currentIndex()
        if index.isValid():
            self.list.edit(index)

    @property
    def meant_rows(self) -> list[Row]:
        """The conversations that an action is about while the keyboard is in the list."""
        if not self.list.hasFocus():
            return []
        return [row for one in self.list.meant_ids(self.list.currentIndex()) if (row := self.model.row(one))]

    @property
    def meant_folder(self) -> Folder | None:
        """The folder that the keyboard stands on."""
        return self.list.current_folder if self.list.hasFocus() else None

    def open_tags(self, ids: list[ConversationId], where: QPoint | None = None) -> None:
        """Let the person give tags to conversations and take them away.

        Args:
            ids: The conversations.
            where: On the screen; otherwise below the one, or below the list.
        """
        # Loaded here, as are the menus: the window is on screen before anybody opens one.
        from desktop_chat.ui.sidebar.tag_picker import TagPicker

        def rows() -> list[Row]:
            return [row for one in ids if (row := self._library.row(one))]

        def decide(tag: str, on: bool) -> None:
            self._wishes.tag_asked.emit(ids, tag, on)

        picker = TagPicker(self._library, rows, self._theme, self)
        picker.decided.connect(decide)
        index = self.model.nearest(ids[0]) if len(ids) == 1 else QModelIndex()
        rect = self.list.visualRect(index)
        below = rect.bottomLeft() if index.isValid() else self.list.viewport().rect().bottomLeft()
        picker.open_at(self.list.viewport().mapToGlobal(below) if where is None else where)

    def open_list_menu(self, where: QPoint) -> None:
        """Show what concerns the list as a whole."""
        from desktop_chat.ui.sidebar.menus import list_menu

        list_menu(self.menu_needs(), self).popup(where)

    def menu_needs(self) -> "MenuNeeds":
        """What the menus of the list act on."""
        from desktop_chat.ui.sidebar.menus import MenuNeeds

        return MenuNeeds(self.model, self._wishes, self.edit_current, self.open_tags)

    def _build(self) -> None:
        self._head = ViewHead(self._theme, self)
        self._head.show_view(View.LIBRARY)
        self._pages = QStackedWidget(self)
        self.list = ConversationList(self.model, self._theme, self._pages)
        self.list.setAccessibleName(self._list_name(View.LIBRARY))
        self._empty = QLabel(self._pages)
        self._empty.setProperty("look", "faint")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setWordWrap(True)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._empty)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._head)
        self._column.addWidget(self._pages, 1)
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(COUNT_MS)

    def _connect(self) -> None:
        listed, model = self.list, self.model
        listed.chosen.connect(self._on_list_chosen)
        listed.delete_pressed.connect(self._on_list_delete_pressed)
        listed.left_at_top.connect(self.left_at_top)
        listed.left_back.connect(self._on_back_asked)
        listed.tag_pressed.connect(self.tag_pressed)
        listed.menu_asked.connect(self._on_list_menu_asked)
        listed.selection_changed.connect(self._on_list_selection_changed)
        listed.selection_changed.connect(self.meant_changed)
        listed.keyboard_changed.connect(self.meant_changed)
        listed.dropped.connect(self._on_list_dropped)
        model.renamed.connect(self._wishes.renamed)
        model.folder_renamed.connect(self._wishes.folder_renamed)
        for signal in (model.rowsInserted, model.rowsRemoved, model.layoutChanged):
            signal.connect(self._show_what_fits)
        self._head.back_asked.connect(self._on_back_asked)
        self._count_soon.timeout.connect(self._count)
        self._theme.changed.connect(self._follow_theme)
        Bridge(self._library.changes, self).changed.connect(self._on_library_changed)

    def _list_name(self, view: View) -> str:
        names = {View.LIBRARY: tr("Conversations"), View.ARCHIVE: tr("Archive"), View.TRASH: tr("Trash")}
        return names[view]

    def _follow_theme(self) -> None:
        self.list.set_row_height(self.list.rows_look.row_px(tall=self.view is View.TRASH))
        self._empty.setContentsMargins(0, self._theme.px(32), 0, 0)
        self._column.setSpacing(self._theme.px(6))

    def _show_what_fits(self) -> None:
        library = tr("No conversations yet")
        if not self._library.is_loaded:
            # Not that there are none: nobody shall think that they are lost.
            library = tr("The conversations cannot be read at the moment") if self._library.trouble else ""
        texts = {
            View.LIBRARY: library,
            View.ARCHIVE: tr("Nothing is archived"),
            View.TRASH: tr("The trash is empty"),
        }
        self._empty.setText(texts[self.view])
        self._pages.setCurrentWidget(self._empty if self.model.is_empty else self.list)

    async def _read_trash(self) -> None:
        self._trash = await self._library.trashed()
        self.model.take_trash(self._trash)
        self._count()

    def _count(self) -> None:
        archived = sum(row.archived for row in self._library.rows)
        self.counted.emit(archived, len(self._trash))

    def _on_library_changed(self, change: LibraryChange) -> None:
        self.model.apply(change)
        if self._awaited is not None and self.model.nearest(self._awaited).isValid():
            came, self._awaited = self._awaited, None
            if not self.list.hasFocus():
                self.show_current(came)
        if isinstance(change, TrashChanged | LibraryLoaded):
            spawn(self._read_trash(), owner=self)
        if isinstance(change, LibraryLoaded | SaveFailed):
            self._show_what_fits()
        self._count_soon.start()

    def _on_list_chosen(self, index: QModelIndex) -> None:
        row, folder = index.data(ROW_ROLE), index.data(FOLDER_ROLE)
        if isinstance(folder, Folder):
            self.model.fold(folder.id, folder.id not in self.model.collapsed)
        elif isinstance(row, Row) and row.trashed_at is None:
            self._wishes.open_asked.emit(row.id)
        elif isinstance(row, Row) and self.list.is_choice_by_key:
            self._wishes.restore_asked.emit(self.list.meant_ids(index))

    def _on_list_delete_pressed(self, index: QModelIndex) -> None:
        folder, ids = index.data(FOLDER_ROLE), self.list.meant_ids(index)
        if self.view is View.TRASH:
            return  # Only time empties the trash.
        if self.list.selected_ids:
            self._wishes.trash_asked.emit(ids or self.list.selected_ids)
        elif isinstance(folder, Folder):
            self._wishes.folder_removed.emit(folder.id)
        elif ids:
            self._wishes.trash_asked.emit(ids)

    def _on_list_menu_asked(self, index: QModelIndex, where: QPoint) -> None:
        from desktop_chat.ui.sidebar.menus import conversation_menu, menu_of_folder, trash_menu

        folder, needs = index.data(FOLDER_ROLE), self.menu_needs()
        rows = [row for one in self.list.meant_ids(index) if (row := self.model.row(one))]
        if rows and self.view is View.TRASH:
            trash_menu(rows, needs, self).popup(where)
        elif rows:
            conversation_menu(rows, needs, self).popup(where)
        elif isinstance(folder, Folder):
            menu_of_folder(folder, needs, self).popup(where)
        elif self.view is View.LIBRARY:
            self.open_list_menu(where)

    def _on_list_selection_changed(self) -> None:
        rows = self.list.selected_rows
        wanted = len(rows) > 1 or (bool(rows) and self.view is View.TRASH)
        if not wanted:
            if self._bar is not None:
                self._bar.hide()
            return
        if self._bar is None:
            from desktop_chat.ui.sidebar.selection_bar import SelectionBar

            self._bar = SelectionBar(self.menu_needs(), self._theme, self)
            self._bar.given_up.connect(self._on_bar_given_up)
            self._column.addWidget(self._bar)
        self._bar.show_rows(rows)
        self._bar.show()

    def _on_bar_given_up(self) -> None:
        if self.view is View.TRASH:
            self.list.clearSelection()
        else:
            self.list.select_nothing_more()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_list_dropped(self, carried: object, drop: object) -> None:
        if isinstance(carried, Carried) and isinstance(drop, Drop):
            carry_out(self._wishes, carried, drop)

    def _on_back_asked(self) -> None:
        if self.view is not View.LIBRARY:
            self.show_view(View.LIBRARY)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
