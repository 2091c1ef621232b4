"""What Undo and Redo mean now: in the list of conversations or in the shown one.

Whoever stands in the list means the list; otherwise it is what was done last. Where that
place has nothing, the other one is meant.
"""

from collections.abc import Callable

from desktop_chat.core.history import History
from desktop_chat.core.library import Library
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import Change, PathChanged
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.main_window import MainWindow
from desktop_chat.ui.messages import act_text, tr
from desktop_chat.ui.shown import Shown

Place = Library | Session
"""Has what was done, and does the undoing."""


class UndoActions:
    """Carries out Undo and Redo, and names what they would do."""

    def __init__(self, library: Library, shown: Shown, window: MainWindow) -> None:
        self._library = library
        self._shown = shown
        self._window = window
        self._last: Place = library
        self._seen = library.steps
        shown.heard.connect(self._on_change_heard)

    def table(self) -> dict[ActionId, Callable[[str | None], None]]:
        """What each action does."""
        return {
            ActionId.EDIT_UNDO: lambda _: self._undo(),
            ActionId.EDIT_REDO: lambda _: self._redo(),
        }

    def titles(self) -> dict[ActionId, str]:
        """The entries of the menu, e.g. `Undo delete conversation`."""
        undo, redo = self._place(_can_undo), self._place(_can_redo)
        undone = act_text(_acts(undo).undo_title) if undo else ""
        redone = act_text(_acts(redo).redo_title) if redo else ""
        return {
            ActionId.EDIT_UNDO: tr("Undo {what}", what=undone) if undone else tr("Undo"),
            ActionId.EDIT_REDO: tr("Redo {what}", what=redone) if redone else tr("Redo"),
        }

    def note_list(self) -> None:
        """Something happened to the list: if it was the person, it was done last."""
        seen = self._library.steps
        if seen != self._seen:
            self._seen, self._last = seen, self._library

    def _undo(self) -> None:
        # What a toast offered to undo is undone.
        self._window.toast.hide()
        if place := self._place(_can_undo):
            self._carry_out(place, place.undo)

    def _redo(self) -> None:
        if place := self._place(_can_redo):
            self._carry_out(place, place.redo)

    def _carry_out(self, place: Place, act: Callable[[], None]) -> None:
        before = {row.id for row in self._library.rows}
        act()
        self._last = place
        if place is not self._library:
            return
        rows, shown = self._library.rows, self._shown.session
        takes_keyboard = not self._window.panes.sidebar.has_keyboard
        came = next((row.id for row in rows if row.id not in before), None)
        if came is not None:
            # What comes back is what the person wants to see.
            self._shown.open(came, takes_keyboard=takes_keyboard)
        elif shown is not None and shown.conversation.id in before and self._library.row(shown.conversation.id) is None:
            listed = next((row.id for row in rows if not row.archived), None)
            self._shown.new() if listed is None else self._shown.open(listed, takes_keyboard=takes_keyboard)

    def _place(self, can: Callable[[Place], bool]) -> Place | None:
        places: list[Place] = [self._library]
        if self._shown.session is not None:
            places.append(self._shown.session)
        focused = self._window.focusWidget()
        sidebar = self._window.panes.sidebar
        in_list = focused is not None and (focused is sidebar or sidebar.isAncestorOf(focused))
        meant = self._library if in_list else self._last
        places.sort(key=lambda place: place is not meant)
        return next((place for place in places if can(place)), None)

    def _on_change_heard(self, change: Change) -> None:
        if isinstance(change, PathChanged) and self._shown.session is not None:
            self._last = self._shown.session


def _acts(place: Place) -> Library | History:
    return place.history if isinstance(place, Session) else place


def _can_undo(place: Place) -> bool:
    return place.can_undo


def _can_redo(place: Place) -> bool:
    return place.can_redo
