"""Goes from a reference to its footnote, and from that back to where one came from."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from desktop_chat.domain.ids import MessageId
from desktop_chat.markup.leaves import TO_NOTE, TO_REFERENCE, Style, Table, Text
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.boxes.text import TextBox, ToNote
from desktop_chat.ui.transcript.copying.partial import placed_runs
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.message.parts import Part
from desktop_chat.ui.transcript.page.selection import leaf_of
from desktop_chat.ui.transcript.reading.box_acts import bring_into_view
from desktop_chat.ui.transcript.reading.places import Spot

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

PREVIEW_CHARACTERS = 300
"""Of a footnote, beside the pointer."""
Mark = tuple[int, int, tuple[int, int]]
"""Which box it is in, which of those with the same label there, and where in the text."""


class Footnotes:
    """Goes about among the footnotes of a page.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self._left: tuple[MessageId, int, int] | None = None
        """Message, box and mark where the last way to a footnote began."""

    def go(self, row: int, act: ToNote) -> None:
        """Go to the other end of a footnote of a message."""
        column, reading = self._view.column, self._view.reading
        if column is None:
            return
        spots = [spot for spot in reading.places.spots_in_view() if spot.row == row and spot.hot.act == act]
        focused = reading.focused_spot
        chosen = [s for s in spots if s == reading.pointer.hovered or (s.row, s.box, s.index) == focused] or spots
        item = column.item(row)
        part = item.part_of(chosen[0].box) if chosen else None
        marks = list(_marks(item, part, _other_end(act)))
        if not marks:
            self._go_to_unread(row, act)
            return
        target = next((mark for mark in marks if (item.id, *mark[:2]) == self._left), marks[0])
        if act.href.startswith(TO_NOTE) and chosen:
            before = item.boxes[chosen[0].box].hot_spots()[: chosen[0].index]
            self._left = item.id, chosen[0].box, sum(hot.act == act for hot in before)
        index, place, (start, end) = target
        bring_into_view(self._view, row, index, (start, end))
        hots = list(enumerate(item.boxes[index].hot_spots()))
        found = [at for at, hot in hots if isinstance(hot.act, ToNote) and _is(hot.act.href, _other_end(act))]
        if place < len(found):
            reading.focus_spot(row, index, found[place])

    def preview(self, spot: Spot) -> str:
        """What the footnote of a reference says, for the pointer."""
        column, act = self._view.column, spot.hot.act
        if column is None or not isinstance(act, ToNote) or act.href.startswith(TO_REFERENCE):
            return spot.hot.label
        item = column.item(spot.row)
        for index, _, (_, end) in _marks(item, item.part_of(spot.box), _other_end(act)):
            text = item.boxes[index].text[end:].strip()
            # As rich text it is wrapped.
            return f"<p>{escape(text[:PREVIEW_CHARACTERS])}{'…' * (len(text) > PREVIEW_CHARACTERS)}</p>"
        return spot.hot.label

    def _go_to_unread(self, row: int, act: ToNote) -> None:
        """Go to where a footnote is written in what was not read yet."""
        view, column = self._view, self._view.column
        wanted = f"[^{act.href.removeprefix(TO_NOTE)}]:"
        for index, box in enumerate(column.item(row).boxes) if column is not None else ():
            at = box.source.find(wanted) if isinstance(box, RestBox) else -1
            if column is not None and isinstance(box, RestBox) and at >= 0:
                column.bring(row, index)
                y = column.place_of(row, index) + box.y_of(box.offset + at) - view.viewport().height() / 3
                view.glide.stop()
                view.move_to(round(min(max(0.0, y), column.furthest)))
                return


def _other_end(act: ToNote) -> str:
    if act.href.startswith(TO_REFERENCE):
        return TO_NOTE + act.href.removeprefix(TO_REFERENCE)
    return TO_REFERENCE + act.href.removeprefix(TO_NOTE)


def _is(href: str, other: str) -> bool:
    return href.casefold() == other.casefold()


def _marks(item: MessageItem, part: Part | None, href: str) -> Iterator[Mark]:
    """Where marks that lead somewhere stand in a message; with `part`, in that one only."""
    for index, box in enumerate(item.boxes):
        leaf, count = leaf_of(box), 0
        if not isinstance(leaf, Text | Table) or (part is not None and item.part_of(index) is not part):
            continue
        for start, end, run in placed_runs(leaf, box.shown if isinstance(box, TextBox) else ()):
            if Style.SUPERSCRIPT in run.style and _is(run.href, href):
                yield index, count, (start, end)
                count += 1
