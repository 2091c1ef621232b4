"""A text that grows is read to the end of what is finished once, and looks as if it were read whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.markup import inline
from desktop_chat.markup.inline import Inliner
from desktop_chat.markup.rules import parser
from tests.markup.test_stream import CASES

LINKS = {"FOO": {"href": "/u", "title": ""}}
PIECES = st.sampled_from([
    "word", "text ", "**", "*", "_", "~~", "~", " ", "\n", "  \n", "`", "``", "[", "]", "(", "](x)", "![", "[foo]", "$",
    "$x$", "\\", "\\(", "\\)", "\\[", "&amp;", "&", "<http://a.b>", "<", "http://x.y/z", "www.a.com", "a@b.cd", "[^1]",
    "é中", "**b** ", "*i*", "`c` ", "[t](u) ", "snake_case", ". ", " $5 ",
])  # fmt: skip


@pytest.mark.parametrize("step", [3, 10])
@settings(max_examples=CASES // 4)
@given(pieces=st.lists(PIECES, max_size=24))
def test_reading_on_gives_what_reading_at_once_gives(step: int, pieces: list[str]) -> None:
    read = Inliner(parser(), LINKS)
    text = ""
    before, inline.STEP = inline.STEP, step
    try:
        for piece in pieces:
            text += piece
            read.finish(text.strip())

            assert read.runs(text.strip()) == Inliner(parser(), LINKS).runs(text.strip())
    finally:
        inline.STEP = before


def test_only_the_end_of_a_long_paragraph_is_read_again() -> None:
    read = Inliner(parser(), {})
    text = ""
    for _ in range(40):
        text += "a few **bold** words and `code`, "
        finished = read.finish(text.strip())

    assert len(text) - finished < 3 * inline.STEP


def test_a_marker_without_its_other_half_keeps_everything_open() -> None:
    read = Inliner(parser(), {})

    assert read.finish("**bold " + "word " * 100) == 0
