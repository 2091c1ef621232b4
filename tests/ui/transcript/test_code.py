"""Code blocks."""

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from desktop_chat.markup.leaves import Code, Growing
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Place, units
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.code_lines import LONGEST_LINE
from desktop_chat.ui.transcript.look import Look


def code(text: str, *, is_closed: bool = True) -> Code:
    return Code(Growing(text.split("\n")), "python", is_closed)


def no_colors(_language: str) -> None:
    return None


@given(st.lists(st.sampled_from(["a", "\n", "word ", "🚀", "\t", "漢字"]), max_size=40))
@settings(max_examples=60)
def test_a_block_that_grew_is_like_one_made_whole(qapp: QApplication, pieces: list[str]) -> None:
    look = Look(Theme(qapp, choice="light"))
    grown = CodeBox(code("", is_closed=False), look, Place(), no_colors)
    text = ""
    for piece in pieces:
        text += piece
        grown.grow(code(text, is_closed=False))
        grown.layout(400)
    whole = CodeBox(code(text), look, Place(), no_colors)

    assert whole.layout(400) == grown.layout(400)
    assert (whole.text, whole.length) == (grown.text, grown.length)
    assert whole.length == units(text)


def test_hits_and_rectangles_agree(theme: Theme) -> None:
    box = CodeBox(code("first\nsecond 🚀 line\nthird"), Look(theme), Place(), no_colors)
    box.layout(400)
    at = units("first\nsecond 🚀 ")

    (rect,) = box.rects(at, at + 4)

    assert box.hit(rect.left() + 1, rect.center().y()) == at
    assert box.part(at, at + 4) == "line"


def test_a_very_long_line_is_shortened_on_the_page_and_whole_when_copied(theme: Theme) -> None:
    text = "x" * 300_000
    box = CodeBox(code(text), Look(theme, code_wrap=True), Place(), no_colors)

    box.layout(400)

    assert box.height < LONGEST_LINE
    assert box.text == text


def test_colors_come_line_by_line_and_an_open_line_waits(theme: Theme) -> None:
    seen: list[str] = []

    def make(_language: str):  # type: ignore[no-untyped-def]
        def highlight(line: str) -> list[tuple[int, int, str]]:
            seen.append(line)
            return []

        return highlight

    box = CodeBox(code("a\nb\nc", is_closed=False), Look(theme), Place(), make)
    box.layout(400)
    box.color_some()
    box.grow(code("a\nb\ncd\ne", is_closed=True))
    box.color_some()

    assert seen == ["a", "b", "cd", "e"]
