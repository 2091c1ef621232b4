"""Copying parts of paragraphs, lists, code and tables: each form says exactly what is selected, with its looks."""

import re
from collections.abc import Callable

import pytest
from PySide6.QtGui import QGuiApplication

from desktop_chat.domain.blocks import Text
from desktop_chat.ui.transcript.page.selection import Position
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

LOOKS = (
    "A paragraph with **bold words**, *italic*, ***both***, ~~struck~~, `inline code`, "
    "a [named link](https://example.org/path), https://bare.example/x and $x^2$."
)


def find(view: TranscriptView, words: str) -> tuple[int, int, int]:
    """Row, box and place of some words."""
    assert view.column is not None
    for row in range(len(view.column.rows)):
        for index, box in enumerate(view.column.item(row).boxes):
            if words in box.text:
                return row, index, box.text.index(words)
    raise AssertionError(words)


def copy(view: TranscriptView, start: str, stop: str) -> tuple[str, str, str]:
    """Select from the beginning of some words to the end of others: Markdown, plain text and HTML."""
    first, last = find(view, start), find(view, stop)
    view.reading.selection.start(Position(*first))
    view.reading.selection.head = Position(last[0], last[1], last[2] + len(stop))
    assert view.reading.copy_selection()
    data = QGuiApplication.clipboard().mimeData()
    return bytes(data.data("text/markdown").data()).decode(), data.text(), re.sub(r"<!--.*?-->", "", data.html())


Replied = Callable[[str], TranscriptView]


@pytest.fixture
def replied(make_view: MakeView, session: ToldSession) -> Replied:
    def reply(text: str) -> TranscriptView:
        session.replies(Text(text))
        return make_view(session)

    return reply


def test_a_part_of_a_paragraph_keeps_its_looks(replied: Replied) -> None:
    view = replied(LOOKS)

    markdown, plain, html = copy(view, "words,", "https://bare")

    assert markdown == (
        "**words**, *italic*, ***both***, ~~struck~~, `inline code`, "
        "a [named link](https://example.org/path), [https://bare](https://bare.example/x)"
    )
    assert plain == "words, italic, both, struck, inline code, a named link, https://bare"
    assert "<strong>words</strong>" in html
    assert "<s>struck</s>" in html and "<code>inline code</code>" in html
    assert '<a href="https://example.org/path">named link</a>' in html
    assert '<a href="https://bare.example/x">https://bare</a>' in html


def test_marks_are_cut_at_both_ends(replied: Replied) -> None:
    view = replied(LOOKS)

    assert copy(view, "ld wor", "ld wor")[0] == "**ld wor**"
    assert copy(view, "line co", "line co")[0] == "`line co`"
    assert copy(view, "med li", "med li")[::2] == (
        "[med li](https://example.org/path)",
        '<p><a href="https://example.org/path">med li</a></p>\n',
    )


def test_a_formula_is_copied_whole_wherever_it_is_cut(replied: Replied) -> None:
    view = replied("so \\(a^2 + b\\) is\n\n$$\nx + y = z\n$$\n\n| n | f |\n|---|---|\n| one | with $k_1 + 2$ |\n\nend")

    assert copy(view, "so", "a^2")[:2] == ("so \\(a^2 + b\\)",) * 2
    assert copy(view, "b\\)", "is")[:2] == ("\\(a^2 + b\\) is",) * 2
    assert copy(view, "^2", "^2")[1:] == ("\\(a^2 + b\\)", "<p>\\(a^2 + b\\)</p>\n")
    assert copy(view, "y = ", "z")[0] == "$$\nx + y = z\n$$"
    assert copy(view, "1 + 2", "1 + 2")[:2] == ("$k_1 + 2$",) * 2
    assert copy(view, "one", "_1")[:2] == ("|  |  |\n| --- | --- |\n| one | with $k_1 + 2$ |", "one\twith $k_1 + 2$")


def test_lists_that_begin_or_end_within_an_item_stay_lists(replied: Replied) -> None:
    view = replied("1. one **two**\n2. three\n   - four *five* six\n   - seven")

    assert copy(view, "one", "four fi")[:2] == (
        "1. one **two**\n2. three\n\n   - four *fi*",
        "1. one two\n2. three\n  • four fi",
    )
    assert copy(view, "five", "sev")[0] == "*five* six\n\n- sev"
    assert copy(view, "four", "seven")[0] == "- four *five* six\n- seven"


def test_words_out_of_a_heading_are_words_and_a_heading_with_what_follows_is_one(replied: Replied) -> None:
    view = replied("## One *two* three\n\nfour five")

    assert copy(view, "two th", "two th")[0] == "*two* th"
    assert copy(view, "two", "four")[::2] == ("## *two* three\n\nfour", "<h2><em>two</em> three</h2>\n<p>four</p>\n")


def test_a_part_of_a_table_is_a_table_and_a_part_of_a_cell_its_words(replied: Replied) -> None:
    view = replied("| a | b |\n|---|--:|\n| **one** | two |\n| three | four |")

    assert copy(view, "on", "on")[0] == "**on**"
    markdown, plain, html = copy(view, "ne\ttwo", "thr")
    assert markdown == "|  |  |\n| --- | --: |\n| **ne** | two |\n| thr |  |"
    assert plain == "ne\ttwo\nthr"
    assert "<th" not in html and "<td><strong>ne</strong></td>" in html


def test_a_part_of_code_is_code(replied: Replied) -> None:
    view = replied("```python\nx = a * b * c\ny = 2\n```")

    assert copy(view, "a * b", "a * b")[:2] == ("`a * b`", "a * b")
    assert copy(view, "b * c", "y =")[0] == "```python\nb * c\ny =\n```"


def test_what_a_person_typed_is_copied_as_typed(make_view: MakeView, session: ToldSession) -> None:
    session.asks("some **typed** words")

    assert copy(make_view(session), "**typed", "wo")[:2] == ("**typed** wo", "**typed** wo")


def test_links_by_reference_bring_their_definitions(replied: Replied) -> None:
    view = replied(
        "See [the docs][d] and [more][].\n\nOther words.\n\n[d]: https://example.org/d\n[more]: https://e.org"
    )

    markdown, _, html = copy(view, "See", "Other")

    assert markdown == (
        "See [the docs][d] and [more][].\n\n[d]: https://example.org/d\n\n[more]: https://e.org\n\nOther"
    )
    assert '<a href="https://example.org/d">the docs</a>' in html


def test_a_part_of_a_quote_is_a_quote_with_what_follows(replied: Replied) -> None:
    view = replied("> one **two** three\n>\n> four")

    assert copy(view, "two", "fo")[0] == "> **two** three\n\n> fo"
    assert copy(view, "two", "thr")[0] == "**two** thr"


@pytest.mark.parametrize(
    "text",
    ["See ↩\ufe0e there", "```\nback = '↩\ufe0e'\n```", "a[^1]\n\n[^1]: the sign is ↩\ufe0e here"],
    ids=["paragraph", "code", "footnote"],
)
def test_a_sign_that_was_written_is_copied_though_it_looks_like_one_of_ours(replied: Replied, text: str) -> None:
    view = replied(text)
    view.reading.select_all()

    assert view.reading.copy_selection()

    assert QGuiApplication.clipboard().mimeData().text().count("↩\ufe0e") == 1


def test_a_part_of_a_footnote_keeps_a_sign_that_was_written(replied: Replied) -> None:
    view = replied("a[^1]\n\n[^1]: the sign is ↩\ufe0e here")

    assert copy(view, "sign", "here")[1] == "sign is ↩\ufe0e here"
