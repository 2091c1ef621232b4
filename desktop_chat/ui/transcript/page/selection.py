"""What is selected, across boxes and messages, and what of it goes to the clipboard.

Copying works from values (messages, leaves, sources), never from layouts: thousands of
messages cost no more than their text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTextBoundaryFinder

from desktop_chat.domain.message import Message, Role
from desktop_chat.markup.leaves import Code, Leaf, Rule, Table, Text
from desktop_chat.ui.transcript.boxes.box import Box, Shell
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.boxes.table_rest import TableRestBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.copying.copied import Copied, Piece, author_of, listed
from desktop_chat.ui.transcript.copying.partial import before, is_item, missing_definitions, part_of, widened
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.message.parts import Part
from desktop_chat.ui.transcript.message.typed import TypedPart
from desktop_chat.ui.transcript.words import tr
from desktop_chat.ui.utf16 import cut, units

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.page.column import Column

MANY_BOXES = 1_000
"""Of more, the text is read anew, a little at a time."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the text of the page."""

    row: int
    box: int
    offset: int
    """In the box's text, UTF-16."""


@dataclass(slots=True)
class Selection:
    """From where to where; `head` is the end that moves."""

    anchor: Position | None = None
    head: Position | None = None

    @property
    def is_empty(self) -> bool:
        """True if no character is selected."""
        return self.anchor is None or self.anchor == self.head

    @property
    def bounds(self) -> tuple[Position, Position] | None:
        """Its two ends in the order of reading."""
        if self.anchor is None or self.head is None or self.anchor == self.head:
            return None
        return min(self.anchor, self.head), max(self.anchor, self.head)

    def start(self, at: Position) -> None:
        """Begin anew."""
        self.anchor = self.head = at

    def clear(self) -> None:
        """Select nothing."""
        self.anchor = self.head = None

    def part_of(self, row: int, box: int, length: int) -> tuple[int, int] | None:
        """What of a box is selected."""
        bounds = self.bounds
        if bounds is None:
            return None
        first, last = bounds
        if not (first.row, first.box) <= (row, box) <= (last.row, last.box):
            return None
        start = first.offset if (row, box) == (first.row, first.box) else 0
        end = last.offset if (row, box) == (last.row, last.box) else length
        return (start, end) if start < end else None


def copied_selection(column: "Column", selection: Selection) -> Copied | None:
    """What to put on the clipboard; `None` if nothing is selected."""
    bounds = selection.bounds
    if bounds is None:
        return None
    first, last = bounds
    messages = column.page.session.conversation.messages
    item = column.item(first.row)
    found = [tuple(_pieces(item, first.row, first, last))]
    if first.box < len(item.boxes) and is_item(leaf_of(item.boxes[first.box])):
        found = [_dedented(found[0], is_begun=first.offset > 0)]
    for message_id in column.rows[first.row + 1 : last.row]:
        message = messages[message_id]
        found.append((Piece(message.text, None if message.role is Role.ASSISTANT else message.text),))
    if last.row != first.row:
        found.append(tuple(_pieces(column.item(last.row), last.row, first, last)))
    said_by = [messages.get(message_id) for message_id in column.rows[first.row : last.row + 1]]
    # What is still being written stands in the draft.
    authors = tuple(author_of(message) if message is not None else tr("Assistant") for message in said_by)
    return Copied(tuple(found), authors if sum(map(bool, found)) > 1 else ())


def copied_message(message: Message, *, is_read: bool = False) -> Copied:
    """A whole message for the clipboard; as plain text it is what stands in its source, unless it `is_read`."""
    is_prose = is_read and message.role is Role.ASSISTANT
    return Copied(((Piece(message.text, None if is_prose else message.text),),))


def plain_message(message: Message) -> str:
    """A whole message as it is read, without any marks."""
    from desktop_chat.exporting.leaves_plain import plain_of  # as in `TextPart`

    return plain_of(message.text) if message.role is Role.ASSISTANT else message.text


def _dedented(pieces: tuple[Piece, ...], *, is_begun: bool) -> tuple[Piece, ...]:
    """What begins deep in a list begins at the margin, or it would be read as code."""
    # The rest of an item that was begun before is a paragraph, and the list begins behind it.
    first = pieces[is_begun].markdown if len(pieces) > is_begun else ""
    depth = len(first) - len(first.lstrip(" "))
    if not depth:
        return pieces
    margin = re.compile(rf"^ {{1,{depth}}}", re.MULTILINE)
    return tuple(replace(piece, markdown=margin.sub("", piece.markdown)) for piece in pieces)


def _pieces(item: MessageItem, row: int, first: Position, last: Position) -> Iterator[Piece]:
    """Runs of whole leaves become slices of their source; a part of a leaf is its text."""
    run: list[Box] = []
    run_part: Part | None = None
    begin = first.box if row == first.row else 0
    end = last.box if row == last.row else len(item.boxes) - 1
    # Words out of one item are words; several items are a list.
    is_list = (first.row, first.box) != (last.row, last.box)
    for index in range(begin, min(end, len(item.boxes) - 1) + 1):
        box = item.boxes[index]
        if not is_text(box):
            continue
        start = first.offset if (row, index) == (first.row, first.box) else 0
        stop = min(last.offset, box.length) if (row, index) == (last.row, last.box) else None
        is_whole = not start and (stop is None or stop == box.length)
        part = item.part_of(index)
        if run and run_part is not None and not (is_whole and part is run_part):
            yield _whole(run_part, run, is_list)
            run = []
        if is_whole:
            run.append(box)
            run_part = part
        else:
            yield from _part_of(box, start, box.length if stop is None else stop, is_list, part)
    if run and run_part is not None:
        yield _whole(run_part, run, is_list)


def _part_of(box: Box, start: int, stop: int, is_list: bool, part: Part | None) -> Iterator[Piece]:
    """What is selected of a box that is not selected whole."""
    if isinstance(box, RestBox):
        for index, inner in enumerate(box.boxes):
            begin = box.begin_of(index)
            if begin < stop and start < begin + inner.length:
                hidden = inner.hidden if isinstance(inner, TableRestBox) else 0
                some = max(hidden, start - begin), min(inner.length, stop - begin)
                if some == (0, inner.length):
                    yield Piece(box.source_of(index).strip("\n"), listed(leaf_of(inner), inner.text))
                else:
                    yield from _part_of(inner, *some, True, None)
        return
    if start >= stop:
        return
    leaf, shown = leaf_of(box), box.shown if isinstance(box, TextBox) else ()
    if leaf is not None:
        start, stop = widened(leaf, shown, start, stop)
    text = box.plain(start, stop)
    plain = listed(leaf, text) if is_list and not start else text
    if leaf is None or (isinstance(part, TypedPart) and not isinstance(leaf, Code)):
        yield Piece(text, plain)
        return
    taken = part_of(leaf, shown, start, stop, is_alone=not is_list)
    if taken is None:
        return
    # Here, because an empty window is painted without it.
    from desktop_chat.markup.written import written

    first, others = ("", "")
    if is_list:
        first, others = before(taken, part.source if part is not None else "", is_begun=start > 0)
    lines = written(taken).split("\n")
    yield Piece("\n".join([first + lines[0], *(others + line for line in lines[1:])]), plain, (taken,))


def _whole(part: Part, run: list[Box], is_list: bool) -> Piece:
    source = part.source
    first, last = run[0], run[-1]
    if isinstance(part, TypedPart) and part.is_folded and run == [box for box in part.boxes if leaf_of(box)]:
        # All that can be seen of it is selected, and meant is all of it.
        return Piece(source, source)
    plain = None
    start, end = _span_of(first)[0], _span_of(last)[1]
    if not isinstance(last, RestBox) and (len(run) <= MANY_BOXES or start < 0):
        texts = [box.plain(0, box.length) for box in run]
        plain = [listed(leaf_of(box), text) for box, text in zip(run, texts, strict=True)] if is_list else texts
    if plain is not None and (start < 0 or not source):
        return Piece("\n\n".join(plain), "\n".join(plain))
    is_typed = isinstance(part, TypedPart)
    leaves = None if plain is None or is_typed else tuple(leaf for box in run if (leaf := leaf_of(box)) is not None)
    begin = source.rfind("\n", 0, start) + 1
    if not isinstance(first, RestBox) and not source[begin:start].strip(" >*-+0123456789.)[]x"):
        start = begin
    markdown = part.written(start, end).strip("\n")
    if isinstance(first, RestBox):
        markdown = first.copied_opening + markdown
    if isinstance(last, RestBox) and last.fence_behind:
        markdown += "\n```"
    if leaves is not None and "]:" in source and any(map(_has_link, leaves)):
        markdown = "\n\n".join([markdown, *missing_definitions(markdown, source)])
    return Piece(markdown, None if plain is None else "\n".join(plain), leaves)


def _has_link(leaf: Leaf) -> bool:
    return isinstance(leaf, Text) and any(run.href or run.link for run in leaf.runs)


def _span_of(box: Box) -> tuple[int, int]:
    """Where a box begins and ends in the source of its part; (-1, -1) if it does not stand in it."""
    if isinstance(box, RestBox):
        return box.offset, box.end_offset
    leaf = leaf_of(box)
    return (leaf.start, leaf.end) if leaf is not None else (-1, -1)


def is_text(box: Box) -> bool:
    """Whether there is text in a box that can be selected."""
    return isinstance(box, RestBox) or leaf_of(box) is not None


def leaf_of(box: Box) -> Leaf | None:
    """The leaf a box shows; `None` for lines of cards and the like."""
    leaf = getattr(box, "leaf", None)
    return leaf if isinstance(leaf, Text | Code | Table | Rule) else None


def is_paragraph(box: Box) -> bool:
    """Whether all of a box is one paragraph, whatever line breaks are in it; what was typed is a paragraph a line."""
    leaf = leaf_of(box)
    return isinstance(leaf, Text) and not leaf.plain and box.place.shell is not Shell.BUBBLE


def word_at(text: str, offset: int) -> tuple[int, int]:
    """The word around an offset, in UTF-16."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, text)
    finder.setPosition(offset)
    start = offset if finder.isAtBoundary() else finder.toPreviousBoundary()
    finder.setPosition(start)
    end = finder.toNextBoundary()
    return max(0, start), end if end >= 0 else offset


def step_from(text: str, offset: int, *, forward: bool, by_word: bool) -> int:
    """The next place of the caret in a text; -1 beyond its ends."""
    kind = QTextBoundaryFinder.BoundaryType
    finder = QTextBoundaryFinder(kind.Word if by_word else kind.Grapheme, text)
    finder.setPosition(offset)
    return finder.toNextBoundary() if forward else finder.toPreviousBoundary()


def line_at(text: str, offset: int) -> tuple[int, int]:
    """The line around an offset, in UTF-16."""
    before = cut(text, 0, offset)
    behind = text[len(before) :].partition("\n")[0]
    start = offset - units(before.rpartition("\n")[2])
    return start, offset + units(behind)
