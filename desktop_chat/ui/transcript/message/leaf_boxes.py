"""The box of each leaf, and where it stands below the one above it."""

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from desktop_chat.domain.ids import MessageId
from desktop_chat.markup.leaves import Code, Item, Leaf, Quote, Rule, Table, Text
from desktop_chat.ui.transcript.boxes.box import Box, Place, Shell
from desktop_chat.ui.transcript.boxes.code import CodeBox, CodeView
from desktop_chat.ui.transcript.boxes.formula import FormulaBox
from desktop_chat.ui.transcript.boxes.math import is_alone
from desktop_chat.ui.transcript.boxes.rule import RuleBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.table_rest import TableRestBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.look import Look

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.message.parts import Page


def make_box(page: "Page", key: tuple[MessageId, int], leaf: Leaf, place: Place, *, is_open: bool = False) -> Box:
    """The box of a leaf.

    Args:
        page: What all parts share.
        key: Its message and its part.
        leaf: What to show.
        place: Where it stands.
        is_open: Long code is shown whole, unless the reader folds it.
    """
    match leaf:
        case Text(runs) if page.pictures is not None and any(run.image for run in runs):
            # Here, because most conversations have no pictures, and the start of the program need not wait for this.
            from desktop_chat.ui.transcript.boxes.image import PictureBox

            return PictureBox(leaf, page.look, place, page.pictures())
        case Text(runs) if is_alone(runs):
            return FormulaBox(leaf, page.look, place)
        case Text():
            return TextBox(leaf, page.look, place)
        case Code():
            view = page.code_view(key, leaf.start, is_open=is_open)
            return CodeBox(leaf, page.look, place, page.make_highlight, view=view)
        case Table():
            return TableBox(leaf, page.look, place)
        case Rule():
            return RuleBox(leaf, page.look, place)


def glance_box(page: "Page", key: tuple[MessageId, int], leaf: Leaf, place: Place, *, is_cut: bool) -> Box:
    """The box of a leaf of text that was not read yet; `is_cut` says that its beginning is not there."""
    place = replace(place, gap=0) if is_cut else place
    if is_cut and isinstance(leaf, Table):
        return TableRestBox(leaf, page.look, place)
    if not isinstance(leaf, Code):
        return make_box(page, key, leaf, place)
    view = CodeView(is_open=is_cut)
    return CodeBox(leaf, page.look, place, page.make_highlight, has_header=not is_cut, view=view)


def place_of(look: Look, base: Place, above: Leaf | None, leaf: Leaf) -> Place:
    """Where a leaf stands below the one above it."""
    gap = base.gap if above is None else _steps_between(above, leaf) * look.step
    joined = _shared_quotes(above, leaf) if above is not None else 0
    return _place(base, round(gap), joined, above is None)


@lru_cache(maxsize=256)
def _place(base: Place, gap: float, joined: int, is_first: bool) -> Place:
    # There are few places, and making one anew for every leaf of a flush takes longer than all about it.
    return Place(
        gap=gap,
        left=base.left,
        right=base.right,
        shell=base.shell,
        is_first=base.is_first and is_first,
        is_last=False if base.shell is not Shell.NONE else base.is_last,
        joined=joined,
        tone=base.tone,
    )


def _steps_between(above: Leaf, leaf: Leaf) -> float:
    if isinstance(leaf, Text) and leaf.plain and isinstance(above, Text) and above.plain:
        return 0
    if isinstance(leaf, Text) and leaf.level:
        return 5 if leaf.level <= 2 else 4
    if isinstance(above, Text) and above.level:
        return 2
    if not (isinstance(above, Text) and isinstance(leaf, Text)):
        return 3
    if _is_listed(above) and _is_listed(leaf):
        return 1
    return 2.5


def _is_listed(leaf: Leaf) -> bool:
    return any(isinstance(frame, Item) for frame in leaf.frames)


def _shared_quotes(above: Leaf, leaf: Leaf) -> int:
    mine = sum(1 for frame in leaf.frames if isinstance(frame, Quote))
    theirs = sum(1 for frame in above.frames if isinstance(frame, Quote))
    return min(mine, theirs)
