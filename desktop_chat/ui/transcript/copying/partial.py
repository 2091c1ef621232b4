"""A part of what a box shows, as a leaf of its own: what is copied of a paragraph, of code or of a table."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from desktop_chat.markup.leaves import Cell, Code, Frame, Growing, Item, Leaf, Quote, Run, Style, Table, Text
from desktop_chat.ui.utf16 import cut, units

_BEFORE = re.compile(r"[ \t]*(?:>[ \t]?|[-*+][ \t]+|\d{1,9}[.)][ \t]+|\[[ xX]\][ \t]+|[ \t]+)*")

_DEFINITION = re.compile(r"^ {0,3}\[([^\]\[\n^][^\]\[\n]*)\]:[ \t]*\S[^\n]*$", re.MULTILINE)


def part_of(leaf: Leaf, shown: Sequence[Run], start: int, stop: int, *, is_alone: bool) -> Leaf | None:
    """What stands between two places of a leaf.

    Args:
        leaf: The whole of it.
        shown: Of a text, its runs as they are on the page, which the places count in.
        start: UTF-16, in the text of its box.
        stop: As `start`.
        is_alone: Nothing else is copied with it: words out of a heading or an item are just words.
    """
    frames = () if is_alone else _frames(leaf, is_begun=start > 0)
    match leaf:
        case Text():
            return replace(leaf, runs=_cut(leaf.runs, shown, start, stop), frames=frames, level=_level(leaf, is_alone))
        case Code():
            text = cut(leaf.text, start, stop)
            if is_alone and "\n" not in text:
                return Text((Run(text, Style.CODE),))
            return replace(leaf, lines=Growing(text.split("\n")), is_closed=True, frames=frames)
        case Table():
            return _cells(leaf, start, stop, frames)
    return None


def widened(leaf: Leaf, shown: Sequence[Run], start: int, stop: int) -> tuple[int, int]:
    """A part of a leaf with all of each formula and footnote mark it touches: a part of one is none."""
    first, last = start, stop
    for at, end, run in placed_runs(leaf, shown):
        if run.style & (Style.MATH | Style.SUPERSCRIPT) and at < stop and start < end:
            first, last = min(first, at), max(last, end)
    return first, last


def placed_runs(leaf: Leaf, shown: Sequence[Run]) -> Iterator[tuple[int, int, Run]]:
    """The runs of a table or text, of which those `shown` are given, and where they begin and end in it."""
    cells = [cell for row in (leaf.header, *leaf.rows) for cell in row] if isinstance(leaf, Table) else [shown]
    at = 0
    for cell in cells:
        for run in cell:
            end = at + units(run.text)
            yield at, end, run
            at = end
        at += 1


def before(leaf: Leaf, source: str, *, is_begun: bool) -> tuple[str, str]:
    """What stands in the source before the first line of a leaf for the quotes and items around it, and before others.

    Of a leaf that `is_begun` before, only the quotes are left.
    """
    if is_begun:
        return ("> " * len(leaf.frames),) * 2
    if not leaf.frames or not source or leaf.start < 0:
        return "", ""
    found = _BEFORE.match(source, leaf.start)
    first = found[0] if found is not None else ""
    return first, re.sub(r"[^>\s]", " ", first)


def _level(leaf: Text, is_alone: bool) -> int:
    return 0 if is_alone else leaf.level


def _frames(leaf: Leaf, *, is_begun: bool) -> tuple[Frame, ...]:
    if is_begun:
        return tuple(frame for frame in leaf.frames if isinstance(frame, Quote))
    return leaf.frames


def _cut(runs: Sequence[Run], shown: Sequence[Run], start: int, stop: int) -> tuple[Run, ...]:
    return tuple(_between(runs, shown, start, stop))


def _between(runs: Sequence[Run], shown: Sequence[Run], start: int, stop: int) -> Iterator[Run]:
    at = 0
    for run, painted in zip(runs, shown, strict=True):
        length = units(painted.text)
        first, last = max(0, start - at), min(length, stop - at)
        at += length
        if first >= last:
            continue
        if (first, last) == (0, length) or run.image:
            yield run
        else:
            yield replace(run, text=cut(run.text, first, last))


def _cells(table: Table, start: int, stop: int, frames: tuple[Frame, ...]) -> Leaf | None:
    at, found = 0, {}
    for row, cells in enumerate((table.header, *table.rows)):
        for column, cell in enumerate(cells):
            length = sum(units(run.text) for run in cell)
            if at < stop and start < at + length:
                found[row, column] = _cut(cell, cell, start - at, stop - at)
            at += length + 1
        if at > stop:
            break
    if len(found) < 2:
        return Text(next(iter(found.values())), frames=frames) if found else None
    rows = range(min(row for row, _ in found), max(row for row, _ in found) + 1)
    columns = range(min(column for _, column in found), max(column for _, column in found) + 1)
    taken: list[tuple[Cell, ...]] = [tuple(found.get((row, column), ()) for column in columns) for row in rows]
    alignments = tuple(table.alignments[column] for column in columns)
    # Without its header a table has an empty one: what is below it is no title of anything.
    header = taken.pop(0) if rows[0] == 0 else tuple(() for _ in columns)
    return Table(header, Growing(taken), alignments, frames)


def missing_definitions(markdown: str, source: str) -> Iterator[str]:
    """The lines of a source that say where links of a part of it lead, if they are not in that part."""
    # Here, because an empty window is painted without the parser.
    from desktop_chat.markup.inline import labels_in

    wanted = labels_in(markdown)
    for found in _DEFINITION.finditer(source):
        label = labels_in(f"[{found[1]}]")
        if label & wanted and found[0] not in markdown:
            wanted -= label
            yield found[0].strip()


def is_item(leaf: Leaf | None) -> bool:
    """Whether a leaf stands in a list."""
    return leaf is not None and any(isinstance(frame, Item) for frame in leaf.frames)
