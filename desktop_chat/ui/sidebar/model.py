"""The conversations of the library as a Qt model: rows below the heads of their groups.

Rows and heads stand in one list that is sorted by key, so a change finds its place by
bisection and touches one row, however many there are.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from desktop_chat.core.ports import Row
from desktop_chat.domain.changes import (
    ConversationListed,
    ConversationUnlisted,
    LibraryChange,
    LibraryLoaded,
    Saved,
    SaveFailed,
)
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.sidebar.groups import Group, group_of

if TYPE_CHECKING:
    from desktop_chat.core.library import Library

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Key = tuple[int, float, int, str]

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `Row` of an index; `None` for the head of a group."""
SHOWN_ROLE = Qt.ItemDataRole.UserRole + 2
"""True for the conversation that the window shows."""
FOREVER = float("inf")
DAY_CHECK_MS = 60_000


class ConversationModel(QAbstractListModel):
    """What the sidebar lists. Follows the library's changes; changes nothing itself."""

    renamed = Signal(str, str)
    """The person typed another title in the list: conversation id, title."""

    def __init__(self, library: "Library", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._keys: list[Key] = []
        self._items: list[Row | str] = []
        self._known: dict[ConversationId, Row] = {}
        self._shown: ConversationId | None = None
        self._today = date.today()
        self._midnight = QTimer(self)
        self._midnight.setInterval(DAY_CHECK_MS)
        self._midnight.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._midnight.timeout.connect(self.follow_the_day)
        self._midnight.start()
        self.reload()

    def apply(self, change: LibraryChange) -> None:
        """Follow one change of the library."""
        match change:
            case ConversationListed(conversation_id):
                self.follow_the_day()
                row = self._library.row(conversation_id)
                if row is None:
                    self._remove(conversation_id)
                else:
                    self._place(row)
            case ConversationUnlisted(conversation_id):
                self._remove(conversation_id)
            case LibraryLoaded():
                self.reload()
            case SaveFailed() | Saved():
                pass

    def reload(self) -> None:
        """Take the whole list anew."""
        self.beginResetModel()
        rows = sorted(self._library.rows, key=_key)
        self._known = {row.id: row for row in rows}
        self._keys, self._items = _with_heads(rows, self._today)
        self.endResetModel()

    def follow_the_day(self) -> None:
        """Group anew if a day has passed since the last look."""
        today = date.today()
        if today != self._today:
            self._today = today
            self.reload()

    def show_current(self, conversation_id: ConversationId | None) -> None:
        """Mark the conversation that the window shows."""
        before, self._shown = self._shown, conversation_id
        for changed in {before, conversation_id}:
            index = QModelIndex() if changed is None else self.index_of(changed)
            if index.isValid():
                self.dataChanged.emit(index, index)

    def row(self, conversation_id: ConversationId) -> Row | None:
        """What is listed of a conversation."""
        return self._known.get(conversation_id)

    def index_of(self, conversation_id: ConversationId) -> QModelIndex:
        """Where a conversation stands; invalid if it is not listed."""
        row = self._known.get(conversation_id)
        return QModelIndex() if row is None else self.index(bisect_left(self._keys, _key(row)))

    @property
    def is_empty(self) -> bool:
        """True while there is no conversation at all."""
        return not self._known

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._items[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable | flag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        if isinstance(item, str):
            texts = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return item if role in texts else None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self._title(item)
            case Qt.ItemDataRole.EditRole:
                return item.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(item)
            case _ if role == ROW_ROLE:
                return item
            case _ if role == SHOWN_ROLE:
                return item.id == self._shown
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Pass a new title on; the list shows it once the library says so."""
        item = self._items[index.row()] if index.isValid() else ""
        if role != Qt.ItemDataRole.EditRole or isinstance(item, str) or not isinstance(value, str):
            return False
        title = " ".join(value.split())
        if title and title != item.title:
            self.renamed.emit(item.id, title)
        return bool(title)

    def _title(self, row: Row) -> str:
        return row.title or self.tr("New conversation")

    def _spoken(self, row: Row) -> str:
        if row.is_running:
            return self.tr("{title}, answering").format(title=self._title(row))
        if row.is_unread:
            return self.tr("{title}, new answer").format(title=self._title(row))
        return self._title(row)

    def _place(self, row: Row) -> None:
        old, key = self._known.get(row.id), _key(row)
        self._known[row.id] = row
        self._ensure_head(row)
        target = bisect_left(self._keys, key)
        if old is None:
            self.beginInsertRows(QModelIndex(), target, target)
            self._keys.insert(target, key)
            self._items.insert(target, row)
            self.endInsertRows()
            return
        at = bisect_left(self._keys, _key(old))
        if target in (at, at + 1):
            self._keys[at], self._items[at] = key, row
        else:
            self.beginMoveRows(QModelIndex(), at, at, QModelIndex(), target)
            del self._keys[at], self._items[at]
            at = target - 1 if target > at else target
            self._keys.insert(at, key)
            self._items.insert(at, row)
            self.endMoveRows()
        index = self.index(at)
        self.dataChanged.emit(index, index)
        self._drop_head(old)

    def _remove(self, conversation_id: ConversationId) -> None:
        row = self._known.get(conversation_id)
        if row is None:
            return
        at = bisect_left(self._keys, _key(row))
        del self._known[conversation_id]
        self._remove_at(at)
        self._drop_head(row)

    def _remove_at(self, at: int) -> None:
        self.beginRemoveRows(QModelIndex(), at, at)
        del self._keys[at], self._items[at]
        self.endRemoveRows()

    def _ensure_head(self, row: Row) -> None:
        key, title = _head_of(row, self._today)
        at = bisect_left(self._keys, key)
        if at == len(self._keys) or self._keys[at] != key:
            self.beginInsertRows(QModelIndex(), at, at)
            self._keys.insert(at, key)
            self._items.insert(at, title)
            self.endInsertRows()

    def _drop_head(self, row: Row) -> None:
        key, _ = _head_of(row, self._today)
        at = bisect_left(self._keys, key)
        stands = at < len(self._keys) and self._keys[at] == key
        is_last = at + 1 >= len(self._items) or isinstance(self._items[at + 1], str)
        if stands and is_last:
            self._remove_at(at)


def _key(row: Row) -> Key:
    return (0 if row.pinned else 1, -row.updated_at, 0, row.id)


def _head_key(group: Group) -> Key:
    # The 1 puts a head behind a row that changed at the very moment in which the newer group begins.
    return (1, -group.ends, 1, "")


def _head_of(row: Row, today: date) -> tuple[Key, str]:
    if row.pinned:
        return _pinned_head()
    group = group_of(row.updated_at, today)
    return _head_key(group), group.title


def _pinned_head() -> tuple[Key, str]:
    return (0, -FOREVER, 1, ""), QCoreApplication.translate("Sidebar", "Pinned")


def _with_heads(rows: Sequence[Row], today: date) -> tuple[list[Key], list[Row | str]]:
    """Put a head before each group. Rows come sorted."""
    keys: list[Key] = []
    items: list[Row | str] = []
    begins = FOREVER
    for row in rows:
        if row.pinned:
            if not keys:
                key, title = _pinned_head()
                keys.append(key)
                items.append(title)
        elif row.updated_at < begins:
            group = group_of(row.updated_at, today)
            begins = group.begins
            keys.append(_head_key(group))
            items.append(group.title)
        keys.append(_key(row))
        items.append(row)
    return keys, items
