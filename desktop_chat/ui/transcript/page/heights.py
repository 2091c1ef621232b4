"""A column of heights that knows where each of its rows begins, at logarithmic cost.

A Fenwick tree: rows can be appended, cut off at the end and changed in place. Used for the
messages of the page and for the boxes of a message, so that correcting an estimate costs
the same among ten rows and among ten thousand.
"""

from collections.abc import Iterable
from itertools import accumulate


class Heights:
    """Heights of rows, top to bottom."""

    __slots__ = ("_sums", "total", "values")

    def __init__(self, values: Iterable[float] = ()) -> None:
        self.values = list(values)
        """To be read, where a call for each would be too dear."""
        self.total = float(sum(self.values))
        """All rows together."""
        self._sums = [0.0, *self.values]
        for node in range(1, len(self._sums)):
            above = node + (node & -node)
            if above < len(self._sums):
                self._sums[above] += self._sums[node]

    @classmethod
    def uniform(cls, count: int, value: float) -> "Heights":
        """So many rows of one height."""
        made = cls()
        made.values = [value] * count
        made.total = count * value
        # Each half of the tree is like the other one but for its last node.
        sums = [0.0, value]
        while len(sums) <= count:
            sums += sums[1:]
            sums[-1] = 2 * sums[-1]
        made._sums = sums[: count + 1]
        return made

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, row: int) -> float:
        return self.values[row]

    def __setitem__(self, row: int, value: float) -> None:
        delta = value - self.values[row]
        if not delta:
            return
        self.values[row] = value
        self.total += delta
        sums, node, size = self._sums, row + 1, len(self._sums)
        while node < size:
            sums[node] += delta
            node += node & -node

    def append(self, value: float) -> None:
        """Add a row at the end."""
        node = len(self._sums)
        total = value
        step, stop = node - 1, node - (node & -node)
        while step > stop:
            total += self._sums[step]
            step -= step & -step
        self.values.append(value)
        self.total += value
        self._sums.append(total)

    def extend(self, values: Iterable[float]) -> None:
        """Add rows at the end; many at once cost less."""
        start = len(self.values)
        self.values += values
        tops = list(accumulate(self.values[start:], initial=self.total))
        self.total = tops[-1]
        for node in range(start + 1, len(self.values) + 1):
            below = node - (node & -node)
            self._sums.append(tops[node - start] - (tops[below - start] if below >= start else self.top(below)))

    def cut(self, count: int) -> None:
        """Keep the first `count` rows."""
        del self.values[count:]
        del self._sums[count + 1 :]
        self.total = self.top(len(self.values))

    def top(self, row: int) -> float:
        """Where a row begins; for the row behind the last one, where the column ends."""
        total = 0.0
        while row > 0:
            total += self._sums[row]
            row -= row & -row
        return total

    def at(self, y: float) -> tuple[int, float]:
        """The row at a height, and where it begins: the last one that begins at or above it, else the first."""
        sums, size = self._sums, len(self.values)
        row, top, step = 0, 0.0, 1 << size.bit_length()
        while step:
            further = row + step
            if further <= size and top + sums[further] <= y:
                row = further
                top += sums[further]
            step >>= 1
        return (row - 1, top - self.values[-1]) if row == size and size else (row, top)

    def row_at(self, y: float) -> int:
        """The row at a height."""
        return self.at(y)[0]
