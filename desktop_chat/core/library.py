"""The list of conversations, the folders they are in, and the sessions that are open.

Everything returns at once and comes back as changes; what is written goes through the saver.
A conversation that runs goes on running wherever it is moved and whoever looks at it; only
the trash stops it, because nobody could see any more what it does and spends.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace

from desktop_chat.core import folders as tree
from desktop_chat.core.arranging import Arranging
from desktop_chat.core.branching import branch_of
from desktop_chat.core.library_history import LibraryAct, RowStep, Step
from desktop_chat.core.open_sessions import OpenSessions
from desktop_chat.core.ports import Clock, Hit, Row, RowChange, Store
from desktop_chat.core.query import parse
from desktop_chat.core.saver import Saver
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import (
    Change,
    ConversationEdited,
    MessageAdded,
    PathChanged,
    Saved,
    SaveFailed,
    TurnEnded,
    TurnStarted,
)
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.ids import ConversationId, FolderId, MessageId, PictureId, new_conversation_id
from desktop_chat.domain.message import Ended
from desktop_chat.runtime.log import topic

TRASH_KEEPS_S = 30 * 24 * 3600
CLOCK_DOUBTED_S = 400 * 24 * 3600
"""Nobody leaves the program alone for so long; what looks like it is a clock that is wrong."""
FIRST = 200
"""Rows that are read before all others: more than a window shows."""
EVER = 1.0
"""Before anything was ever deleted; what is being erased has an earlier time."""


class Library(Arranging):
    """All conversations of this home.

    Args:
        store: Where they are read from.
        saver: How they are written.
        clock: For the time of new conversations.
        make_session: Builds the session of a conversation.

    Attributes:
        changes: What happened to the list; troubles of saving as well.
        problems: What was found wrong with the store when it was opened.
        is_loaded: The list has been read once; while that fails, `trouble` says why.
    """

    def __init__(
        self, store: Store, saver: Saver, clock: Clock, make_session: Callable[[Conversation], Session]
    ) -> None:
        super().__init__(saver, clock)
        self.problems: tuple[StoreError, ...] = ()
        self.is_loaded = False
        self.trouble: StoreError | None = None
        self._store = store
        self._make_session = make_session
        self._open = OpenSessions(self._on_session_changed, saver.is_waiting_for)
        self._stop_listening = saver.troubles.subscribe(self._on_trouble)

    @property
    def running(self) -> list[Session]:
        """Sessions whose reply is being written, shown or not."""
        return [session for session in self._open.all() if session.is_running]

    @property
    def writing(self) -> list[Session]:
        """Those of them that go on without the person; the others wait for an answer of theirs."""
        return [session for session in self.running if not session.is_waiting]

    async def load(self) -> None:
        """Open the store and read the list; then empty the trash of what is older than 30 days.

        Called again after the store was mended: conversations that are open are written whole,
        whatever became of them there.

        Raises:
            StoreError: It cannot be read at all; the list is empty and new conversations
                are kept in memory until it can be written.
        """
        try:
            await self._load()
        except StoreError as error:
            if not self.is_loaded:
                self.trouble = error
                self.changes.publish(SaveFailed(error))
            raise
        trouble, self.trouble = self.trouble, None
        if trouble is not None and not self._saver.waiting:
            self.changes.publish(Saved())

    async def _load(self) -> None:
        await self._saver.flush()
        self.problems = tuple(await self._store.open())
        folders = await self._store.folders()
        if not self.is_loaded and len(rows := await self._store.rows(FIRST)) == FIRST:
            self._listing.load(rows, folders, self._is_in_memory)  # The rest takes longer than a person waits.
        rows = await self._store.rows()
        if left := await self._store.unsent_elsewhere():
            conversation_id, unsent = left
            if self._open.get(conversation_id) is None:
                self._fresh(Conversation(conversation_id, "", self._clock.now(), self._clock.now())).unsent = unsent
        self.is_loaded, was_loaded = True, self.is_loaded
        self._listing.load(rows, folders, self._is_in_memory)
        for session in self._open.all() if was_loaded else ():
            self._saver.keep(session.conversation, *session.conversation.messages.values())
        for problem in self.problems:
            topic("store").warning("%s: %s", type(problem).__name__, problem)
            self.changes.publish(SaveFailed(problem))
        await self._load_trash()

    def new(self, *, temporary: bool = False, folder_id: FolderId | None = None) -> Session:
        """A conversation in memory; it is in the list once it has a message.

        Text that was typed into a new conversation and not sent, also before a restart, is
        in the next one.

        Args:
            temporary: It is never written, unless `keep` is called.
            folder_id: Where it will stand.
        """
        now = self._clock.now()
        folder_id = folder_id if tree.find(self.folders, folder_id) else None
        for session in reversed(self._open.all()):
            conversation = session.conversation
            is_free = not conversation.messages and not self._open.is_shown(conversation.id)
            if is_free and session.is_temporary == temporary:
                conversation.folder_id = folder_id
                return self._open.show(session)
        session = self._fresh(Conversation(new_conversation_id(), "", now, now, folder_id=folder_id))
        if temporary:
            self._hold_back(session)
        return self._open.show(session)

    def keep(self, conversation_id: ConversationId) -> None:
        """A temporary conversation becomes an ordinary one and is written, as far as it has come."""
        session = self._open.get(conversation_id)
        if session is None or not session.is_temporary:
            return
        session.is_temporary = False
        self._saver.let_through(session.conversation, session.draft, session.unsent, session.edits)
        if row := self._listing.anywhere(conversation_id):
            self._listing.put(replace(row, is_temporary=False))
        session.changes.publish(ConversationEdited())

    async def open(self, conversation_id: ConversationId) -> Session:
        """The session of a conversation, the same one while it is open.

        Raises:
            StoreError: It cannot be read.
        """
        session = self._open.get(conversation_id)
        if session is None:
            # Made before the next wait: a window need not be held for this and for showing it at once.
            made = self._make_session(await self._store.load(conversation_id))
            unsent = await self._store.unsent(conversation_id)
            session = self._open.get(conversation_id)
            if session is None:  # Another view may have asked meanwhile.
                self._up_to_date(made.conversation)
                session = self._open.add(made)
                session.take_unsent(unsent)
        self.mark_read(conversation_id)
        return self._open.show(session)

    async def excerpt(self, conversation_id: ConversationId, message_id: MessageId | None = None) -> Session | None:
        """What stands around a message of a long conversation, or at its end, to be seen while it is opened.

        Returns:
            A session that nobody but the page may use: it has a part of the conversation, and
            is none of those that are open. `None` if `open` is as quick.

        Raises:
            StoreError: It cannot be read.
        """
        if self._open.get(conversation_id) is not None:
            return None
        conversation = await self._store.excerpt(conversation_id, message_id)
        return self._make_session(conversation) if conversation is not None else None

    async def read(self, conversation_id: ConversationId) -> Conversation:
        """A conversation as it stands, to be looked at in any thread; it is not opened by this.

        Raises:
            StoreError: It cannot be read.
        """
        session = self._open.get(conversation_id)
        return self._up_to_date(await self._store.load(conversation_id)) if session is None else _copy_of(session)

    async def picture(self, picture: PictureId) -> bytes | None:
        """The bytes of a picture; `None` if they are not there.

        Raises:
            StoreError: It cannot be read.
        """
        return await self._store.picture(picture)

    def release(self, session: Session) -> None:
        """A view does not show it any more; call it as often as `new` and `open` were called."""
        self._open.release(session)

    async def branch(self, session: Session, message_id: MessageId) -> Session:
        """A new conversation with what was said down to a message; it is shown, as after `open`.

        What is branched off a temporary conversation is temporary as well. Undoing it moves
        the new conversation to the trash.
        """
        draft, now = session.draft, self._clock.now()
        branch = self._fresh(
            branch_of(
                session.conversation,
                message_id,
                now=now,
                running=draft.message() if draft else None,
                titles={row.title for row in self.rows},
            )
        )
        conversation = branch.conversation
        if session.is_temporary:
            self._hold_back(branch)
        self._saver.keep(conversation, *conversation.messages.values())
        self._history.record(
            Step(LibraryAct.BRANCH, (RowStep(conversation.id, {"trashed_at": now}, {"trashed_at": None}),))
        )
        self._listing.put(_row_of(branch, None))
        self._open.show(branch)
        await self._saver.flush()
        return branch

    def mark_read(self, conversation_id: ConversationId) -> None:
        """The person has seen the end of it."""
        row = self.row(conversation_id)
        if row is not None and row.is_unread:
            self._saver.arrange([RowChange(conversation_id, {"is_unread": False})])
            self._listing.put(replace(row, is_unread=False))

    async def search(self, text: str, limit: int = 200) -> list[Hit]:
        """Find titles and messages, newest first; `core/query.py` says what the text may be.

        Conversations that just went to the trash are left out.

        Raises:
            QueryError: An operator has a value it cannot have.
            StoreError: The store cannot be read.
        """
        query = parse(text)
        if query.is_empty:
            return []
        await self._saver.settle()  # Or what was just brought back would not be found.
        hits = await self._store.search(query, limit)
        # What went to the trash meanwhile may still be on its way to the disk.
        return [hit for hit in hits if query.in_trash == (hit.conversation_id in self._listing.trash)]

    async def hear_of(self, ids: Collection[ConversationId]) -> None:
        """Others wrote to these conversations: list them, and give those that are open what came.

        Raises:
            StoreError: The store cannot be read.
        """
        rows = {row.id: self._as_it_stands(row) for row in await self._store.rows() if row.id in ids}
        for session in self._open.all():
            conversation_id = session.conversation.id
            if conversation_id in ids:
                session.extend(await self._store.load(conversation_id))
            if row := rows.get(conversation_id):
                rows[row.id] = _row_of(session, row)
        self._listing.put_all(list(rows.values()))

    async def exchange_store(self, exchange: Callable[[], Awaitable[None]]) -> None:
        """End and save every session, have another store take the place of this one, and read all anew.

        Raises:
            StoreError: It was not exchanged, or cannot be read.
        """
        await self._open.close()
        await self._saver.flush()
        try:
            await exchange()
        finally:
            self._listing.forget()
            self._history.forget()
            self._open.forget()
            await self.load()

    async def close(self) -> None:
        """End every session, save everything, and let go of the store."""
        await self._open.close()
        await self._saver.close()
        self._stop_listening()
        await self._store.close()

    def _change_sessions(self, changes: Sequence[RowChange]) -> list[Session]:
        changed = {change.id: change.fields for change in changes}
        found = [session for session in self._open.all() if session.conversation.id in changed]
        for session in found:
            fields = changed[session.conversation.id]
            session.place(fields)
            if fields.get("trashed_at") is not None:
                session.stop()
        return found

    def _fresh(self, conversation: Conversation) -> Session:
        return self._open.add(self._make_session(conversation))

    def _hold_back(self, session: Session) -> None:
        session.is_temporary = True
        self._saver.hold_back(session.conversation.id)

    async def _load_trash(self) -> None:
        now = self._clock.now()
        trash = await self._store.trashed(EVER)
        times = [row.updated_at for row in self.rows] + [row.trashed_at or 0.0 for row in trash]
        # A clock that is years ahead must not empty the trash.
        is_doubtful = now - max(times, default=now) > CLOCK_DOUBTED_S
        oldest = EVER if is_doubtful else max(EVER, now - TRASH_KEEPS_S)
        self._listing.load_trash(row for row in trash if (row.trashed_at or 0.0) >= oldest)
        self._saver.purge(oldest)

    def _is_in_memory(self, conversation_id: ConversationId) -> bool:
        return self._open.get(conversation_id) is not None or self._saver.is_waiting_for(conversation_id)

    def _as_it_stands(self, row: Row) -> Row:
        old = self._listing.anywhere(row.id)
        return replace(old, updated_at=max(old.updated_at, row.updated_at)) if old else row

    def _up_to_date(self, conversation: Conversation) -> Conversation:
        # What the person did to its row may still be on its way to the disk.
        if row := self._listing.anywhere(conversation.id):
            conversation.title, conversation.titled_by_person = row.title, row.titled_by_person
            conversation.pinned, conversation.archived = row.pinned, row.archived
            conversation.folder_id, conversation.tags = row.folder_id, row.tags
            conversation.trashed_at = row.trashed_at
        return conversation

    def _on_session_changed(self, session: Session, change: Change) -> None:
        if not isinstance(change, MessageAdded | PathChanged | ConversationEdited | TurnStarted | TurnEnded):
            return
        conversation = session.conversation
        old = self._listing.anywhere(conversation.id)
        if old is None and not conversation.messages:
            return  # A new conversation that only has settings yet.
        row = _row_of(session, old)
        if isinstance(change, TurnEnded):
            row = replace(row, is_running=False)
            is_news = change.ended is not Ended.STOPPED and not self._open.is_shown(conversation.id)
            if is_news and not row.is_unread:
                row = replace(row, is_unread=True)
                self._saver.arrange([RowChange(row.id, {"is_unread": True})])
        if old is not None and row.title != old.title and row.titled_by_person:
            self._note_rename(old, row)
        if row != old:
            self._listing.put(row)
        if isinstance(change, TurnEnded):
            self._open.let_go()

    def _on_trouble(self, trouble: SaveFailed | Saved) -> None:
        self.changes.publish(trouble)


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
        folder_id=conversation.folder_id,
        tags=conversation.tags,
        archived=conversation.archived,
        is_temporary=session.is_temporary,
        trashed_at=conversation.trashed_at,
        titled_by_person=conversation.titled_by_person,
    )


def _copy_of(session: Session) -> Conversation:
    conversation, draft = session.conversation, session.draft
    copy = replace(
        conversation,
        messages=dict(conversation.messages),
        children={parent_id: list(below) for parent_id, below in conversation.children.items()},
        chosen=dict(conversation.chosen),
        deleted=set(conversation.deleted),
    )
    if draft is not None:
        copy.messages[draft.message_id] = draft.message()
    return copy
