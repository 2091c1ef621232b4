"""What was near the window: messages that have boxes, boxes that are laid out; those seen longest ago are forgotten."""

from collections import OrderedDict
from collections.abc import Callable, Iterator

from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.message.parts import Page

KEPT_ITEMS = 60
"""Messages whose boxes are kept."""
KEPT_BOXES = 300
"""Boxes that stay laid out after they left the window."""
FORGOTTEN_AT_ONCE = 50
"""Of more; one at a time, those in the window would have to be looked after at every flush."""


class LiveItems:
    """The messages of a page that were near the window."""

    def __init__(self) -> None:
        self._items: OrderedDict[MessageId, MessageItem] = OrderedDict()
        self.find: Callable[[MessageId], MessageItem | None] = self._items.get
        """A message, if it has boxes. Asked for every token, so it is no method of ours."""
        self._before: dict[MessageId, MessageItem] = {}
        """Messages in a look they had, until they come near."""

    def __iter__(self) -> Iterator[MessageItem]:
        return iter(self._items.values())

    def item(self, page: Page, message_id: MessageId) -> MessageItem:
        """A message, made if it has to be; its boxes are made by its `sync`."""
        found = self._items.get(message_id)
        if found is not None:
            self._items.move_to_end(message_id)
            return found
        draft = page.session.draft
        if draft is not None and draft.message_id == message_id:
            found = MessageItem(page, draft.message(), is_draft=True)
        else:
            found = MessageItem(page, page.session.conversation.messages[message_id])
        if message_id in self._before:
            found.take_over(self._before.pop(message_id))
        self._items[message_id] = found
        if len(self._items) > KEPT_ITEMS:
            for old_id, item in list(self._items.items())[: len(self._items) - KEPT_ITEMS]:
                if not item.is_draft:
                    del self._items[old_id]
        return found

    def forget(self, message_id: MessageId) -> None:
        """It is not on the page any more."""
        self._items.pop(message_id, None)
        self._before.pop(message_id, None)

    def restyle(self) -> None:
        """Make all of them anew, with what they have read already, when they come near."""
        self._before |= self._items
        for message_id in list(self._before)[:-KEPT_ITEMS]:
            del self._before[message_id]
        self._items.clear()


class LaidBoxes:
    """The boxes that are laid out."""

    def __init__(self) -> None:
        self._boxes: OrderedDict[Box, None] = OrderedDict()

    @property
    def are_many(self) -> bool:
        """Whether some are to be forgotten."""
        return len(self._boxes) > KEPT_BOXES

    def note(self, box: Box) -> None:
        """A box is seen."""
        if box not in self._boxes:
            self._boxes[box] = None
        elif len(self._boxes) > KEPT_BOXES // 2:
            self._boxes.move_to_end(box)

    def remove(self, box: Box) -> None:
        """It is not on the page any more."""
        self._boxes.pop(box, None)

    def forget_some(self) -> None:
        """Drop the layouts of those seen longest ago, if there are many."""
        if self.are_many:
            for _ in range(FORGOTTEN_AT_ONCE):
                box, _ = self._boxes.popitem(last=False)
                box.drop()

    def drop(self, is_stale: Callable[[Box], bool]) -> None:
        """Drop the layouts of some, which are still there."""
        for box in self._boxes:
            if is_stale(box):
                box.drop()

    def clear(self) -> None:
        """Drop all layouts, and know no box any more."""
        for box in self._boxes:
            box.drop()
        self._boxes.clear()
