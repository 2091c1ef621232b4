"""Where the reader was in each conversation, so that coming back is going on.

Somebody who was at the end has no entry: they see the end again, with whatever came since.
"""

from collections.abc import Mapping

from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.ui.transcript.boxes.code import CodeView
from desktop_chat.ui.transcript.column import Anchor, Column

MOST = 200
"""Conversations that are remembered, those left last."""
CodeViews = dict[tuple[MessageId, int, int], CodeView]
"""By message, part and place in its text."""
ReadingPlace = tuple[MessageId, int, int]
"""Message, box and pixels."""
Data = dict[str, list[str | int]]
"""Message, box and pixels by conversation, as it is kept between two runs."""


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
        self._places[conversation_id] = column.rows[anchor.row], anchor.box, round(anchor.px)
        while len(self._places) > MOST:
            del self._places[next(iter(self._places))]

    def go_back(self, conversation_id: ConversationId, column: Column) -> None:
        """Have the page where the reader left it; at the end if nothing is known."""
        place = self._places.get(conversation_id)
        row = column.row_of.get(place[0]) if place is not None else None
        if place is None or row is None:
            return
        item = column.item(row)
        while item.has_more and len(item.boxes) <= place[1] + 1:
            column.sync(item)
        column.sticks = False
        column.restore(Anchor(row, place[1], place[2]))

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
        return {str(key): [str(place[0]), place[1], place[2]] for key, place in self._places.items()}

    def take(self, data: Mapping[str, object]) -> None:
        """What was kept last time; what cannot be used is passed over."""
        for key, place in data.items():
            match place:
                case [str(message_id), int(box), int(px)] if box >= 0:
                    self._places[ConversationId(key)] = MessageId(message_id), box, px
                case _:
                    pass
