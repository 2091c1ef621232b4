"""The list of conversations, and the sessions that are open.

Rows are kept in memory in the order in which they are shown; every change of a session
finds its way into its row. A session stays open while a view shows it or while it runs,
and a few more do, so that going back costs nothing and undo still works.
"""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop_chat.core.ports import Clock, Hit, Row, Store
from desktop_chat.core.saver import Saver
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import (
    Change,
    ConversationEdited,
    ConversationListed,
    ConversationUnlisted,
    LibraryChange,
    LibraryLoaded,
    MessageAdded,
    PathChanged,
    Saved,
    SaveFailed,
    TurnEnded,
    TurnStarted,
)
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import ConversationId, new_conversation_id
from desktop_chat.runtime.log import topic

KEPT_OPEN = 4
"""Sessions that nobody shows and that do not run."""


@dataclass(slots=True)
class _Open:
    session: Session
    stop_listening: Callable[[], None]
    views: int = 0


class Library:
    """All conversations of this home.

    Args:
        store: Where they are read from.
        saver: How they are written.
        clock: For the time of new conversations.
        make_session: Builds the session of a conversation.

    Attributes:
        changes: What happened to the list; troubles of saving as well.
        problems: What was found wrong with the store when it was opened.
    """

    def __init__(
        self, store: Store, saver: Saver, clock: Clock, make_session: Callable[[Conversation], Session]
    ) -> None:
        self.changes: Feed[LibraryChange] = Feed()
        self.problems: tuple[StoreError, ...] = ()
        self._store = store
        self._saver = saver
        self._clock = clock
        self._make_session = make_session
        self._rows: list[Row] = []
        self._by_id: dict[ConversationId, Row] = {}
        self._trashed: dict[ConversationId, Row] = {}
        self._open: OrderedDict[ConversationId, _Open] = OrderedDict()
        self._stop_listening = saver.troubles.subscribe(self._on_trouble)

    @property
    def rows(self) -> list[Row]:
        """Pinned first, then latest change first. Not to be changed by others."""
        return self._rows

    @property
    def running(self) -> list[Session]:
        """Sessions whose reply is being written, shown or not."""
        return [entry.session for entry in self._open.values() if entry.session.is_running]

    def row(self, conversation_id: ConversationId) -> Row | None:
        """The row of a conversation, if it is in the list."""
        return self._by_id.get(conversation_id)

    def position(self, conversation_id: ConversationId) -> int | None:
        """Where in `rows` a conversation stands."""
        row = self._by_id.get(conversation_id)
        return None if row is None else bisect_left(self._rows, _order(row), key=_order)

    async def load(self) -> None:
        """Open the store and read the list.

        Raises:
            StoreError: It cannot be read at all; the list is empty and new conversations
                are kept in memory until it can be written.
        """
        self.problems = tuple(await self._store.open())
        by_id = {row.id: row for row in await self._store.rows() if row.id not in self._trashed}
        by_id.update(self._by_id)  # What happened before the list was there is newer.
        self._by_id = by_id
        self._rows = sorted(by_id.values(), key=_order)
        if left := await self._store.unsent_elsewhere():
            conversation_id, unsent = left
            if conversation_id not in self._open:
                self._fresh(conversation_id).unsent = unsent
        self.changes.publish(LibraryLoaded())
        for problem in self.problems:
            topic("store").warning("%s: %s", type(problem).__name__, problem)
            self.changes.publish(SaveFailed(problem))

    def new(self) -> Session:
        """A conversation in memory; it is in the list once it has a message.

        Text that was typed into a new conversation and not sent, also before a restart, is
        in the next one.
        """
        for entry in reversed(self._open.values()):
            if not entry.views and not entry.session.conversation.messages:
                return self._show(entry.session)
        return self._show(self._fresh(new_conversation_id()))

    async def open(self, conversation_id: ConversationId) -> Session:
        """The session of a conversation, the same one while it is open.

        Raises:
            StoreError: It cannot be read.
        """
        if conversation_id not in self._open:
            conversation = await self._store.load(conversation_id)
            unsent = await self._store.unsent(conversation_id)
            if conversation_id not in self._open:  # Another view may have asked meanwhile.
                self._take_over(conversation)
                session = self._make_session(conversation)
                session.unsent = unsent
                self._listen(session)
        self.mark_read(conversation_id)
        return self._show(self._open[conversation_id].session)

    def release(self, session: Session) -> None:
        """A view does not show it any more; call it as often as `new` and `open` were called."""
        entry = self._open.get(session.conversation.id)
        if entry is not None and entry.session is session:
            entry.views = max(0, entry.views - 1)
            self._open.move_to_end(session.conversation.id)
            self._let_go()

    def rename(self, conversation_id: ConversationId, title: str) -> None:
        """Give a title; an empty one changes nothing."""
        title = " ".join(title.split())
        row = self._by_id.get(conversation_id)
        if not title or row is None:
            return
        if entry := self._open.get(conversation_id):
            entry.session.rename(title)  # Its change comes back and finds the row.
            return
        self._put(replace(row, title=title))
        self._saver.change_row(conversation_id, title=title)

    def pin(self, conversation_id: ConversationId, pinned: bool) -> None:
        """Put a conversation above the others, or back among them."""
        row = self._by_id.get(conversation_id)
        if row is None or row.pinned == pinned:
            return
        if entry := self._open.get(conversation_id):
            entry.session.conversation.pinned = pinned
            self._saver.keep(entry.session.conversation)
        else:
            self._saver.change_row(conversation_id, pinned=pinned)
        self._put(replace(row, pinned=pinned))

    def trash(self, conversation_id: ConversationId) -> None:
        """Take a conversation off the list; a running reply is stopped and kept."""
        row = self._by_id.get(conversation_id)
        if row is None:
            return
        if (entry := self._open.get(conversation_id)) and entry.session.is_running:
            entry.session.stop()
        self._remove(row)
        self._trashed[conversation_id] = row
        self._saver.trash(conversation_id)
        self.changes.publish(ConversationUnlisted(conversation_id))

    def restore(self, conversation_id: ConversationId) -> None:
        """Undo `trash`, as long as the program runs."""
        row = self._trashed.pop(conversation_id, None)
        if row is None:
            return
        self._saver.restore(conversation_id)
        entry = self._open.get(conversation_id)
        self._put(_row_of(entry.session, row) if entry else replace(row, is_running=False))

    def mark_read(self, conversation_id: ConversationId) -> None:
        """The person has seen the end of it."""
        row = self._by_id.get(conversation_id)
        if row is not None and row.is_unread:
            self._put(replace(row, is_unread=False))

    async def search(self, text: str) -> list[Hit]:
        """Find words in titles and messages. Conversations that just went to the trash are left out.

        Raises:
            StoreError: The store cannot be read.
        """
        return [hit for hit in await self._store.search(text) if hit.conversation_id not in self._trashed]

    async def close(self) -> None:
        """End every session, save everything, and let go of the store."""
        for entry in tuple(self._open.values()):
            await entry.session.close()
            entry.stop_listening()
        self._open.clear()
        await self._saver.close()
        self._stop_listening()
        await self._store.close()

    def _fresh(self, conversation_id: ConversationId) -> Session:
        now = self._clock.now()
        session = self._make_session(Conversation(conversation_id, "", now, now))
        self._listen(session)
        return session

    def _take_over(self, conversation: Conversation) -> None:
        # A new title or pin may still be on its way to the disk.
        row = self._by_id.get(conversation.id)
        if row is None:
            return
        if row.title != conversation.title:
            conversation.title, conversation.titled_by_person = row.title, True
        conversation.pinned = row.pinned

    def _listen(self, session: Session) -> None:
        def on_change(change: Change) -> None:
            self._on_session_changed(session, change)

        self._open[session.conversation.id] = _Open(session, session.changes.subscribe(on_change))

    def _show(self, session: Session) -> Session:
        conversation_id = session.conversation.id
        self._open[conversation_id].views += 1
        self._open.move_to_end(conversation_id)
        self._let_go()
        return session

    def _let_go(self) -> None:
        idle = [
            (conversation_id, entry)
            for conversation_id, entry in self._open.items()
            if not entry.views and not entry.session.is_running and entry.session.conversation.messages
        ]
        for conversation_id, entry in idle[: max(0, len(idle) - KEPT_OPEN)]:
            entry.stop_listening()
            del self._open[conversation_id]

    def _on_session_changed(self, session: Session, change: Change) -> None:
        if not isinstance(change, MessageAdded | PathChanged | ConversationEdited | TurnStarted | TurnEnded):
            return
        conversation = session.conversation
        old = self._by_id.get(conversation.id) or self._trashed.get(conversation.id)
        if old is None and not conversation.messages:
            return  # A new conversation that only has settings yet.
        row = _row_of(session, old)
        if isinstance(change, TurnEnded):
            row = replace(row, is_running=False)
            entry = self._open.get(conversation.id)
            if entry is not None and not entry.views:
                row = replace(row, is_unread=True)
        if conversation.id in self._trashed:
            self._trashed[conversation.id] = row
        elif row != old:
            self._put(row)
        if isinstance(change, TurnEnded):
            self._let_go()

    def _put(self, row: Row) -> None:
        if old := self._by_id.get(row.id):
            self._remove(old)
        self._by_id[row.id] = row
        self._rows.insert(bisect_left(self._rows, _order(row), key=_order), row)
        self.changes.publish(ConversationListed(row.id))

    def _remove(self, row: Row) -> None:
        del self._rows[bisect_left(self._rows, _order(row), key=_order)]
        del self._by_id[row.id]

    def _on_trouble(self, trouble: SaveFailed | Saved) -> None:
        self.changes.publish(trouble)


def _order(row: Row) -> tuple[bool, float, str]:
    return (not row.pinned, -row.updated_at, row.id)


def _row_of(session: Session, old: Row | None) -> Row:
    conversation = session.conversation
    return Row(
        id=conversation.id,
        title=conversation.title,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        pinned=conversation.pinned,
        is_running=session.is_running,
        is_unread=old.is_unread if old else False,
    )
