"""Lets go of what was shown, a little at a time: to free the boxes of a huge message takes as long as to make them."""

from PySide6.QtCore import QObject, QTimer

from desktop_chat.runtime import garbage
from desktop_chat.ui.transcript.page.column import Column

AT_ONCE = 1_000
"""Boxes; fewer are freed together with their column."""
MANY = 5_000
"""Of them; while more die, what is new has to be searched for garbage on purpose."""
PAUSE_MS = 4


class Leaving(QObject):
    """Takes columns apart that are not shown any more.

    Args:
        parent: Owns it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lists: list[list[object]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    @property
    def is_empty(self) -> bool:
        """True once everything is freed."""
        return not self._lists

    def take(self, column: Column) -> None:
        """Have a column that nobody shows any more."""
        self._lists += [items for item in column.live_items if len(item.boxes) > AT_ONCE for items in item.lists]
        garbage.spare_old("leaving", bool(self._lists))
        garbage.spare_old("huge", False)
        if self._lists:
            self._timer.start(PAUSE_MS)

    def _on_timeout(self) -> None:
        for items in self._lists:
            del items[-AT_ONCE:]
        self._lists = [items for items in self._lists if items]
        if sum(map(len, self._lists)) > MANY:
            garbage.look_at_young()
        if self._lists:
            self._timer.start(PAUSE_MS)
        else:
            garbage.spare_old("leaving", False)
