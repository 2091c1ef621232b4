"""A column of heights that knows where each of its rows begins, at logarithmic cost.

A Fenwick tree: rows can be appended, cut off at the end and changed in place. Used for the
messages of the page and for the boxes of a message, so that correcting an estimate costs
the same among ten rows and among ten thousand.
"""

from collections.abc import Iterable
from itertools import accumulate


class Heights:
    """Heights of rows, top to bottom."""

    __slots__ = ("_sums", "_values")

    def __init__(self, values: Iterable[float] = ()) -> None:
        self._values = list(values)
        self._sums = [0.0, *self._values]
        for node in range(1, len(self._sums)):
            above = node + (node & -node)
            if above < len(self._sums):
                self._sums[above] += self._sums[node]

    @classmethod
    def uniform(cls, count: int, value: float) -> "Heights":
        """So many rows of one height."""
        made = cls()
        made._values = [value] * count
        # Each half of the tree is like the other one but for its last node.
        sums = [0.0, value]
        while len(sums) <= count:
            sums += sums[1:]
            sums[-1] = 2 * sums[-1]
        made._sums = sums[: count + 1]
        return made

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, row: int) -> float:
        return self._values[row]

    def __setitem__(self, row: int, value: float) -> None:
        delta = value - self._values[row]
        if not delta:
            return
        self._values[row] = value
        node = row + 1
        while node < len(self._sums):
            self._sums[node] += delta
            node += node & -node

    def append(self, value: float) -> None:
        """Add a row at the end."""
        node = len(self._sums)
        total = value
        step, stop = node - 1, node - (node & -node)
        while step > stop:
            total += self._sums[step]
            step -= step & -step
        self._values.append(value)
        self._sums.append(total)

    def extend(self, values: Iterable[float]) -> None:
        """Add rows at the end; many at once cost less."""
        start = len(self._values)
        self._values += values
        tops = list(accumulate(self._values[start:], initial=self.top(start)))
        for node in range(start + 1, len(self._values) + 1):
            below = node - (node & -node)
            self._sums.append(tops[node - start] - (tops[below - start] if below >= start else self.top(below)))

    def cut(self, count: int) -> None:
        """Keep the first `count` rows."""
        del self._values[count:]
        del self._sums[count + 1 :]

    def top(self, row: int) -> float:
        """Where a row begins; for the row behind the last one, where the column ends."""
        total = 0.0
        while row > 0:
            total += self._sums[row]
            row -= row & -row
        return total

    @property
    def total(self) -> float:
        """All rows together."""
        return self.top(len(self._values))

    def row_at(self, y: float) -> int:
        """The row at a height: the last one that begins at or above it; 0 if there is none."""
        size = len(self._values)
        node, step = 0, 1 << size.bit_length()
        while step:
            further = node + step
            if further <= size and self._sums[further] <= y:
                node = further
                y -= self._sums[further]
            step >>= 1
        return max(0, min(node, size - 1))
