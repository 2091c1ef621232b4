"""Pages of a database file and of the WAL beside it, read without SQLite, however damaged they are.

The format is fixed: sqlite.org/fileformat2.html. Committed frames of the WAL stand for the
pages they replace; what they replace, and frames behind a break in the WAL, can be had as well.
"""

import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Self

HEADER = b"SQLite format 3\x00"
PAGE_BYTES = 4096
"""Of every file we make; assumed where the header does not say it."""
_WAL_MAGIC = (0x377F0682, 0x377F0683)
_WAL_HEAD, _FRAME_HEAD = 32, 24
_LOOKED_AT = 2**20
_SIZES = {2**power for power in range(9, 17)}


class Image:
    """A database as its last commit left it. Use it as a context.

    Attributes:
        page_bytes: Size of a page.
        usable_bytes: What of a page holds content.
        count: Pages, from 1 to this; those beyond `committed` do not belong to the last commit.
        version: `user_version`; `None` if the header is not readable.
    """

    def __init__(self, path: Path) -> None:
        self._held = ExitStack()
        self._file: BinaryIO = self._held.enter_context(path.open("rb"))
        self._size = path.stat().st_size
        wal = path.with_name(f"{path.name}-wal")
        self._wal: BinaryIO | None = self._held.enter_context(wal.open("rb")) if wal.is_file() else None
        self.page_bytes = PAGE_BYTES
        self._frames: dict[int, int] = {}
        """Page to where its last committed frame's content stands in the WAL."""
        self._doubtful: list[tuple[int, int]] = []
        pages_after = self._read_wal() if self._wal is not None else 0
        head = self.own(1)[:100]
        size = int.from_bytes(head[16:18], "big")
        size = 65536 if size == 1 else size
        self.version: int | None = None
        reserved = 0
        if head.startswith(HEADER) and size in _SIZES:
            if size != self.page_bytes and self._frames:
                self._frames, self._doubtful, pages_after = {}, [], 0  # Of another file.
            if size == self.page_bytes or self._fitting(size) > self._fitting(self.page_bytes):
                self.page_bytes = size
            reserved = head[20] if head[20] <= 32 else 0
        first = self.page(1)[:100]
        if first.startswith(HEADER):
            self.version = int.from_bytes(first[60:64], "big", signed=True)
        self.usable_bytes = self.page_bytes - reserved
        here = -(-self._size // self.page_bytes)
        self.committed = pages_after or here
        self.count = max(pages_after, here)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def page(self, number: int) -> bytes:
        """A page, filled up with zeros if the file ends in it."""
        at = self._frames.get(number)
        return self.own(number) if at is None else self._of_wal(at)

    @property
    def has_frames(self) -> bool:
        """Whether the WAL replaces anything."""
        return bool(self._frames)

    def superseded(self) -> Iterator[tuple[int, bytes, Callable[[int], bytes]]]:
        """What committed frames replaced, and frames that nothing vouches for; each with what reads further pages."""
        for number in sorted(self._frames):
            if (number - 1) * self.page_bytes < self._size:
                yield number, self.own(number), self.own
        doubtful = dict(self._doubtful)

        def after(number: int) -> bytes:
            return self._of_wal(doubtful[number]) if number in doubtful else self.page(number)

        for number, at in self._doubtful:
            yield number, self._of_wal(at), after

    def write_to(self, file: BinaryIO) -> None:
        """Write the whole database as one file that needs no WAL."""
        for number in range(1, self.committed + 1):
            page = self.page(number)
            if number == 1:
                page = page[:18] + b"\x01\x01" + page[20:]
            file.write(page)

    def own(self, number: int) -> bytes:
        """A page as the file itself has it, whatever the WAL says."""
        self._file.seek((number - 1) * self.page_bytes)
        return self._file.read(self.page_bytes).ljust(self.page_bytes, b"\0")

    def _fitting(self, size: int) -> int:
        """How many of the first kilobytes look like pages of this size: the header may be what is broken."""
        fitting = 0
        for at in range(0, min(self._size, _LOOKED_AT), size):
            self._file.seek(at + (100 if at == 0 else 0))
            kind = self._file.read(8)
            is_tree = len(kind) == 8 and kind[0] in (2, 5, 10, 13) and kind[7] == 0
            fitting += is_tree and int.from_bytes(kind[3:5], "big") < size // 4
        return fitting * size

    def _of_wal(self, at: int) -> bytes:
        assert self._wal is not None
        self._wal.seek(at)
        return self._wal.read(self.page_bytes).ljust(self.page_bytes, b"\0")

    def _read_wal(self) -> int:
        """Find the committed frames; returns how many pages the last commit left, 0 if there is none."""
        assert self._wal is not None
        head = self._wal.read(_WAL_HEAD)
        if len(head) < _WAL_HEAD:
            return 0
        magic, _, size = struct.unpack(">III", head[:12])
        if magic not in _WAL_MAGIC or size not in _SIZES:
            return 0
        self.page_bytes = size
        order = ">" if magic & 1 else "<"
        salts = head[16:24]
        sums = _checksum(head[:24], (0, 0), order)
        is_sound = sums == struct.unpack(">II", head[24:32])
        pages, since = 0, list[tuple[int, int]]()
        at = _WAL_HEAD
        while len(frame := self._wal.read(_FRAME_HEAD)) == _FRAME_HEAD and len(page := self._wal.read(size)) == size:
            number, after = struct.unpack(">II", frame[:8])
            if frame[8:16] != salts or not number:
                break  # Left from before the WAL was begun anew.
            sums = _checksum(page, _checksum(frame[:8], sums, order), order) if is_sound else sums
            is_sound = is_sound and sums == struct.unpack(">II", frame[16:24])
            since.append((number, at + _FRAME_HEAD))
            if is_sound and after:
                self._frames.update(since)
                pages, since = after, []
            at += _FRAME_HEAD + size
        self._doubtful = since
        return pages


def _checksum(content: bytes, start: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = start
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
