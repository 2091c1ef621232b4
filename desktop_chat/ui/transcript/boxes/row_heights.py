"""How tall the rows of a table are: known of those that were near the window, guessed of the others.

A cell that wraps has to be laid out to learn its height, and a long table has thousands of them.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from time import thread_time

FILLED = 0.9
"""Of the width of a line that wraps, about."""


class RowHeights:
    """The rows of one table."""

    def __init__(self) -> None:
        self.tops: list[float] = [0.0]
        """Where rows begin, and where the last one ends."""
        self._heights: list[float] = []
        self._guessed: set[int] = set()

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def guesses(self) -> int:
        """How many are only guessed."""
        return len(self._guessed)

    def is_guessed(self, row: int) -> bool:
        """Whether a row has another height than it is said to have, perhaps."""
        return row in self._guessed

    def cut(self, count: int) -> None:
        """Keep the first `count` rows."""
        self._guessed.difference_update(range(count, len(self._heights)))
        del self._heights[count:], self.tops[count + 1 :]

    def extend(self, heights: Sequence[float], guessed: Iterable[int]) -> None:
        """Add rows at the end, of which some are only guessed."""
        first = len(self._heights)
        self._heights += heights
        self._guessed.update(guessed)
        self._add_up(first)

    def at(self, y: float) -> int:
        """The row at a height; the nearest one if there is none."""
        return max(0, min(bisect_right(self.tops, y) - 1, len(self._heights) - 1))

    def come_near(self, y: float, room: float, until: float, measure: Callable[[int], float]) -> bool:
        """Measure the rows from a height on that are within `room` below it, or above it if that is negative.

        Args:
            y: The height.
            room: How far.
            until: CPU time of this thread at which the rest is left to the next call.
            measure: Tells how tall a row really is, which takes long. Not kept: a table dies with its last reference.

        Returns:
            Whether any was measured, and may have another height than was guessed.
        """
        row, step = self.at(y), 1 if room > 0 else -1
        left = room + y - self.tops[row] if room > 0 else self.tops[row + 1] - y - room
        lowest = len(self._heights)
        while left > 0 and 0 <= row < len(self._heights):
            if row in self._guessed:
                self._guessed.remove(row)
                self._heights[row] = measure(row)
                lowest = min(lowest, row)
                if thread_time() > until:
                    break
            left -= self._heights[row]
            row += step
        if lowest == len(self._heights):
            return False
        self._add_up(lowest)
        return True

    def _add_up(self, first: int) -> None:
        self.tops[first:] = accumulate(self._heights[first:], initial=self.tops[first])


def guessed_lines(advances: Sequence[float], room: float) -> list[int]:
    """How many lines texts of these widths take, about; a single one is no guess."""
    fits = FILLED * room
    return [1 + int(advance / fits) if advance > fits else 1 for advance in advances]
