"""The `Store` port on SQLite: every call becomes one job of the store's thread.

How safe is what: a commit survives the end of the process, kill -9 included, because its
bytes are the system's by then (WAL, synchronous NORMAL); it survives a power cut once the
WAL was synced, which `save(full_sync=True)` waits for. The journal of a running reply is
rows of a table that are only ever appended: one commit of constant cost, no sync; it ends in
the same transaction that saves the reply, so nothing can be there twice.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from desktop_chat.adapters.sqlite.search_backlog import Backlog
from desktop_chat.adapters.sqlite.search_reader import CannotRead, Reader
from desktop_chat.adapters.sqlite.worker import Worker
from desktop_chat.core.ports import Folder, Head, Hit, KeptPicture, Row, RowChange, Unsent
from desktop_chat.core.query import Query
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.ids import ConversationId, FolderId, MessageId, PictureId
from desktop_chat.domain.message import Message

if TYPE_CHECKING:
    from desktop_chat.adapters.sqlite.jobs import Jobs
    from desktop_chat.core.intake import TakenIn

T = TypeVar("T")


class SqliteStore:
    """Conversations in one file. Nothing is opened before the first call.

    Args:
        path: The file; its folder is made if need be.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()
        self._worker = Worker("store")
        self._reader = Reader(self._path)
        self._backlog = Backlog(
            self._worker, lambda: self._jobs is not None and self._jobs.do(lambda jobs: jobs.sift())
        )
        self._jobs: Jobs | None = None
        self._told = 0
        self.on_found: Callable[[StoreError], None] | None = None
        """Called in the loop with what was wrong with the file and dealt with after it was opened."""

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    async def open(self) -> list[StoreError]:
        """See `Store.open`."""
        found = await self._do(lambda jobs: list(jobs.found), tells=False)
        self._told = len(found)
        self._backlog.wake()
        return found

    async def rows(self, first: int | None = None) -> list[Row]:
        """See `Store.rows`."""
        return await self._do(lambda jobs: jobs.rows(first))

    async def trashed(self, since: float) -> list[Row]:
        """See `Store.trashed`."""
        return await self._do(lambda jobs: jobs.trashed(since))

    async def folders(self) -> list[Folder]:
        """See `Store.folders`."""
        return await self._do(lambda jobs: jobs.folders())

    async def load(self, conversation_id: ConversationId) -> Conversation:
        """See `Store.load`."""
        return await self._do(lambda jobs: jobs.load(conversation_id))

    async def excerpt(self, conversation_id: ConversationId, message_id: MessageId | None) -> Conversation | None:
        """See `Store.excerpt`. It waits for no write."""
        if self._jobs is None:
            await self.open()
        try:
            return await self._reader.excerpt(conversation_id, message_id)
        except CannotRead:
            return await self._do(lambda jobs: jobs.excerpt(conversation_id, message_id))

    async def save(self, head: Head, messages: Sequence[Message] = (), *, full_sync: bool = False) -> None:
        """See `Store.save`. The journal of a message that has ended is dropped with it."""
        await self._do(lambda jobs: jobs.save(head, messages, full_sync=full_sync))
        self._backlog.wake()

    async def arrange(
        self, changes: Sequence[RowChange], folders: Sequence[Folder] = (), gone: Sequence[FolderId] = ()
    ) -> None:
        """See `Store.arrange`."""
        await self._do(lambda jobs: jobs.arrange(changes, folders, gone))

    async def purge(self, before: float) -> bool:
        """See `Store.purge`."""
        return await self._do(lambda jobs: jobs.purge(before))

    async def picture(self, picture: PictureId) -> bytes | None:
        """See `Store.picture`."""
        return await self._do(lambda jobs: jobs.picture(picture))

    async def search(self, query: Query, limit: int = 200) -> list[Hit]:
        """See `Store.search`. It waits for no write, and no write waits for it."""
        if self._jobs is None:
            await self.open()
        try:
            return await self._reader.search(query, limit)
        except CannotRead:
            return await self._do(lambda jobs: jobs.search(query, limit))

    @property
    def is_quiet(self) -> bool:
        """See `IntakePlace.is_quiet`."""
        return self._worker.is_quiet

    def pack(self, conversation: Conversation) -> Any:
        """See `IntakePlace.pack`."""
        from desktop_chat.adapters.sqlite.bulk import pack  # With sqlite3, when it is needed.

        return pack(conversation)

    async def take_in(self, packed: Sequence[Any]) -> "list[TakenIn]":
        """See `IntakePlace.take_in`."""
        self._backlog.put_off()
        try:
            return await self._worker.run_aside(lambda: self._ready().do(lambda jobs: jobs.take_in(packed)))
        finally:
            self._tell()

    async def lacking(self, pictures: Sequence[PictureId]) -> set[PictureId]:
        """See `IntakePlace.lacking`."""
        return await self._do(lambda jobs: jobs.lacking(pictures))

    async def keep_picture(self, picture: KeptPicture) -> None:
        """See `IntakePlace.keep_picture`."""
        await self._worker.run_aside(lambda: self._ready().do(lambda jobs: jobs.keep_picture(picture)))

    async def end_intake(self) -> None:
        """See `IntakePlace.end_intake`."""
        await self._do(lambda jobs: jobs.end_intake())

    async def journal(self, conversation_id: ConversationId, message_id: MessageId, lines: Sequence[str]) -> None:
        """See `Store.journal`."""
        await self._do(lambda jobs: jobs.append(conversation_id, message_id, lines))

    async def end_journal(self, message_id: MessageId) -> None:
        """See `Store.end_journal`."""
        await self._do(lambda jobs: jobs.end_journal(message_id))

    async def keep_unsent(
        self, conversation_id: ConversationId, unsent: Unsent | None, message_id: MessageId | None = None
    ) -> None:
        """See `Store.keep_unsent`."""
        await self._do(lambda jobs: jobs.keep_unsent(conversation_id, unsent, message_id))

    async def unsent(self, conversation_id: ConversationId) -> dict[MessageId | None, Unsent]:
        """See `Store.unsent`."""
        return await self._do(lambda jobs: jobs.unsent(conversation_id))

    async def unsent_elsewhere(self) -> tuple[ConversationId, Unsent] | None:
        """See `Store.unsent_elsewhere`."""
        return await self._do(lambda jobs: jobs.unsent_elsewhere())

    async def close(self) -> None:
        """See `Store.close`."""
        self._backlog.stop()
        await self._reader.close()
        await self._worker.close(self._close)

    async def exchange(self, put: Callable[[], None]) -> None:
        """Let go of the file, call `put` in the store's thread, and use what is there then."""

        def exchange() -> None:
            self._close()
            put()

        await self._worker.run(exchange)

    async def mend(self) -> None:
        """The file is known to be damaged: set it aside and recover what is readable, now."""
        await self._do(lambda jobs: jobs.mend())

    async def _do(self, job: Callable[["Jobs"], T], *, tells: bool = True) -> T:
        try:
            return await self._worker.run(lambda: self._ready().do(job))
        finally:
            if tells:
                self._tell()

    def _tell(self) -> None:
        found = self._jobs.found[self._told :] if self._jobs is not None else []
        self._told += len(found)
        for problem in found:
            if self.on_found is not None:
                self.on_found(problem)

    def _ready(self) -> "Jobs":
        # In the thread, so that not even the import of sqlite3 is paid for before the first paint.
        # A store that could not be opened is tried again by the next call.
        if self._jobs is None:
            from desktop_chat.adapters.sqlite.jobs import Jobs

            self._jobs = Jobs(self._path, let_go=self._reader.let_go)
        return self._jobs

    def _close(self) -> None:
        self._reader.let_go()
        if self._jobs is not None:
            self._jobs.close()
            self._jobs = None
            self._told = 0
