"""The terminal's `export`: conversations to stdout, a file, a folder or an archive, in any format."""

import argparse
import asyncio
import json
import sys
import tempfile
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Any, BinaryIO

from desktop_chat.command_line import Item, Items, Progress, add_force, asked, counted, failed, refused, say, unwritten
from desktop_chat.domain.codec import conversation_from_dict
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import ChatError, ExportFailed
from desktop_chat.domain.folder import NamedFolder, path_in
from desktop_chat.domain.ids import FolderId, PictureId
from desktop_chat.exporting import FORMATS
from desktop_chat.exporting.bundle import files, zipped
from desktop_chat.exporting.format import Format, Options
from desktop_chat.exporting.saving import Stopped, save, save_all, save_in_folder, save_with_pictures
from desktop_chat.runtime.paths import Paths
from desktop_chat.settings.store import SettingsStore
from desktop_chat.stdio import FAILED, USAGE, complain

PDF = "pdf"
PDF_LINE_EVERY = 20
"""Conversations for one line of progress, where stderr is no terminal."""
AHEAD = 8
"""Conversations read before the one that is written."""


def parser() -> argparse.ArgumentParser:
    """What can be said."""
    made = argparse.ArgumentParser(
        "desktop-chat export",
        description="Write conversations to stdout, a file, a folder, or an archive.",
        epilog="json and json_lines keep everything, every version of every message, and can be imported again. "
        "Pictures of a Markdown file go into a folder beside it. Conversations in the trash are not exported.",
    )
    codes = [format_.code for format_ in FORMATS]
    made.add_argument("--format", choices=[*codes, PDF], default="markdown", help="markdown unless told otherwise")
    made.add_argument(
        "--output",
        "-o",
        default="-",
        metavar="PATH",
        help="a file; a folder or an archive (.zip) for many files; - is stdout, unless told otherwise",
    )
    add_force(made)
    made.add_argument("--all", action="store_true", help="every conversation")
    made.add_argument("--list", action="store_true", help="print ids and titles, and export nothing")
    made.add_argument("--no-reasoning", action="store_true", help="leave out what models thought")
    made.add_argument("--no-tools", action="store_true", help="leave out tool calls")
    made.add_argument("--no-times", action="store_true", help="leave out times")
    made.add_argument("which", nargs="*", metavar="CONVERSATION", help="an id, a title, or a part of one")
    return made


async def export(given: argparse.Namespace, paths: Paths) -> int:
    """Do it; returns the exit code."""
    # Pictures come before the conversation that shows them, and wait on the disk.
    with tempfile.TemporaryDirectory(prefix="desktop-chat-") as folder:
        return await _export(given, paths, Path(folder))


async def _export(given: argparse.Namespace, paths: Paths, pictures: Path) -> int:
    if given.list:
        return await asked(paths, {"command": "list"}, _print_list)
    if given.all == bool(given.which):
        return complain("desktop-chat export: name conversations, or say --all (--list shows them)", USAGE)
    folders: dict[FolderId, NamedFolder] = {}
    options = Options(
        reasoning=not given.no_reasoning,
        tools=not given.no_tools,
        times=not given.no_times,
        zone=_here(),
        picture=partial(_picture, pictures),
        folders=partial(path_in, folders),
    )
    format_ = next((f for f in FORMATS if f.code == given.format), None) or await _pdf(options, paths)
    is_one = format_.holds_many or (len(given.which) == 1 and not given.all)
    if not is_one and given.output == "-":
        return complain("desktop-chat export: this makes many files; name a folder or an archive: -o PATH", USAGE)
    if given.output == "-" and format_.code == PDF and sys.stdout.isatty():
        return complain("desktop-chat export: a PDF is nothing for a terminal: -o FILE.pdf", USAGE)
    path = _place(given.output)
    if path and (is_one or _is_archive(path)) and (why := refused(path, is_forced=given.force)):
        return complain(why, FAILED)
    # One by one where that takes long, so that a log says that it goes on.
    work = _Work(pictures, folders, Progress(PDF_LINE_EVERY if format_.code == PDF else 0))
    write = _writer(format_, options, path, work.stop.is_set, is_one=is_one)
    question: Item = {"command": "export", "which": None if given.all else given.which}
    try:
        return await asked(paths, question, lambda items: _write(items, work, write))
    except ExportFailed as error:
        return complain(unwritten(given.output, error), FAILED)


def _writer(
    format_: Format, options: Options, path: Path | None, is_stopped: Callable[[], bool], *, is_one: bool
) -> Callable[[Iterable[Conversation]], object]:
    """What makes files of conversations, in a worker thread; without a path they go to stdout."""
    if path is None:
        return lambda conversations: _to(sys.stdout.buffer, format_.write(conversations, options))
    if _is_archive(path):
        return lambda conversations: save(path, zipped(files(conversations, format_, options)), is_stopped)
    if is_one and not path.is_dir():
        return lambda conversations: save_with_pictures(path, conversations, format_, options, is_stopped)

    def many(conversations: Iterable[Conversation]) -> None:
        exported = files(conversations, format_, options)
        if path.is_dir():
            save_all(path, exported, is_stopped)
        elif path.exists():
            raise ExportFailed(path.name, "this makes many files, and that is no folder")
        else:
            save_in_folder(path, exported, is_stopped)

    return many


def _place(output: str) -> Path | None:
    return None if output == "-" else Path(output).expanduser()


def _is_archive(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _to(out: BinaryIO, chunks: Iterator[bytes]) -> None:
    out.writelines(chunks)
    out.flush()


@dataclass(slots=True)
class _Work:
    """What arrives and what is written. Mutable."""

    pictures: Path
    folders: dict[FolderId, NamedFolder]
    progress: Progress
    stop: Event = field(default_factory=Event)
    """Set when not everything will come: what is not complete is taken away again."""
    done: int = 0
    total: int = 0

    async def take(self, item: Item, pieces: list[str]) -> Conversation | None:
        """Put an item to its place; a conversation if it is whole now."""
        if "piece" in item:
            pieces.append(item["piece"])
        elif "picture" in item:
            await asyncio.to_thread(_put, self.pictures, item["picture"], "".join(pieces))
            pieces.clear()
        elif "folder" in item:
            folder = NamedFolder(**item["folder"])
            self.folders[folder.id] = folder
        elif "chosen" in item:
            self.total = item["chosen"]
        elif "whole" in item:
            text = "".join(pieces)
            pieces.clear()
            return await asyncio.to_thread(_read, text)
        return None

    def count(self) -> None:
        """One more is written."""
        self.done += 1
        self.progress.count(self.done, f"{self.done} of {counted(self.total, 'conversation')}")


async def _write(items: Items, work: _Work, write: Callable[[Iterable[Conversation]], object]) -> int:
    arrived: SimpleQueue[Conversation | None] = SimpleQueue()
    room = asyncio.Semaphore(AHEAD)
    loop = asyncio.get_running_loop()

    def written_one() -> None:
        work.count()
        room.release()

    def conversations() -> Iterator[Conversation]:
        while (conversation := arrived.get()) is not None:
            yield conversation
            loop.call_soon_threadsafe(written_one)
        if work.stop.is_set():
            raise Stopped

    async def written() -> None:
        with suppress(Stopped):
            await asyncio.to_thread(write, conversations())

    error: Item | None = None
    try:
        async with asyncio.TaskGroup() as group:
            writing: asyncio.Task[None] | None = None
            pieces: list[str] = []
            try:
                async for item in items:
                    if writing is None and "error" not in item:
                        # Not before it is known that there is something: the head of a file is written at once.
                        writing = group.create_task(written())
                    if (conversation := await work.take(item, pieces)) is not None:
                        await room.acquire()
                        arrived.put(conversation)
                    elif "error" in item:
                        error = item
                        work.stop.set()
                    if writing is not None and writing.done():
                        break
            except BaseException:
                work.stop.set()  # Before the end is told, so that it is not taken for the whole.
                raise
            finally:
                arrived.put(None)
    except* (OSError, ChatError) as errors:
        raise errors.exceptions[0] from None
    finally:
        # Whoever still writes goes on for nobody.
        work.stop.set()
        work.progress.end()
    return failed(error) if error is not None else 0


def _put(folder: Path, name: str, text: str) -> None:
    (folder / name).write_bytes(b64decode(text))


def _picture(folder: Path, picture: PictureId) -> bytes | None:
    try:
        return (folder / picture).read_bytes()
    except FileNotFoundError:
        return None


def _read(text: str) -> Conversation:
    return conversation_from_dict(json.loads(text))


async def _print_list(items: Items) -> int:
    async for item in items:
        if "error" in item:
            return failed(item)
        if "listed" in item:
            say(f"{item['listed']['id']}\t{item['listed']['title']}")
    return 0


async def _pdf(options: Options, paths: Paths) -> Format:
    """PDF as a format like the others: drawn on the loop, without a screen."""
    # Qt is loaded for this format alone.
    from desktop_chat.core.toolbox import Toolbox
    from desktop_chat.tools import TOOLS
    from desktop_chat.ui import paper_only
    from desktop_chat.ui.dialogs.export_work import without

    paper_only.begin()
    settings = SettingsStore(paths.settings, is_kept=False)
    settings.load()
    toolbox = Toolbox(TOOLS, settings, only_harmless=True)
    loop = asyncio.get_running_loop()

    async def kept(picture: PictureId) -> bytes | None:
        return await asyncio.to_thread(options.picture, picture)

    def write(conversations: Iterable[Conversation], _options: Options) -> Iterator[bytes]:
        for conversation in conversations:
            shown = without(conversation, reasoning=options.reasoning, tools=options.tools)
            yield asyncio.run_coroutine_threadsafe(paper_only.pdf_of(shown, toolbox, kept), loop).result()

    return Format(PDF, "PDF", ".pdf", "application/pdf", write, holds_many=False)


def _here() -> Any:
    # The zone of this computer, with summer time where it was.
    from desktop_chat.ui.dialogs.export_work import LocalZone

    return LocalZone()
