"""What the store's thread does with its connection, one method per call of the port."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from desktop_chat.adapters.sqlite import bulk, heads, pictures, reading, rows, search_schema
from desktop_chat.adapters.sqlite.database import (
    bring_back,
    close_as_it_is,
    is_damage,
    open_database,
    place_of,
    transaction,
    translated,
)
from desktop_chat.adapters.sqlite.recovery import recover
from desktop_chat.core.intake import TakenIn
from desktop_chat.core.ports import Folder, Head, Hit, KeptPicture, Row, RowChange, Unsent
from desktop_chat.core.query import Query
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreError, StoreExchanged, StoreFull
from desktop_chat.domain.ids import ConversationId, FolderId, MessageId, PictureId
from desktop_chat.domain.message import Message

if TYPE_CHECKING:
    from desktop_chat.adapters.sqlite.search_grams import Sifter

T = TypeVar("T")

MOST_MENDED = 3
"""Times that one run of the program sets the file aside: what then is still damaged, recovering does not help."""
_REMEMBERED = 16
"""Conversations whose choices are remembered, so that saving writes what differs without reading first."""


class Jobs:
    """The open database and what is done with it. Lives in the store's thread alone.

    Args:
        path: The file.
        let_go: Called before the file is exchanged for another: whoever reads it closes it.

    Raises:
        StoreError: The database can be neither opened nor made.
    """

    def __init__(self, path: Path, let_go: Callable[[], None] = lambda: None) -> None:
        self._path = path
        self._let_go = let_go
        self._sifter: Sifter | None = None
        self.found: list[StoreError] = []
        """What was wrong with the file and dealt with, in order; it may grow with every job."""
        self._mended = 0
        self._open()

    def _open(self) -> None:
        database = open_database(self._path)
        self._connection = database.connection
        self._refusal = database.refusal
        self._place = database.place
        self.found += database.found
        self._choices: OrderedDict[int, rows.Choices] = OrderedDict()
        self._is_taking_in = False
        self._is_recovered = False
        """Before anything is written, the journals that a crash left have become messages."""
        if self._refusal is None:
            try:
                with translated():
                    self._writable()
            except StoreFull as error:
                # What is there can be read; it is tried again when there is something to write.
                self.found.append(error)
            except StoreError as error:
                if not self._can_mend(error):
                    self._connection.close()
                    raise
                self.mend()
            except BaseException:
                self._connection.close()
                raise

    def do(self, job: Callable[["Jobs"], T]) -> T:
        """Run a job; errors of SQLite come out as ours.

        Where it meets damage, the file is set aside and what is readable recovered; then the
        job is done once more.
        """
        try:
            with translated():
                return job(self)
        except StoreError as error:
            if not self._can_mend(error):
                raise
        self.mend()
        with translated():
            return job(self)

    def mend(self) -> None:
        """Set the file aside and recover what is readable of it."""
        self._mended += 1
        self._let_go()
        close_as_it_is(self._connection, self._path)
        with translated():
            self.found.append(recover(self._path))
        self._open()

    def _can_mend(self, error: StoreError) -> bool:
        return is_damage(error) and self._refusal is None and self._mended < MOST_MENDED

    def rows(self, first: int | None) -> list[Row]:
        """The list, or its beginning."""
        return heads.list_rows(self._connection, first)

    def trashed(self, since: float) -> list[Row]:
        """The trash."""
        return heads.list_trash(self._connection, since)

    def folders(self) -> list[Folder]:
        """All folders."""
        return heads.list_folders(self._connection)

    def load(self, conversation_id: ConversationId) -> Conversation:
        """One conversation, whole."""
        return reading.read_conversation(self._connection, conversation_id)

    def excerpt(self, conversation_id: ConversationId, message_id: MessageId | None) -> Conversation | None:
        """A part of one, if it is long."""
        return reading.read_excerpt(self._connection, conversation_id, message_id)

    def save(self, head: Head, messages: Sequence[Message], *, full_sync: bool) -> None:
        """Head, messages, choices, and the end of the journals of replies that ended: all or nothing."""
        self._writable()
        connection = self._connection
        new = dict(head.chosen)
        with transaction(connection, full_sync=full_sync):
            number = heads.write_head(connection, head)
            rows.write_messages(connection, number, messages)
            old = self._choices.pop(number, None)
            rows.write_choices(connection, number, rows.read_choices(connection, number) if old is None else old, new)
            for message in messages:
                if message.ended is not None:
                    connection.execute("DELETE FROM journal WHERE message_id = ?", (message.id,))
        # Only after the commit: what was rolled back is not on disk.
        self._choices[number] = new
        if len(self._choices) > _REMEMBERED:
            self._choices.popitem(last=False)

    def arrange(self, changes: Sequence[RowChange], folders: Sequence[Folder], gone: Sequence[FolderId]) -> None:
        """Rows and folders: all or nothing."""
        self._writable()
        with transaction(self._connection):
            heads.arrange(self._connection, changes, folders, gone)

    def purge(self, before: float) -> bool:
        """A little of what went to the trash before this time."""
        self._writable()
        with transaction(self._connection):
            # What is taken in comes after its pictures.
            return heads.erase_some(self._connection, before) or (
                not self._is_taking_in and pictures.erase_some(self._connection)
            )

    def picture(self, picture: PictureId) -> bytes | None:
        """The bytes of one."""
        return pictures.read(self._connection, picture)

    def lacking(self, ids: Sequence[PictureId]) -> set[PictureId]:
        """Those of which there are no bytes; what has some keeps them until the conversation that shows it is there."""
        self._begin_intake()
        return pictures.lacking(self._connection, ids)

    def keep_picture(self, picture: KeptPicture) -> None:
        """One, before the conversation that shows it."""
        self._begin_intake()
        with transaction(self._connection):
            pictures.keep(self._connection, [picture])

    def take_in(self, parcels: Sequence[bulk.Parcel]) -> list[TakenIn]:
        """Many conversations; merges of the index wait until a lot has come."""
        self._begin_intake()
        with transaction(self._connection):
            return bulk.take_in(self._connection, parcels)

    def _begin_intake(self) -> None:
        self._writable()
        if not self._is_taking_in:
            search_schema.for_many(self._connection)
            self._is_taking_in = True

    def end_intake(self) -> None:
        """No more comes."""
        if self._is_taking_in and self._refusal is None:
            self._is_taking_in = False
            search_schema.for_few(self._connection)
            self._sifter = None  # A new one merges what came.

    def search(self, query: Query, limit: int) -> list[Hit]:
        """Titles and messages; for a file that only this connection can read."""
        from desktop_chat.adapters.sqlite import search  # When it is needed: the list waits for this module.

        return search.find(self._connection, query, limit)

    def sift(self) -> bool:
        """A little work on the index of parts of words; whether there is more."""
        from desktop_chat.adapters.sqlite.search_grams import Sifter  # When it is needed, as above.

        self._writable()
        if self._sifter is None:
            if not self._is_taking_in and search_schema.is_for_many(self._connection):
                search_schema.for_few(self._connection)  # Killed while much came.
            self._sifter = Sifter()
        with transaction(self._connection):
            return self._sifter.step(self._connection)

    def append(self, conversation_id: ConversationId, message_id: MessageId, lines: Sequence[str]) -> None:
        """Lines of a running reply. JSON has no line break in it, so one row holds several."""
        self._writable()
        with transaction(self._connection):
            self._connection.execute(
                "INSERT INTO journal (conversation_id, message_id, lines) VALUES (?, ?, ?)",
                (conversation_id, message_id, heads.clean("\n".join(lines))),
            )

    def end_journal(self, message_id: MessageId) -> None:
        """Forget the lines of a reply."""
        self._writable()
        with transaction(self._connection):
            self._connection.execute("DELETE FROM journal WHERE message_id = ?", (message_id,))

    def keep_unsent(
        self, conversation_id: ConversationId, unsent: Unsent | None, message_id: MessageId | None = None
    ) -> None:
        """Remember or forget what was typed."""
        self._writable()
        execute = self._connection.execute
        text, cursor = (heads.clean(unsent.text), unsent.cursor) if unsent is not None else ("", 0)
        with transaction(self._connection):
            if message_id is None:
                execute("DELETE FROM unsent WHERE conversation_id = ?", (conversation_id,))
                if unsent is not None:
                    execute("INSERT INTO unsent VALUES (?, ?, ?)", (conversation_id, text, cursor))
            else:
                key = (conversation_id, message_id)
                execute("DELETE FROM edits WHERE conversation_id = ? AND message_id = ?", key)
                if unsent is not None:
                    execute("INSERT INTO edits VALUES (?, ?, ?, ?)", (*key, text, cursor))

    def unsent(self, conversation_id: ConversationId) -> dict[MessageId | None, Unsent]:
        """What was typed in this conversation."""
        rows = self._connection.execute(
            "SELECT NULL, text, cursor FROM unsent WHERE conversation_id = :id UNION ALL SELECT * FROM "
            "(SELECT message_id, text, cursor FROM edits WHERE conversation_id = :id ORDER BY rowid)",
            {"id": conversation_id},
        )
        return {message_id: Unsent(text, cursor) for message_id, text, cursor in rows}

    def unsent_elsewhere(self) -> tuple[ConversationId, Unsent] | None:
        """What was typed last in a conversation that has no row."""
        row = self._connection.execute(
            "SELECT conversation_id, text, cursor FROM unsent "
            "WHERE conversation_id NOT IN (SELECT id FROM conversations) ORDER BY rowid DESC LIMIT 1"
        ).fetchone()
        return (ConversationId(row[0]), Unsent(row[1], row[2])) if row else None

    def close(self) -> None:
        """Let go of the file; SQLite folds the WAL into it."""
        with translated():
            self._connection.close()

    def _writable(self) -> None:
        if self._refusal is not None:
            # A fresh one each time: an exception that is raised twice carries both tracebacks.
            raise type(self._refusal)(*self._refusal.args)
        if place_of(self._path) != self._place:
            # Otherwise the system would take what is written and throw it away with the deleted file.
            self._let_go()
            self._connection, other = bring_back(self._connection, self._path)
            self._place = place_of(self._path)
            if other is not None:
                self.found.append(StoreExchanged(other))
        if not self._is_recovered:
            with transaction(self._connection):
                rows.recover(self._connection)
            self._is_recovered = True
