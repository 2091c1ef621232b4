"""The part of a message that the person typed: a bubble, folded while it is long."""

from collections.abc import Iterator
from time import thread_time

from desktop_chat.domain.ids import MessageId
from desktop_chat.markup.leaves import Code, Leaf
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.transcript.boxes.box import Box, Place, Shell, Toggle
from desktop_chat.ui.transcript.boxes.card import LineBox, Piece
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.message.leaf_boxes import make_box
from desktop_chat.ui.transcript.message.parts import SLICE_S, Dirty, Page, Part
from desktop_chat.ui.transcript.message.plain import read_plainly
from desktop_chat.ui.transcript.words import tr

BUBBLE_SHARE = 0.8
"""Of the column, at most, for the person's message."""
LONG_LINES = 30
LONG_CHARACTERS = 4_000
"""What a person typed or pasted is folded beyond either of these."""
MANY_LEAVES = 60
"""Of what was unfolded; more come in slices."""
FOLDED_LINES = 12
FOLDED_CHARACTERS = 1_200


class TypedPart(Part):
    """What the person typed, in a bubble; only the beginning of it while it is long and folded.

    Args:
        page: What all parts share.
        key: Its message and its place among the parts.
        text: As typed.
        gap: Above it.
    """

    def __init__(self, page: Page, key: tuple[MessageId, int], text: str, gap: float) -> None:
        super().__init__(page)
        self.key = key
        self._text = text
        self._gap = gap
        self._shown = None if page.look.theme.is_paper else beginning(text)
        self._was_folded: bool | None = None
        self._leaves: list[Leaf] = []
        """Those that have boxes, and the next one."""
        self._rest: Iterator[Leaf] = iter(())
        self._is_complete = False

    @property
    def source(self) -> str:
        return self._text

    @property
    def is_folded(self) -> bool:
        return self._shown is not None and self.key not in self.page.unfolded

    @property
    def has_more(self) -> bool:
        return self._was_folded is not None and not self._is_complete

    def take_over(self, old: Part) -> None:
        if isinstance(old, TypedPart) and old._was_folded is False and len(old._leaves) > MANY_LEAVES:
            # Each box is made anew when it comes near: there may be thousands.
            self._was_folded, self._is_complete = False, old._is_complete
            self._leaves, self._rest, self.boxes = old._leaves, old._rest, old.boxes

    def renew(self, index: int) -> Box:
        if self._shown is not None and index == len(self.boxes) - 1:
            self.boxes[index] = self._fold(index == 0)
        elif index < len(self._leaves):
            self.boxes[index] = self._box(index)
        return self.boxes[index]

    def update(self) -> Dirty:
        if self.is_folded is not self._was_folded:
            self._was_folded, self._is_complete = self.is_folded, False
            self._leaves, self.boxes = [], []
            self._rest = read_plainly(self._shown if self.is_folded and self._shown is not None else self._text)
        foot = self.boxes.pop() if self._shown is not None and self.boxes else None
        first, until = len(self.boxes), thread_time() + SLICE_S
        while not self._is_complete and (len(self._leaves) <= MANY_LEAVES or thread_time() < until):
            leaf = next(self._rest, None)
            self._is_complete = leaf is None
            self._leaves += [leaf] if leaf is not None else []
            if len(self.boxes) < len(self._leaves) - (not self._is_complete):
                # The last one ends the bubble, so each is made when the one below it is known.
                self.boxes.append(self._box(len(self.boxes)))
        if self._shown is not None:
            self.boxes.append(foot or self._fold(first == len(self.boxes)))
        return Dirty(first)

    def _box(self, index: int) -> Box:
        leaf, above = self._leaves[index], self._leaves[index - 1] if index else None
        is_last = index == len(self._leaves) - 1
        gap = self._gap if above is None else 0
        if above is not None and (isinstance(leaf, Code) or isinstance(above, Code)):
            gap = 2 * self.page.look.step
        place = self._place(gap, is_first=above is None, is_last=is_last and self._shown is None)
        if self.is_folded and isinstance(leaf, Code) and is_last:
            # Cut off: a button that copies code would copy only what is left of it.
            return CodeBox(leaf, self.page.look, place, self.page.make_highlight, has_header=False)
        return make_box(self.page, self.key, leaf, place, is_open=True)

    def _place(self, gap: float, *, is_first: bool, is_last: bool) -> Place:
        step = self.page.look.step
        return Place(
            gap=gap,
            left=3.5 * step,
            right=3.5 * step,
            share=1 - BUBBLE_SHARE,
            top=2.5 * step if is_first else 0,
            bottom=2.5 * step if is_last else 0,
            shell=Shell.BUBBLE,
            is_first=is_first,
            is_last=is_last,
        )

    def _fold(self, is_first: bool) -> Box:
        look = self.page.look
        if self.is_folded:
            lines = self._text.count("\n") + 1
            count = count_text(lines if lines > FOLDED_LINES else len(self._text))
            words = (
                tr("Show all {n} lines", n=count) if lines > FOLDED_LINES else tr("Show all {n} characters", n=count)
            )
        else:
            words = tr("Show less")
        sign = Piece("▸" if self.is_folded else "▾", "secondary", "small", label="")
        place = self._place(look.step, is_first=is_first, is_last=True)
        return LineBox([sign, Piece(words, "secondary")], look, place, act=Toggle(self.key[1]), height=look.line_px)


def beginning(text: str) -> str | None:
    """What is shown of a long message while it is folded; `None` if it is not long."""
    lines = text.split("\n", LONG_LINES)
    if len(lines) <= LONG_LINES and len(text) <= LONG_CHARACTERS:
        return None
    shown = "\n".join(lines[:FOLDED_LINES])
    if len(shown) > FOLDED_CHARACTERS:
        shown = shown[:FOLDED_CHARACTERS].rsplit(" ", 1)[0]
    return shown.rstrip() + " …"
