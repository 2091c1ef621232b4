"""What a search found, as a Qt model: one row for each place, newest first."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop_chat.core.ports import Hit
from desktop_chat.domain.ids import ConversationId

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()

HIT_ROLE = Qt.ItemDataRole.UserRole + 1
SNIPPET_ROLE = Qt.ItemDataRole.UserRole + 2
"""A `Snippet`."""
OPENS, CLOSES = "\x02", "\x03"
LEAD_CHARACTERS = 18
"""Kept before the first match, so that it is seen in a narrow column."""


class Snippet(NamedTuple):
    """A line around a match, and where the matches stand in it."""

    text: str
    marks: tuple[tuple[int, int], ...]
    """Begin and length of each."""


class HitsModel(QAbstractListModel):
    """The places a search found."""

    def __init__(self, title_of: Callable[[ConversationId], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._title_of = title_of
        self._hits: tuple[Hit, ...] = ()

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Take other places."""
        self.beginResetModel()
        self._hits = tuple(hits)
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._hits):
            return None
        hit = self._hits[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._title_of(hit.conversation_id)
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return f"{self._title_of(hit.conversation_id)}\n{read_snippet(hit.snippet, whole=True).text}"
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
