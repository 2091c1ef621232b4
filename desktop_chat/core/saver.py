"""Brings everything to disk in order, also when writing fails for a while.

Saves wait in a queue, one entry for each conversation, and are tried again with growing
pauses until they succeed: nothing is dropped, and work goes on in memory meanwhile. The
running reply goes to the store's journal in batches within 250 ms, unsent text within one
second. Knows the store only through `ports.Store`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from desktop_chat.core.journal import JournalBuffer
from desktop_chat.core.ports import Clock, Folder, Head, RowChange, Store, Unsent, head_of
from desktop_chat.domain.changes import Change, Saved, SaveFailed
from desktop_chat.domain.conversation import PLACE, Conversation
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import ConversationId, FolderId, MessageId
from desktop_chat.domain.message import Message
from desktop_chat.runtime.log import topic

JOURNAL_S = 0.1  # leaves 150 ms of the promised 250 for the way to the disk
UNSENT_S = 0.6
FOLDERS = "folders"
PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Between tries of a save that fails; the last one again and again."""


@dataclass(slots=True, eq=False)
class _Save:
    """What waits to be written of one conversation."""

    head: Head
    messages: dict[MessageId, Message] = field(default_factory=dict)
    full_sync: bool = False

    async def write(self, store: Store) -> None:
        messages = tuple(self.messages.values())
        await store.save(self.head, messages, full_sync=self.full_sync)
        for message in messages:
            if message.ended is not None:
                await store.end_journal(message.id)


@dataclass(slots=True, eq=False)
class _Job:
    """Something to be written, and who waits for it."""

    touches: frozenset[str]
    """Conversations, and `FOLDERS`."""
    work: "_Save | Callable[[Store], Awaitable[None]]"
    is_being_written: bool = False
    tried: "list[asyncio.Future[None]]" = field(default_factory=list)
    """Resolved once the job was tried, whatever came of it."""


class Saver:
    """The way to the disk for everything that sessions and the library change.

    Attributes:
        troubles: `SaveFailed` when writing begins to fail, `Saved` once nothing waits again.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self.troubles: Feed[SaveFailed | Saved] = Feed()
        self._store = store
        self._clock = clock
        self._queue: list[_Job] = []
        self._journals: dict[tuple[ConversationId, MessageId], JournalBuffer] = {}
        self._unsent: dict[tuple[ConversationId, MessageId | None], tuple[Unsent | None, float]] = {}
        self._held_back: set[ConversationId] = set()
        self._writing = asyncio.Lock()
        self._saving: asyncio.Task[None] | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._purging: asyncio.Task[None] | None = None
        self._is_failing = False

    @property
    def waiting(self) -> int:
        """How many conversations have something that is not on disk yet."""
        unsent = {conversation_id for (conversation_id, _), (unsent, _) in self._unsent.items() if unsent is not None}
        running = {conversation_id for (conversation_id, _), buffer in self._journals.items() if buffer}
        return len(frozenset().union(*(job.touches for job in self._queue), unsent, running))

    def is_waiting_for(self, conversation_id: ConversationId) -> bool:
        """True if something of this conversation is not on disk yet."""
        is_typed = any(conversation_id == typed_in for typed_in, _ in self._unsent)
        return is_typed or any(conversation_id in job.touches for job in self._queue)

    def hold_back(self, conversation_id: ConversationId) -> None:
        """Write nothing of this conversation until `let_through`."""
        self._held_back.add(conversation_id)

    def let_through(
        self,
        conversation: Conversation,
        draft: Draft | None,
        unsent: Unsent | None,
        edits: Mapping[MessageId, Unsent],
    ) -> None:
        """Write a conversation that was held back, as far as it has come."""
        self._held_back.discard(conversation.id)
        self.keep(conversation, *conversation.messages.values())
        if draft is not None:
            self.draft_began(conversation.id, draft.message())
        if unsent is not None:
            self.keep_unsent(conversation.id, unsent.text, unsent.cursor)
        for message_id, edit in edits.items():
            self.keep_unsent(conversation.id, edit.text, edit.cursor, message_id)

    def keep(self, conversation: Conversation, *messages: Message) -> None:
        """Write the conversation's head and these messages soon; one without messages stays in memory."""
        if conversation.messages and conversation.id not in self._held_back:
            self._save(conversation, messages)

    def arrange(
        self, changes: Sequence[RowChange], folders: Sequence[Folder] = (), gone: Sequence[FolderId] = ()
    ) -> None:
        """Change rows and folders: all of it at once or, until that succeeds, nothing."""
        changes = [change for change in changes if change.id not in self._held_back]
        fields = {change.id: change.fields for change in changes}
        for job in self._queue:
            # A first save that still waits must not bring back what was.
            if isinstance(job.work, _Save) and (new := fields.get(job.work.head.id)):
                job.work.head = replace(job.work.head, **{name: new[name] for name in PLACE & new.keys()})
        touched = [FOLDERS] if folders or gone else []
        if changes or touched:
            self._add(frozenset([*fields, *touched]), lambda store: store.arrange(changes, folders, gone))

    def purge(self, before: float) -> None:
        """Erase what went to the trash before this time, little by little beside everything else."""
        if self._purging is None:
            self._purging = self._spawn(self._keep_purging(before), "purging")

    def draft_began(self, conversation_id: ConversationId, message: Message) -> None:
        """A reply is being written; `message` is how it begins."""
        if conversation_id not in self._held_back:
            self._journals[conversation_id, message.id] = JournalBuffer(message)
            self._tick()

    def draft_changed(self, conversation_id: ConversationId, change: Change, draft: Draft) -> None:
        """The reply changed; constant cost. Changes that are not the draft's are passed over."""
        buffer = self._journals.get((conversation_id, draft.message_id))
        if buffer is not None:
            buffer.note(change, draft)
            if buffer:
                self._tick()

    async def finish(self, conversation: Conversation, message: Message) -> None:
        """Write a reply that ended so that it survives a power cut.

        Comes back once that was tried. What fails stays in the queue like every save, and
        while writing fails anyhow nobody is kept waiting for the next try.
        Cancelling the caller does not cancel the writing.
        """
        if conversation.id in self._held_back:
            return
        self._journals.pop((conversation.id, message.id), None)
        await self._tried(self._save(conversation, (message,), full_sync=True))

    async def settle(self) -> None:
        """Come back once everything that waits now was tried, so that what is read next is as it is shown.

        At once while writing fails. Cancelling the caller does not cancel the writing.
        """
        if self._queue:
            await self._tried(self._queue[-1])

    async def _tried(self, job: _Job) -> None:
        if self._is_failing:
            return
        tried = asyncio.get_running_loop().create_future()
        job.tried.append(tried)
        await tried

    def keep_unsent(
        self, conversation_id: ConversationId, text: str, cursor: int, message_id: MessageId | None = None
    ) -> None:
        """Remember what stands in the composer, or in the editor of a message; empty text forgets it."""
        if conversation_id in self._held_back:
            return
        key, unsent = (conversation_id, message_id), Unsent(text, cursor) if text else None
        _, due = self._unsent.get(key, (None, self._clock.monotonic() + UNSENT_S))
        self._unsent[key] = (unsent, due)
        self._tick()

    async def flush(self) -> None:
        """Write everything that waits, now. What fails stays in the queue; `waiting` tells."""
        await self._write_queue()
        await self._write_rest(everything=True)

    async def close(self) -> None:
        """Write what waits, once more if it failed, and end the tasks."""
        await self.flush()
        tasks = [task for task in (self._saving, self._ticking, self._purging) if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _save(self, conversation: Conversation, messages: tuple[Message, ...], *, full_sync: bool = False) -> _Job:
        head = head_of(conversation)
        job = next((job for job in reversed(self._queue) if conversation.id in job.touches), None)
        if job is None or job.is_being_written or not isinstance(job.work, _Save):
            job = self._add(frozenset([conversation.id]), _Save(head))
        assert isinstance(job.work, _Save)
        job.work.head = head
        job.work.full_sync |= full_sync
        job.work.messages.update((message.id, message) for message in messages)
        return job

    def _add(self, touches: frozenset[str], work: "_Save | Callable[[Store], Awaitable[None]]") -> _Job:
        job = _Job(touches, work)
        self._queue.append(job)
        if self._saving is None:
            self._saving = self._spawn(self._keep_saving(), "saving")
        return job

    def _tick(self) -> None:
        if self._ticking is None:
            self._ticking = self._spawn(self._keep_ticking(), "ticking")

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(work, name=name)

        def ended(task: "asyncio.Task[None]") -> None:
            if not task.cancelled() and (error := task.exception()) is not None:
                # Only a bug gets here: failures of the store are expected and tried again.
                task.get_loop().call_exception_handler({"message": "saving failed", "exception": error, "task": task})

        task.add_done_callback(ended)
        return task

    async def _keep_saving(self) -> None:
        tries = 0
        try:
            while not await self._write_queue():
                await self._clock.sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)])
                tries += 1
        finally:
            # Here, not when the task is done: what comes in between would wait for ever.
            self._saving = None

    async def _keep_ticking(self) -> None:
        try:
            while any(self._journals.values()) or self._unsent:
                await self._clock.sleep(JOURNAL_S)
                if not await self._write_rest():
                    await self._clock.sleep(PAUSES_S[1])
        finally:
            self._ticking = None

    async def _keep_purging(self, before: float) -> None:
        try:
            is_left = True
            while is_left:  # Whoever waits for the store meanwhile comes in between.
                is_left = await self._store.purge(before)
        except StoreError as error:
            topic("store").warning("cannot empty the trash: %s: %s", type(error).__name__, error)
        finally:
            self._purging = None

    def _next_job(self, failed: list[_Job]) -> _Job | None:
        # Jobs about one conversation keep their order. Only what arranges many does not wait for the
        # save of one of them, which knows already how that one is arranged.
        saved: set[str] = set()
        arranged: set[str] = set()
        for job in self._queue:
            is_save = isinstance(job.work, _Save)
            is_free = job.touches.isdisjoint(arranged) and not (is_save and job.touches & saved)
            if is_free and job not in failed:
                return job
            (saved if is_save else arranged).update(job.touches)
        return None

    async def _write_queue(self) -> bool:
        """Try everything in the queue once, in order; True if nothing is left.

        A conversation that cannot be written does not hold up the others.
        """
        failed: list[_Job] = []
        while True:
            # One by one: the journals of running replies are due meanwhile, however much is saved.
            async with self._writing:
                job = self._next_job(failed)
                if job is None:
                    for left in self._queue:
                        _resolve(left)
                    if not self._queue:
                        self._worked()
                    return not self._queue
                await self._write_job(job, failed)

    async def _write_job(self, job: _Job, failed: list[_Job]) -> None:
        job.is_being_written = True
        try:
            await (job.work.write(self._store) if isinstance(job.work, _Save) else job.work(self._store))
        except StoreError as error:
            failed.append(job)
            self._failed(error)
        else:
            self._queue.remove(job)
        finally:
            job.is_being_written = False
            _resolve(job)

    async def _write_rest(self, *, everything: bool = False) -> bool:
        async with self._writing:
            unsaved = {m for job in self._queue if isinstance(job.work, _Save) for m in job.work.messages}
            for (conversation_id, message_id), buffer in tuple(self._journals.items()):
                # A journal may only follow the save of its own message, or that would end it.
                if not buffer or message_id in unsaved:
                    continue
                lines = buffer.take()
                try:
                    await self._store.journal(conversation_id, message_id, lines)
                except StoreError as error:
                    buffer.give_back(lines)
                    self._failed(error)
                    return False
            return await self._write_unsent(everything)

    async def _write_unsent(self, everything: bool) -> bool:
        now = self._clock.monotonic()
        for key, entry in tuple(self._unsent.items()):
            (conversation_id, message_id), (unsent, due) = key, entry
            if due > now and not everything:
                continue
            try:
                await self._store.keep_unsent(conversation_id, unsent, message_id)
            except StoreError as error:
                self._failed(error)
                return False
            if self._unsent.get(key) == entry:
                del self._unsent[key]
            else:
                self._unsent[key] = (self._unsent[key][0], now + UNSENT_S)
        if not self._queue:
            self._worked()
        return True

    def _failed(self, error: StoreError) -> None:
        if not self._is_failing:
            self._is_failing = True
            topic("store").warning("cannot save, trying again: %s: %s", type(error).__name__, error)
            self.troubles.publish(SaveFailed(error))

    def _worked(self) -> None:
        if self._is_failing:
            self._is_failing = False
            topic("store").info("saving works again")
            self.troubles.publish(Saved())


def _resolve(job: _Job) -> None:
    for future in job.tried:
        if not future.done():
            future.set_result(None)
    job.tried.clear()
