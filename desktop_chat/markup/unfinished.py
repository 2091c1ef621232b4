"""Blocks that are shown and settled piece by piece while they are still open.

Each knows how to take more of its source and what it looks like now. What they have taken
is never parsed again: that is what keeps a long answer as cheap as a short one.
"""

import re
from collections.abc import Sequence

from desktop_chat.markup.inline import SLICE, Inliner, labels_in, next_slice
from desktop_chat.markup.leaves import Cell, Code, Growing, Table
from desktop_chat.markup.parser import Piece, language_of, plain_text

_OPENING = re.compile(r"( {0,3})(`{3,}|~{3,})([^\n]*)")
_BLANK_LINE = re.compile(r"^[ \t]*\n", re.MULTILINE)


class OpenFence:
    """A fence whose closing line has not come; takes its lines without the parser."""

    def __init__(self, opening: str, start: int) -> None:
        found = _OPENING.match(opening)
        assert found is not None
        self._indent = len(found[1])
        self._closing = re.compile(rf" {{0,3}}{found[2][0]}{{{len(found[2])},}}[ \t]*")
        self._language = language_of(found[3])
        self._lines: list[str] = []
        self._start = start
        self._end = start + len(opening) - 1

    def take(self, line: str) -> bool:
        """Take a complete line, without its break; True if it closes the block."""
        self._end += len(line) + 1
        if self._closing.fullmatch(line):
            return True
        self._lines.append(self._dedented(line))
        return False

    def leaf(self, *, is_closed: bool, unfinished: str = "") -> Code:
        """What is there now, and behind it the unfinished last line."""
        end = self._end
        behind: tuple[str, ...] = ()
        if unfinished.strip(" \t\n"):
            line = unfinished.removesuffix("\n")
            end += len(line) + 1
            if self._closing.fullmatch(line):
                is_closed = True
            else:
                behind = (self._dedented(line),)
        elif unfinished.endswith("\n"):
            end += len(unfinished)
            behind = (self._dedented(unfinished[:-1]),)
        return Code(Growing.over(self._lines, behind), self._language, is_closed, (), self._start, end)

    def _dedented(self, line: str) -> str:
        """Without as many columns of white space as the opening line has; a tab reaches the next fourth column."""
        column = at = 0
        while column < self._indent and at < len(line) and line[at] in " \t":
            column += 4 - column % 4 if line[at] == "\t" else 1
            at += 1
        return " " * (column - self._indent) + line[at:]


class OpenTable:
    """A table that may get more rows; its header lines are put before what is parsed next."""

    def __init__(self, piece: Piece, header_lines: str) -> None:
        assert isinstance(piece.leaf, Table)
        self.prefix = header_lines
        self._piece = piece
        self._end = piece.leaf.start + len(header_lines) - 1
        self._cells: list[tuple[str, ...]] = []
        self._rows: list[tuple[Cell, ...]] = []
        self.labels = self._labels(piece.cells[:1])
        self.take(piece)

    def take(self, piece: Piece) -> None:
        """Settle the rows of a table that was parsed behind the header lines."""
        rows = piece.cells[1:]
        if rows:
            self._cells += rows
            self.labels |= self._labels(rows)
            self._end = piece.leaf.end

    @property
    def cell_count(self) -> int:
        """Of all settled rows."""
        return len(self._cells) * len(self._piece.cells[0])

    def forget_read(self) -> None:
        """Read all cells anew: a definition they look up has changed."""
        self._rows = []

    def leaf(self, inliner: Inliner, unsettled: Piece | None = None) -> Table:
        """What is there now, and behind it the rows of `unsettled`."""
        header = tuple(inliner.runs(cell) for cell in self._piece.cells[0])
        for cells in self._cells[len(self._rows) :]:
            self._rows.append(tuple(inliner.runs(cell) for cell in cells))
        inliner.footnotes.settle()
        end = self._end
        behind: list[tuple[Cell, ...]] = []
        if unsettled is not None and len(unsettled.cells) > 1:
            behind = [tuple(inliner.runs(cell) for cell in cells) for cells in unsettled.cells[1:]]
            end = unsettled.leaf.end
        leaf = self._piece.leaf
        assert isinstance(leaf, Table)
        return Table(header, Growing.over(self._rows, behind), leaf.alignments, (), leaf.start, end)

    @staticmethod
    def _labels(rows: Sequence[Sequence[str]]) -> set[str]:
        return {label for row in rows for cell in row for label in labels_in(cell)}


class OpenPlain:
    """A block that is too large to be read as Markdown; ends at the next blank line."""

    def __init__(self, start: int) -> None:
        self._buffer = ""
        self._start = start
        self._is_within_line = False

    def take(self, text: str) -> tuple[int, bool]:
        """Take what belongs to the block.

        Returns:
            How much was taken, and whether the block has ended.
        """
        first = text.find("\n") + 1 if self._is_within_line else 0
        if self._is_within_line and not first:
            self._buffer += text
            return len(text), False
        blank = _BLANK_LINE.search(text, first)
        used = blank.start() if blank else len(text)
        if not blank:
            last = text.rfind("\n") + 1
            if not text[last:].strip(" \t"):
                # Perhaps the beginning of a blank line.
                used = last
        self._buffer += text[:used]
        if used:
            self._is_within_line = text[used - 1] != "\n"
        return used, blank is not None

    def settled(self, *, is_ended: bool) -> list[Piece]:
        """The slices that are whole by now."""
        pieces: list[Piece] = []
        at = 0
        while len(self._buffer) - at > SLICE:
            cut = next_slice(self._buffer, at)
            pieces.append(self._piece(at, cut))
            at = cut
        if is_ended and at < len(self._buffer):
            pieces.append(self._piece(at, len(self._buffer)))
            at = len(self._buffer)
        self._buffer = self._buffer[at:]
        self._start += at
        return pieces

    def rest(self) -> list[Piece]:
        """The slice that is still growing, if there is one."""
        return [self._piece(0, len(self._buffer))] if self._buffer else []

    def _piece(self, first: int, end: int) -> Piece:
        text = self._buffer[first:end]
        start = self._start + first
        return Piece(plain_text(text, start, start + len(text.removesuffix("\n"))), text)
