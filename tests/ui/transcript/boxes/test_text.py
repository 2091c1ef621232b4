"""Paragraphs."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from desktop_chat.markup.leaves import TO_REFERENCE, Item, Quote, Run, Style, Text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Place, State
from desktop_chat.ui.transcript.boxes.text import BACK, TextBox, can_open, is_rtl
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.page.selection import line_at, word_at
from desktop_chat.ui.utf16 import cut, units


def box(theme: Theme, *runs: Run, width: float = 300) -> TextBox:
    made = TextBox(Text(runs), Look(theme), Place())
    made.layout(width)
    return made


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("hello", False), ("שלום", True), ("... مرحبا", True), ("1) abc שלום", False), ("漢字", False), ("123", False)],
)
def test_direction_is_that_of_the_first_strong_character(text: str, wanted: bool) -> None:
    assert is_rtl(text) is wanted


@pytest.mark.parametrize("href", ["javascript:x", "file:///etc", "data:text/html,x", "ftp://x", "", "//x"])
def test_only_web_and_mail_can_be_opened(href: str) -> None:
    assert not can_open(href)


def test_offsets_count_as_qt_does(theme: Theme) -> None:
    made = box(theme, Run("🚀 a "), Run("code", Style.CODE), Run(" 🚀"))

    at = units("🚀 a ")
    (rect,) = made.rects(at, at + 4)

    assert made.part(at, at + 4) == "code"
    assert made.hit(rect.left() + 1, rect.center().y()) == at
    assert made.length == units("🚀 a code 🚀")


def test_cutting_by_units_takes_whole_characters() -> None:
    assert cut("a🚀b", 1, 3) == "🚀"


def test_a_longer_text_differs_only_from_its_last_lines_on(theme: Theme) -> None:
    words = "word " * 100
    old, new = box(theme, Run(words)), box(theme, Run(words + "more"))

    assert new.first_change(old) > new.height - 4 * new.line_height


def test_words_and_lines_are_found_behind_characters_of_two_units() -> None:
    text = "🚀🚀 one\ntwo words"

    assert word_at(text, 6) == (5, 8)
    assert line_at(text, 12) == (9, 18)


@pytest.mark.parametrize("marker", ["•", "2.", ""])
def test_the_marker_of_an_item_is_where_its_text_begins(theme: Theme, marker: str) -> None:
    frames = (Item("", None), Item(marker, None if marker else True))
    seen = []
    for words in ("word", "שלום"):
        made = TextBox(Text((Run(words),), frames=frames), Look(theme), Place())
        made.layout(300)
        image = QImage(300, int(made.height), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        made.paint(painter, 0, 0, QRectF(image.rect()), State())
        painter.end()
        (rect,) = made.rects(0, 4)
        inked = [
            x
            for x in range(300)
            for y in range(image.height())
            if image.pixelColor(x, y) != QColor(Qt.GlobalColor.white)
        ]
        beside = [x for x in inked if not rect.left() - 1 <= x <= rect.right() + 1]
        assert beside
        seen.append((all(x < rect.left() for x in beside), all(x > rect.right() for x in beside)))
        assert made.hit(rect.left() + 1, rect.center().y()) == (4 if made.is_rtl else 0)
        indent = 2 * Look(theme).indent
        assert (rect.left() if not made.is_rtl else 300 - rect.right()) == pytest.approx(indent, abs=2)

    assert seen == [(True, False), (False, True)]


def test_only_what_can_be_opened_looks_like_a_link(theme: Theme) -> None:
    look = Look(theme)
    colors = []
    for href in ("https://example.org", "../notes.md", "#part"):
        made = box(theme, Run("words", href=href))
        assert made._layout is not None
        (format_range,) = made._layout.formats()
        colors.append(format_range.format.foreground().color())
        assert bool(made.hot_spots()) == href.startswith("https")

    assert colors[0] == look.color("accent")
    assert look.color("accent") not in colors[1:]


def inked_columns(made: TextBox, width: int) -> set[int]:
    """Where a box has painted anything."""
    image = QImage(width, int(made.height), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    made.paint(painter, 0, 0, QRectF(image.rect()), State())
    painter.end()
    white = QColor(Qt.GlobalColor.white)
    return {x for x in range(width) if any(image.pixelColor(x, y) != white for y in range(image.height()))}


def test_the_bar_of_a_quote_stands_where_its_lines_begin(theme: Theme) -> None:
    for words, is_left in (("word", True), ("שלום", False)):
        made = TextBox(Text((Run(words),), frames=(Quote(),)), Look(theme), Place())
        made.layout(300)
        inked = inked_columns(made, 300)

        assert (0 in inked) is is_left
        assert (299 in inked) is not is_left
        (rect,) = made.rects(0, 4)
        assert rect.left() >= 0 and rect.right() <= 300


def test_inline_code_has_room_on_both_sides_from_right_to_left(theme: Theme) -> None:
    words = box(theme, Run("שלום "), Run("code", Style.CODE), Run(" שלום"))
    (before,), (code,), (behind,) = words.rects(0, 4), words.rects(5, 9), words.rects(10, 14)

    assert behind.right() < code.left() < code.right() < before.left()
    bare = box(theme, Run("שלום שלום"))
    (one,), (two,) = bare.rects(0, 4), bare.rects(5, 9)
    space = one.left() - two.right()
    assert code.left() - behind.right() >= space + words.look.pill - 1


NOTE = (Run("[1]", Style.SUPERSCRIPT, f"{TO_REFERENCE}1"), Run("↩\ufe0e "), Run("a cat", href="cat.png", image=True))


def test_a_footnote_with_a_picture_is_said_without_its_signs(theme: Theme) -> None:
    assert box(theme, *NOTE).spoken == "[1]↩\ufe0e Picture: a cat"


def test_on_paper_nothing_leads_back_from_a_footnote(qapp: QApplication) -> None:
    paper = Theme(qapp, choice="light", is_paper=True)

    assert BACK not in box(paper, NOTE[0], NOTE[2]).text
