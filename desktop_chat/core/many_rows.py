"""Makes thousands of rows at once, column by column.

A frozen value is filled field by field through a check that costs more than all the rest: a
list of 20,000 conversations would take twice as long to appear. Here the fields are filled
below that check, each of them for all rows in one go.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, fields
from itertools import repeat
from operator import attrgetter
from typing import Any

from desktop_chat.core.ports import Row

_FILL = {field.name: vars(Row)[field.name].__set__ for field in fields(Row)}
_DEFAULTS = {field.name: field.default for field in fields(Row) if field.default is not MISSING}


def rows_of(count: int, columns: Mapping[str, Iterable[Any]]) -> list[Row]:
    """Make rows.

    Args:
        count: How many.
        columns: The values of a field for all of them; fields that are not named have their default.
    """
    rows: list[Row] = [object.__new__(Row) for _ in range(count)]
    for name, fill in _FILL.items():
        values = columns[name] if name in columns else repeat(_DEFAULTS[name])
        deque(map(fill, rows, values), maxlen=0)
    return rows


def exchanged(rows: Sequence[Row], new: Mapping[str, Iterable[Any]]) -> list[Row]:
    """The same rows with other values in some fields."""
    kept: dict[str, Iterable[Any]] = {name: map(attrgetter(name), rows) for name in _FILL}
    return rows_of(len(rows), {**kept, **new})
