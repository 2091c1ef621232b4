"""Exports of several programs in one folder or archive: each file is read as what it is.

What no reader knows goes with the export it lies beside, which knows the files of its own
that hold no conversations; where several lie there, it is named as not readable.
"""

from collections.abc import Callable, Iterator, Mapping

from desktop_chat.domain.conversation import Conversation
from desktop_chat.importing.openai_messages import OPENAI_MESSAGES
from desktop_chat.importing.problems import Notes, ProblemKind
from desktop_chat.importing.reader import Item, Reader
from desktop_chat.importing.source import Entry, Source

CODE = "mixed"


Look = Callable[[Source, Entry], Reader | None]


def mixed(readers: Mapping[Entry, Reader | None], look: Look) -> Reader:
    """A reader for all of them, or the one that is left if the others only fit what lies beside.

    Args:
        readers: For each file that was looked at, the one that fits.
        look: Finds it for a file that was not looked at.
    """
    beside = _Beside(readers)
    chosen = {entry: beside.reader_of(entry, reader) for entry, reader in readers.items()}
    left = [reader for reader in dict.fromkeys(readers.values()) if reader is not None and reader in chosen.values()]
    if len(left) == 1:
        return left[0]

    def items(source: Source, notes: Notes) -> Iterator[Item]:
        groups: dict[Reader | None, list[Entry]] = {}
        for entry in source.data:
            if entry not in chosen:
                chosen[entry] = beside.reader_of(entry, look(source, entry))
            groups.setdefault(chosen[entry], []).append(entry)
        for reader, entries in groups.items():
            if reader is None:
                for entry in entries:
                    notes.add(ProblemKind.NOT_READABLE, entry.name, "it is none of the formats that can be read")
                    source.done_bytes += entry.size_bytes
                continue
            with source.only(entries):
                yield from reader.items(source, notes)

    def convert(item: Item, notes: Notes) -> list[Conversation]:
        reader = chosen[item.entry]
        return [] if reader is None else reader.convert(item, notes)

    return Reader(CODE, ", ".join(reader.title for reader in left), lambda _: False, items, convert)


class _Beside:
    """Knows which export a file belongs to that no reader, or only the least particular one, fits."""

    def __init__(self, readers: Mapping[Entry, Reader | None]) -> None:
        self._found = [reader for reader in dict.fromkeys(readers.values()) if reader is not None]
        self._in_folder: dict[str, set[Reader]] = {}
        for entry, reader in readers.items():
            if reader is not None and self.reader_of(entry, reader) is reader:
                self._in_folder.setdefault(entry.folder, set()).add(reader)

    def reader_of(self, entry: Entry, fitting: Reader | None) -> Reader | None:
        """The reader that takes a file, known the one that fits it."""
        if fitting is None or fitting is OPENAI_MESSAGES:
            # Messages are known by little: a file that an export has beside its conversations is none of them.
            name = entry.base.lower().rsplit(".", 1)[0]
            fitting = next((reader for reader in self._found if name in reader.beside), fitting)
        return fitting or self._near(entry.folder)

    def _near(self, folder: str) -> Reader | None:
        """That of the files in this folder, else of those around or in it, if it is one."""
        inside = {r for other, readers in self._in_folder.items() if other.startswith(f"{folder}/") for r in readers}
        around = []
        while folder:
            around.append(self._in_folder.get(folder, set()))
            folder = folder.rpartition("/")[0]
        for near in (*around[:1], inside, *around[1:], self._in_folder.get("", set())):
            if near:
                return next(iter(near)) if len(near) == 1 else None
        return None
