"""Rows out of the pages of a damaged database: every cell that is whole, wherever its page hangs.

The trees are walked from their roots first. Where that meets damage, leaves that no tree
reaches any more are read too, and a row is told by the shape of its values.
"""

import re
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

from desktop_chat.adapters.sqlite.pages import HEADER, Image

_INTERIOR_INDEX, _INTERIOR_TABLE, _LEAF_INDEX, _LEAF_TABLE = 2, 5, 10, 13
_OF_TABLE, _OF_INDEX = (_INTERIOR_TABLE, _LEAF_TABLE), (_INTERIOR_INDEX, _LEAF_INDEX)
_LEAVES = (_LEAF_TABLE, _LEAF_INDEX, _INTERIOR_INDEX)
_WIDTHS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8}
_KINDS: dict[str, tuple[type, ...]] = {"INTEGER": (int,), "REAL": (int, float), "TEXT": (str,), "BLOB": (bytes,)}
Read = Callable[[int], bytes]
"""Reads a page; older rows go on over older pages."""
_MOST_BYTES = 1 << 30
"""Of one row; SQLite's own limit is about that."""


class Missing:
    """Stands for a value that was not readable; keeps the bytes that were."""

    def __init__(self, readable: bytes = b"") -> None:
        self.readable = readable


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a migration makes it."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[tuple[type, ...], ...]
    may_be_null: tuple[bool, ...]
    at_least: int
    """Values a row has; the columns after them were added later and have a default."""
    key: int | None
    """The column that is the number of the row, if one is."""
    indexes: dict[str, tuple[str, ...]]
    """Their columns, by their names."""
    is_bare: bool = False
    """Kept in a tree of its key, as an index is (`WITHOUT ROWID`)."""

    def fits(self, values: list[Any]) -> bool:
        """Whether a row can be of this table; what is missing fits."""
        if not self.at_least <= len(values) <= len(self.columns):
            return False
        for index, value in enumerate(values):
            if isinstance(value, Missing):
                continue
            if value is None:
                if not (self.may_be_null[index] or index == self.key):
                    return False
            elif index == self.key or not isinstance(value, self.kinds[index]):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Found:
    """One row."""

    table: str
    number: int
    """Its number in the table, or 0."""
    values: dict[str, Any]
    page: int
    is_whole: bool


def tables_of(connection: sqlite3.Connection) -> dict[str, Table]:
    """The ordinary tables of a sound database."""
    tables = {}
    for name, sql in connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall():
        if "VIRTUAL TABLE" in sql.upper() or re.search(r"_(data|idx|docsize|config|content)$", name):
            continue
        facts = connection.execute("SELECT * FROM pragma_table_info(?)", (name,)).fetchall()
        bare = "WITHOUT ROWID" in sql.upper()
        if bare:  # Stored with its key in front.
            facts.sort(key=lambda fact: (not fact[5], fact[5] or fact[0]))
        keys = [i for i, fact in enumerate(facts) if fact[5]]
        key = keys[0] if not bare and len(keys) == 1 and facts[keys[0]][2].upper() == "INTEGER" else None
        needed = [i for i, fact in enumerate(facts) if (fact[3] and fact[4] is None) or i == key]
        tables[name] = Table(
            name=name,
            columns=tuple(fact[1] for fact in facts),
            kinds=tuple(_KINDS.get(fact[2].upper(), (int, float, str, bytes)) for fact in facts),
            may_be_null=tuple(not fact[3] for fact in facts),
            at_least=max(needed, default=0) + 1,
            key=key,
            indexes=_indexes_of(connection, name),
            is_bare=bare,
        )
    return tables


def _indexes_of(connection: sqlite3.Connection, table: str) -> dict[str, tuple[str, ...]]:
    names = [name for (name,) in connection.execute("SELECT name FROM pragma_index_list(?)", (table,))]
    columns = {n: connection.execute("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (n,)) for n in names}
    return {name: tuple(column for (column,) in found) for name, found in columns.items()}


@dataclass(slots=True)
class Salvage:
    """Reads the rows of one damaged database.

    Attributes:
        image: Its pages.
        tables: What it should have held.
        damage: What was met, for the report; grows while rows are read.
    """

    image: Image
    tables: dict[str, Table]
    damage: list[str] = field(default_factory=list)
    _owner: dict[int, str] = field(default_factory=dict)
    _free: set[int] = field(default_factory=set)
    _disputed: set[int] = field(default_factory=set)

    def walk(self) -> None:
        """Find out which page belongs to what."""
        roots = {"sqlite_schema": 1}
        self._claim("sqlite_schema", 1)
        for page in list(self._owner):
            for _, values, _ in self._cells(self.image.page(page), page):
                match values:
                    case ["table" | "index", str(name), str(), int(root), *_] if root > 1:
                        roots[name] = root
        if missing := sorted(self.tables.keys() - roots.keys()):
            self.damage.append(f"the description of {', '.join(missing)} is not readable")
        for name, root in roots.items():
            if name != "sqlite_schema":
                self._claim(name, root)
        # Two trees cannot have one page; what stands on it tells whose it is. So it does where
        # a broken page of the description leads to what is none.
        self._disputed |= {n for n, owner in self._owner.items() if owner == "sqlite_schema" and self.damage}
        for number in self._disputed & self._owner.keys():
            del self._owner[number]
        self._find_free()

    def rows(self, *names: str) -> Iterator[Found]:
        """Rows of these tables: first those in their place, then those that hang nowhere, then older ones."""
        wanted = [self.tables[name] for name in names]
        lost = range(1, self.image.count + 1) if self.damage else range(0)
        for number in [n for n, owner in self._owner.items() if owner in names]:
            yield from self._rows_of(self.image.page(number), number, [self.tables[self._owner[number]]])
        for number in lost:
            if number not in self._owner and number not in self._free:
                yield from self._rows_of(self.image.page(number), number, wanted)
        for number in lost if self.image.has_frames else ():
            # A WAL that does not belong here may have hit only where a long row goes on.
            if self._owner.get(number, "") in ("", *names):
                yield from self._rows_of(self.image.page(number), number, wanted, self.image.own)
        for number, page, read in self.image.superseded() if self.damage else ():
            yield from self._rows_of(page, number, wanted, read)

    def witnesses(self, table: str, *needed: str) -> Iterator[dict[str, Any]]:
        """What the indexes of a table know of its rows, also of those that are gone; the best index first.

        Args:
            table: Whose.
            needed: Columns an index must have.
        """
        own = self.tables[table]
        key = own.columns[own.key or 0]
        able = [index for index in own.indexes.items() if set(needed) <= set(index[1])]
        indexes = sorted(able, key=lambda index: -len(index[1]))
        for name, columns in indexes:
            wanted = (*columns, key)
            kinds = [int if column == key else own.kinds[own.columns.index(column)] for column in wanted]
            is_known = any(owner == name for owner in self._owner.values())
            for number in range(1, self.image.count + 1):
                owner = self._owner.get(number)
                if owner != name and (owner is not None or number in self._free or (is_known and not self.damage)):
                    continue
                for values in self._entries(number, len(wanted)):
                    if all(value is None or isinstance(value, kind) for value, kind in zip(values, kinds, strict=True)):
                        yield dict(zip(wanted, values, strict=True))

    def _entries(self, number: int, length: int) -> Iterator[list[Any]]:
        page = self.image.page(number)
        if page[0] in (_LEAF_INDEX, _INTERIOR_INDEX):
            for _, values, is_whole in self._cells(page, number):
                if is_whole and len(values) == length and isinstance(values[-1], int):
                    yield values

    def _rows_of(self, page: bytes, number: int, wanted: list[Table], read: Read | None = None) -> Iterator[Found]:
        head = 100 if number == 1 else 0
        is_bare = page[head] != _LEAF_TABLE
        candidates = [table for table in wanted if table.is_bare == is_bare]
        for row, values, is_whole in self._cells(page, number, read) if candidates else ():
            table = next((t for t in candidates if t.fits(values)), None)
            if table is None:
                continue
            named = dict(zip(table.columns, values, strict=False))
            if table.key is not None:
                named[table.columns[table.key]] = row
            yield Found(table.name, row, named, number, is_whole)

    def _claim(self, name: str, root: int) -> None:
        waiting, family = [root], _OF_TABLE
        while waiting:
            number = waiting.pop()
            if not 0 < number <= self.image.count or number in self._owner:
                self.damage.append(f"{name}: it refers to page {number}, which is not its own")
                self._disputed.add(number)
                continue
            page, head = self.image.page(number), 100 if number == 1 else 0
            kind = page[head]
            if number == root:
                family = _OF_INDEX if kind in _OF_INDEX else _OF_TABLE
            if kind not in family:
                self.damage.append(f"{name}: page {number} is not readable")
                continue
            self._owner[number] = name
            pointers = list(self._pointers(page, head))
            if len(pointers) != int.from_bytes(page[head + 3 : head + 5], "big"):
                self.damage.append(f"{name}: page {number} is damaged")
            if kind in (_INTERIOR_TABLE, _INTERIOR_INDEX):
                waiting.append(int.from_bytes(page[head + 8 : head + 12], "big"))
                waiting.extend(int.from_bytes(page[at : at + 4], "big") for at in pointers)

    def _find_free(self) -> None:
        head = self.image.page(1)
        if not head.startswith(HEADER):
            return
        trunk, promised, seen = *struct.unpack(">II", head[32:40]), set[int]()
        while 0 < trunk <= self.image.count and trunk not in seen and trunk not in self._owner:
            seen.add(trunk)
            page = self.image.page(trunk)
            count = min(int.from_bytes(page[4:8], "big"), self.image.usable_bytes // 4 - 2)
            self._free.update(struct.unpack(f">{count}I", page[8 : 8 + 4 * count]))
            trunk = int.from_bytes(page[:4], "big")
        self._free |= seen
        if len(self._free) != promised or not self._free.isdisjoint(self._owner):
            self._free.clear()  # Not to be trusted: rather old rows than none.

    def _pointers(self, page: bytes, head: int) -> Iterator[int]:
        first = head + (12 if page[head] in (_INTERIOR_TABLE, _INTERIOR_INDEX) else 8)
        count = int.from_bytes(page[head + 3 : head + 5], "big")
        for at in range(first, min(first + 2 * count, self.image.usable_bytes - 1), 2):
            pointer = int.from_bytes(page[at : at + 2], "big")
            if first + 2 * count <= pointer < self.image.usable_bytes - 3:
                yield pointer

    def _cells(self, page: bytes, number: int, read: Read | None = None) -> Iterator[tuple[int, list[Any], bool]]:
        """Number, values and wholeness of each readable cell of a leaf, or of an inner page of an index."""
        head = 100 if number == 1 else 0
        kind = page[head]
        if kind not in _LEAVES:
            return
        for pointer in self._pointers(page, head):
            with suppress(IndexError, ValueError, struct.error, OverflowError):
                at = pointer + 4 if kind == _INTERIOR_INDEX else pointer
                length, at = varint(page, at)
                row = 0
                if kind == _LEAF_TABLE:
                    row, at = varint(page, at)
                payload = self._payload(page, at, length, kind == _LEAF_TABLE, read)
                values = values_of(payload, length)
                is_whole = not any(isinstance(value, Missing) for value in values)
                if not is_whole:
                    self.damage.append(f"page {number}: a row of it is not whole")
                yield row, values, is_whole

    def _payload(self, page: bytes, at: int, length: int, is_table: bool, read: Read | None) -> bytes:
        usable = self.image.usable_bytes
        if not 0 < length <= min(_MOST_BYTES, self.image.count * usable):
            raise ValueError("no such length")
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        least = (usable - 12) * 32 // 255 - 23
        local = length
        if length > most:
            local = least + (length - least) % (usable - 4)
            local = local if local <= most else least
        if at + local > usable:
            raise ValueError("it leaves the page")
        parts = [page[at : at + local]]
        if local == length:
            return parts[0]
        rest, following, seen = length - local, int.from_bytes(page[at + local : at + local + 4], "big"), set[int]()
        while rest > 0 and 0 < following <= self.image.count and following not in seen:
            if read is None and (following in self._owner or following in self._free):
                break  # The way is lost: this page is something else.
            seen.add(following)
            more = (read or self.image.page)(following)
            parts.append(more[4 : 4 + min(rest, usable - 4)])
            rest -= usable - 4
            following = int.from_bytes(more[:4], "big")
        return b"".join(parts)


def varint(page: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where the next thing stands."""
    value = 0
    for index in range(8):
        byte = page[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    value = value << 8 | page[at + 8]
    return value - (1 << 64) if value >= 1 << 63 else value, at + 9


def values_of(payload: bytes, length: int) -> list[Any]:
    """The values of a record; `Missing` for those behind its readable part.

    Raises:
        ValueError: It is no record.
    """
    size, at = varint(payload, 0)
    if not 0 < size <= min(length, len(payload)):
        raise ValueError("no head")
    kinds = []
    while at < size:
        kind, at = varint(payload, at)
        if kind < 0 or kind in (10, 11):
            raise ValueError("no such kind of value")
        kinds.append(kind)
    widths = [(kind - 12) // 2 if kind >= 12 else _WIDTHS.get(kind, 0) for kind in kinds]
    if at != size or size + sum(widths) != length:
        raise ValueError("lengths that do not fit")
    values: list[Any] = []
    for kind, width in zip(kinds, widths, strict=True):
        raw = payload[at : at + width]
        values.append(Missing(raw) if len(raw) < width else _value(kind, raw))
        at += width
    return values


def _value(kind: int, raw: bytes) -> Any:
    if kind >= 12:
        if kind % 2 == 0:
            return raw
        try:
            return raw.decode()
        except UnicodeDecodeError:
            return Missing(raw)
    if kind == 7:
        return struct.unpack(">d", raw)[0]
    if kind >= 8:
        return kind - 8
    return int.from_bytes(raw, "big", signed=True) if kind else None


def shape_of(make: Callable[[sqlite3.Connection], None]) -> dict[str, Table]:
    """The tables that a function makes in an empty database."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        make(connection)
        return tables_of(connection)
