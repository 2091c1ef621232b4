"""The texts of the cells of a table, and where each begins in the text of the whole."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from desktop_chat.markup.leaves import Cell
from desktop_chat.ui.utf16 import units


class CellTexts:
    """Texts by row and column: a tab is between two cells, a line break between two rows."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self._starts: list[int] = [0]
        """Of rows, as far as somebody has asked."""

    @property
    def text(self) -> str:
        """All of them."""
        return "\n".join("\t".join(row) for row in self.rows)

    def replace(self, first: int, rows: Sequence[Sequence[Cell]]) -> None:
        """From a row on, these are the rows."""
        self.rows[first:] = [[cell_text(cell) for cell in cells] for cells in rows]
        del self._starts[first + 1 :]

    def start_of(self, row: int, column: int = 0) -> int:
        """Where a cell begins; behind the last row, where the text ends."""
        while len(self._starts) <= row:
            self._starts.append(self._starts[-1] + sum(units(text) + 1 for text in self.rows[len(self._starts) - 1]))
        before = sum(units(text) + 1 for text in self.rows[row][:column]) if column else 0
        return self._starts[row] + before

    def between(self, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
        """Row and column of the cells that have some of a stretch of the text, and what each has of it."""
        self.start_of(len(self.rows) - 1)
        row = max(0, bisect_right(self._starts, start) - 1)
        at = self._starts[row]
        while row < len(self.rows) and at < end:
            texts = self.rows[row]
            for column, text in enumerate(texts):
                length = units(text)
                a, b = max(start, at), min(end, at + length)
                if a < b:
                    yield row, column, a - at, b - at
                at += length + 1
            row += 1


def cell_text(cell: Cell) -> str:
    """A cell without any styling."""
    return "".join(run.text for run in cell)
