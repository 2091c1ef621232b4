"""Which version of a person's message is shown: a line under its bubble, with ways to the others."""

from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.transcript.boxes.box import Ask, Box, Place
from desktop_chat.ui.transcript.boxes.card import LineBox, Piece
from desktop_chat.ui.transcript.message.parts import Page, Part
from desktop_chat.ui.transcript.words import tr


class VersionsPart(Part):
    """One line, at the right as the bubble is.

    Args:
        page: What all parts share.
        message_id: Of the version that is shown.
        number: Which one it is, from 1.
        count: How many there are.
    """

    def __init__(self, page: Page, message_id: MessageId, number: int, count: int) -> None:
        super().__init__(page)
        self._message_id = message_id
        self._number = number
        self._count = count

    def build(self) -> list[Box]:
        look, number, count = self.page.look, self._number, self._count
        where = Piece(f"{number}/{count}", "secondary", label=tr("Version {n} of {of}", n=number, of=count))
        before = self._way("‹", tr("Previous version"), ActionId.MESSAGE_PREVIOUS_VERSION, is_open=number > 1)
        behind = self._way("›", tr("Next version"), ActionId.MESSAGE_NEXT_VERSION, is_open=number < count)
        line = LineBox([], look, Place(gap=look.step), right=[before, where, behind], height=look.line_px)
        return [line]

    def _way(self, sign: str, name: str, action: ActionId, *, is_open: bool) -> Piece:
        act = Ask(action, self._message_id) if is_open else None
        return Piece(sign, "secondary" if is_open else "line", "text", act=act, label=name if is_open else "")
