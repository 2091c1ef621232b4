"""Where a page of paper may end: between lines, rows and pictures, and never between what belongs together."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from desktop_chat.markup.leaves import Cell, Growing, Table
from desktop_chat.ui.transcript.boxes.box import Box, Shell
from desktop_chat.ui.transcript.boxes.card import LineBox
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.image import PictureBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import TextBox

LINES_TOGETHER = 2
"""So many lines at least stand on each side of the end of a page."""
TALL_ROW_PX = 300
"""A row of a table is not broken unless it is taller."""
TALLEST_HEAD_PX = 200
"""Of a table whose head is repeated on each page."""
WIDE_PX = 90
"""In a column that is so wide a long word may be broken."""
LEAST_COLUMNS = 3
"""Of a table with many columns so many at least stand side by side."""
GROUP_STEPS = 4
"""Between the groups of its columns."""


def breaks(box: Box) -> list[float]:
    """Heights within a box that is laid out, at which a page may end."""
    match box:
        case PictureBox():
            return [*_between_lines(box.line_bottoms), *box.picture_tops]
        case TextBox():
            return _between_lines(box.line_bottoms)
        case CodeBox():
            first, pitch = box.content_top + box.head + box.pad, box.look.code_line_px
            lines = round((box.height - first - box.pad - box.place.bottom) / pitch)
            return _between_lines([first + n * pitch for n in range(1, lines + 1)])
        case TableBox():
            return list(_between_rows(box))
        case _:
            return []


def repeated_head(box: Box) -> tuple[float, float] | None:
    """The part of a box that is said again on the next page: the names of a table's columns."""
    if not isinstance(box, TableBox) or len(box.row_tops) < 3 or box.row_tops[1] > TALLEST_HEAD_PX:
        return None
    return box.content_top, box.content_top + box.row_tops[1]


def shrunk_width(box: Box, width: float) -> float:
    """How wide the column would have to be for all of a box: nothing scrolls on paper."""
    if not isinstance(box, TableBox) or not box.overflow:
        return width
    return width + box.overflow + 1


def narrower_tables(box: Box, width: float, most: float) -> Iterator[Box]:
    """A table that is laid out, as several below each other if it has more columns than can be read side by side.

    Each begins with the first column, which says what the row is about.

    Args:
        box: Anything; what is no such table is left as it is.
        width: Of the page.
        most: A table that needs no more room than this, with long words broken, is made smaller instead.
    """
    if not isinstance(box, TableBox) or box.place.shell is not Shell.NONE:
        yield box
        return
    if sum(min(room, WIDE_PX * box.look.theme.scale) for room in box.column_widths) <= most:
        yield box
        return
    wanted = [min(room, width / LEAST_COLUMNS) for room in box.column_widths]
    groups = [[0]]
    for column, room in enumerate(wanted[1:], 1):
        if len(groups[-1]) > 1 and sum(wanted[other] for other in groups[-1]) + room > width:
            groups.append([0])
        groups[-1].append(column)
    place = box.place
    for group in groups:
        yield TableBox(_columns_of(box.leaf, group), box.look, place)
        place = replace(place, gap=GROUP_STEPS * box.look.step)


def leads(box: Box) -> bool:
    """Whether a box says what comes below it, so that no page ends between them."""
    if isinstance(box, TextBox):
        return bool(box.leaf.level)
    return isinstance(box, LineBox) and not box.place.is_last


def cards(boxes: Sequence[Box]) -> dict[int, int]:
    """Where the cards begin among the boxes of a message, and where each ends."""
    found: dict[int, int] = {}
    start = 0
    for index, box in enumerate(boxes):
        if box.place.shell is Shell.CARD:
            start = index if box.place.is_first else start
            if box.place.is_last:
                found[start] = index + 1
    return found


def _columns_of(table: Table, columns: Sequence[int]) -> Table:
    def taken(cells: Sequence[Cell]) -> tuple[Cell, ...]:
        return tuple(cells[column] for column in columns)

    alignments = tuple(table.alignments[column] for column in columns)
    return Table(taken(table.header), Growing([taken(row) for row in table.rows]), alignments, table.frames)


def _between_lines(bottoms: Sequence[float]) -> list[float]:
    return list(bottoms[LINES_TOGETHER - 1 : len(bottoms) - LINES_TOGETHER])


def _between_rows(box: TableBox) -> Iterator[float]:
    # The head does not stand alone, so a page never ends below it.
    top, pitch = box.content_top, box.look.line_px
    can_break_rows = not any(True for _ in box.formulas)
    for row, (above, below) in enumerate(pairwise(box.row_tops)):
        if below - above > TALL_ROW_PX and can_break_rows:
            lines = int((below - above - 2 * box.row_pad) / pitch)
            yield from (top + above + box.row_pad + n * pitch for n in range(LINES_TOGETHER, lines - 1))
        if row and below < box.row_tops[-1]:
            yield top + below
