"""Takes conversations into the library: as many as there are, beside everything else, and only what is new.

A worker thread reads and packs while the store writes, a batch ahead. A conversation is
written whole or not at all; taking the same in again adds nothing.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Event
from typing import Any, Protocol

from desktop_chat.core.library import Library
from desktop_chat.core.ports import KeptPicture
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.folder import NamedFolder
from desktop_chat.domain.ids import ConversationId, FolderId, PictureId
from desktop_chat.domain.message import pictures_of
from desktop_chat.runtime.log import topic
from desktop_chat.runtime.turns import short_turns

PictureOf = Callable[[PictureId], bytes | None]
"""The bytes of a picture of the conversation that was read last; `None` if there are none."""

FoldersOf = Callable[[FolderId], Sequence[NamedFolder]]
"""A folder of the source and those it is in, the outermost first; none if it is not named there."""

Paths = dict[ConversationId, Sequence[NamedFolder]]
"""Conversations and the folders that lead to them."""

BATCH_MESSAGES = 500
"""Written at once beside others that write, who wait for it."""
BATCH_IF_QUIET = 1200
"""Where nobody writes: a large batch costs less, most of all later, when the index is merged."""
BATCH_BYTES = 4 * 2**20
AHEAD = 2
"""Batches that are packed before the one that is written."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a conversation that was given to the store."""

    id: ConversationId
    messages: int
    """That were not there before."""
    is_new: bool = False
    is_in_trash: bool = False
    """It was there, in the trash, and stays there."""


class IntakePlace(Protocol):
    """The way for many conversations at once into the store."""

    @property
    def is_quiet(self) -> bool:
        """Whether nothing else was written lately. From any thread."""

    def pack(self, conversation: Conversation) -> Any:
        """Make one ready to be written; takes long, for a worker thread. The result knows its `size_bytes`."""

    async def take_in(self, packed: Sequence[Any]) -> list[TakenIn]:
        """Write what is not there yet, in one transaction; raises `StoreError`."""

    async def lacking(self, pictures: Sequence[PictureId]) -> set[PictureId]:
        """Those that were never written."""

    async def keep_picture(self, picture: KeptPicture) -> None:
        """Write one, before the conversation that shows it; raises `StoreError`."""

    async def end_intake(self) -> None:
        """No more is coming: the store is used as always."""


@dataclass(slots=True)
class Taken:
    """What came of it. Mutable: it is also how far it has come."""

    added: int = 0
    """Conversations that were not there."""
    extended: int = 0
    """That were there and got messages."""
    unchanged: int = 0
    in_trash: int = 0
    """Of those that were there, how many are in the trash, where they stay."""
    messages: int = 0
    """That were not there."""
    is_cancelled: bool = False

    def count(self, taken: TakenIn) -> None:
        """Add one conversation."""
        self.added += taken.is_new
        self.extended += not taken.is_new and taken.messages > 0
        self.unchanged += not taken.is_new and taken.messages == 0
        self.in_trash += taken.is_in_trash
        self.messages += taken.messages


class Intake:
    """The way in.

    Args:
        place: Where conversations are written.
        library: Hears what came.
    """

    def __init__(self, place: IntakePlace, library: Library) -> None:
        self._place = place
        self._library = library

    async def take_in(
        self,
        conversations: Iterable[Conversation],
        progress: Callable[[Taken], None] | None = None,
        cancel: Event | None = None,
        picture: PictureOf = lambda _: None,
        folders: FoldersOf = lambda _: (),
    ) -> Taken:
        """Take them in.

        Args:
            conversations: Is iterated in a worker thread, so it may read files; what it raises comes out.
            progress: Called in the loop now and then; the same object as the result.
            cancel: Once it is set, nothing more is begun.
            picture: Called in the worker thread for what a conversation shows and the store does not have.
            folders: Called in the worker thread for where a conversation stands; what is missing is made.

        Returns:
            What came; with `is_cancelled` if not everything did.

        Raises:
            StoreError: It cannot be written; what was written before stays.
        """
        loop, cancel = asyncio.get_running_loop(), cancel or Event()
        run = _Run(self._place, self._library, loop, cancel, progress, picture, folders)
        try:
            with short_turns():
                try:
                    await asyncio.to_thread(run.read, iter(conversations))
                except asyncio.CancelledError:
                    run.cancel.set()  # The thread ends with the batch it is at.
                    raise
        finally:
            await asyncio.shield(self._finish(run))
        return run.taken

    async def _finish(self, run: "_Run") -> None:
        try:
            await self._place.end_intake()
        finally:
            if run.changed:
                self._library.note_import(run.added)
                await self._library.hear_of(run.changed)
        taken = run.taken
        topic("store").info("took in %d new, %d extended, %d messages", taken.added, taken.extended, taken.messages)


class _Run:
    """One intake; `read` is the worker's."""

    def __init__(
        self,
        place: IntakePlace,
        library: Library,
        loop: asyncio.AbstractEventLoop,
        cancel: Event,
        progress: Callable[[Taken], None] | None,
        picture: PictureOf,
        folders: FoldersOf,
    ) -> None:
        self.taken = Taken()
        self.changed: set[ConversationId] = set()
        self.added: list[ConversationId] = []
        self.cancel = cancel
        self._place = place
        self._loop = loop
        self._progress = progress
        self._picture = picture
        self._library = library
        self._folders = folders
        self._writing = asyncio.Lock()

    def read(self, conversations: Iterator[Conversation]) -> None:
        """Read, pack, and hand over batch by batch."""
        waiting: deque[Future[None]] = deque()
        try:
            for batch in self._batches(conversations):
                while len(waiting) >= AHEAD:
                    waiting.popleft().result()
                waiting.append(asyncio.run_coroutine_threadsafe(self._write_next(batch), self._loop))
        finally:
            # All of them, also when one failed: none is left behind that nobody waits for.
            failed = [error for written in waiting if (error := written.exception()) is not None]
        for error in failed:
            raise error
        self.taken.is_cancelled = self.cancel.is_set()

    def _batches(self, conversations: Iterator[Conversation]) -> Iterator["_Batch"]:
        batch: list[Any] = []
        ids: Paths = {}
        messages = size = 0
        for conversation in conversations:
            if self.cancel.is_set():
                return
            most = BATCH_IF_QUIET if self._place.is_quiet else BATCH_MESSAGES
            if batch and (messages >= most or size >= BATCH_BYTES or conversation.id in ids):
                yield _Batch(batch, ids)
                batch, ids, messages, size = [], {}, 0, 0
            self._keep_pictures(conversation)
            packed = self._place.pack(conversation)
            batch.append(packed)
            ids[conversation.id] = self._folders(conversation.folder_id) if conversation.folder_id else ()
            messages += len(conversation.messages)
            size += packed.size_bytes
        if batch and not self.cancel.is_set():
            yield _Batch(batch, ids)

    def _keep_pictures(self, conversation: Conversation) -> None:
        """One by one, so that no more than one is in memory."""
        shown = pictures_of(conversation.messages.values())
        if not shown:
            return
        wanted = asyncio.run_coroutine_threadsafe(self._place.lacking(tuple(shown)), self._loop).result()
        for id_ in wanted:
            if not self.cancel.is_set() and (data := self._picture(id_)) is not None:
                picture = KeptPicture(id_, shown[id_].media_type, data)
                asyncio.run_coroutine_threadsafe(self._place.keep_picture(picture), self._loop).result()

    async def _write_next(self, batch: "_Batch") -> None:
        async with self._writing:  # In order: a later state of a conversation comes later.
            await self._write(batch)

    async def _write(self, batch: "_Batch") -> None:
        if any(batch.paths.values()):
            await self._library.take_folders(batch.paths)
        for taken in await self._place.take_in(batch.packed):
            self.taken.count(taken)
            if taken.messages:
                self.changed.add(taken.id)
            if taken.is_new and not taken.is_in_trash:
                self.added.append(taken.id)
        if self._progress is not None:
            self._progress(self.taken)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Conversations made ready for the store, and the folders that lead to each."""

    packed: list[Any]
    paths: Paths
