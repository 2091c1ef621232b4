"""What is done with a conversation: open another one, name, pin, delete it and bring it back."""

from collections.abc import Callable

from desktop_chat.core.library import Library
from desktop_chat.domain.changes import Change, PathChanged
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.actions.dialogs import Dialogs
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.main_window import TOAST_MS, MainWindow
from desktop_chat.ui.messages import tr
from desktop_chat.ui.shown import Shown


class ConversationActions:
    """Carries out the actions about one conversation, and about which one is shown."""

    def __init__(
        self, library: Library, shown: Shown, window: MainWindow, dialogs: Dialogs, refresh: Callable[[], None]
    ) -> None:
        self._library = library
        self._shown = shown
        self._window = window
        self._dialogs = dialogs
        self._refresh = refresh
        self._trashed: list[ConversationId] = []
        shown.heard.connect(self._on_change_heard)

    def table(self) -> dict[ActionId, Callable[[str | None], None]]:
        """What each action does."""
        shown, dialogs = self._shown, self._dialogs
        return {
            ActionId.CONVERSATION_NEW: lambda _: shown.new(),
            ActionId.CONVERSATION_SEARCH: lambda _: self._search(),
            ActionId.CONVERSATION_RENAME: lambda _: self._rename(),
            ActionId.CONVERSATION_PIN: lambda _: self._pin(),
            ActionId.CONVERSATION_TRASH: lambda _: self.trash(self._meant_id),
            ActionId.CONVERSATION_SETTINGS: lambda _: dialogs.conversation_settings(shown.current),
            ActionId.CONVERSATION_PRINT: lambda _: dialogs.print_out(shown.current),
            ActionId.CONVERSATION_PDF: lambda _: dialogs.save_pdf(shown.current),
            ActionId.CONVERSATION_NEXT: lambda _: self._step(1),
            ActionId.CONVERSATION_PREVIOUS: lambda _: self._step(-1),
            ActionId.EDIT_UNDO: lambda _: self._undo(),
            ActionId.EDIT_REDO: lambda _: shown.current.redo(),
        }

    @property
    def can_restore(self) -> bool:
        """A conversation was deleted and can come back."""
        return bool(self._trashed)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation a title."""
        self._library.rename(ConversationId(conversation_id), title)

    def pin(self, conversation_id: str, pinned: bool) -> None:
        """Put a conversation above the others, or back."""
        self._library.pin(ConversationId(conversation_id), pinned)
        self._refresh()

    def trash(self, conversation_id: str) -> None:
        """Take a conversation off the list, and offer to bring it back."""
        gone = ConversationId(conversation_id)
        self._library.trash(gone)
        self._trashed.append(gone)
        if gone == self._shown.conversation_id:
            rows = self._library.rows
            if rows:
                self._shown.open(rows[0].id)
            else:
                self._shown.new()

        def bring_back() -> None:
            self._restore(gone)

        self._window.toast.say(tr("Conversation deleted"), button=tr("Undo"), act=bring_back, ms=TOAST_MS)
        self._refresh()

    def _search(self) -> None:
        self._window.show_sidebar(True)
        self._window.panes.sidebar.focus_search()

    @property
    def _meant_id(self) -> ConversationId:
        # Whoever stands in the list means the row they stand on.
        return self._window.panes.sidebar.selected_id or self._shown.current.conversation.id

    def _rename(self) -> None:
        panes = self._window.panes
        if panes.sidebar.selected_id is None:
            panes.header.rename()
        else:
            panes.sidebar.rename(panes.sidebar.selected_id)

    def _pin(self) -> None:
        row = self._library.row(self._meant_id)
        if row is not None:
            self.pin(row.id, not row.pinned)

    def _step(self, by: int) -> None:
        rows = [row.id for row in self._library.rows]
        shown = self._shown.conversation_id
        if not rows:
            return
        place = rows.index(shown) + by if shown in rows else 0
        self._shown.open(rows[max(0, min(place, len(rows) - 1))])

    def _undo(self) -> None:
        # What it offered to undo is undone.
        self._window.toast.hide()
        if self._trashed:
            self._restore(self._trashed[-1])
        else:
            self._shown.current.undo()

    def _restore(self, conversation_id: ConversationId) -> None:
        if conversation_id in self._trashed:
            self._trashed.remove(conversation_id)
        self._window.toast.hide()
        self._library.restore(conversation_id)
        self._shown.open(conversation_id)
        self._refresh()

    def _on_change_heard(self, change: Change) -> None:
        # What was done last is undone first: an edit after a deletion comes before it.
        if isinstance(change, PathChanged):
            self._trashed.clear()
