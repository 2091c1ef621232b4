"""The library as a Qt model: conversations, folders and heads of groups in one sorted list.

What is in a collapsed folder is known but not listed. (A tree view would ask each of 20,000
rows for its children whenever one of them changes.)
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt, QTimer, Signal

from desktop_chat.core.ports import Folder, Row
from desktop_chat.domain.changes import (
    ConversationListed,
    ConversationUnlisted,
    FoldersChanged,
    LibraryChange,
    LibraryLoaded,
    Saved,
    SaveFailed,
    TrashChanged,
)
from desktop_chat.domain.ids import ConversationId, FolderId
from desktop_chat.ui.sidebar.arrangement import LOOSE, Arrangement, Item, SortBy, View
from desktop_chat.ui.sidebar.cargo import MIME, pack
from desktop_chat.ui.sidebar.sorted_model import Index, SortedModel
from desktop_chat.ui.sidebar.tallies import Tallies
from desktop_chat.ui.sidebar.words import spoken_folder, spoken_row, title_of, trash_words

if TYPE_CHECKING:
    from desktop_chat.core.library import Library

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `Row` of an index; `None` for folders and heads."""
SHOWN_ROLE = Qt.ItemDataRole.UserRole + 2
"""True for the conversation that the window shows, or the collapsed folder that hides it."""
FOLDER_ROLE = Qt.ItemDataRole.UserRole + 3
"""The `Folder` of an index; `None` for conversations and heads."""
DEPTH_ROLE = Qt.ItemDataRole.UserRole + 4
"""How many folders are around it."""
TALLY_ROLE = Qt.ItemDataRole.UserRole + 5
"""The `Tally` of a folder."""
COLLAPSED_ROLE = Qt.ItemDataRole.UserRole + 6
"""True for a folder whose content is not listed."""
DAY_CHECK_MS = 60_000
FEW = 50
"""Conversations that are looked up one by one."""


class ConversationModel(SortedModel):
    """What the sidebar lists. Follows the library's changes; changes nothing itself."""

    renamed = Signal(str, str)
    """The person typed another title in the list: conversation id, title."""
    folder_renamed = Signal(str, str)
    """The person typed another name in the list: folder id, name."""
    arranged = Signal()
    """Other folders are collapsed now, or the list is sorted by something else."""

    def __init__(self, library: "Library", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._known: dict[ConversationId, Row] = {}
        self._trashed: Sequence[Row] = ()
        self._shown: ConversationId | None = None
        self._view, self._sort = View.LIBRARY, SortBy.CHANGED
        self._collapsed: frozenset[FolderId] = frozenset()
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
                if row is None or not self.arrangement.holds(row):
                    self._leave(conversation_id)
                else:
                    self._place(row)
            case ConversationUnlisted(conversation_id):
                if self._view is not View.TRASH:
                    self._leave(conversation_id)
            case LibraryLoaded() | FoldersChanged():
                self.reload()
            case SaveFailed() | Saved() | TrashChanged():
                pass

    def reload(self) -> None:
        """Take the whole list anew; whoever stands on a row stays on it."""
        self.arrangement = self._arrangement_now()
        source = self._trashed if self._view is View.TRASH else self._library.rows
        rows = [row for row in source if self.arrangement.holds(row)]
        self._known = {row.id: row for row in rows}
        self._tallies = Tallies(self.arrangement, rows)
        keys, items = self.arrangement.listed(rows)
        self._become(keys, items, self._index_now)

    def follow_the_day(self) -> None:
        """Group anew if a day has passed since the last look."""
        today = date.today()
        if today != self._today:
            self._today = today
            self.reload()

    @property
    def view(self) -> View:
        """What is listed."""
        return self._view

    def show_view(self, view: View) -> None:
        """List something else."""
        if view is not self._view:
            self._view = view
            self.reload()

    def take_trash(self, rows: Sequence[Row]) -> None:
        """What is in the trash now, for the view of it."""
        self._trashed = rows
        if self._view is View.TRASH:
            self.reload()

    @property
    def sorting(self) -> SortBy:
        """What conversations are sorted by."""
        return self._sort

    @property
    def collapsed(self) -> frozenset[FolderId]:
        """The folders whose content is not listed."""
        return self._collapsed

    def arrange(self, *, sort: SortBy | None = None, collapsed: Collection[FolderId] | None = None) -> None:
        """Sort by something else, collapse these folders and expand all others."""
        new_sort = self._sort if sort is None else sort
        new_collapsed = self._collapsed if collapsed is None else frozenset(collapsed)
        if (new_sort, new_collapsed) != (self._sort, self._collapsed):
            self._sort, self._collapsed = new_sort, new_collapsed
            self.reload()
            self.arranged.emit()

    def fold(self, folder_id: FolderId, collapsed: bool) -> None:
        """Collapse or expand one folder: its content goes or comes, all else stays."""
        folder = self.arrangement.folders.get(folder_id)
        if folder is None or (folder_id in self._collapsed) == collapsed:
            return
        self._collapsed = self._collapsed ^ {folder_id}
        self.arrangement = self._arrangement_now()
        self._tallies.follow(self.arrangement)
        at = self.place_of(self.arrangement.key(folder))
        if at is not None:
            self._remove_between(at + 1, bisect_left(self._keys, self.arrangement.end_of(folder)))
            if not collapsed:
                self._insert_at(at + 1, *self.arrangement.listed_inside(folder, self._known.values()))
            self._repaint(at)
        self.arranged.emit()

    def reveal(self, conversation_id: ConversationId) -> QModelIndex:
        """Expand what hides a conversation; says where it stands."""
        row = self._known.get(conversation_id)
        if row is not None and self.arrangement.is_hidden(self.arrangement.folder_of(row)):
            self.arrange(collapsed=self._collapsed - set(self.arrangement.around(row.folder_id)))
        return self.index_of(conversation_id)

    def show_current(self, conversation_id: ConversationId | None) -> None:
        """Mark the conversation that the window shows."""
        before, self._shown = self._shown, conversation_id
        for changed in {before, conversation_id} - {None}:
            assert changed is not None
            index = self.nearest(changed)
            if index.isValid():
                self._repaint(index.row())

    def row(self, conversation_id: ConversationId) -> Row | None:
        """What the view knows of a conversation, in sight or not."""
        return self._known.get(conversation_id)

    def rows_between(self, first: int, last: int) -> list[Row]:
        """The conversations of a stretch of the list, both ends included."""
        return [item for item in self._items[first : last + 1] if isinstance(item, Row)]

    def ids_inside(self, folder_id: FolderId) -> list[ConversationId]:
        """The conversations in a folder and in the folders below it."""
        around, folder_of = self.arrangement.around, self.arrangement.folder_of
        return [row.id for row in self._known.values() if row.folder_id and folder_id in around(folder_of(row))]

    def beside(self, ids: Collection[ConversationId]) -> ConversationId | None:
        """The conversation in sight below the first of these, else the one above; none of these itself."""
        taken = set(ids)
        if len(taken) <= FEW:
            at = min((place for one in taken if (place := self.index_of(one).row()) >= 0), default=-1)
        else:
            places = enumerate(self._items)
            at = next((place for place, item in places if isinstance(item, Row) and item.id in taken), -1)
        if at < 0:
            return None
        around = (*self._items[at:], *reversed(self._items[:at]))
        return next((item.id for item in around if isinstance(item, Row) and item.id not in taken), None)

    def neighbour(self, by: int) -> ConversationId | None:
        """The conversation in sight below (1) or above (-1) the shown one; the first one if that is not listed."""
        at = self.nearest(self._shown).row() if self._shown is not None else -1
        around = self._items[at + 1 :] if by > 0 or at < 0 else reversed(self._items[:at])
        return next((item.id for item in around if isinstance(item, Row)), None)

    def section_of(self, index: Index) -> int:
        """`PINNED`, `FOLDERS` or `LOOSE`; what is below the last row counts as loose."""
        return int(self._keys[index.row()][0]) if index.isValid() else LOOSE

    def section_around(self, index: Index) -> tuple[int, int]:
        """First and last row of the pinned ones, of the folders, or of the rest."""
        section = self.section_of(index)
        return bisect_left(self._keys, (section,)), bisect_left(self._keys, (section + 1,)) - 1

    def index_of(self, conversation_id: ConversationId) -> QModelIndex:
        """Where a conversation stands; invalid if it is not in sight."""
        row = self._known.get(conversation_id)
        at = None if row is None else self.place_of(self.arrangement.key(row))
        return QModelIndex() if at is None else self.index(at)

    def index_of_folder(self, folder_id: FolderId) -> QModelIndex:
        """Where a folder stands; invalid if it is not in sight."""
        folder = self.arrangement.folders.get(folder_id)
        at = None if folder is None else self.place_of(self.arrangement.key(folder))
        return QModelIndex() if at is None else self.index(at)

    def nearest(self, conversation_id: ConversationId) -> QModelIndex:
        """Where a conversation stands, or the collapsed folder that hides it."""
        index, row = self.index_of(conversation_id), self._known.get(conversation_id)
        if index.isValid() or row is None:
            return index
        around = map(self.index_of_folder, self.arrangement.around(self.arrangement.folder_of(row)))
        return next((found for found in around if found.isValid()), QModelIndex())

    @property
    def is_empty(self) -> bool:
        """True while the view has neither a conversation nor a folder."""
        return not self._known and not self.arrangement.folders

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        if not index.isValid() or isinstance(self._items[index.row()], str):
            return flag.NoItemFlags
        own = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemNeverHasChildren
        return own if self._view is View.TRASH else own | flag.ItemIsEditable | flag.ItemIsDragEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.item(index)
        if item is None:
            return None
        if role == DEPTH_ROLE:
            return self.arrangement.depth(item)
        if isinstance(item, Row):
            return self._data_of_row(item, role)
        if isinstance(item, Folder):
            return self._data_of_folder(item, role)
        return item if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Pass a new title on; the list shows it once the library says so."""
        item = self.item(index)
        if role != Qt.ItemDataRole.EditRole or not isinstance(item, Row | Folder) or not isinstance(value, str):
            return False
        title = " ".join(value.split())
        if isinstance(item, Folder):
            if title and title != item.name:
                self.folder_renamed.emit(item.id, title)
        elif title and title != item.title:
            self.renamed.emit(item.id, title)
        return bool(title)

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        items = [self.item(index) for index in indexes]
        return pack([i for i in items if isinstance(i, Row)], [i for i in items if isinstance(i, Folder)])

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def _data_of_row(self, row: Row, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return title_of(row)
            case Qt.ItemDataRole.EditRole:
                return row.title
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(filter(None, (title_of(row), trash_words(row), ", ".join(row.tags))))
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken_row(row)
            case _ if role == ROW_ROLE:
                return row
            case _ if role == SHOWN_ROLE:
                return row.id == self._shown
        return None

    def _data_of_folder(self, folder: Folder, role: int) -> object:
        is_collapsed = folder.id in self._collapsed
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole | Qt.ItemDataRole.ToolTipRole:
                return folder.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken_folder(folder, self._tallies.of(folder.id), is_collapsed=is_collapsed)
            case _ if role == FOLDER_ROLE:
                return folder
            case _ if role == TALLY_ROLE:
                return self._tallies.of(folder.id)
            case _ if role == COLLAPSED_ROLE:
                return is_collapsed
            case _ if role == SHOWN_ROLE:
                shown = self._known.get(self._shown) if is_collapsed and self._shown is not None else None
                return shown is not None and folder.id in self.arrangement.around(self.arrangement.folder_of(shown))
        return None

    def _arrangement_now(self) -> Arrangement:
        return Arrangement(self._view, self._sort, self._library.folders, self._collapsed, self._today)

    def _index_now(self, item: Item) -> QModelIndex:
        if isinstance(item, Row):
            return self.index_of(item.id)
        if isinstance(item, Folder):
            return self.index_of_folder(item.id)
        return next((self.index(at) for at, other in enumerate(self._items) if other == item), QModelIndex())

    def _place(self, row: Row) -> None:
        old, arrangement = self._known.get(row.id), self.arrangement
        self._known[row.id] = row
        touched = self._tallies.count(old, -1) if old is not None else []
        touched += self._tallies.count(row, 1)
        at = None if old is None else self.place_of(arrangement.key(old))
        if arrangement.is_hidden(arrangement.folder_of(row)):
            if at is not None:
                self._remove_at(at)
        else:
            self._ensure_head(row)
            at = None if old is None else self.place_of(arrangement.key(old))
            if at is None:
                self._insert(arrangement.key(row), row)
            else:
                self._exchange(at, arrangement.key(row), row)
        if old is not None:
            self._drop_head(old)
        self._repaint_folders(touched)

    def _leave(self, conversation_id: ConversationId) -> None:
        row = self._known.pop(conversation_id, None)
        if row is None:
            return
        at = self.place_of(self.arrangement.key(row))
        if at is not None:
            self._remove_at(at)
        self._drop_head(row)
        self._repaint_folders(self._tallies.count(row, -1))

    def _ensure_head(self, row: Row) -> None:
        head = self.arrangement.head(row)
        if head is not None and self.place_of(head[0]) is None:
            self._insert(*head)

    def _drop_head(self, row: Row) -> None:
        head = self.arrangement.head(row)
        at = None if head is None else self.place_of(head[0])
        if at is not None and (at + 1 >= len(self._items) or isinstance(self._items[at + 1], str)):
            self._remove_at(at)

    def _repaint_folders(self, folder_ids: Iterable[FolderId]) -> None:
        for folder_id in set(folder_ids):
            index = self.index_of_folder(folder_id)
            if index.isValid():
                self._repaint(index.row())
