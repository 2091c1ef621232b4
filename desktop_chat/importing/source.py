"""Where imports come from: a file, a folder or a zip archive, opened piece by piece.

An archive is read through its own directory, never unpacked to disk. What is too large,
encrypted, or swells beyond all measure is named in `Source.notes` and not offered.
"""

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Self, cast

from desktop_chat.domain.errors import ImportFailed
from desktop_chat.domain.folder import NamedFolder, path_in
from desktop_chat.domain.ids import FolderId
from desktop_chat.importing.pictures import NoPicture, Pictures
from desktop_chat.importing.problems import Notes, ProblemKind, size_text

MAX_ENTRIES = 200_000
"""Files in a folder or archive."""
MAX_BYTES = 16 * 2**30
"""Of one file, unpacked."""
MAX_RATIO = 250
"""How many times larger than packed a file of an archive may be; chats reach about 40."""
RATIO_FROM_BYTES = 32 * 2**20
"""Smaller files may be packed as tightly as they like."""
UNDATED_S = 0.001
"""Between conversations without a time."""
_FILE_ID = re.compile(r"file[-_][A-Za-z0-9_]+")
_DATA = (".json", ".jsonl", ".ndjson")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class Damaged(ValueError):
    """A file of an archive, or a value in a file, cannot be read; the next one may."""

    def __init__(self, detail: str, kind: ProblemKind = ProblemKind.NOT_READABLE) -> None:
        super().__init__(detail)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Entry:
    """One file."""

    name: str
    """Its path in the folder or archive, with `/`."""
    size_bytes: int

    @property
    def is_data(self) -> bool:
        """Whether its name promises JSON or JSON lines."""
        return self.name.lower().endswith(_DATA)

    @property
    def is_lines(self) -> bool:
        """Whether its name promises JSON lines."""
        return self.name.lower().endswith(_DATA[1:])

    @property
    def base(self) -> str:
        """The last part of its name."""
        return self.name.rsplit("/", 1)[-1]

    @property
    def folder(self) -> str:
        """The rest of its name."""
        return self.name.rpartition("/")[0]


class Source:
    """Files to import from. Close it, or use it as a context.

    Attributes:
        name: What the person chose.
        entries: Every file, in natural order of their names.
        modified_at: When the file was last written; 0 if unknown.
        notes: What cannot be offered.
        pictures: Those of the conversation that was read last.
        folders: Those that were named so far.
        done_bytes: How much was read since the last `rewind`; together with `total_bytes`, the progress.
    """

    def __init__(self, name: str, modified_at: float = 0.0) -> None:
        self.name = name
        self.modified_at = modified_at
        self.notes = Notes()
        self.entries: tuple[Entry, ...] = ()
        self.folders: dict[FolderId, NamedFolder] = {}
        self.done_bytes = 0
        self._undated = 0
        self._shown: tuple[Entry, ...] | None = None
        self._openers: dict[str, Callable[[], BinaryIO]] = {}
        self._held = ExitStack()
        self.pictures = Pictures(self._beginning, self._held)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the archive."""
        self._held.close()

    @property
    def data(self) -> tuple[Entry, ...]:
        """What may hold conversations: the one file that was chosen, else all of a fitting name."""
        return self.all_data if self._shown is None else self._shown

    @property
    def all_data(self) -> tuple[Entry, ...]:
        """The same, whatever `only` leaves out."""
        if len(self.entries) == 1:
            return self.entries
        return tuple(entry for entry in self.entries if entry.is_data)

    @property
    def total_bytes(self) -> int:
        """Of `all_data`."""
        return sum(entry.size_bytes for entry in self.all_data)

    @contextmanager
    def only(self, entries: Sequence[Entry]) -> Iterator[None]:
        """Have these alone as `data`, for as long as the context lasts."""
        self._shown = tuple(entries)
        try:
            yield
        finally:
            self._shown = None

    @cached_property
    def named(self) -> dict[str, str]:
        """Files that are called `file-ABC-name.png` or `file_ABC.dat`, by the part in front."""
        found: dict[str, str] = {}
        for entry in self.entries:
            if head := _FILE_ID.match(entry.base):
                found.setdefault(head[0], entry.base)
        return found

    def folder_path(self, folder_id: FolderId) -> tuple[NamedFolder, ...]:
        """A folder and those it is in, the outermost first; empty if the source does not name it."""
        return path_in(self.folders, folder_id)

    def rewind(self) -> None:
        """Count from the beginning."""
        self.done_bytes = 0
        self._undated = 0

    def next_time(self) -> float:
        """For a conversation that has no time: that of the file, each a little before the last.

        A list with the newest first then has them in the order of the file.
        """
        time = max(0.0, self.modified_at - self._undated * UNDATED_S)
        self._undated += 1
        return time

    def open(self, entry: Entry) -> "Portions":
        """Begin to read a file.

        Raises:
            ImportFailed: The system refuses.
            Damaged: The archive is broken there.
        """
        with _spoken(entry.name):
            return Portions(self, entry, self._openers[entry.name]())

    def _beginning(self, entry: Entry, most_bytes: int) -> bytes:
        """Of a file that is not data; it is no part of the progress."""
        try:
            with _spoken(entry.name), self._openers[entry.name]() as file:
                return file.read(most_bytes)
        except (Damaged, ImportFailed) as error:
            raise NoPicture(str(error)) from error

    def hold(
        self, files: Iterator[tuple[Entry, Callable[[], BinaryIO]]], archive: zipfile.ZipFile | None = None
    ) -> None:
        """Take files in; used by the functions below."""
        if archive is not None:
            self._held.enter_context(archive)
        found: list[Entry] = []
        for entry, opener in files:
            if len(found) >= MAX_ENTRIES:
                self.notes.add(ProblemKind.TOO_LARGE, self.name, f"more than {MAX_ENTRIES:,} files")
                break
            if entry.name in self._openers:
                self.notes.add(ProblemKind.DUPLICATE, entry.name)
                continue
            if entry.is_data and entry.size_bytes > MAX_BYTES:
                self.notes.add(ProblemKind.TOO_LARGE, entry.name, size_text(entry.size_bytes))
                continue
            found.append(entry)
            self._openers[entry.name] = opener
        self.pictures.entries = self.entries = tuple(sorted(found, key=lambda entry: _natural(entry.name)))


class Portions:
    """Reads a file in portions, counts them, and turns what goes wrong into our errors."""

    def __init__(self, source: Source, entry: Entry, file: BinaryIO) -> None:
        self._source = source
        self._entry = entry
        self._file = file

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size_bytes: int) -> bytes:
        """The next bytes; empty at the end.

        Raises:
            ImportFailed: The system refuses.
            Damaged: The archive is broken there.
        """
        with _spoken(self._entry.name):
            portion = self._file.read(size_bytes)
        self._source.done_bytes += len(portion)
        return portion


class _spoken:  # noqa: N801 - reads as a statement
    """What the system and the archive say, in our errors."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Damaged):
            return
        if isinstance(error, OSError):
            raise ImportFailed(f"{self._name}: {error.strerror or error}") from error
        if isinstance(error, _DAMAGED):
            is_torn = isinstance(error, zipfile.BadZipFile | zlib.error | EOFError)
            raise Damaged("the archive is damaged there" if is_torn else str(error)) from error


def open_source(path: Path) -> Source:
    """Open what a person chose: a file, a folder, or an archive.

    Raises:
        ImportFailed: It is not there, may not be read, or is an archive without a directory.
    """
    with _spoken(path.name):
        facts = path.stat()
        source = Source(path.name, facts.st_mtime)
        if path.is_dir():
            source.hold(_files_below(path))
        elif not stat.S_ISREG(facts.st_mode):
            raise ImportFailed(f"{path.name}: not a file")
        else:
            with path.open("rb") as file:
                is_archive = file.read(4) in (b"PK\3\4", b"PK\5\6")
            if is_archive:
                _hold_archive(source, path)
            else:
                source.hold(iter([(Entry(path.name, facts.st_size), lambda: path.open("rb"))]))
        return source


def _files_below(folder: Path) -> Iterator[tuple[Entry, Callable[[], BinaryIO]]]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            # A link could lead anywhere, and a pipe would never end.
            facts = path.lstat()
            if stat.S_ISREG(facts.st_mode):
                yield Entry(path.relative_to(folder).as_posix(), facts.st_size), _opener(path)


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _hold_archive(source: Source, file: Path | BinaryIO) -> None:
    try:
        archive = zipfile.ZipFile(file)
    except OSError:
        raise
    except _DAMAGED as error:
        raise ImportFailed(f"{source.name}: the archive is damaged, or not all of it is here") from error
    source.hold(_files_in(archive, source.notes), archive)


def _files_in(archive: zipfile.ZipFile, notes: Notes) -> Iterator[tuple[Entry, Callable[[], BinaryIO]]]:
    for info in archive.infolist():
        entry = Entry(info.filename.replace("\\", "/"), info.file_size)
        if info.is_dir() or entry.name.startswith("__MACOSX/"):
            continue
        swollen = info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * max(1, info.compress_size)
        if entry.is_data and info.flag_bits & 1:
            notes.add(ProblemKind.LOCKED, entry.name)
        elif entry.is_data and swollen:
            unpacked = f"{size_text(info.compress_size)} would unpack to {size_text(info.file_size)}"
            notes.add(ProblemKind.TOO_LARGE, entry.name, unpacked)
        elif entry.is_data and info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            notes.add(
                ProblemKind.NOT_READABLE,
                entry.name,
                f"packed in a way that is not known here, number {info.compress_type}",
            )
        else:
            if entry.name.lower().endswith(".zip"):
                notes.add(ProblemKind.FILE_LEFT_OUT, entry.name, "it is an archive in the archive")
            yield entry, _member(archive, info)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, archive.open(info))  # It reads like one; `zipfile` says only `IO[bytes]`.


def _natural(name: str) -> list[tuple[bool, int, str]]:
    parts = re.split(r"(\d{1,18})", name)
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
