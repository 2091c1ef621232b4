"""Code blocks."""

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from desktop_chat.markup.leaves import Code, Growing
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Place
from desktop_chat.ui.transcript.boxes.code import CodeBox, CodeView
from desktop_chat.ui.transcript.boxes.code_lines import LONGEST_LINE
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.utf16 import units


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


LONG = "\n".join(f"line {n} " + "x" * (n % 7) for n in range(85))


def labels(box: CodeBox) -> list[str]:
    return [spot.label for spot in box.hot_spots()]


def test_a_long_block_is_folded_and_says_how_many_lines_there_are(theme: Theme) -> None:
    box = CodeBox(code(LONG), Look(theme), Place(), no_colors)
    box.layout(600)
    folded = box.height

    assert labels(box)[-1] == "Show all 85 lines"
    box.turn_fold()
    box.layout(600)

    assert box.height > 3 * folded
    assert labels(box)[-1] == "Show less"


def test_a_folded_block_is_copied_selected_and_read_whole(theme: Theme) -> None:
    box = CodeBox(code(LONG), Look(theme), Place(), no_colors)
    box.layout(600)

    assert (box.text, box.length) == (LONG, len(LONG))
    assert box.rects(0, len(LONG))[-1].bottom() < box.height
    assert box.hides(LONG.index("line 84")) and not box.hides(LONG.index("line 3"))


def test_a_block_that_grows_is_open_and_stays_open(theme: Theme) -> None:
    view = CodeView(is_open=True)
    box = CodeBox(code("a", is_closed=False), Look(theme), Place(), no_colors, view=view)
    box.grow(code(LONG, is_closed=False))
    growing = box.layout(600)
    box.grow(code(LONG))

    assert box.layout(600) == growing
    assert not box.is_folded


def test_what_is_read_on_paper_is_not_folded(qapp: QApplication) -> None:
    paper = Theme(qapp, choice="light", is_paper=True)
    box = CodeBox(code(LONG), Look(paper, code_wrap=True), Place(), no_colors)

    assert not box.is_folded
    paper.deleteLater()


def test_numbers_are_beside_the_text_and_not_in_it(theme: Theme) -> None:
    plain = CodeBox(code("first\nsecond"), Look(theme), Place(), no_colors)
    numbered = CodeBox(code("first\nsecond"), Look(theme, code_numbers=True), Place(), no_colors)
    plain.layout(600)
    numbered.layout(600)

    (before,), (after,) = plain.rects(0, 5), numbered.rects(0, 5)

    assert after.left() > before.left()
    assert numbered.hit(after.left() + 1, after.center().y()) == 0
    assert numbered.text == "first\nsecond"


def test_a_narrow_header_keeps_the_button_that_copies(theme: Theme) -> None:
    box = CodeBox(code("x"), Look(theme), Place(), no_colors)
    box.layout(110)

    assert labels(box) == ["Copy code"]


def test_folding_and_wrapping_agree(theme: Theme) -> None:
    box = CodeBox(code(LONG), Look(theme, code_wrap=True), Place(), no_colors)
    box.layout(120)
    folded = box.height
    last = box.rects(0, len(LONG))[-1]

    assert last.bottom() < folded
    assert box.hit(last.left() + 1, folded) < len(LONG)


def test_what_changes_of_a_folded_block_is_within_it(theme: Theme) -> None:
    box = CodeBox(code(LONG, is_closed=False), Look(theme), Place(), no_colors)
    box.layout(600)

    y = box.grow(code(LONG + "\nmore", is_closed=False))

    assert y is not None and y < box.layout(600) - 40
