"""Searches beside the thread that writes, and looks ahead: a connection of their own that can only read.

So writing never waits for a search, and what is seen first never waits for what is written. A
search whose caller is cancelled, because another letter was typed, is broken off within a
millisecond or so.
"""

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from desktop_chat.adapters.sqlite.worker import Worker
from desktop_chat.core.ports import Hit
from desktop_chat.core.query import Query
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreDamaged
from desktop_chat.domain.ids import ConversationId, MessageId

if TYPE_CHECKING:
    import sqlite3

T = TypeVar("T")

_STEPS = 1000
"""Instructions of SQLite between two looks at whether anybody still waits."""


class CannotRead(Exception):
    """There can be no second connection: the file is locked, or must be read in a special way."""


class Reader:
    """One thread with one connection, opened by the first search.

    Args:
        path: The store; another file of this name is noticed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._worker = Worker("search")
        self._lock = threading.Lock()
        """Held while the connection is in use."""
        self._connection: sqlite3.Connection | None = None
        self._place: tuple[int, int] | None = None
        self._is_over: threading.Event | None = None
        """Set once nobody waits for the search that runs."""

    async def search(self, query: Query, limit: int) -> list[Hit]:
        """See `search.find`; searches wait for each other unless they are cancelled.

        Raises:
            CannotRead: Not from here, or it is damaged; the thread that writes finds out.
        """

        def find(connection: "sqlite3.Connection") -> list[Hit]:
            # In the thread, so that the start of the program does not wait for this import.
            from desktop_chat.adapters.sqlite import search

            return search.find(connection, query, limit)

        return await self._read(find)

    async def excerpt(self, conversation_id: ConversationId, message_id: MessageId | None) -> Conversation | None:
        """See `Store.excerpt`.

        Raises:
            CannotRead: As above, or a search is going on.
            StoreError: There is no such conversation, or it cannot be read.
        """

        def read(connection: "sqlite3.Connection") -> Conversation | None:
            from desktop_chat.adapters.sqlite.reading import read_excerpt  # As above.

            return read_excerpt(connection, conversation_id, message_id)

        if not self._worker.is_free:
            raise CannotRead("busy")
        return await self._read(read)

    def let_go(self) -> None:
        """Break off what runs and close the file, which may be exchanged then. From any thread."""
        if (is_over := self._is_over) is not None:
            is_over.set()
        with self._lock:
            self._close()

    async def close(self) -> None:
        """End the thread."""
        if (is_over := self._is_over) is not None:
            is_over.set()
        await self._worker.close(self.let_go)

    async def _read(self, job: "Callable[[sqlite3.Connection], T]") -> T:
        found = None
        while found is None:  # Broken off because the file was exchanged: the new one is asked.
            is_over = threading.Event()
            try:
                found = await self._worker.run(partial(self._do, is_over, job))
            except asyncio.CancelledError:
                is_over.set()
                raise
        return found[0]

    def _do(self, is_over: threading.Event, job: "Callable[[sqlite3.Connection], T]") -> tuple[T] | None:
        # In the thread, as above.
        import sqlite3

        with self._lock:
            if is_over.is_set():  # It waited behind another one, and nobody waits for it any more.
                return None
            self._is_over = is_over
            try:
                connection = self._ready()
                connection.set_progress_handler(is_over.is_set, _STEPS)
                connection.execute("BEGIN")  # All of it sees one state, whatever is written meanwhile.
                try:
                    return (job(connection),)
                finally:
                    connection.set_progress_handler(None, 0)
                    connection.execute("ROLLBACK")
            except (sqlite3.Error, OSError, UnicodeDecodeError, StoreDamaged) as error:
                if is_over.is_set():
                    return None
                raise CannotRead(str(error)) from error
            finally:
                self._is_over = None

    def _ready(self) -> "sqlite3.Connection":
        import sqlite3

        from desktop_chat.adapters.sqlite.database import place_of

        place = place_of(self._path)
        if place != self._place:
            self._close()
        if self._connection is None:
            # SQLite locks between connections of one process too, but nobody waits for a reader of a WAL.
            connection = sqlite3.connect(
                f"{self._path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=0.2, check_same_thread=False
            )
            try:
                connection.execute("PRAGMA cache_size = -8000")
                connection.execute("SELECT count(*) FROM gram_todo WHERE num < 0").fetchone()
            except sqlite3.Error:
                connection.close()
                raise
            self._connection, self._place = connection, place
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
