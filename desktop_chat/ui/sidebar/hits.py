"""What a search found, as a Qt model: conversations, and below each the places in it, newest first."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_chat.core.ports import Hit
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.ui.dates import moment_text
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.sidebar.words import role_text, tr

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Place = tuple[ConversationId, MessageId | None]

HIT_ROLE = Qt.ItemDataRole.UserRole + 1
"""The `Hit` of a place; `None` for a conversation and for the note at the end."""
FOUND_ROLE = Qt.ItemDataRole.UserRole + 2
"""The `Found` of a conversation."""
SNIPPET_ROLE = Qt.ItemDataRole.UserRole + 3
"""The `Snippet` of a place, or of a conversation's title."""
OPENS, CLOSES = "\x02", "\x03"
LEAD_CHARACTERS = 18
"""Kept before the first match, so that it is seen in a narrow column."""


class Snippet(NamedTuple):
    """A line around a match, and where the matches stand in it."""

    text: str
    marks: tuple[tuple[int, int], ...]
    """Begin and length of each."""

    @property
    def words(self) -> str:
        """The longest match, as it is written there."""
        return max((self.text[at : at + length] for at, length in self.marks), key=len, default="")


class Found(NamedTuple):
    """A conversation in which something was found."""

    conversation_id: ConversationId
    title: str
    """With its marks, if the title itself matches."""
    at: float
    places: int
    """Messages that match."""


class HitsModel(QAbstractListModel):
    """The places a search found, below the conversations they are in."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[Found | Hit | str] = []

    def show_hits(self, hits: Sequence[Hit], *, limit: int = 0) -> None:
        """Take other places.

        Args:
            hits: Newest first.
            limit: How many were asked for; if there are as many, a note says that there may be more.
        """
        self.beginResetModel()
        self._items = grouped(hits)
        if limit and len(hits) >= limit:
            self._items.append(tr("Only the newest {count} places are shown.", count=count_text(limit)))
        self.endResetModel()

    def is_found(self, row: int) -> bool:
        """Whether a conversation stands there, and not a place in one."""
        return not isinstance(self._items[row], Hit)

    def place(self, index: Index) -> Place | None:
        """Where a row leads to."""
        item = self._items[index.row()] if index.isValid() else ""
        if isinstance(item, str):
            return None
        return (item.conversation_id, item.message_id if isinstance(item, Hit) else None)

    def index_of(self, place: Place) -> QModelIndex:
        """The row that leads to a place."""
        rows = range(len(self._items))
        return next((self.index(at) for at in rows if self.place(self.index(at)) == place), QModelIndex())

    def conversation_ids(self) -> list[ConversationId]:
        """The conversations in which something was found, from above."""
        return [item.conversation_id for item in self._items if isinstance(item, Found)]

    def next_place(self, row: int, by: int) -> QModelIndex:
        """The next (1) or previous (-1) message, or conversation of which only the title matches."""
        row += by
        while 0 <= row < len(self._items):
            item = self._items[row]
            if isinstance(item, Hit) or (isinstance(item, Found) and not item.places):
                return self.index(row)
            row += by
        return QModelIndex()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._items[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        match item:
            case str():
                return item if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
            case Found():
                return _data_of_found(item, role)
        return _data_of_hit(item, role)


def grouped(hits: Sequence[Hit]) -> list[Found | Hit | str]:
    """Put the places of each conversation below it, in the order in which conversations come first."""
    by_conversation: dict[ConversationId, list[Hit]] = {}
    for hit in hits:
        by_conversation.setdefault(hit.conversation_id, []).append(hit)
    items: list[Found | Hit | str] = []
    for conversation_id, group in by_conversation.items():
        places = [hit for hit in group if hit.message_id is not None]
        titled = next((hit for hit in group if hit.message_id is None), None)
        title = titled.snippet if titled is not None else group[0].title
        items.append(Found(conversation_id, title, max(hit.at for hit in group), len(places)))
        items += places
    return items


def _data_of_found(found: Found, role: int) -> object:
    title = read_snippet(found.title, whole=True)
    match role:
        case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
            return title.text or tr("New conversation")
        case Qt.ItemDataRole.AccessibleTextRole:
            places = tr("1 place") if found.places == 1 else tr("{count} places", count=count_text(found.places))
            said = (title.text, places if found.places else tr("in the title"), moment_text(found.at))
            return ", ".join(filter(None, said))
        case _ if role == FOUND_ROLE:
            return found
        case _ if role == SNIPPET_ROLE:
            return title
    return None


def _data_of_hit(hit: Hit, role: int) -> object:
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return " · ".join(filter(None, (role_text(hit.role), moment_text(hit.at))))
        case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
            whole = read_snippet(hit.snippet, whole=True).text
            return ", ".join(filter(None, (role_text(hit.role), moment_text(hit.at), whole)))
        case _ if role == HIT_ROLE:
            return hit
        case _ if role == SNIPPET_ROLE:
            return read_snippet(hit.snippet)
    return None


def read_snippet(marked: str, *, whole: bool = False) -> Snippet:
    """Take the marks out of a snippet.

    Args:
        marked: As the store gives it, matches between `OPENS` and `CLOSES`.
        whole: Otherwise what stands far before the first match is left out.
    """
    line = " ".join(marked.split())
    first = line.find(OPENS)
    if not whole and first > LEAD_CHARACTERS:
        cut = line.rfind(" ", 0, first - LEAD_CHARACTERS // 2)
        line = "…" + line[max(cut, first - LEAD_CHARACTERS) :].lstrip()
    text = ""
    marks: list[tuple[int, int]] = []
    for piece in line.split(OPENS):
        match, closes, rest = piece.partition(CLOSES)
        if closes:
            marks.append((len(text), len(match)))
        text += match + rest
    return Snippet(text, tuple(marks))
