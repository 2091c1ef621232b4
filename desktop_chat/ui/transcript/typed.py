"""The part of a message that the person typed: a bubble, folded while it is long."""

from desktop_chat.domain.ids import MessageId
from desktop_chat.markup.leaves import Code
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.transcript.boxes.box import Box, Place, Shell, Toggle
from desktop_chat.ui.transcript.boxes.card import LineBox, Piece
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.leaf_boxes import make_box
from desktop_chat.ui.transcript.parts import Page, Part
from desktop_chat.ui.transcript.plain import plain_leaves
from desktop_chat.ui.transcript.words import tr

BUBBLE_SHARE = 0.8
"""Of the column, at most, for the person's message."""
LONG_LINES = 30
LONG_CHARACTERS = 4_000
"""What a person typed or pasted is folded beyond either of these."""
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

    @property
    def source(self) -> str:
        return self._text

    @property
    def is_folded(self) -> bool:
        return self._shown is not None and self.key not in self.page.unfolded

    def build(self) -> list[Box]:
        step = self.page.look.step
        leaves = plain_leaves(self._shown if self.is_folded and self._shown is not None else self._text)
        can_fold = self._shown is not None
        boxes: list[Box] = []
        for index, leaf in enumerate(leaves):
            is_first, is_last = index == 0, index == len(leaves) - 1 and not can_fold
            after_code = isinstance(leaf, Code) or (index > 0 and isinstance(leaves[index - 1], Code))
            gap = self._gap if is_first else (2 * step if after_code else 0)
            place = self._place(gap, is_first=is_first, is_last=is_last)
            if self.is_folded and isinstance(leaf, Code) and leaf is leaves[-1]:
                # Cut off: a button that copies code would copy only what is left of it.
                boxes.append(CodeBox(leaf, self.page.look, place, self.page.make_highlight, has_header=False))
            else:
                boxes.append(make_box(self.page, self.key, leaf, place, is_open=True))
        if can_fold:
            boxes.append(self._fold(len(boxes) == 0))
        return boxes

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
