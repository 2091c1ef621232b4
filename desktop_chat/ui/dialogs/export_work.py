"""Writes an export: conversations are read on the loop, and written in a worker thread.

Progress is a few numbers that whoever shows them looks at now and then. Stopping takes
effect at the next chunk; a file that is not complete is taken away again.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

from desktop_chat.domain.blocks import Reasoning, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.ids import ConversationId, PictureId
from desktop_chat.domain.message import Message
from desktop_chat.exporting.bundle import files, zipped
from desktop_chat.exporting.format import Format, Options
from desktop_chat.exporting.saving import Stopped, save, save_in_folder, save_with_pictures

T = TypeVar("T")
Read = Callable[[ConversationId], Coroutine[Any, Any, Conversation]]
ReadPicture = Callable[[PictureId], Coroutine[Any, Any, bytes | None]]
PdfOf = Callable[[Conversation], Coroutine[Any, Any, bytes]]


async def no_picture(_picture: PictureId) -> bytes | None:
    """Where there are none."""
    return None


class Shape(StrEnum):
    """What many conversations become."""

    FILE = "file"
    FOLDER = "folder"
    """A new folder with one file each."""
    ZIP = "zip"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants to have exported."""

    ids: tuple[ConversationId, ...]
    format: Format
    options: Options
    shape: Shape
    path: Path
    """Of the file, the archive, or the new folder."""
    only_shown: bool = False
    """Without the versions that are not shown; formats for reading never have them."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A conversation that could not be exported."""

    id: ConversationId
    error: StoreError


class ExportWork:
    """One export.

    Args:
        wish: What.
        read: Reads a conversation as it is now.
        read_picture: Reads a picture.

    Attributes:
        done: Conversations that are through.
        title: Of the conversation at work.
        unreadable: What was passed over, and why.
    """

    def __init__(self, wish: Wish, read: Read, read_picture: ReadPicture = no_picture) -> None:
        self.done = 0
        self.title = ""
        self.unreadable: list[Unreadable] = []
        self._wish = replace(wish, options=replace(wish.options, picture=self._picture))
        self._read = read
        self._read_picture = read_picture
        self._stop = Event()
        self._asked: Future[Any] | None = None
        self._loop = asyncio.get_running_loop()

    @property
    def total(self) -> int:
        """Conversations there are."""
        return len(self._wish.ids)

    def stop(self) -> None:
        """End as soon as possible."""
        self._stop.set()
        if self._asked is not None:
            self._asked.cancel()

    async def run(self) -> Path:
        """Write everything.

        Returns:
            What was written: the file, or the folder that has the files.

        Raises:
            ExportFailed: A file cannot be written.
            StoreError: Not one of the conversations can be read.
            Stopped: `stop` was called.
        """
        try:
            return await asyncio.to_thread(self._write)
        finally:
            # Also when this task is cancelled with its window: the thread must not go on.
            self.stop()

    def ask(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Have something done on the loop, from the worker thread.

        Raises:
            Stopped: Nobody waits for it any more.
        """
        if self._stop.is_set():
            coroutine.close()
            raise Stopped
        self._asked = asked = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        if self._stop.is_set():
            # Between the look before and the line above.
            asked.cancel()
        try:
            return asked.result()
        except CancelledError as error:
            raise Stopped from error

    def _write(self) -> Path:
        wish, is_stopped = self._wish, self._stop.is_set
        match wish.shape:
            case Shape.FILE:
                save_with_pictures(wish.path, self._conversations(), wish.format, wish.options, is_stopped)
            case Shape.ZIP:
                save(wish.path, zipped(files(self._conversations(), wish.format, wish.options)), is_stopped)
            case Shape.FOLDER:
                return save_in_folder(wish.path, files(self._conversations(), wish.format, wish.options), is_stopped)
        return wish.path

    def _picture(self, picture: PictureId) -> bytes | None:
        try:
            return self.ask(self._read_picture(picture))
        except StoreError:
            return None  # Its name stands for it.

    def _conversations(self) -> Iterator[Conversation]:
        for conversation_id in self._wish.ids:
            try:
                conversation = self.ask(self._read(conversation_id))
            except StoreError as error:
                self.unreadable.append(Unreadable(conversation_id, error))
                if len(self.unreadable) == self.total:
                    raise
            else:
                self.title = conversation.title
                yield only_shown(conversation) if self._wish.only_shown else conversation
            self.done += 1


def only_shown(conversation: Conversation) -> Conversation:
    """The conversation without versions that are not shown and without what was deleted."""
    kept: list[Message] = []
    for message in conversation.path():
        kept.append(replace(message, parent_id=kept[-1].id if kept else None))
    return replace(
        conversation,
        messages={message.id: message for message in kept},
        children={message.parent_id: [message.id] for message in kept},
        chosen={},
        deleted=set(),
    )


def without(conversation: Conversation, *, reasoning: bool, tools: bool) -> Conversation:
    """The shown path without some kinds of blocks.

    Args:
        conversation: Stays as it is.
        reasoning: False leaves reasoning out.
        tools: False leaves tool calls and their results out.
    """
    left_out: tuple[type, ...] = (() if reasoning else (Reasoning,)) + (() if tools else (ToolCall, ToolResult))
    shown = only_shown(conversation)
    for message in list(shown.messages.values()):
        blocks = tuple(block for block in message.blocks if not isinstance(block, left_out))
        shown.messages[message.id] = replace(message, blocks=blocks)
    return shown


def pdf_format(ask: Callable[[Coroutine[Any, Any, bytes]], bytes], pdf_of: PdfOf) -> Format:
    """PDF as a format like the others.

    Args:
        ask: Has something done on the loop.
        pdf_of: Draws one conversation; only the ui can.
    """

    def write(conversations: Iterable[Conversation], options: Options) -> Iterator[bytes]:
        for conversation in conversations:
            yield ask(pdf_of(without(conversation, reasoning=options.reasoning, tools=options.tools)))

    return Format("pdf", "PDF", ".pdf", "application/pdf", write, holds_many=False)


class LocalZone(tzinfo):
    """The zone of this computer, with summer time where it was."""

    def fromutc(self, moment: datetime) -> datetime:
        """A time of the whole world as the clock on the wall showed it."""
        return moment.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        return None
