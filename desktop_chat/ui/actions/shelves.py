"""What is asked in the sidebar: folders, tags, archive, trash, and going to what a search found.

Each is one step of undo, whatever the number of conversations; what takes something out of
sight says so and offers to take it back.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from desktop_chat.core.library import Library
from desktop_chat.core.ports import Row
from desktop_chat.domain.ids import ConversationId, FolderId, MessageId
from desktop_chat.ui.actions.conversations import ConversationActions
from desktop_chat.ui.main_window import TOAST_MS, MainWindow
from desktop_chat.ui.messages import tr
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.shown import Shown, Standing


class ShelfActions(QObject):
    """Carries out the wishes of the sidebar."""

    def __init__(self, library: Library, conversations: ConversationActions, shown: Shown, window: MainWindow) -> None:
        super().__init__(window)
        self._library = library
        self._conversations = conversations
        self._shown = shown
        self._window = window
        self._came_from: Standing | None = None
        """Where the person was before they looked at what was found."""
        self._connect()

    def _connect(self) -> None:
        sidebar, conversations = self._window.panes.sidebar, self._conversations
        wishes = sidebar.wishes
        sidebar.hit_chosen.connect(self._on_hit_chosen)
        sidebar.hit_looked_at.connect(self._on_hit_looked_at)
        sidebar.search_begun.connect(self._on_search_begun)
        sidebar.search_left.connect(self._on_search_left)
        wishes.open_asked.connect(self._on_open_asked)
        wishes.new_in_folder_asked.connect(self._on_new_in_folder_asked)
        wishes.keep_asked.connect(self._on_keep_asked)
        wishes.renamed.connect(conversations.rename)
        wishes.pin_asked.connect(conversations.pin)
        wishes.trash_asked.connect(conversations.trash)
        wishes.export_asked.connect(conversations.export)
        wishes.move_asked.connect(self._on_move_asked)
        wishes.tag_asked.connect(self._on_tag_asked)
        wishes.archive_asked.connect(self._on_archive_asked)
        wishes.restore_asked.connect(self._on_restore_asked)
        wishes.folder_asked.connect(self._on_folder_asked)
        wishes.folder_renamed.connect(self._on_folder_renamed)
        wishes.folder_moved.connect(self._on_folder_moved)
        wishes.folder_removed.connect(self._on_folder_removed)

    def _on_open_asked(self, conversation_id: str) -> None:
        self._shown.open(ConversationId(conversation_id))

    def _on_hit_chosen(self, conversation_id: str, message_id: str, words: str) -> None:
        self._came_from = None
        found = MessageId(message_id) if message_id else None
        self._shown.open(ConversationId(conversation_id), found, words=words)

    def _on_hit_looked_at(self, conversation_id: str, message_id: str, words: str) -> None:
        self._came_from = self._came_from or self._shown.standing()
        found = MessageId(message_id) if message_id else None
        self._shown.open(ConversationId(conversation_id), found, words=words, takes_keyboard=False)

    def _on_search_begun(self) -> None:
        self._came_from = None

    def _on_search_left(self) -> None:
        self._window.panes.transcript.finding.unmark()
        # Who has only looked goes back to where they were; who has gone there with Enter stays.
        if self._came_from is not None:
            self._shown.go_back(self._came_from)
        self._came_from = None

    def _on_new_in_folder_asked(self, folder_id: str) -> None:
        self._shown.new(folder_id=FolderId(folder_id))

    def _on_keep_asked(self, conversation_id: str) -> None:
        self._library.keep(ConversationId(conversation_id))
        self._window.toast.say(tr("This conversation is kept from now on."), ms=TOAST_MS)

    def _on_move_asked(self, ids: Sequence[ConversationId], folder_id: FolderId | None) -> None:
        ids = self._of_rows(ids, lambda row: row.folder_id != folder_id)
        if not ids:
            return
        self._library.move(ids, folder_id)
        name = next((folder.name for folder in self._library.folders if folder.id == folder_id), "")
        if not name:
            text = (
                tr("Taken out of its folder")
                if len(ids) == 1
                else tr("{n} conversations moved", n=count_text(len(ids)))
            )
        elif len(ids) == 1:
            text = tr("Moved to “{name}”", name=name)
        else:
            text = tr("{n} conversations moved to “{name}”", n=count_text(len(ids)), name=name)
        self._say_undoable(text)

    def _on_tag_asked(self, ids: Sequence[ConversationId], tag: str, on: bool) -> None:
        self._library.tag(ids, tag, on)

    def _on_archive_asked(self, ids: Sequence[ConversationId], archived: bool) -> None:
        ids = self._of_rows(ids, lambda row: row.archived != archived)
        if not ids:
            return
        self._library.archive(ids, archived)
        if archived:
            text = (
                tr("Conversation archived")
                if len(ids) == 1
                else tr("{n} conversations archived", n=count_text(len(ids)))
            )
        else:
            text = (
                tr("Back among the others") if len(ids) == 1 else tr("{n} conversations back", n=count_text(len(ids)))
            )
        self._say_undoable(text)

    def _on_restore_asked(self, ids: Sequence[ConversationId]) -> None:
        self._library.restore(ids)

        def show() -> None:
            self._shown.open(ids[0])

        text = (
            tr("Conversation restored") if len(ids) == 1 else tr("{n} conversations restored", n=count_text(len(ids)))
        )
        self._window.toast.say(text, button=tr("Open") if len(ids) == 1 else "", act=show, ms=TOAST_MS)

    def _on_folder_asked(self, parent_id: FolderId | None, ids: Sequence[ConversationId]) -> None:
        folder_id = self._library.add_folder(self._free_name(), parent_id)
        if ids:
            self._library.move(ids, folder_id)
        self._window.panes.sidebar.edit_folder(folder_id)

    def _on_folder_renamed(self, folder_id: str, name: str) -> None:
        self._library.rename_folder(FolderId(folder_id), name)

    def _on_folder_moved(self, folder_id: str, parent_id: FolderId | None, position: int) -> None:
        self._library.move_folder(FolderId(folder_id), parent_id, position)

    def _on_folder_removed(self, folder_id: str) -> None:
        self._library.remove_folder(FolderId(folder_id))
        self._say_undoable(tr("Folder removed; what was in it is kept"))

    def _say_undoable(self, text: str) -> None:
        step = self._library.undo_step

        def undo() -> None:
            if self._library.undo_step is step:
                self._library.undo()

        self._window.toast.say(text, button=tr("Undo"), act=undo, ms=TOAST_MS)

    def _of_rows(self, ids: Sequence[ConversationId], changes: Callable[[Row], bool]) -> list[ConversationId]:
        # What is so already is no step: nothing is said of it, and nothing else may be taken back for it.
        return [row.id for row in filter(None, map(self._library.row, ids)) if changes(row)]

    def _free_name(self) -> str:
        taken = {folder.name for folder in self._library.folders}
        name, number = tr("New folder"), 1
        while name in taken:
            number += 1
            name = tr("New folder {n}", n=number)
        return name
