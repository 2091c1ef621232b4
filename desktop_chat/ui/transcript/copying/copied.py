"""What is copied, as values: who said it, and what it is as Markdown, as plain text and as HTML.

Of several messages each form tells who said what, as the exported conversation does.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from html import escape
from typing import assert_never

from PySide6.QtCore import QByteArray, QMimeData, QStringListModel

from desktop_chat.domain.message import Message, Role
from desktop_chat.markup.leaves import Code, Item, Leaf, Rule, Table, Text
from desktop_chat.ui.transcript.boxes.cell_texts import cell_text
from desktop_chat.ui.transcript.copying.html import html_of
from desktop_chat.ui.transcript.words import tr

MARKDOWN = "text/markdown"
AT_ONCE = 20_000
"""Characters that are read at once to be copied; a thousand takes about a millisecond."""


class Form(Enum):
    """How text can be copied."""

    MARKDOWN = auto()
    PLAIN = auto()
    HTML = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that is copied."""

    markdown: str
    plain: str | None
    """`None`: what the Markdown says once it is read."""
    leaves: tuple[Leaf, ...] | None = None
    """What it is; `None`: what the Markdown says."""


@dataclass(frozen=True, slots=True)
class Copied:
    """The selected text in three forms."""

    messages: tuple[tuple[Piece, ...], ...]
    """The pieces of each message."""
    authors: tuple[str, ...] = ()
    """Who said each of them; empty if there is one, which need not be told."""

    @property
    def size(self) -> int:
        """Characters of it."""
        return sum(len(piece.markdown) for pieces in self.messages for piece in pieces)

    @property
    def unread(self) -> int:
        """Characters that have to be read to tell the plain text."""
        return sum(len(p.markdown) for pieces in self.messages for p in pieces if p.plain is None)

    def markdown(self) -> str:
        """As it is written."""
        found = ("\n\n".join(p.markdown for p in pieces if p.markdown) for pieces in self.messages)
        return "\n\n".join(self.with_authors(found, lambda author: f"## {author}\n\n"))

    def rough(self) -> str:
        """As plain text, without reading anything: what was never read stays as it is written."""
        return self._joined(lambda piece: piece.markdown if piece.plain is None else piece.plain)

    def quick(self) -> str:
        """As plain text; as it is shown if not much has to be read for it."""
        return self.plain() if self.unread <= AT_ONCE else self.rough()

    def plain(self) -> str:
        """As it is shown. Takes long where much is not read yet."""
        return self._joined(lambda piece: said(_read(piece.markdown)) if piece.plain is None else piece.plain)

    def html(self) -> str:
        """Raw HTML in it stays text. Takes long where it is much."""
        found = (html_of([leaf for piece in pieces for leaf in _leaves(piece)]) for pieces in self.messages)
        return "".join(self.with_authors(found, html_title))

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

    def with_authors(self, texts: Iterable[str], title: Callable[[str], str]) -> Iterator[str]:
        """The texts of messages, each below who said it; without those that say nothing."""
        for index, text in enumerate(texts):
            if text:
                yield f"{title(self.authors[index])}{text}" if self.authors else text

    def _joined(self, text_of: Callable[[Piece], str]) -> str:
        found = ("\n".join(text_of(piece) for piece in pieces) for pieces in self.messages)
        return "\n\n".join(self.with_authors(found, plain_title))


def plain_title(author: str) -> str:
    """Who said what follows, in plain text."""
    return f"{author}:\n"


def html_title(author: str) -> str:
    """Who said what follows, in HTML."""
    return f"<h2>{escape(author)}</h2>\n"


def author_of(message: Message) -> str:
    """Who said a message, on one line."""
    if message.role is Role.USER:
        return tr("You")
    return " ".join((message.model or message.endpoint_name).split()) or tr("Assistant")


def said(leaves: Sequence[Leaf]) -> str:
    """Leaves as plain text, a line for each."""
    return "\n".join(listed(leaf, text_of(leaf)) for leaf in leaves)


def _read(markdown: str) -> Sequence[Leaf]:
    from desktop_chat.markup.parser import parse  # as in `TextPart`

    return parse(markdown)


def _leaves(piece: Piece) -> Sequence[Leaf]:
    return _read(piece.markdown) if piece.leaves is None else piece.leaves


def text_of(leaf: Leaf) -> str:
    """What can be read in a leaf, as its box has it."""
    match leaf:
        case Text() | Code():
            return leaf.text
        case Table():
            # Without its head it has an empty one.
            rows = (leaf.header, *leaf.rows) if any(leaf.header) else leaf.rows
            return "\n".join("\t".join(map(cell_text, row)) for row in rows)
        case Rule():
            return ""


def listed(leaf: Leaf | None, text: str) -> str:
    """The text of a leaf behind the number or bullet it has on the page."""
    before = ""
    for frame in leaf.frames if leaf is not None else ():
        if isinstance(frame, Item):
            box = {True: "[x] ", False: "[ ] ", None: ""}[frame.checked]
            before += f"{frame.marker} {box}" if frame.marker else "  "
    after = "\n" + " " * len(before)
    return before + text.replace("\n", after)


def mime_of(markdown: str, plain: str, html: str | None) -> QMimeData:
    """The forms at once, so that each program takes the one it knows."""
    # WORKAROUND PySide6 6.11: a QMimeData made by Python is destroyed by the clipboard after the
    # interpreter has ended, which crashes. One that Qt made knows nothing of Python.
    model = QStringListModel([""])
    data = model.mimeData([model.index(0)])
    data.clear()
    data.setText(plain)
    data.setData(MARKDOWN, QByteArray(markdown.encode(errors="replace")))
    if html is not None:
        data.setHtml(html)
    return data
