"""Where conversations, folders and the heads of groups stand in the sidebar: keys that sort.

A key is a tuple; what stands higher compares less. Pinned conversations come first, then the
folders with all that is in them, then what is in no folder, grouped by time. A folder's key
is the beginning of the key of everything inside it, so a folder and its content are one
stretch of the sorted list.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop_chat.core.ports import Folder, Row
from desktop_chat.domain.ids import FolderId
from desktop_chat.ui.sidebar.groups import Group, group_of

Key = tuple[Any, ...]
Item = Row | Folder | str
"""A conversation, a folder, or the title of a group."""

PINNED, FOLDERS, LOOSE = 0, 1, 2
SUBFOLDER, INSIDE, BEHIND = 0, 1, 2
"""What follows a folder's key: a folder in it, a conversation in it, the end of it."""
FOREVER = float("inf")
_NUMBER = re.compile(r"[0-9]+")


class SortBy(StrEnum):
    """What conversations are sorted by."""

    CHANGED = "changed"
    """Latest change first."""
    CREATED = "created"
    TITLE = "title"


class View(StrEnum):
    """What the sidebar lists."""

    LIBRARY = "library"
    ARCHIVE = "archive"
    TRASH = "trash"


class Arrangement:
    """Knows the place of everything for one view, one way of sorting, one tree of folders, one day.

    Args:
        view: Which conversations are listed.
        sort: In which order.
        folders: Parents before their children.
        collapsed: Folders whose content is not listed.
        today: The day from which the groups are counted.
    """

    def __init__(
        self, view: View, sort: SortBy, folders: Sequence[Folder], collapsed: Collection[FolderId], today: date
    ) -> None:
        self.view = view
        self.sort = sort
        self.today = today
        self.collapsed = frozenset(collapsed)
        self.folders: dict[FolderId, Folder] = {}
        self._keys: dict[FolderId, Key] = {}
        self._hidden: set[FolderId] = set()
        if view is not View.LIBRARY:
            return
        for place, folder in enumerate(folders):
            parent_id = folder.parent_id if folder.parent_id in self._keys else None
            above: Key = (FOLDERS,) if parent_id is None else self._keys[parent_id]
            self.folders[folder.id] = folder
            self._keys[folder.id] = (*above, (SUBFOLDER, place))
            if folder.id in self.collapsed or parent_id in self._hidden:
                self._hidden.add(folder.id)

    def holds(self, row: Row) -> bool:
        """Whether the view lists a conversation, if only in a collapsed folder."""
        if self.view is View.TRASH:
            return row.trashed_at is not None
        return row.trashed_at is None and row.archived == (self.view is View.ARCHIVE)

    def folder_of(self, row: Row) -> FolderId | None:
        """The folder below which a conversation is listed."""
        return row.folder_id if row.folder_id in self._keys else None

    def is_hidden(self, folder_id: FolderId | None) -> bool:
        """Whether the content of a folder is out of sight, because it or one around it is collapsed."""
        return folder_id in self._hidden

    def is_listed(self, folder: Folder) -> bool:
        """Whether a folder itself is in sight."""
        return folder.parent_id not in self._hidden

    def around(self, folder_id: FolderId | None) -> list[FolderId]:
        """A folder and those around it, the innermost first."""
        found: list[FolderId] = []
        while folder_id in self.folders and folder_id not in found:
            assert folder_id is not None
            found.append(folder_id)
            folder_id = self.folders[folder_id].parent_id
        return found

    def depth(self, item: Item) -> int:
        """How many folders are around something."""
        if isinstance(item, Row):
            folder_id = self.folder_of(item)
            return 0 if folder_id is None else len(self._keys[folder_id]) - 1
        return len(self._keys[item.id]) - 2 if isinstance(item, Folder) else 0

    def key(self, item: Row | Folder) -> Key:
        """Where a conversation or a folder stands."""
        if isinstance(item, Folder):
            return self._keys[item.id]
        folder_id = self.folder_of(item)
        value = self._value(item)
        if folder_id is not None:
            return (*self._keys[folder_id], (INSIDE, not item.pinned, value, item.id))
        if item.pinned and self.view is View.LIBRARY:
            return (PINNED, value, 0, item.id)
        return (LOOSE, value, 0, item.id)

    def end_of(self, folder: Folder) -> Key:
        """Sorts right behind everything in a folder."""
        return (*self._keys[folder.id], (BEHIND,))

    def head(self, item: Row | Folder) -> tuple[Key, str] | None:
        """The head above something: its key and its title."""
        if self.view is View.TRASH:
            return None
        if isinstance(item, Folder) or self.folder_of(item) is not None:
            return (FOLDERS,), _tr("Folders")
        if item.pinned and self.view is View.LIBRARY:
            return (PINNED,), _tr("Pinned")
        if self.sort is SortBy.TITLE:
            return ((LOOSE,), _tr("Conversations")) if self.view is View.LIBRARY else None
        group = self._group(item)
        return _head_key(group), group.title

    def listed(self, rows: Iterable[Row]) -> tuple[list[Key], list[Item]]:
        """Everything in sight with its key, sorted.

        Args:
            rows: Of this view only.
        """
        pairs: list[tuple[Key, Item]] = [(self._keys[f.id], f) for f in self.folders.values() if self.is_listed(f)]
        loose: list[tuple[Key, Item]] = []
        for row in rows:
            if row.folder_id is None or row.folder_id not in self._keys:
                loose.append((self.key(row), row))
            elif row.folder_id not in self._hidden:
                pairs.append((self.key(row), row))
        pairs += loose
        pairs.sort(key=_first)
        return self._with_heads(pairs)

    def listed_inside(self, folder: Folder, rows: Iterable[Row]) -> tuple[list[Key], list[Item]]:
        """What is in sight in a folder, with its keys, sorted; `rows` may be of other folders as well."""
        if folder.id in self._hidden:
            return [], []
        below = {one for one in self.folders if folder.id in self.around(one)}
        open_ones = below - self._hidden
        pairs: list[tuple[Key, Item]] = [(self.key(row), row) for row in rows if row.folder_id in open_ones]
        inside = (self.folders[one] for one in below - {folder.id})
        pairs += [(self._keys[one.id], one) for one in inside if self.is_listed(one)]
        pairs.sort(key=_first)
        return [key for key, _ in pairs], [item for _, item in pairs]

    def _with_heads(self, pairs: list[tuple[Key, Item]]) -> tuple[list[Key], list[Item]]:
        keys: list[Key] = []
        items: list[Item] = []
        section, begins = -1, FOREVER
        is_dated = self.sort is not SortBy.TITLE and self.view is not View.TRASH
        for key, item in pairs:
            assert not isinstance(item, str)
            if key[0] != section or (section == LOOSE and is_dated and -key[1] < begins):
                section = key[0]
                if section == LOOSE and is_dated:
                    begins = group_of(-key[1], self.today).begins
                if head := self.head(item):
                    keys.append(head[0])
                    items.append(head[1])
            keys.append(key)
            items.append(item)
        return keys, items

    def _value(self, row: Row) -> float | str:
        if row.trashed_at is not None:
            return -row.trashed_at
        if self.sort is SortBy.CHANGED:
            return -row.updated_at
        return -row.created_at if self.sort is SortBy.CREATED else sort_text(row.title)

    def _group(self, row: Row) -> Group:
        return group_of(row.created_at if self.sort is SortBy.CREATED else row.updated_at, self.today)


def sort_text(title: str) -> str:
    """A title as it is sorted: without case and accents, numbers by their value."""
    plain = unicodedata.normalize("NFKD", title) if not title.isascii() else title
    letters = "".join(c for c in plain if not unicodedata.combining(c)) if plain is not title else plain
    return _NUMBER.sub(_padded, letters.casefold())


def _padded(found: re.Match[str]) -> str:
    return found[0].zfill(12)


def _first(pair: tuple[Key, Item]) -> Key:
    return pair[0]


def _head_key(group: Group) -> Key:
    # The 1 puts a head behind a row that changed at the very moment in which the newer group begins.
    return (LOOSE, -group.ends, 1, "")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sidebar", text)
