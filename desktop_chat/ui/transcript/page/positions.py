"""Where the reader was in each conversation, so that coming back is going on.

Somebody who was at the end has no entry: they see the end again, with whatever came since.
"""

from collections.abc import Mapping
from typing import NamedTuple

from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.ui.transcript.boxes.code import CodeView
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.boxes.source_lines import Lined
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.page.anchors import Anchor, box_at, source_place, y_at
from desktop_chat.ui.transcript.page.column import Column

MOST = 200
"""Conversations that are remembered, those left last."""
CodeViews = dict[tuple[MessageId, int, int], CodeView]
"""By message, part and place in its text."""
SYNCED_AT_ONCE = 20
"""Slices of a running reply that are read to find a place in it."""


class ReadingPlace(NamedTuple):
    """Where a reader was."""

    message_id: MessageId
    box: int
    px: int
    part: int = 0
    offset: int = -1
    """In the text of that part; -1 if it is no place of a text. Finds what was not read yet."""


Data = dict[str, list[str | int]]
"""Places by conversation, as they are kept between two runs."""


class Positions:
    """Reading positions."""

    def __init__(self) -> None:
        self._places: dict[ConversationId, ReadingPlace] = {}
        self._code_views: dict[ConversationId, CodeViews] = {}

    def code_views(self, conversation_id: ConversationId) -> CodeViews:
        """How the code of a conversation was seen in this run: what was opened is still open when one comes back."""
        found = self._code_views.pop(conversation_id, {})
        self._code_views[conversation_id] = found
        while len(self._code_views) > MOST:
            del self._code_views[next(iter(self._code_views))]
        return found

    def keep(self, conversation_id: ConversationId, column: Column) -> None:
        """The reader leaves a conversation."""
        self._places.pop(conversation_id, None)
        anchor = None if column.sticks else column.anchor()
        if anchor is None:
            return
        message_id, source = column.rows[anchor.row], source_place(column.item(anchor.row), anchor)
        if source is not None:
            part, offset, px = source
            self._places[conversation_id] = ReadingPlace(message_id, anchor.box, round(px), part, offset)
        else:
            self._places[conversation_id] = ReadingPlace(message_id, anchor.box, round(anchor.px))
        while len(self._places) > MOST:
            del self._places[next(iter(self._places))]

    def go_back(self, conversation_id: ConversationId, column: Column) -> None:
        """Have the page where the reader left it; at the end if nothing is known."""
        place = self._places.get(conversation_id)
        row = column.row_of.get(place.message_id) if place is not None else None
        if place is None or row is None:
            return
        _read_on(place, column)
        column.sticks = False
        column.restore(_anchor_of(place, row, column.item(row), column))

    def place(self, conversation_id: ConversationId) -> ReadingPlace | None:
        """Where the reader left a conversation; `None` if at its end."""
        return self._places.get(conversation_id)

    def put(self, conversation_id: ConversationId, place: ReadingPlace | None) -> None:
        """Have the reader come back to another place than they left."""
        self._places.pop(conversation_id, None)
        if place is not None:
            self._places[conversation_id] = place

    def data(self) -> Data:
        """To be kept."""
        return {
            str(key): [str(place.message_id), *place[1 : 3 if place.offset < 0 else 5]]
            for key, place in self._places.items()
        }

    def take(self, data: Mapping[str, object]) -> None:
        """What was kept last time; what cannot be used is passed over."""
        for key, place in data.items():
            match place:
                case [str(message_id), int(box), int(px)] if box >= 0:
                    self._places[ConversationId(key)] = ReadingPlace(MessageId(message_id), box, px)
                case [str(message_id), int(box), int(px), int(part), int(offset)] if min(box, part, offset) >= 0:
                    self._places[ConversationId(key)] = ReadingPlace(MessageId(message_id), box, px, part, offset)
                case _:
                    pass


def _read_on(place: ReadingPlace, column: Column) -> None:
    """Read a running reply as far as it is seen from a place: if the page ended before, it would not go there."""
    draft = column.page.session.draft
    row = column.row_of.get(draft.message_id) if draft is not None else None
    if row is None:
        return
    item = column.item(row)
    for _ in range(SYNCED_AT_ONCE):
        box, px = (place.box, place.px) if item.id == place.message_id else (0, 0)
        is_there = len(item.boxes) > box and item.height - item.heights.top(box) > px + 2 * column.height
        if is_there or not item.has_more:
            return
        column.sync(item)


def _anchor_of(place: ReadingPlace, row: int, item: MessageItem, column: Column) -> Anchor:
    """A place of which the boxes may be others now."""
    box = box_at(item, place.part, place.offset) if place.offset >= 0 else None
    if box is None:
        return Anchor(row, place.box, place.px)
    px = float(place.px)
    found = item.boxes[box]
    if isinstance(found, RestBox | Lined):
        px += y_at(item, place.offset, column.bring(row, box))
        while px > item.heights[box] and box + 1 < len(item.boxes):
            px -= item.heights[box]
            box += 1
    return Anchor(row, box, px)
