"""A Qt model of items in one list that is sorted by key.

A change finds its place by bisection and touches one row, however many there are.
"""

from bisect import bisect_left
from collections.abc import Callable

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex

from desktop_chat.ui.sidebar.arrangement import Item, Key

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class SortedModel(QAbstractListModel):
    """Keeps items by their keys and tells the views what came, went and moved."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: list[Key] = []
        self._items: list[Item] = []

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def item(self, index: Index) -> Item | None:
        """What stands at an index."""
        at = index.row()
        return self._items[at] if index.isValid() and at < len(self._items) else None

    def place_of(self, key: Key) -> int | None:
        """Where the item of a key stands, if it is in the list."""
        at = bisect_left(self._keys, key)
        return at if at < len(self._keys) and self._keys[at] == key else None

    def _become(self, keys: list[Key], items: list[Item], index_now: Callable[[Item], QModelIndex]) -> None:
        # Whoever stands on a row stays on it: no reset.
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        stood_on = [self._items[index.row()] for index in held]
        self._keys, self._items = keys, items
        self.changePersistentIndexList(held, [index_now(item) for item in stood_on])
        self.layoutChanged.emit()

    def _insert(self, key: Key, item: Item) -> None:
        at = bisect_left(self._keys, key)
        self.beginInsertRows(QModelIndex(), at, at)
        self._keys.insert(at, key)
        self._items.insert(at, item)
        self.endInsertRows()

    def _exchange(self, at: int, key: Key, item: Item) -> None:
        target = bisect_left(self._keys, key)
        if target in (at, at + 1):
            self._keys[at], self._items[at] = key, item
        else:
            self.beginMoveRows(QModelIndex(), at, at, QModelIndex(), target)
            del self._keys[at], self._items[at]
            at = target - 1 if target > at else target
            self._keys.insert(at, key)
            self._items.insert(at, item)
            self.endMoveRows()
        self._repaint(at)

    def _remove_at(self, at: int) -> None:
        self.beginRemoveRows(QModelIndex(), at, at)
        del self._keys[at], self._items[at]
        self.endRemoveRows()

    def _insert_at(self, at: int, keys: list[Key], items: list[Item]) -> None:
        if items:
            self.beginInsertRows(QModelIndex(), at, at + len(items) - 1)
            self._keys[at:at], self._items[at:at] = keys, items
            self.endInsertRows()

    def _remove_between(self, at: int, end: int) -> None:
        if at < end:
            self.beginRemoveRows(QModelIndex(), at, end - 1)
            del self._keys[at:end], self._items[at:end]
            self.endRemoveRows()

    def _repaint(self, at: int | None) -> None:
        if at is not None:
            index = self.index(at)
            self.dataChanged.emit(index, index)
