"""What a format is: how it is recognised, where its conversations are, and what they become.

The helpers here walk the files of a source value by value for readers that need nothing
special: `documents` gives whole values, `array_in` opens the object at the top of a file.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from desktop_chat.domain.conversation import Conversation
from desktop_chat.importing.json_values import JsonValues
from desktop_chat.importing.problems import Notes, Problem, ProblemKind
from desktop_chat.importing.source import Damaged, Entry, Source


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a file that may be a conversation."""

    where: str
    """Its place, for people."""
    data: Any
    entry: Entry
    """Its file."""
    source: Source
    key: str = ""
    """Of the member, where the top of the file was opened."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file; enough to see what wrote it."""

    entry: Entry
    kind: str
    """`array`, `lines` or `object`."""
    first: list[Any]
    """First values of an array or of lines; empty for an object."""
    members: dict[str, Any]
    """Members of an object; arrays in it are cut to their first elements."""

    @property
    def one(self) -> dict[str, Any]:
        """The object, or the first value that is one."""
        if self.kind == "object":
            return self.members
        return next((value for value in self.first if isinstance(value, dict)), {})


Items = Callable[[Source, Notes], Iterator[Item]]
Convert = Callable[[Item, Notes], list[Conversation]]


@dataclass(frozen=True, slots=True)
class Reader:
    """One format."""

    code: str
    """Part of the ids that are made: never change it."""
    title: str
    """Name of the program or format; not translated."""
    fits: Callable[[Sample], bool]
    """Whether a file with this beginning is of the format."""
    items: Items
    convert: Convert
    """An item to conversations, usually one. Raises `ValueError` if it is none at all."""
    beside: Collection[str] = ()
    """Names of files of an export that hold no conversations, in lower case and without their ending."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of one item."""

    where: str
    conversation: Conversation | None
    """`None`: nothing could be made of it; the problems say why."""
    problems: tuple[Problem, ...]


def documents(source: Source, notes: Notes) -> Iterator[Item]:
    """Elements of arrays, lines, or whole objects of every data file."""
    for entry in source.data:
        yield from values_in(source, entry, notes)


def array_in(key: str) -> Items:
    """As `documents`, but of an object at the top of a file with an array of this key, the elements of the array."""

    def items(source: Source, notes: Notes) -> Iterator[Item]:
        for entry in source.data:
            sample = sample_of(source, entry)
            is_inside = sample is not None and sample.kind == "object" and isinstance(sample.members.get(key), list)
            for item in values_in(source, entry, notes, deep={key} if is_inside else None):
                if not is_inside or item.key == key:
                    yield item

    return items


def values_in(source: Source, entry: Entry, notes: Notes, *, deep: Collection[str] | None = None) -> Iterator[Item]:
    """Values of one file; a file that breaks off is noted."""
    try:
        with source.open(entry) as portions:
            values = JsonValues(portions, entry.name, notes, is_lines=entry.is_lines)
            match values.kind():
                case "array":
                    found = values.elements()
                case "lines":
                    found = values.lines()
                case _ if deep is not None:
                    for member in values.members(deep):
                        if member.is_element or member.key not in deep:
                            yield Item(member.where, member.value, entry, source, member.key)
                    return
                case _:
                    found = values.all_at_once()
            for where, value in found:
                yield Item(where, value, entry, source)
    except Damaged as damage:
        notes.add(damage.kind, entry.name, str(damage))


def sample_of(source: Source, entry: Entry, notes: Notes | None = None) -> Sample | None:
    """The beginning of a file, or `None` if it is not JSON at all.

    Args:
        source: Has the file.
        entry: The file.
        notes: Where it is noted what cannot be read there.
    """
    read_before = source.done_bytes
    try:
        return _sample_of(source, entry, notes or Notes())
    finally:
        source.done_bytes = read_before  # It will be read again.


def _sample_of(source: Source, entry: Entry, notes: Notes) -> Sample | None:
    most, enough = 3, 2**22
    try:
        with source.open(entry) as portions:
            values = JsonValues(portions, entry.name, notes, is_lines=entry.is_lines, patience=enough)
            kind = values.kind()
            if kind in ("array", "lines"):
                found = values.elements(limit=most) if kind == "array" else values.lines()
                return Sample(entry, kind, [value for _, (_, value) in zip(range(most), found, strict=False)], {})
            if kind != "object":
                return None
            opened: dict[str, Any] = {}
            for member in values.members("*", limit=most):
                if member.is_element:
                    opened.setdefault(member.key, []).append(member.value)
                else:
                    opened[member.key] = member.value
                if values.position > enough:
                    break
            return Sample(entry, kind, [], opened)
    except Damaged as damage:
        notes.add(damage.kind, entry.name, str(damage))
        return None


def left_alone(notes: Notes, item: Item, why: str) -> list[Conversation]:
    """Note that an item is not a conversation; for readers to return."""
    notes.add(ProblemKind.NOT_READABLE, item.where, why)
    return []
