"""What is selected, across boxes and messages, and what of it goes to the clipboard.

Copying works from values (messages, leaves, sources), never from layouts: thousands of
messages cost no more than their text.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import assert_never

from PySide6.QtCore import QByteArray, QMimeData, QStringListModel, QTextBoundaryFinder

from desktop_chat.domain.message import Message, Role
from desktop_chat.markup.leaves import Code, Item, Leaf, Rule, Table, Text
from desktop_chat.ui.transcript.boxes.box import Box, cut, units
from desktop_chat.ui.transcript.column import Column
from desktop_chat.ui.transcript.html import html_of
from desktop_chat.ui.transcript.message import MessageItem
from desktop_chat.ui.transcript.typed import TypedPart

MARKDOWN = "text/markdown"
HTML_CHARACTERS = 200_000
"""More is copied without HTML: rendering takes about a millisecond per thousand characters."""


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


class Form(Enum):
    """How text can be copied."""

    MARKDOWN = auto()
    PLAIN = auto()
    HTML = auto()


@dataclass(frozen=True, slots=True)
class Copied:
    """The selected text in three forms, made on demand."""

    markdown: Callable[[], str]
    plain: Callable[[], str]

    def html(self) -> str:
        """Made of the Markdown; raw HTML in it stays text."""
        from desktop_chat.markup.parser import parse  # as in `TextPart`

        return html_of(parse(self.markdown()))

    def in_form(self, form: Form) -> str:
        """One of the three, as text."""
        match form:
            case Form.MARKDOWN:
                return self.markdown()
            case Form.PLAIN:
                return self.plain()
            case Form.HTML:
                return self.html()
            case _:
                assert_never(form)


def mime_of(copied: Copied) -> QMimeData:
    """The three forms at once, so that each program takes the one it knows."""
    # WORKAROUND PySide6 6.11: a QMimeData made by Python is destroyed by the clipboard after the
    # interpreter has ended, which crashes. One that Qt made knows nothing of Python.
    model = QStringListModel([""])
    data = model.mimeData([model.index(0)])
    data.clear()
    markdown = copied.markdown()
    data.setText(copied.plain())
    data.setData(MARKDOWN, QByteArray(markdown.encode(errors="replace")))
    if len(markdown) <= HTML_CHARACTERS:
        data.setHtml(copied.html())
    return data


def copied_selection(column: Column, selection: Selection) -> Copied | None:
    """What to put on the clipboard; `None` if nothing is selected."""
    bounds = selection.bounds
    if bounds is None:
        return None
    first, last = bounds
    ends = {row: list(_pieces(column.item(row), row, first, last)) for row in {first.row, last.row}}
    messages = column.page.session.conversation.messages
    between: list[Message] = [messages[message_id] for message_id in column.rows[first.row + 1 : last.row]]

    def joined(is_markdown: bool) -> str:
        parts = [_join(ends[first.row], is_markdown)]
        parts += [message.text for message in between]
        if last.row != first.row:
            parts.append(_join(ends[last.row], is_markdown))
        return "\n\n".join(part for part in parts if part)

    return Copied(lambda: joined(True), lambda: joined(False))


def copied_message(message: Message) -> Copied:
    """A whole message for the clipboard; as plain text it is what stands in its source."""
    return Copied(lambda: message.text, lambda: message.text)


def plain_message(message: Message) -> str:
    """A whole message as it is read, without any marks."""
    from desktop_chat.exporting.leaves_plain import plain_of  # as in `TextPart`

    return plain_of(message.text) if message.role is Role.ASSISTANT else message.text


@dataclass(slots=True)
class _Piece:
    """Consecutive boxes that are selected whole, or a part of one."""

    markdown: str
    plain: list[str]
    breaks: str


def _join(pieces: list[_Piece], is_markdown: bool) -> str:
    if is_markdown:
        return "\n\n".join(piece.markdown for piece in pieces if piece.markdown)
    return "\n".join(text for piece in pieces for text in piece.plain)


def _pieces(item: MessageItem, row: int, first: Position, last: Position) -> Iterator[_Piece]:
    """Runs of whole leaves become slices of their source; a part of a leaf is its text."""
    run: list[Box] = []
    begin = first.box if row == first.row else 0
    end = last.box if row == last.row else len(item.boxes) - 1
    selection = Selection(first, last)
    # Words out of one item are words; several items are a list.
    is_list = (first.row, first.box) != (last.row, last.box)
    for index in range(begin, min(end, len(item.boxes) - 1) + 1):
        box = item.boxes[index]
        if leaf_of(box) is None:
            continue
        length = box.length
        part = selection.part_of(row, index, length)
        is_whole = part == (0, length) or isinstance(leaf_of(box), Rule)
        if is_whole and (not run or item.part_of(index) is item.part_of(begin_of(item, run))):
            run.append(box)
            continue
        if run:
            yield _whole(item, run, is_list)
            run = []
        if is_whole:
            run = [box]
        elif part is not None:
            text = box.part(*part)
            leaf = leaf_of(box)
            said = _listed(leaf, text) if is_list and part[0] == 0 else text
            fenced = f"```{leaf.language}\n{text}\n```" if isinstance(leaf, Code) and "\n" in text else said
            yield _Piece(fenced.replace("• ", "- ", 1) if said != text else fenced, [said], "\n")
    if run:
        yield _whole(item, run, is_list)


def begin_of(item: MessageItem, run: list[Box]) -> int:
    """Index of the first box of a run."""
    return item.boxes.index(run[0])


def _listed(leaf: Leaf | None, text: str) -> str:
    """The text of a leaf behind the number or bullet it has on the page."""
    before = ""
    for frame in leaf.frames if leaf is not None else ():
        if isinstance(frame, Item):
            box = {True: "[x] ", False: "[ ] ", None: ""}[frame.checked]
            before += f"{frame.marker} {box}" if frame.marker else "  "
    after = "\n" + " " * len(before)
    return before + text.replace("\n", after)


def _whole(item: MessageItem, run: list[Box], is_list: bool) -> _Piece:
    part = item.part_of(begin_of(item, run))
    source = part.source
    first, last = leaf_of(run[0]), leaf_of(run[-1])
    if isinstance(part, TypedPart) and part.is_folded and run == [box for box in part.boxes if leaf_of(box)]:
        # All that can be seen of it is selected, and meant is all of it.
        return _Piece(source, [source], "\n")
    plain = [_listed(leaf_of(box), box.text) if is_list else box.text for box in run]
    if first is None or last is None or not source:
        return _Piece("\n\n".join(plain), plain, "\n")
    start = source.rfind("\n", 0, first.start) + 1
    if source[start : first.start].strip(" >*-+0123456789.)[]x"):
        start = first.start
    return _Piece(part.written(start, last.end).strip("\n"), plain, "\n")


def leaf_of(box: Box) -> Leaf | None:
    """The leaf a box shows; `None` for lines of cards and the like."""
    leaf = getattr(box, "leaf", None)
    return leaf if isinstance(leaf, Text | Code | Table | Rule) else None


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
