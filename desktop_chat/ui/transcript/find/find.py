"""Find in conversation: which hit is looked at, and what of the page is marked.

Hits are counted per part of a message by `searching.Search`; where one stands is worked out
only when it is gone to or painted. A hit in a folded part opens it.
"""

from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop_chat.domain.changes import Change, MessageAdded, PathChanged, TurnEnded, TurnStarted
from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message
from desktop_chat.ui.bridge import DELTAS, Bridge
from desktop_chat.ui.transcript.boxes.box import State
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.find.bar import FindBar
from desktop_chat.ui.transcript.find.hits import Hits, near, source_at, unfold
from desktop_chat.ui.transcript.find.searching import Found, Search
from desktop_chat.ui.transcript.page.anchors import Seen
from desktop_chat.ui.transcript.page.selection import Position, copied_selection, is_text
from desktop_chat.ui.transcript.reading.box_acts import bring_into_view

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

SLICE_S = 0.006
"""Searching never holds the window for longer than this at a time."""
PAUSE_MS = 4
LONGEST_TAKEN = 200
"""A selection up to this length is what is looked for when the bar opens."""
MANY_MARKS = 200
RECOUNT_MS = 300
"""How often the reply that is being written is counted anew, whatever comes in between."""
RECOUNT_SHARE = 50
"""Counting takes at most one part in so many of the time."""


class Find(QObject):
    """Finds in the conversation that is shown.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        super().__init__(view)
        self._view = view
        self._bar: FindBar | None = None
        self._search: Search | None = None
        self._place: tuple[Found, int] | None = None
        """The hit that is looked at: its part, and which of the hits in it."""
        self._wants_going = False
        self._is_edited = False
        self._due = 0
        """Steps that the person took before all was searched."""
        self._marks_for_search = False
        self._origin = (0, 0, 0)
        """Message, part and place in its source from which on the first hit is looked for."""
        self._hits: Hits | None = None
        self._was_exact = False
        """The place is one among the hits that are shown; until they are counted, among those that are written."""
        self._bridge: Bridge | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.timeout.connect(self._on_recount_timeout)

    @property
    def bar(self) -> FindBar:
        """Where the person types; made when it is first wanted."""
        if self._bar is None:
            self._bar = FindBar(self._view.theme, self._view)
            self._bar.edited.connect(self._on_bar_edited)
            self._bar.stepped.connect(self.step)
            self._bar.closed.connect(self.close)
        return self._bar

    @property
    def is_open(self) -> bool:
        """True while the bar is shown."""
        return self._bar is not None and not self._bar.isHidden()

    def open(self) -> None:
        """Show the bar, with what is selected if that is short."""
        view = self._view
        if view.column is None:
            return
        copied = copied_selection(view.column, view.reading.selection)
        text = copied.quick() if copied is not None and copied.size <= LONGEST_TAKEN else ""
        was_open, self._marks_for_search, self._origin = self.is_open, False, self._reader_at()
        if text not in ("", self.bar.wanted.text):
            self._place = None
        self.bar.open("" if "\n" in text else text)
        if not was_open:
            self._listen()
            view.make_room(self.bar.sizeHint().height())

    def mark(self, text: str, message_id: MessageId) -> None:
        """Mark words that were found elsewhere, and go to where they stand in a message."""
        view = self._view
        if view.column is None or message_id not in view.column.row_of:
            return
        was_open = self.is_open
        self._origin = (view.column.row_of[message_id], 0, 0)
        self.bar.show_wanted(text)
        self._marks_for_search |= not was_open
        if was_open:
            self._place, self._is_edited, self._due = None, True, 0
            self._begin()
        else:
            self._listen()
            view.make_room(self.bar.sizeHint().height())

    def place(self, height: int | None = None) -> None:
        """Have the bar over the whole width, with the scroll bar below it; without a height, that it has."""
        if self._bar is not None:
            self._bar.place(self._view, height)

    def unmark(self) -> None:
        """Whoever had words marked is done with them; a bar that the person opened stays."""
        if self._marks_for_search:
            self._put_away()

    def close(self) -> None:
        """Put the bar away; the hit that was looked at stays in view, and is selected."""
        if self.is_open:
            self._select_hit()
            self._view.setFocus()  # first: a field that hides hands the keyboard on as Tab does, one control further
            self._put_away()

    def _put_away(self) -> None:
        view, self._marks_for_search = self._view, False
        if not self.is_open:
            return
        self.bar.hide()
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None
        self._timer.stop()
        self._recount.stop()
        self._search = self._place = self._hits = None
        view.make_room(0)
        view.viewport().update()

    def session_changed(self) -> None:
        """Another conversation is shown; words that were marked in the one before are done with."""
        self.unmark()
        if self.is_open:
            self._listen()

    def _listen(self) -> None:
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None
        if self._view.session is not None:
            self._bridge = Bridge(self._view.session.changes, self, without=DELTAS)
            self._bridge.changed.connect(self._on_session_changed)
        self._place, self._is_edited, self._due = None, True, 0
        self._begin()

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) hit; behind the last one comes the first."""
        if not self.is_open:
            self.open()
            return
        search = self._search
        if search is not None and not search.is_complete:
            self._due += by  # Nobody knows yet which hit is the next one.
        elif search is not None and search.found:
            self._look_on(search, by)
            self._wants_going = True
            self.follow()

    def _look_on(self, search: Search, by: int) -> None:
        if self._place is None or self._place[0] not in search.found:
            self._look_at(search.found[0], 0)
        else:
            found, index = self._place
            at, index = search.found.index(found), index + by
            if not 0 <= index < found.count:
                at = (at + by) % len(search.found)
                index = 0 if by > 0 else search.found[at].count - 1
            self._look_at(search.found[at], index)

    def follow(self) -> None:
        """Go where the person wants to be, as soon as that is there."""
        if self._wants_going and self._place is not None:
            self._wants_going = not self._go(*self._place)
        self._say()

    def tell(self, state: State, seen: Seen) -> None:
        """Say of a box what is to be marked in it."""
        state.marks, state.current_mark = (), None
        search = self._search
        # A stretch that is not there yet would be read only for this.
        is_far = isinstance(seen.box, RestBox) and not seen.box.is_laid_out
        if search is None or not search.found or self._hits is None or is_far or not is_text(seen.box):
            return
        state.marks = self._hits.marks(seen.box)
        if len(state.marks) > MANY_MARKS:
            state.marks = near(seen, state.marks, self._view.viewport().height())
        if self._place is not None and self._place[0].row == seen.row:
            where = self._hits.where(seen.item, *self._place)
            if where is not None and where[0] == seen.index:
                state.current_mark = where[1]

    # Searching

    def finish(self) -> None:
        """Search to the end now."""
        while self._timer.isActive():
            self._timer.stop()
            self._on_timer_timeout()
        if self._recount.isActive():
            self._on_recount_timeout()

    def _begin(self) -> None:
        view = self._view
        self._hits = Hits(self.bar.wanted)
        self._wants_going = False
        if view.column is None or view.session is None:
            self._search = None
            return
        self._search = Search(self.bar.wanted, [self._message(row) for row in range(len(view.column.rows))])
        self._timer.start(0)
        if view.session.is_running:
            self._recount.start(RECOUNT_MS)

    def _message(self, row: int) -> Message:
        session, column = self._view.session, self._view.column
        assert session is not None and column is not None
        draft, message_id = session.draft, column.rows[row]
        if draft is not None and draft.message_id == message_id:
            return draft.message()
        return session.conversation.messages[message_id]

    def _on_timer_timeout(self) -> None:
        search = self._search
        if search is None:
            return
        was_complete, end = search.is_complete, perf_counter() + SLICE_S
        if search.go_on(lambda: perf_counter() < end):
            self._timer.start(PAUSE_MS)
        if search.is_complete and not was_complete:
            self._choose_first(search)
            self._view.viewport().update()
        self._keep_place(search)
        self.follow()

    def _on_recount_timeout(self) -> None:
        """What came of the running reply since is counted, though nobody is led there."""
        view, search = self._view, self._search
        draft = view.session.draft if view.session is not None else None
        if search is None or draft is None or view.column is None:
            return
        began, row = perf_counter(), view.column.row_of.get(draft.message_id)
        if row is not None and search.is_complete:
            self._count_exactly(search, search.recount(row, draft.message()))
            if self._place is None and search.found:
                self._look_at(search.found[0], 0)
            self._keep_place(search)
            self._say()
        self._recount.start(RECOUNT_MS + round(RECOUNT_SHARE * 1000 * (perf_counter() - began)))

    def _count_exactly(self, search: Search, changed: list[Found]) -> None:
        column = self._view.column
        for found in changed:
            item = column.item(found.row) if column is not None else None
            if item is None or self._hits is None or item.is_dirty or item.is_folded(found.part):
                continue
            # Only leaves that are others since are read for it.
            count = self._hits.count(item, found.part)
            if count is not None:
                search.set_exact(found, count)

    def _choose_first(self, search: Search) -> None:
        """The hit where the reader is, or the next one below; the page moves only if they typed."""
        before = self._place
        self._place = None
        if search.found and before is not None:
            at = before[0].row, before[0].part
            chosen = next((f for f in search.found if (f.row, f.part) >= at), search.found[0])
            is_same = (chosen.row, chosen.part) == at
            self._look_at(chosen, min(before[1], chosen.count - 1) if is_same else 0)
        elif search.found:
            row, part, offset = self._origin
            self._look_at(search.found[0], 0)
            for found in search.found:
                first = found.from_place(offset) if (found.row, found.part) == (row, part) else 0
                if (found.row, found.part) >= (row, part) and first < found.count:
                    self._look_at(found, first)
                    break
        self._wants_going = (self._is_edited or self._due != 0) and self._place is not None
        # Where nothing was looked at yet, the first step leads to the hit that is looked at now.
        due = self._due - (before is None and self._due > 0)
        self._is_edited, self._due = False, 0
        for _ in range(abs(due) if search.found else 0):
            self._look_on(search, 1 if due > 0 else -1)

    def _look_at(self, found: Found, index: int) -> None:
        self._place, self._was_exact = (found, index), found.is_exact

    def _reader_at(self) -> tuple[int, int, int]:
        """Where the selection begins, else where the window does."""
        column, bounds = self._view.column, self._view.reading.selection.bounds
        if column is not None and bounds is not None and bounds[0].row < len(column.rows):
            at = bounds[0]
            return at.row, *source_at(column.item(at.row), at.box, at.offset)
        anchor = column.anchor() if column is not None else None
        if column is None or anchor is None:
            return 0, 0, 0
        return anchor.row, *source_at(column.item(anchor.row), anchor.box, px=anchor.px)

    def _select_hit(self) -> None:
        """Leave the hit that was looked at as the selection."""
        view, column = self._view, self._view.column
        if column is None or self._place is None or self._hits is None or self._place[0].row >= len(column.rows):
            return
        row = self._place[0].row
        where = self._hits.where(column.item(row), *self._place)
        if where is not None:
            at, mark = where
            view.reading.selection.anchor, view.reading.selection.head = (Position(row, at, end) for end in mark)

    def _keep_place(self, search: Search) -> None:
        """What was counted exactly may have fewer hits, or none."""
        if self._place is None or not search.is_complete:
            return
        found, index = self._place
        if found in search.found:
            if found.is_exact and not self._was_exact:
                index = found.exact(index)
            self._look_at(found, min(index, found.count - 1))
        elif search.found:
            behind = [f for f in search.found if (f.row, f.part) > (found.row, found.part)]
            self._look_at((behind or search.found)[0], 0)
            self._wants_going = True
        else:
            self._place = None

    def _say(self) -> None:
        search = self._search
        if search is None:
            return
        place = 0
        if self._place is not None and self._place[0] in search.found:
            above = search.found[: search.found.index(self._place[0])]
            place = sum(found.count for found in above) + self._place[1] + 1
        if search.is_complete:
            self.bar.say(place, search.total)

    # Where hits stand

    def _go(self, found: Found, index: int) -> bool:
        """Bring a hit into view; False while it is not there yet."""
        view, column, search, hits = self._view, self._view.column, self._search, self._hits
        if column is None or search is None or hits is None or found.row >= len(column.rows):
            return True
        item = column.item(found.row)
        if item.is_folded(found.part):
            column.sticks = False
            item.toggle(found.part)
            view.refresh(item)
        if item.is_dirty and not item.has_more:
            # What came last is not on the page yet.
            column.sync(item)
        where = hits.where(item, found, index)
        if where is None and item.has_more:
            view.flusher.hurry()
            return False
        shown = hits.count(item, found.part) if not found.is_exact or where is None else None
        if shown is not None and shown != found.count:
            found.starts = []
            search.set_exact(found, shown)
            self._keep_place(search)
            where = hits.where(item, found, min(index, max(0, shown - 1)))
        if where is None:
            return True
        unfold(column, item, found, *where)
        bring_into_view(view, found.row, *where)
        view.viewport().update()
        return True

    def _on_bar_edited(self) -> None:
        if self.is_open:
            if self._place is not None:  # Among the hits of other words it has another number.
                found, index = self._place
                self._origin, self._place = (found.row, found.part, found.written_at(index)), None
            self._is_edited, self._due = True, 0
            self._begin()

    def _on_session_changed(self, change: Change) -> None:
        if isinstance(change, MessageAdded | PathChanged | TurnStarted | TurnEnded):
            self._begin()
