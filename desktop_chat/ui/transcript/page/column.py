"""Which messages and boxes live, where they are, and what stays put when something changes.

Virtualised twice: a message that was never near the window is a number, its estimated
height; a box that was never near it is not laid out. Reading position is an anchor (message,
box, px): whatever changes around it, not one pixel of what is read moves. While the reader is
at the end, the end is the anchor instead.
"""

from collections.abc import Callable, Iterator, Sequence
from math import inf

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.message.parts import Page
from desktop_chat.ui.transcript.page.anchors import Anchor, Seen, held
from desktop_chat.ui.transcript.page.budget import Budget
from desktop_chat.ui.transcript.page.guess import GUESSED_AT_ONCE, GUESSED_IN_A_SLICE, estimate, mean_height
from desktop_chat.ui.transcript.page.heights import Heights
from desktop_chat.ui.transcript.page.live import LaidBoxes, LiveItems
from desktop_chat.ui.transcript.page.rows import Ids
from desktop_chat.ui.transcript.page.selection import Selection
from desktop_chat.ui.transcript.page.ties import Ties

BOTTOM_STEPS = 8
"""Empty height below the last message, in steps."""


class Column:
    """The messages of one conversation, one below the other.

    Args:
        page: What all messages share.
        width: Of the column.
        height: Of the window.
    """

    def __init__(self, page: Page, width: float, height: float) -> None:
        self.page = page
        self._path: tuple[Message, ...] = ()
        """As they were when they came; those that ended since are in the conversation."""
        self.rows = Ids()
        """The id of each message, from above."""
        self._row_of: dict[MessageId, int] | None = None
        self.width = width
        self.height = height
        self.selection = Selection()
        """What the reader has selected; its ends stay where they are while text is read."""
        self.scroll_y = 0
        self.sticks = True
        """The reader is at the end and stays there."""
        self.heights = Heights()
        self._guessed = self._rough = 0
        """The messages from the one to the other have the mean height of others; those above were guessed one by one."""
        self._items = LiveItems()
        self.live_item = self._items.find
        """A message by its id, if it has boxes."""
        self._laid = LaidBoxes()
        self.budget = Budget()
        self._settled_y = -1
        """Where the window was when everything in it was laid out at the end."""

    @property
    def row_of(self) -> dict[MessageId, int]:
        """The row of each message; made when it is first wanted."""
        if self._row_of is None:
            self._row_of = dict(zip(self.rows, range(len(self._path)), strict=True))
        return self._row_of

    @property
    def total(self) -> int:
        """Height of everything, as far as it is known."""
        bottom = BOTTOM_STEPS * self.page.look.step if self._path else 0
        return round(self.heights.total + bottom)

    @property
    def furthest(self) -> int:
        """Where the end is in view."""
        return max(0, self.total - int(self.height))

    @property
    def live_items(self) -> list[MessageItem]:
        """Messages that have boxes."""
        return list(self._items)

    @property
    def dirty_items(self) -> list[MessageItem]:
        """Those that `sync` has something to do for."""
        return [item for item in self._items if item.is_dirty]

    def show(self, path: Sequence[Message], keep: int = 0) -> None:
        """Show these messages; the first `keep` are those that are shown already."""
        for message in self._path[keep:]:
            self._items.forget(message.id)
        self.heights.cut(keep)
        self._path = tuple(path)
        self.rows, self._row_of = Ids(self._path), None
        new = self._path[keep:]
        near = [estimate(message, self.width, self.page.look) for message in new[-GUESSED_AT_ONCE:]]
        self._rough = min(self._rough, keep)
        self._guessed = min(self._guessed, self._rough)
        if rough := len(new) - len(near):
            self._guessed = self._guessed if self.is_rough else keep
            self._rough = keep + rough
            mean = mean_height(new, rough, near, self.width, self.page.look)
            if not keep:
                self.heights = Heights.uniform(rough, mean)
            near[:0] = [mean] * (rough if keep else 0)
        for height in near:
            self.heights.append(height)

    @property
    def is_rough(self) -> bool:
        """True while `refine` has something to do."""
        return self._rough > self._guessed

    def refine(self) -> None:
        """Guess the heights of more messages from their texts; nothing that is seen moves."""
        anchor = None if self.sticks else self.anchor()
        end, self._rough = self._rough, max(self._guessed, self._rough - GUESSED_IN_A_SLICE)
        messages, look = self.page.session.conversation.messages, self.page.look
        for row in range(self._rough, end):
            if self._items.find(self.rows[row]) is None:
                self.heights[row] = estimate(messages[self.rows[row]].glance(), self.width, look)
        self.restore(anchor)

    @property
    def is_late(self) -> bool:
        """Something in the window is not there yet, because others took long already."""
        return self.budget.is_late

    def catch_up(self) -> None:
        """Lay out more of what is late; where a message is to be brought up to date, that does it as well."""
        if not self.dirty_items:
            self.restore(self.anchor())

    def append(self, message: Message) -> None:
        """Add a message at the end."""
        if self._row_of is not None:
            self._row_of[message.id] = len(self._path)
        self._path = (*self._path, message)
        self.rows = Ids(self._path)
        self.heights.append(estimate(message, self.width, self.page.look))

    def item(self, row: int) -> MessageItem:
        """A message with its boxes, made if it has to be."""
        found = self._items.item(self.page, self._path[row].id)
        found.row = row
        if found.width != self.width:
            found.set_width(self.width)
            self.heights[row] = found.height
        if not found.boxes and found.is_dirty:
            found.sync()
            found.wrote_in = found.writes_in
            self.heights[row] = found.height
        return found

    def row_with(self, item: MessageItem) -> int | None:
        """The row of a message that has, or had, boxes; `None` if it is not on the page any more."""
        is_here = item.row < len(self._path) and self._path[item.row].id == item.id
        return item.row if is_here else None

    def anchor(self) -> Anchor | None:
        """What is at the upper edge of the window; `None` if nothing is."""
        if not self._path:
            return None
        row, top = self.heights.at(self.scroll_y)
        item = self.item(row)
        if not item.boxes:
            return Anchor(row, 0, 0)
        within = self.scroll_y - top
        box, box_top = item.heights.at(within)
        px = within - box_top
        return Anchor(row, box, px, *item.boxes[box].place_at(px))

    def place_of(self, row: int, box: int) -> float:
        """Where a box begins, from the top of everything."""
        return self.heights.top(row) + self.item(row).heights.top(box)

    def where(self, anchor: Anchor) -> float:
        """Where an anchor is now, from the top of everything."""
        item, px = self.item(anchor.row), anchor.px
        if anchor.box < len(item.boxes) and anchor.below is not None:
            px = item.boxes[anchor.box].y_of(anchor.inner) + anchor.below
        return self.place_of(anchor.row, anchor.box) + px

    def bring(self, row: int, box: int) -> Box:
        """A box, laid out wherever it stands."""
        item = self.item(row)
        self._lay_out(row, item, box)
        return item.boxes[box]

    def restore(self, anchor: Anchor | None) -> None:
        """Have the anchor where it was, and everything in the window laid out."""
        if self.sticks or anchor is None or not self._path:
            self.settle()
            return
        row = min(anchor.row, len(self._path) - 1)
        item = self.item(row)
        if not item.boxes:
            self.scroll_y = round(self.heights.top(row))
        else:
            box = min(anchor.box, len(item.boxes) - 1)
            self._lay_out(row, item, box)
            is_there = (row, box) == (anchor.row, anchor.box)
            y = self.where(anchor) if is_there else self.place_of(row, box) + anchor.px
            self.scroll_y = round(min(y, self.place_of(row, box) + item.heights[box]))
        self.settle()

    def scroll_to(self, y: float) -> None:
        """Go anywhere at once."""
        self.scroll_y = round(min(max(0, y), self.furthest))
        self.settle()

    def scroll_by(self, dy: float) -> None:
        """Move the window without a jump: what comes in at the top is laid out first."""
        anchor = self.anchor()
        if anchor is None:
            return
        # What is near is there at once, however long that takes: coming later, it would move what is read.
        is_near = abs(dy) < self.height / 2
        self.budget.begin(is_needed=is_near)
        if dy < 0:
            self._lay_out_above(anchor, dy)
        self.scroll_y = round(min(max(0, self.where(anchor) + dy), self.furthest))
        self._settle(begins=is_near)

    def settle(self) -> None:
        """Lay out what is in the window."""
        self._settle(begins=True)

    def _settle(self, *, begins: bool) -> None:
        if not self._path:
            self.scroll_y = 0
            return
        if begins:
            self.budget.begin()
        if self.sticks:
            self._settle_up()
        else:
            self._settle_down()
            if self.scroll_y > self.furthest:
                self._settle_up()
        self._laid.forget_some()

    def seen(self, top: float, bottom: float) -> Iterator[Seen]:
        """The boxes between two heights of the window, from above."""
        if not self._path:
            return
        top = max(0.0, top)  # Building what is above would move what is seen.
        row, y = self.heights.at(self.scroll_y + top)
        y -= self.scroll_y
        while row < len(self._path) and y < bottom:
            item = self.item(row)
            index, box_y = item.heights.at(top - y)
            box_y += y
            while box_y < bottom and index < len(item.boxes):
                yield Seen(row, index, item, item.boxes[index], box_y)
                box_y += item.heights.values[index]
                index += 1
            y += self.heights.values[row]
            row += 1

    def sync(self, item: MessageItem) -> float | None:
        """Bring a message up to date.

        Returns:
            Height in the window from which on it looks different; `None` if it looks the same.
        """
        row = self.row_with(item)
        if row is None:
            return None
        wrote_in = item.wrote_in
        anchor = None if self.sticks else self.anchor()
        reader = held(item, anchor, row)
        ties = Ties(self.selection, row, item) if self.selection.anchor is not None and item.has_more else None
        changed = item.sync()
        if ties is not None:
            ties.give_back()
        if changed is None:
            return None
        item.wrote_in = item.writes_in
        self.heights[row] = item.height
        if changed.old is not None:
            self._laid.remove(changed.old)
        if reader is not None:
            anchor = reader.find(item, lambda box: self.bring(row, box).height)
        if not (self.sticks and self._settle_tail(row, item, changed.box)):
            self.restore(anchor)
        return self.heights.top(row) + changed.top(item.boxes, item.heights, wrote_in) - self.scroll_y

    def resize(self, width: float, height: float) -> None:
        """The window has another size; what is read stays where it is."""
        anchor = self.anchor()
        self.height = height
        if width != self.width:
            # Messages take it over as they come near; what is far keeps the height it had.
            self.width = width
        self.restore(anchor)

    def lay_out_again(self, is_stale: Callable[[Box], bool]) -> None:
        """Lay boxes out anew that have another height than they thought; what is read stays where it is."""
        anchor = self.anchor()
        self._laid.drop(is_stale)
        self.restore(anchor)

    def restyle(self, page: Page, width: float) -> None:
        """Fonts or colours are others now: boxes are made anew when they are seen."""
        anchor = self.anchor()
        # What is seen is there at once, all of it: the anchor may be far down in a long message.
        rows = {seen.row for seen in self.seen(0, self.height)}
        rows |= {item.row for item in self._items if item.is_draft}
        self.page, self.width = page, width
        self._laid.clear()
        self._items.restyle()
        for row in rows:
            self.heights[row] = self.item(row).height
        self.restore(anchor)

    def _lay_out(self, row: int, item: MessageItem, box: int, y: float = 0.0, room: float = 0.0) -> None:
        """Lay out a box; of one that is guessed, what is within `room` below a height of it, or above if negative."""
        found = item.renew(box)
        is_fresh = found.is_laid_out and found.width == self.width and found.height == item.heights.values[box]
        if not is_fresh and item.lay_out(box):
            self.heights[row] = item.height
        if room and found.is_guessed:
            if found.come_near(min(y, found.height), room, self.budget.until) and item.lay_out(box):
                self.heights[row] = item.height
            self.budget.charge()
        self._laid.note(found)

    def _lay_out_above(self, anchor: Anchor, room: float) -> None:
        """Lay out what is above the anchor until `room` (negative) is covered."""
        row, box = anchor.row, anchor.box
        if box < len(self.item(row).boxes):
            self._lay_out(row, self.item(row), box, anchor.px, room)
        room += self.where(anchor) - self.place_of(row, box)
        while room < 0:
            box -= 1
            while box < 0:
                row -= 1
                if row < 0:
                    return
                box = len(self.item(row).boxes) - 1
            item = self.item(row)
            if self.budget.allows(item.boxes[box], self.width):
                self._lay_out(row, item, box, inf, room)
            room += item.heights[box]

    def _settle_down(self) -> None:
        anchor = self.anchor()
        if anchor is None:
            return
        row, box = anchor.row, anchor.box
        y = -anchor.px
        while row < len(self._path) and y < self.height:
            item = self.item(row)
            while box < len(item.boxes) and y < self.height:
                if self.budget.allows(item.boxes[box], self.width):
                    self._lay_out(row, item, box, max(0.0, -y), self.height - max(0.0, y))
                y += item.heights[box]
                box += 1
            row, box = row + 1, 0

    def _settle_tail(self, row: int, item: MessageItem, first: int) -> bool:
        """Lay out the end of the last message; False if what is above it may have to be laid out as well."""
        if row + 1 < len(self._path) or self.scroll_y != self._settled_y or self._laid.are_many or self.budget.is_late:
            return False
        room = self.height - BOTTOM_STEPS * self.page.look.step
        self.budget.begin()
        for box in range(len(item.boxes) - 1, first - 1, -1):
            if self.budget.allows(item.boxes[box], self.width):
                self._lay_out(row, item, box, inf, -room)
            room -= item.heights[box]
            if room <= 0:
                break
        furthest = self.furthest
        if furthest < self.scroll_y:
            return False
        self.scroll_y = self._settled_y = furthest
        return True

    def _settle_up(self) -> None:
        row = len(self._path) - 1
        room = self.height - BOTTOM_STEPS * self.page.look.step
        while row >= 0 and room > 0:
            item = self.item(row)
            for box in range(len(item.boxes) - 1, -1, -1):
                if self.budget.allows(item.boxes[box], self.width):
                    self._lay_out(row, item, box, inf, -room)
                room -= item.heights[box]
                if room <= 0:
                    break
            row -= 1
        self.scroll_y = self._settled_y = self.furthest
