"""Copies of the library: one a day by itself, one whenever the person wants, and the way back to one.

A copy is checked before an older one goes. Seven days and four weeks are kept; what the
person made, and what was in use before another copy was put back, stays until the person
deletes it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from desktop_chat.core.backup_place import BackupInfo, BackupKind, BackupPlace, Finding
from desktop_chat.core.library import Library
from desktop_chat.core.ports import Clock
from desktop_chat.domain.errors import StoreDamaged, StoreError
from desktop_chat.domain.feed import Feed
from desktop_chat.runtime.log import topic

FIRST_S = 60.0
"""After the start, when the machine has calmed down."""
AGAIN_S = 1800.0


class Backups:
    """The copies of one home.

    Args:
        place: Where they are.
        library: What they are copies of.
        clock: For their times.

    Attributes:
        changes: The list of copies is another one now.
    """

    def __init__(self, place: BackupPlace, library: Library, clock: Clock) -> None:
        self.changes: Feed[None] = Feed()
        self.folder = place.folder
        self._place = place
        self._library = library
        self._clock = clock
        self._working = asyncio.Lock()
        self._found = asyncio.Event()

    async def list(self) -> tuple[BackupInfo, ...]:
        """All copies, newest first.

        Raises:
            StoreError: Their folder cannot be read.
        """
        return tuple(await self._place.list())

    async def make(self) -> BackupInfo:
        """Make a copy now, as the person asks; the person can go on meanwhile.

        Raises:
            StoreError: It could not be made, or the store is damaged.
        """
        async with self._working:
            return await self._make(BackupKind.MANUAL)

    async def restore(self, info: BackupInfo) -> None:
        """Go back to a copy: what is in use is copied first, every session is closed, the list read anew.

        Whoever shows a session has to open it again once `LibraryLoaded` was published.

        Raises:
            StoreError: It could not be done; what was in use is in use again.
        """
        async with self._working:
            await self._library.exchange_store(lambda: self._put_back(info))

    async def verify(self, tell: Callable[[Finding], None]) -> None:
        """Check the store and its copies, and tell each result.

        Raises:
            StoreError: There is nothing to check, or no room for it.
        """
        await self._place.verify(tell)

    def note_found(self, _problem: StoreError) -> None:
        """The store met damage and mended it; `watch` has the list read anew and the problem told."""
        self._found.set()

    async def watch(self) -> None:
        """Make the daily copy whenever it is due, and read the list anew when the store was mended; until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_making())
            group.create_task(self._keep_telling())

    async def make_if_due(self) -> None:
        """Make the daily copy if there is none of today; what fails is tried again by the next call."""
        async with self._working:
            try:
                if await self._place.is_due(self._clock.now()):
                    await self._make(BackupKind.DAILY)
            except StoreDamaged as error:
                topic("store").error("the store does not pass its check: %s", error)
                await self._place.mend()
                self._found.set()
            except StoreError as error:
                topic("store").warning("no backup: %s: %s", type(error).__name__, error)

    async def close(self) -> None:
        """Finish what runs."""
        async with self._working:
            await self._place.close()

    async def _keep_making(self) -> None:
        await self._clock.sleep(FIRST_S)
        while True:
            await self.make_if_due()
            await self._clock.sleep(AGAIN_S)

    async def _keep_telling(self) -> None:
        while True:
            await self._found.wait()
            self._found.clear()
            try:
                await self._library.load()
            except StoreError as error:
                topic("store").warning("cannot read the list: %s: %s", type(error).__name__, error)

    async def _make(self, kind: BackupKind) -> BackupInfo:
        made = await self._place.make(kind, self._clock.now())
        topic("store").info(
            "backup %s: %d conversations, %d messages", made.path.name, made.conversations, made.messages
        )
        self.changes.publish(None)
        return made

    async def _put_back(self, info: BackupInfo) -> None:
        # A store that cannot be copied is what one wants to get away from: it is damaged, and set aside.
        is_kept = False
        with suppress(StoreDamaged):
            await self._make(BackupKind.RESTORE)
            is_kept = True
        await self._place.put_back(info, is_kept=is_kept)
        topic("store").info("%s took the place of the store", info.path.name)
