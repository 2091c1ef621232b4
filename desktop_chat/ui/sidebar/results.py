"""What a search found, and what is said when it found nothing."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop_chat.core.ports import Hit
from desktop_chat.domain.changes import ConversationUnlisted, LibraryChange, LibraryLoaded, TrashChanged
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.messages import explain
from desktop_chat.ui.sidebar.hit_delegate import HitDelegate
from desktop_chat.ui.sidebar.hits import HIT_ROLE, HitsModel, Place, read_snippet
from desktop_chat.ui.sidebar.listing import PLAIN, Listing
from desktop_chat.ui.sidebar.operators import names_a_place
from desktop_chat.ui.sidebar.words import count_text, tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.enter_button import ENTER_KEYS

if TYPE_CHECKING:
    from desktop_chat.core.library import Library

LIMIT = 200
STEP_KEYS = (Qt.Key.Key_F3,)


class HitList(Listing):
    """The places, walked with the keys."""

    stepped = Signal(int)
    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and event.modifiers() in PLAIN:
            self.given_up.emit()
        elif event.key() in STEP_KEYS:
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def _go_to_first(self) -> None:
        # The first place, not the conversation above it: Enter leads to what was found.
        model = self.model()
        index = model.next_place(-1, 1) if isinstance(model, HitsModel) else QModelIndex()
        if index.isValid():
            self.setCurrentIndex(index)

    def _is_own_key(self, event: QKeyEvent) -> bool:
        return event.key() in (Qt.Key.Key_Escape, *STEP_KEYS) or super()._is_own_key(event)


class Link(QPushButton):
    """A button that looks like a link; Enter presses it as Space does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "link")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS:
            self.click()
        else:
            super().keyPressEvent(event)


class SearchResults(QStackedWidget):
    """The places that match, or a word that there are none."""

    chosen = Signal(str, str, str)
    """Conversation id, message id (empty for a title), the words that match there."""
    looked_at = Signal(str, str, str)
    """The same, when the person steps through the places and may still go back."""
    left_at_top = Signal()
    given_up = Signal()
    came = Signal()
    """There is something to show: places, or that there are none."""
    other_asked = Signal(str)
    """Another search that finds something: its text."""

    def __init__(self, library: "Library", theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._library = library
        self._theme = theme
        self._asked = ""
        self._wants_first = False
        self._follows_link = False
        self._task: asyncio.Task[None] | None = None
        self._model = HitsModel(self)
        self._build()
        self._list.chosen.connect(self._on_list_chosen)
        self._list.left_at_top.connect(self.left_at_top)
        self._list.stepped.connect(self.step)
        self._list.given_up.connect(self.given_up)
        self._other.clicked.connect(self._on_other_clicked)
        theme.changed.connect(self._follow_theme)
        Bridge(library.changes, self).changed.connect(self._on_library_changed)
        self._follow_theme()

    def look_for(self, text: str) -> None:
        """Search; what an earlier search still finds is dropped, what it found stays until then."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._asked, self._wants_first = text, False
        if text:
            self._task = spawn(self._search(text), owner=self, on_error=self._on_search_failed)
        else:
            self._list.setCurrentIndex(QModelIndex())
            self._show_hits(())

    def enter_from_above(self) -> None:
        """Take the keyboard at the first place."""
        if self.currentWidget() is self._list:
            self._list.enter_from_above()
        elif not self._other.isHidden():
            self._other.setFocus(Qt.FocusReason.TabFocusReason)

    def choose_current(self) -> None:
        """Go to the place that the person stands on, or else to the first one; once it is there, if need be."""
        if self._task is not None and not self._task.done():
            self._wants_first = True
            return
        if self._list.currentIndex().isValid():
            self._on_list_chosen(self._list.currentIndex())
        else:
            self._choose_first()

    def step(self, by: int) -> None:
        """Show the next (1) or the previous (-1) place in its conversation; behind the last comes the first."""
        row = self._list.currentIndex().row()
        index = self._model.next_place(row, by)
        if not index.isValid():
            index = self._model.next_place(-1 if by > 0 else self._model.rowCount(), by)
        if index.isValid():
            self._list.setCurrentIndex(index)
            self._list.scrollTo(index)
            self.looked_at.emit(*self._target(index))

    def conversation_ids(self) -> list[ConversationId]:
        """The conversations in which something was found, from above."""
        return self._model.conversation_ids()

    async def _search(self, text: str) -> None:
        hits = await self._library.search(text, LIMIT)
        self._show_hits(hits)
        if self._wants_first and hits:
            self._choose_first()
        if not hits and not names_a_place(text):
            elsewhere = await self._library.search(f"in:trash {text}", LIMIT)
            self._offer_trash({hit.conversation_id for hit in elsewhere})

    def _choose_first(self) -> None:
        index = self._model.next_place(-1, 1)
        if index.isValid():
            self._list.setCurrentIndex(index)
            self._on_list_chosen(index)

    def _build(self) -> None:
        self._list = HitList(self._model, self)
        self._list.setAccessibleName(tr("Found places"))
        self._delegate = HitDelegate(self._theme, self._list)
        self._list.setItemDelegate(self._delegate)
        self._nothing = QLabel(self)
        self._nothing.setProperty("look", "faint")
        self._nothing.setWordWrap(True)
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._other = Link(self)
        self._other.hide()
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._nothing)
        column.addWidget(self._other, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._empty = page
        self.addWidget(self._list)
        self.addWidget(page)

    def _follow_theme(self) -> None:
        self._list.set_row_height(self._delegate.row_px)
        self._fit_rows()
        self._nothing.setContentsMargins(0, self._theme.px(32), 0, 0)

    def _fit_rows(self) -> None:
        header = self._list.verticalHeader()
        header.setMinimumSectionSize(1)
        for row in range(self._model.rowCount()):
            header.resizeSection(row, self._delegate.head_px if self._model.is_found(row) else self._delegate.row_px)

    def _show_hits(self, hits: Sequence[Hit]) -> None:
        top, offset, current = self._standing()
        self._model.show_hits(hits, limit=LIMIT)
        self._fit_rows()
        self._stand(top, offset, current)
        if self._follows_link and hits:
            # Before the link goes, and the keyboard with it to whatever is next.
            self.setCurrentWidget(self._list)
            self._list.enter_from_above()
        self._follows_link = False
        self._other.hide()
        if not hits:
            words = tr("Nothing found for “{text}”", text=self._asked)
            self._nothing.setText(words if self._asked else "")
        self.setCurrentWidget(self._list if hits else self._empty)
        if self._asked:
            self.came.emit()

    def _standing(self) -> tuple[Place | None, int, Place | None]:
        # Where the person has scrolled to, and where they stand: both outlive the next results.
        bar, index = self._list.verticalScrollBar(), self._list.indexAt(self._list.viewport().rect().topLeft())
        top = self._model.place(index) if bar.value() else None
        return top, self._list.visualRect(index).top(), self._model.place(self._list.currentIndex())

    def _stand(self, top: Place | None, offset: int, current: Place | None) -> None:
        if current is not None:
            self._list.setCurrentIndex(self._model.index_of(current))
        index = self._model.index_of(top) if top is not None else QModelIndex()
        bar = self._list.verticalScrollBar()
        if index.isValid():
            self._list.scrollTo(index, Listing.ScrollHint.PositionAtTop)
            bar.setValue(bar.value() - offset)
        else:
            bar.setValue(0)

    def _offer_trash(self, found: set[str]) -> None:
        self._other.setVisible(bool(found))
        self._other.setText(tr("Found in the trash: {words}", words=count_text(len(found))))
        self._other.setAccessibleName(self._other.text())

    def _target(self, index: QModelIndex) -> tuple[str, str, str]:
        place, hit = self._model.place(index), index.data(HIT_ROLE)
        assert place is not None
        words = read_snippet(hit.snippet, whole=True).words if isinstance(hit, Hit) else ""
        return place[0], place[1] or "", words

    def _on_other_clicked(self) -> None:
        self._follows_link = True
        self.other_asked.emit(f"in:trash {self._asked}")

    def _on_search_failed(self, error: Exception) -> None:
        self._nothing.setText(explain(error).text)
        self._other.hide()
        self.setCurrentWidget(self._empty)
        self.came.emit()

    def _on_library_changed(self, change: LibraryChange) -> None:
        # What was found may be gone, or back: a place that leads nowhere is not offered.
        if self._asked and isinstance(change, ConversationUnlisted | TrashChanged | LibraryLoaded):
            wants_first = self._wants_first
            self.look_for(self._asked)
            self._wants_first = wants_first

    def _on_list_chosen(self, index: QModelIndex) -> None:
        if self._model.place(index) is not None:
            self.chosen.emit(*self._target(index))
