"""What is done with conversations: open another one, name, pin, delete, export, and bring back."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint

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
from desktop_chat.ui.sidebar.wishes import Wishes


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
            ActionId.CONVERSATION_OPEN: lambda _: self._open(),
            ActionId.CONVERSATION_RENAME: lambda _: self._rename(),
            ActionId.CONVERSATION_PIN: lambda _: self._pin(),
            ActionId.CONVERSATION_TAGS: lambda _: self._tag(),
            ActionId.CONVERSATION_ARCHIVE: lambda _: self._archive(),
            ActionId.CONVERSATION_TRASH: lambda _: self.trash(self._meant_ids),
            ActionId.CONVERSATION_RESTORE: lambda _: self._wishes.restore_asked.emit(self._meant_ids),
            ActionId.FOLDER_NEW: lambda _: self._add_folder(),
            ActionId.CONVERSATION_SETTINGS: lambda _: dialogs.conversation_settings(shown.current),
            ActionId.CONVERSATION_IMPORT: lambda _: dialogs.import_from(),
            ActionId.CONVERSATION_EXPORT: lambda _: self.export(self._meant_ids),
            ActionId.CONVERSATION_PRINT: lambda _: dialogs.print_out(shown.current),
            ActionId.CONVERSATION_PDF: lambda _: dialogs.save_pdf(shown.current),
            ActionId.CONVERSATION_NEXT: lambda _: self._step(1),
            ActionId.CONVERSATION_PREVIOUS: lambda _: self._step(-1),
        }

    @property
    def meant(self) -> list[Row]:
        """Whoever stands in the list means the rows they stand on, anybody else the shown conversation."""
        if rows := self._window.panes.sidebar.meant_rows:
            return rows
        row = self._library.row(self._shown.current.conversation.id)
        return [] if row is None else [row]

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
        gone = dict.fromkeys(one for one in _ids(ids) if self._library.row(one) is not None)
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
            self._bring_back(list(gone))

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

    def _following(self, gone: Mapping[ConversationId, None]) -> ConversationId | None:
        # The one below in the list, as in a mail program; at its end the one above.
        if (beside := self._window.panes.sidebar.beside(gone)) is not None:
            return beside
        rows = self._library.rows
        at = self._library.position(next(iter(gone)))
        if at is None:
            return None
        below = (row.id for row in rows[at:] if _is_listed(row) and row.id not in gone)
        above = (row.id for row in reversed(rows[:at]) if _is_listed(row) and row.id not in gone)
        return next(below, None) or next(above, None)

    def _keep(self) -> None:
        kept = [row.id for row in self.meant if row.is_temporary] or [self._shown.current.conversation.id]
        self._library.keep(kept[0])
        self._window.toast.say(tr("This conversation is kept from now on."), ms=TOAST_MS)

    def _search(self) -> None:
        self._window.show_sidebar(True)
        self._window.panes.sidebar.focus_search()

    @property
    def _wishes(self) -> Wishes:
        return self._window.panes.sidebar.wishes

    @property
    def _meant_ids(self) -> list[ConversationId]:
        return [row.id for row in self.meant] or [self._shown.current.conversation.id]

    def _open(self) -> None:
        self._shown.open(self._meant_ids[0])

    def _rename(self) -> None:
        panes = self._window.panes
        rows = panes.sidebar.meant_rows
        if rows:
            panes.sidebar.rename(rows[0].id)
        else:
            panes.header.rename()

    def _pin(self) -> None:
        if rows := self.meant:
            self.pin([row.id for row in rows], not all(row.pinned for row in rows))

    def _tag(self) -> None:
        # Below the header where the list is out of sight.
        pages = self._window.pages
        self._window.panes.sidebar.open_tags(self._meant_ids, pages.mapToGlobal(QPoint(0, 0)))

    def _archive(self) -> None:
        rows = self.meant
        self._wishes.archive_asked.emit([row.id for row in rows], not all(row.archived for row in rows))

    def _add_folder(self) -> None:
        self._window.show_sidebar(True)
        self._wishes.folder_asked.emit(None, [])

    def _step(self, by: int) -> None:
        neighbour = self._window.panes.sidebar.neighbour(by)
        if neighbour is not None:
            self._shown.open(neighbour)


def _is_listed(row: Row) -> bool:
    return not row.archived


def _ids(ids: Sequence[str] | str) -> list[ConversationId]:
    return [ConversationId(one) for one in ([ids] if isinstance(ids, str) else ids)]
