"""The rows of the library in memory: the list in its order, the trash, the folders, the tags.

Whatever changes them comes through here and is told once it is all in place, so that a view
that looks at more than one row never sees half of it.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from desktop_chat.core.folders import Folders, in_order
from desktop_chat.core.many_rows import exchanged
from desktop_chat.core.ports import Folder, Row, RowChange
from desktop_chat.domain.changes import (
    ConversationListed,
    ConversationUnlisted,
    FoldersChanged,
    LibraryChange,
    LibraryLoaded,
    TrashChanged,
)
from desktop_chat.domain.ids import ConversationId

MANY = 100
"""Rows that change at once from which on it is cheaper for everybody to look at the whole list anew."""


class Listing:
    """What the library knows of every conversation without reading it.

    Args:
        publish: Is told what changed.

    Attributes:
        rows: All that are not in the trash, pinned first, then latest change first.
        trash: Those that are.
        folders: Parents before children, in their order.
    """

    def __init__(self, publish: Callable[[LibraryChange], None]) -> None:
        self.rows: list[Row] = []
        self.trash: dict[ConversationId, Row] = {}
        self.folders: Folders = ()
        self._publish = publish
        self._by_id: dict[ConversationId, Row] = {}
        self._tags: Counter[str] = Counter()

    @property
    def tags(self) -> tuple[str, ...]:
        """Those in use, sorted."""
        return sorted_tags(self._tags)

    def row(self, conversation_id: ConversationId) -> Row | None:
        """A row of the list."""
        return self._by_id.get(conversation_id)

    def anywhere(self, conversation_id: ConversationId) -> Row | None:
        """A row of the list or of the trash."""
        return self._by_id.get(conversation_id) or self.trash.get(conversation_id)

    def position(self, conversation_id: ConversationId) -> int | None:
        """Where in `rows` a conversation stands."""
        row = self._by_id.get(conversation_id)
        return None if row is None else bisect_left(self.rows, _order(row), key=_order)

    def load(
        self, rows: Iterable[Row], folders: Iterable[Folder], is_in_memory: Callable[[ConversationId], bool]
    ) -> None:
        """Take what was read; what is known already is newer, and stays if it is in memory or was read."""
        self.folders = in_order((*folders, *self.folders))
        known = {folder.id for folder in self.folders}
        by_id = {
            row.id: row if row.folder_id is None or row.folder_id in known else replace(row, folder_id=None)
            for row in rows
            if row.id not in self.trash
        }
        by_id.update({one: row for one, row in self._by_id.items() if one in by_id or is_in_memory(one)})
        self._by_id = by_id
        self._look_anew()
        self._publish(LibraryLoaded())

    def load_trash(self, rows: Iterable[Row]) -> None:
        """Take what was read of the trash."""
        read = {row.id: row for row in rows if row.id not in self._by_id}
        self.trash = {**read, **self.trash}
        if read:
            self._publish(TrashChanged())

    def forget(self) -> None:
        """Another store takes the place of this one."""
        self._by_id, self.trash, self.folders = {}, {}, ()

    def put(self, row: Row) -> None:
        """Add or exchange one row."""
        for change in self._place([row]):
            self._publish(change)

    def put_all(self, rows: Sequence[Row]) -> None:
        """Add or exchange many."""
        for change in self._place(rows):
            self._publish(change)

    def change(self, changes: Iterable[RowChange], folders: Folders | None = None) -> None:
        """Give rows other fields, and take other folders. Rows that are not there are passed over."""
        told: list[LibraryChange] = []
        if folders is not None and folders != self.folders:
            self.folders = folders
            told.append(FoldersChanged())
        told += self._place(self._changed(changes))
        for tell in told:
            self._publish(tell)

    def _changed(self, changes: Iterable[RowChange]) -> list[Row]:
        fields: dict[ConversationId, dict[str, Any]] = {}
        for change in changes:
            fields.setdefault(change.id, {}).update(change.fields)
        rows = [row for one in fields if (row := self.anywhere(one)) is not None]
        names = {name for row in rows for name in fields[row.id]}
        new = {name: [fields[row.id].get(name, getattr(row, name)) for row in rows] for name in names}
        return exchanged(rows, new)

    def _place(self, rows: Sequence[Row]) -> list[LibraryChange]:
        is_trash_changed = False
        told: list[LibraryChange] = []
        for row in rows:
            is_trash_changed |= row.trashed_at is not None or row.id in self.trash
        if len(rows) > MANY:
            for row in rows:
                self._by_id.pop(row.id, None)
                self.trash.pop(row.id, None)
                (self._by_id if row.trashed_at is None else self.trash)[row.id] = row
            self._look_anew()
            told.append(LibraryLoaded())
        else:
            for row in rows:
                told += self._place_one(row)
        return [*told, TrashChanged()] if is_trash_changed else told

    def _place_one(self, row: Row) -> list[LibraryChange]:
        old = self._by_id.pop(row.id, None)
        if old is not None:
            del self.rows[bisect_left(self.rows, _order(old), key=_order)]
            self._tags.subtract(old.tags)
        self.trash.pop(row.id, None)
        if row.trashed_at is not None:
            self.trash[row.id] = row
            return [ConversationUnlisted(row.id)] if old is not None else []
        self._by_id[row.id] = row
        self.rows.insert(bisect_left(self.rows, _order(row), key=_order), row)
        self._tags.update(row.tags)
        return [ConversationListed(row.id)]

    def _look_anew(self) -> None:
        self.rows = sorted(self._by_id.values(), key=_order)
        self._tags = Counter(tag for row in self.rows for tag in row.tags)


def sorted_tags(tags: "Iterable[str] | Counter[str]") -> tuple[str, ...]:
    """In alphabetical order, whatever their case; those that nobody uses are left out."""
    used = (tag for tag in tags if not isinstance(tags, Counter) or tags[tag] > 0)
    return tuple(sorted(used, key=lambda tag: (tag.casefold(), tag)))


def _order(row: Row) -> tuple[bool, float, str]:
    return (not row.pinned, -row.updated_at, row.id)
