"""Looks into what is to be imported, and takes it in: both in a worker thread, both can be stopped.

Progress is the number of bytes read, which whoever shows it looks at now and then.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import ImportFailed
from desktop_chat.domain.ids import ConversationId
from desktop_chat.importing.problems import Problem
from desktop_chat.importing.reader import Reader
from desktop_chat.importing.reading import LISTED, Preview, Tally, read, refusals, sniff
from desktop_chat.importing.source import Source, open_source

if TYPE_CHECKING:
    from desktop_chat.core.intake import Intake, Taken


class Stopped(Exception):
    """Somebody did not want to wait any longer."""


class UnknownFormat(ImportFailed):
    """No reader knows what this is; what was noticed on the way may say why."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Report:
    """How an import went."""

    taken: "Taken"
    problems: tuple[Problem, ...]
    """What could not be taken over, the first of them."""
    problem_count: int


class ImportWork:
    """One import.

    Args:
        path: The file, folder or archive the person chose.

    Attributes:
        found: Conversations seen so far.
    """

    def __init__(self, path: Path) -> None:
        self.found = 0
        self._path = path
        self._stop = Event()
        self._is_busy = False
        self._source: Source | None = None
        self._reader: Reader | None = None

    @property
    def share(self) -> float:
        """Which part was read."""
        source = self._source
        return source.done_bytes / source.total_bytes if source is not None and source.total_bytes else 0.0

    @property
    def is_stopped(self) -> bool:
        """True once `leave` was called."""
        return self._stop.is_set()

    def leave(self) -> None:
        """End as soon as possible, and let go of the file."""
        self._stop.set()
        if self._source is not None and not self._is_busy:
            self._source.close()

    async def look(self) -> Preview:
        """Recognise the format and count what is there.

        Raises:
            ImportFailed: It cannot be read, or no reader knows it.
            Stopped: `leave` was called.
        """
        async with self._busy():
            return await asyncio.to_thread(self._look)

    async def take(self, chosen: Collection[ConversationId], intake: "Intake") -> Report:
        """Take conversations into the library; one that is there already gets what is new.

        Raises:
            ImportFailed: It cannot be read any more.
            StoreError: They cannot be written; what was written before stays.
        """
        problems: list[Problem] = []
        self.found = 0
        async with self._busy():
            source = self._source
            assert source is not None
            taken = await intake.take_in(
                self._chosen(chosen, problems),
                cancel=self._stop,
                picture=source.pictures.data,
                folders=source.folder_path,
            )
        return Report(taken, tuple(problems[:LISTED]), len(problems))

    @asynccontextmanager
    async def _busy(self) -> AsyncIterator[None]:
        self._is_busy = True
        try:
            yield
        except asyncio.CancelledError:
            # The thread reads on to the next conversation; the file must not go from under it.
            self._stop.set()
            raise
        except BaseException:
            self._is_busy = False
            raise
        self._is_busy = False
        if self.is_stopped:
            self.leave()

    def _look(self) -> Preview:
        source = self._source = open_source(self._path)
        reader = self._reader = sniff(source)
        if reader is None:
            raise UnknownFormat(source.name, refusals(source))
        tally = Tally(reader)
        for imported in read(source, reader, only_looks=True):
            if self._stop.is_set():
                raise Stopped
            tally.add(imported)
            self.found += imported.conversation is not None
        return tally.preview()

    def _chosen(self, chosen: Collection[ConversationId], problems: list[Problem]) -> Iterator[Conversation]:
        source, reader = self._source, self._reader
        assert source is not None
        assert reader is not None
        for imported in read(source, reader):
            conversation = imported.conversation
            if conversation is None or conversation.id in chosen:
                problems.extend(imported.problems)
            if conversation is not None and conversation.id in chosen:
                self.found += 1
                yield conversation
