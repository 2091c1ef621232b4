"""Many conversations at once: one file where the format holds many, else files in a folder or a zip archive."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import RawIOBase
from typing import Any

from desktop_chat.domain.blocks import Image
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import PictureId
from desktop_chat.domain.message import pictures_of
from desktop_chat.exporting.format import Format, Options

NAME_BYTES = 120
"""Of a file without its suffix, in UTF-8; file systems end at 255."""
PICTURES = "pictures"
"""Folder of the pictures that the files link to."""
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_FIRST_IN_ZIP = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file to be written. Its chunks are made while they are asked for."""

    name: str
    chunks: Iterator[bytes]
    changed_at: float
    is_shared: bool = False
    """Whoever has one of this name already has this one."""


def file_name(conversation: Conversation, format_: Format, options: Options) -> str:
    """A name that every file system takes: day, title, suffix."""
    day = options.time(conversation.created_at).partition(" ")[0]
    title = " ".join(_FORBIDDEN.sub(" ", conversation.title).split()) or options.words.untitled
    stem = " ".join(filter(None, (day, title))).strip(". ")
    stem = stem.encode("utf-8", "ignore")[:NAME_BYTES].decode("utf-8", "ignore").strip(". ")
    return (f"_{stem}" if _RESERVED.fullmatch(stem) else stem or "_") + format_.suffix


def files(conversations: Iterable[Conversation], format_: Format, options: Options) -> Iterator[ExportedFile]:
    """One file for each conversation, no name twice, also where case does not count."""
    taken: set[str] = set()
    places: dict[PictureId, str] = {}
    for conversation in conversations:
        name = wanted = file_name(conversation, format_, options)
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted.removesuffix(format_.suffix)} ({number}){format_.suffix}"
        taken.add(name.casefold())
        if not format_.has_files_beside:
            yield ExportedFile(name, format_.write((conversation,), options), conversation.updated_at)
            continue
        yield from beside(conversation, options, PICTURES, places)
        linking = replace(options, place=places.get)
        yield ExportedFile(name, format_.write((conversation,), linking), conversation.updated_at)


def beside(
    conversation: Conversation, options: Options, folder: str, places: dict[PictureId, str]
) -> Iterator[ExportedFile]:
    """The pictures of a conversation as files of a folder, before the file that links to them.

    Args:
        conversation: Its shown path counts.
        options: Have the bytes, which are read once, when the file is asked for.
        folder: Name of the folder.
        places: Where those are that are there already; is added to.
    """
    for id_, image in pictures_of(conversation.path()).items():
        if id_ not in places and (data := options.picture(id_)) is not None:
            places[id_] = _place(image, folder)
            yield ExportedFile(places[id_], iter((data,)), conversation.updated_at, is_shared=True)


def _place(image: Image, folder: str) -> str:
    return f"{folder}/{image.picture[:24]}.{_ENDINGS.get(image.media_type, 'bin')}"


def zipped(exported: Iterable[ExportedFile]) -> Iterator[bytes]:
    """The files as a zip archive, chunk by chunk; nothing is held but the chunk that is made."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in exported:
            info = zipfile.ZipInfo(file.name, _zip_time(file.changed_at))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as entry:
                for chunk in file.chunks:
                    entry.write(chunk)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


class _Sink(RawIOBase):
    """A file that only goes forward; what was written is taken out again."""

    def __init__(self) -> None:
        super().__init__()
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, chunk: Any, /) -> int:
        self._chunks.append(bytes(chunk))
        return len(chunk)

    def take(self) -> bytes:
        taken = b"".join(self._chunks)
        self._chunks.clear()
        return taken


def _zip_time(seconds: float) -> tuple[int, int, int, int, int, int]:
    try:
        moment = max(datetime.fromtimestamp(seconds, UTC), _FIRST_IN_ZIP)
    except (ValueError, OverflowError, OSError):
        moment = _FIRST_IN_ZIP
    return min(moment.year, 2107), moment.month, moment.day, moment.hour, moment.minute, moment.second
