"""How many conversations each folder holds, and whether something happens in one of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_chat.core.ports import Row
from desktop_chat.domain.ids import FolderId
from desktop_chat.ui.sidebar.arrangement import Arrangement


@dataclass(slots=True)
class Tally:
    """What is in a folder and in the folders below it. Changes in place."""

    conversations: int = 0
    running: int = 0
    unread: int = 0


class Tallies:
    """Keeps count as conversations come, change and go; each costs the depth of its folder.

    Args:
        arrangement: Knows which folder is in which.
        rows: Of the view.
    """

    def __init__(self, arrangement: Arrangement, rows: Iterable[Row] = ()) -> None:
        self._arrangement = arrangement
        self._by_folder: dict[FolderId, Tally] = {folder_id: Tally() for folder_id in arrangement.folders}
        if self._by_folder:
            for row in rows:
                if row.folder_id is not None:
                    self.count(row, 1)

    def follow(self, arrangement: Arrangement) -> None:
        """The same folders with the same conversations are arranged in another way."""
        self._arrangement = arrangement

    def of(self, folder_id: FolderId) -> Tally:
        """What a folder holds."""
        return self._by_folder.get(folder_id) or Tally()

    def count(self, row: Row, by: int) -> list[FolderId]:
        """Let a conversation come (1) or go (-1); says which folders that touches."""
        touched = self._arrangement.around(self._arrangement.folder_of(row))
        for folder_id in touched:
            tally = self._by_folder[folder_id]
            tally.conversations += by
            tally.running += by * row.is_running
            tally.unread += by * row.is_unread
        return touched
