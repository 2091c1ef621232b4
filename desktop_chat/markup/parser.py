"""Markdown to leaves: the block structure first, then the text inside it.

The two halves are apart because text may look up link definitions that stand anywhere in
the document: `read_blocks` finds blocks and definitions, `pieces_of` makes `Piece`s, leaves
whose text is still source, and an `Inliner` fills them in. `parse` does all of it at once;
for text that grows, or is long, or comes from somebody hostile, use `stream.Stream`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from desktop_chat.markup.inline import SLICE, Definitions, Inliner, is_too_large, next_slice
from desktop_chat.markup.leaves import Code, Frame, Growing, Item, Leaf, Quote, Rule, Run, Table, Text
from desktop_chat.markup.quick import read_quickly
from desktop_chat.markup.rules import IS_NOTE, Found, parser

_QUIET = Item("")


@dataclass(frozen=True, slots=True)
class Piece:
    """A leaf whose text has not been read yet."""

    leaf: Leaf
    """Whole for code and rules; without runs, header and rows for the others."""
    content: str = ""
    """Inline source of a `Text`."""
    cells: tuple[tuple[str, ...], ...] = ()
    """Inline source of a `Table`, the header first."""


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block: its tokens and the lines it takes."""

    kind: str
    first_line: int
    end_line: int
    tokens: Sequence[Token]


@dataclass(frozen=True, slots=True)
class Blocks:
    """What `read_blocks` found."""

    blocks: list[Block]
    found: Found
    """Link definitions that were not known before."""
    starts: list[int]
    """Where each line begins, and the end of the text."""
    is_quick: bool = False
    """All of it is of the simplest kind."""


def normalized(text: str) -> str:
    """With `\\n` as the only line break and no NUL, as CommonMark wants; spans count in this."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def read_blocks(source: str, definitions: Definitions) -> Blocks:
    """Find the blocks of a normalised text, and the link definitions that are not among `definitions`."""
    if source and not source.endswith("\n") and source[source.rfind("\n") + 1 :].strip(" \t"):
        # With its line break, the last line of an open fence can be told from a closing one.
        source += "\n"
    found = Found(definitions)
    quick = read_quickly(source)
    if quick is None:
        md = parser()
        tokens: list[Token] = []
        md.block.parse(source, md, {"references": found}, tokens)
        blocks = _split(tokens)
    else:
        blocks = [_block(tokens) for tokens in quick]
    starts = [0]
    at = source.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = source.find("\n", at + 1)
    if starts[-1] != len(source):
        starts.append(len(source) + 1)
    return Blocks(blocks, found, starts, quick is not None)


def _split(tokens: list[Token]) -> list[Block]:
    blocks: list[Block] = []
    first = 0
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            blocks.append(_block(tokens[first : index + 1]))
            first = index + 1
    return blocks


def _block(tokens: list[Token]) -> Block:
    place = tokens[0].map
    assert place is not None
    return Block(tokens[0].type, place[0], place[1], tokens)


def pieces_of(block: Block, starts: Sequence[int], base: int = 0, number: int | None = None) -> list[Piece]:
    """Flatten one block.

    Args:
        block: As found by `read_blocks`.
        starts: Of that result.
        base: Where the parsed text begins in the whole source.
        number: Of the block's first item, if it is a list that began earlier.
    """
    return _Flattener(starts, base, number).flatten(block.tokens)


class _Flattener:
    """Walks the tokens of one block and keeps the frames around the place where it is."""

    def __init__(self, starts: Sequence[int], base: int, number: int | None) -> None:
        self._starts = starts
        self._base = base
        self._number = number
        self._pieces: list[Piece] = []
        self._frames: list[Frame] = []
        self._opened: list[tuple[int, int]] = []
        """Per frame: how many pieces there were, and the line."""
        self._counters: list[int | None] = []

    def flatten(self, tokens: Sequence[Token]) -> list[Piece]:
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == "math_block":
                self._text(token, token.content, 0)
            elif kind in ("paragraph_open", "heading_open"):
                self._text(token, tokens[index + 1].content, int(token.tag[1]) if kind == "heading_open" else 0)
            elif kind in ("fence", "code_block"):
                self._code(token)
            elif kind == "hr":
                start, end = self._span(token)
                self._emit(Piece(Rule(tuple(self._frames), start, end)))
            elif kind == "table":
                self._table(token)
            elif kind in ("bullet_list_open", "ordered_list_open"):
                self._open_list(token)
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self._counters.pop()
            elif kind == "blockquote_open":
                self._open(token, Quote())
            elif kind == "list_item_open":
                self._open_item(token)
            elif kind in ("blockquote_close", "list_item_close"):
                self._close()
        return self._pieces

    def _span(self, token: Token) -> tuple[int, int]:
        assert token.map is not None
        first, end = token.map
        start = self._base + self._starts[first]
        return start, max(start, self._base + self._starts[end] - 1)

    def _emit(self, piece: Piece) -> None:
        self._pieces.append(piece)
        # A marker belongs to the first leaf of its item only.
        for index, frame in enumerate(self._frames):
            if isinstance(frame, Item):
                self._frames[index] = _QUIET

    def _open(self, token: Token, frame: Frame) -> None:
        assert token.map is not None
        self._frames.append(frame)
        self._opened.append((len(self._pieces), token.map[0]))

    def _open_list(self, token: Token) -> None:
        if token.type == "bullet_list_open":
            self._counters.append(None)
        elif self._number is not None and not self._counters:
            self._counters.append(self._number)
        else:
            self._counters.append(int(token.attrs.get("start", 1)))
        self._number = None

    def _open_item(self, token: Token) -> None:
        number = self._counters[-1]
        checked = token.meta.get("checked")
        if number is None:
            self._open(token, Item("•", checked))
        else:
            self._open(token, Item(f"{number}{token.markup}", checked))
            self._counters[-1] = number + 1

    def _close(self) -> None:
        count, line = self._opened.pop()
        if len(self._pieces) == count:
            # An empty item or quote is seen by its marker or bar.
            start = self._base + self._starts[line]
            self._emit(Piece(Text((), 0, tuple(self._frames), start, self._base + self._starts[line + 1] - 1)))
        self._frames.pop()

    def _text(self, token: Token, content: str, level: int) -> None:
        start, end = self._span(token)
        if not is_too_large(content):
            self._emit(Piece(Text((), level, tuple(self._frames), start, end), content))
            return
        content = content.removeprefix(IS_NOTE)
        at = 0
        while at < len(content):
            cut = next_slice(content, at) if len(content) - at > SLICE else len(content)
            # The first slice stands for the whole block in the source, the others for nothing.
            place = (start, end) if at == 0 else (end, end)
            self._emit(Piece(Text((), level, tuple(self._frames), *place, plain=True), content[at:cut]))
            at = cut

    def _code(self, token: Token) -> None:
        start, end = self._span(token)
        assert token.map is not None
        lines = token.content.split("\n")[:-1] if token.content else []
        is_fence = token.type == "fence"
        is_closed = not is_fence or token.map[1] - token.map[0] - 1 > len(lines)
        language = language_of(token.info) if is_fence else ""
        self._emit(Piece(Code(Growing(lines), language, is_closed, tuple(self._frames), start, end)))

    def _table(self, token: Token) -> None:
        start, end = self._span(token)
        table = Table((), Growing(), token.meta["alignments"], tuple(self._frames), start, end)
        self._emit(Piece(table, cells=token.meta["cells"]))


def language_of(info: str) -> str:
    """First word of a fence's info string."""
    words = unescapeAll(info).split(maxsplit=1)
    return words[0] if words else ""


def leaf_of(piece: Piece, inliner: Inliner) -> Leaf:
    """Read the text of a piece."""
    leaf = piece.leaf
    if isinstance(leaf, Text):
        if leaf.plain:
            return plain_text(piece.content, leaf.start, leaf.end, leaf.frames)
        return Text(inliner.runs(piece.content), leaf.level, leaf.frames, leaf.start, leaf.end)
    if isinstance(leaf, Table):
        read = [tuple(inliner.runs(cell) for cell in row) for row in piece.cells]
        return Table(read[0], Growing(read[1:]), leaf.alignments, leaf.frames, leaf.start, leaf.end)
    return leaf


def plain_text(text: str, start: int, end: int, frames: tuple[Frame, ...] = ()) -> Text:
    """One slice of a block that is too large to be read as Markdown."""
    text = text.removesuffix("\n")
    return Text((Run(text),) if text else (), 0, frames, start, end, plain=True)


def leaves_of(source: str, blocks: Blocks, *, keeps_breaks: bool = False) -> tuple[Leaf, ...]:
    """All leaves of a text that was read at once."""
    inliner = Inliner(parser(), blocks.found, keeps_breaks=keeps_breaks)
    inliner.footnotes.feed(source)
    pieces = [piece for block in blocks.blocks for piece in pieces_of(block, blocks.starts)]
    leaves = tuple(leaf_of(piece, inliner) for piece in pieces)
    return tuple(leaf_of(piece, inliner) for piece in pieces) if inliner.footnotes.resolve(True) else leaves


def parse(text: str, *, keeps_breaks: bool = False) -> tuple[Leaf, ...]:
    """Read a whole text at once.

    Takes about a millisecond per kilobyte, and on hostile input longer than a frame: a view
    feeds a `Stream` in portions instead, which gives the same leaves.

    Args:
        text: As it came; spans count in `normalized(text)`.
        keeps_breaks: A single line break is shown as one, as people who type expect it.
    """
    source = normalized(text)
    return leaves_of(source, read_blocks(source, {}), keeps_breaks=keeps_breaks)
