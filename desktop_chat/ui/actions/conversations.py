"""What is done with conversations: open another one, name, pin, delete, export, and bring back."""

from collections.abc import Callable, Sequence

from desktop_chat.core.library import Library
from desktop_chat.core.library_history import LibraryAct
from desktop_chat.core.ports import Row
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.actions.dialogs import Dialogs
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.main_window import TOAST_MS, MainWindow
from desktop_chat.ui.messages import tr
from desktop_chat.ui.numbers import count_text
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

    def table(self) -> dict[ActionId, Callable[[str | None], None]]:
        """What each action does."""
        shown, dialogs = self._shown, self._dialogs
        return {
            ActionId.CONVERSATION_NEW: lambda _: shown.new(),
            ActionId.CONVERSATION_NEW_TEMPORARY: lambda _: shown.new(temporary=True),
            ActionId.CONVERSATION_KEEP: lambda _: self._keep(),
            ActionId.CONVERSATION_SEARCH: lambda _: self._search(),
            ActionId.CONVERSATION_RENAME: lambda _: self._rename(),
            ActionId.CONVERSATION_PIN: lambda _: self._pin(),
            ActionId.CONVERSATION_TRASH: lambda _: self.trash([self._meant_id]),
            ActionId.CONVERSATION_SETTINGS: lambda _: dialogs.conversation_settings(shown.current),
            ActionId.CONVERSATION_IMPORT: lambda _: dialogs.import_from(),
            ActionId.CONVERSATION_EXPORT: lambda _: self.export([self._meant_id]),
            ActionId.CONVERSATION_PRINT: lambda _: dialogs.print_out(shown.current),
            ActionId.CONVERSATION_PDF: lambda _: dialogs.save_pdf(shown.current),
            ActionId.CONVERSATION_NEXT: lambda _: self._step(1),
            ActionId.CONVERSATION_PREVIOUS: lambda _: self._step(-1),
        }

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation a title."""
        self._library.rename(ConversationId(conversation_id), title)

    def pin(self, ids: Sequence[str] | str, pinned: bool) -> None:
        """Put conversations above the others, or back."""
        self._library.pin(_ids(ids), pinned)
        self._refresh()

    def export(self, ids: Sequence[str] | str) -> None:
        """Have the person choose how these, the shown one or all are exported."""
        self._dialogs.export(self._shown.current, _ids(ids))

    def trash(self, ids: Sequence[str] | str) -> None:
        """Take conversations off the list, and offer to bring them back."""
        gone = [one for one in _ids(ids) if self._library.row(one) is not None]
        if not gone:
            return
        following = self._following(gone)
        self._library.trash(gone)
        if self._shown.conversation_id in gone:
            if following is None:
                self._shown.new()
            else:
                # Whoever deletes in the list goes on there.
                self._shown.open(following, takes_keyboard=not self._window.panes.sidebar.has_keyboard)

        def bring_back() -> None:
            self._bring_back(gone)

        text = (
            tr("Conversation deleted") if len(gone) == 1 else tr("{n} conversations deleted", n=count_text(len(gone)))
        )
        self._window.toast.say(text, button=tr("Undo"), act=bring_back, ms=TOAST_MS)
        self._refresh()

    def _bring_back(self, ids: Sequence[ConversationId]) -> None:
        if self._library.undo_title == LibraryAct.TRASH and not any(map(self._library.row, ids)):
            self._library.undo()
        self._library.restore([one for one in ids if self._library.row(one) is None])
        self._shown.open(ids[0])
        self._refresh()

    def _following(self, gone: Sequence[ConversationId]) -> ConversationId | None:
        # The one below in the list, as in a mail program; at its end the one above.
        if (beside := self._window.panes.sidebar.beside(gone)) is not None:
            return beside
        rows = self._library.rows
        at = self._library.position(gone[0])
        if at is None:
            return None
        below = (row.id for row in rows[at:] if _is_listed(row) and row.id not in gone)
        above = (row.id for row in reversed(rows[:at]) if _is_listed(row) and row.id not in gone)
        return next(below, None) or next(above, None)

    def _keep(self) -> None:
        self._library.keep(self._shown.current.conversation.id)
        self._window.toast.say(tr("This conversation is kept from now on."), ms=TOAST_MS)

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
            self.pin([row.id], not row.pinned)

    def _step(self, by: int) -> None:
        neighbour = self._window.panes.sidebar.neighbour(by)
        if neighbour is not None:
            self._shown.open(neighbour)


def _is_listed(row: Row) -> bool:
    return not row.archived


def _ids(ids: Sequence[str] | str) -> list[ConversationId]:
    return [ConversationId(one) for one in ([ids] if isinstance(ids, str) else ids)]
