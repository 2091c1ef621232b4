"""Leaves written as Markdown again: what is written reads back as what it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.markup.leaves import Run, Style, Table, Text
from desktop_chat.markup.parser import parse
from desktop_chat.markup.written import runs_written, written

BOLD, ITALIC = Style.BOLD, Style.ITALIC


@pytest.mark.parametrize(
    "source",
    [
        "A **bold** and *italic*, ***both***, ~~struck~~ and `code` word",
        "*a **b** c*",
        "a [link](https://example.org/path), https://bare.example/x and <x@example.org>",
        "**[bold link](https://example.org)**",
        "a [**bold** link](https://example.org) here",
        "2 * 3 < 4 and a_b_c, x\\* y",
        "1\\. not a list",
        "\\# not a heading",
        "a\\\nb",
        "`` a`b `` and $x^2$",
        "\\<div> &amp;lt;",
        "![picture](https://example.org/p.png)",
        "a&#91;1&#93;(b)",
        "here[^1], another[^note][^1]",
        "[^note]: **text** of [^1]",
    ],
)
def test_a_paragraph_reads_back_as_it_was(source: str) -> None:
    leaf = parse(source)[0]

    again = parse(written(leaf))

    assert len(again) == 1
    assert isinstance(leaf, Text) and isinstance(again[0], Text)
    assert again[0].runs == leaf.runs


def test_marks_of_footnotes_keep_their_labels() -> None:
    text, note = parse("one[^a], two[^b] and [^a]\n\n[^b]: the *second*\n[^a]: x")[:2]

    assert isinstance(text, Text) and isinstance(note, Text)
    assert text.text == "one[1], two[2] and [1]"
    assert written(text) == "one[^a], two[^b] and [^a]"
    assert written(note) == "[^b]: the *second*"


def test_nothing_is_escaped_that_needs_not_be() -> None:
    runs = (Run("a (b) [c] - d_e, 5 * 6: "), Run("x", BOLD), Run("! 1 < 2 & 3"))

    assert runs_written(runs) == "a (b) [c] - d_e, 5 \\* 6: **x**! 1 < 2 & 3"


def test_emphasis_within_a_word_and_beside_other_emphasis_is_kept() -> None:
    runs = (Run("a"), Run("'b'", BOLD), Run("c"), Run("d", ITALIC), Run("e", BOLD), Run("f", ITALIC))

    again = parse(runs_written(runs))[0]

    assert isinstance(again, Text)
    assert again.runs == runs


def test_a_table_reads_back_as_it_was() -> None:
    table = parse("| a **b** | `c\\|d` |\n|:-:|--:|\n| 1 \\| 2 | [x](https://e.org) |\n")[0]

    again = parse(written(table))[0]

    assert isinstance(table, Table) and isinstance(again, Table)
    assert (again.header, list(again.rows), again.alignments) == (table.header, list(table.rows), table.alignments)


WORDS = st.text("ab1 .*_`[]()<>&\\~!#-+|$:'", min_size=1, max_size=8)
STYLES = st.sampled_from([Style.PLAIN, BOLD, ITALIC, BOLD | ITALIC, Style.STRIKE, Style.CODE, Style.CODE | BOLD])
RUNS = st.lists(st.builds(Run, WORDS, STYLES, st.sampled_from(["", "", "https://example.org/a_(b)"])), max_size=5)


@settings(max_examples=150, deadline=None)
@given(RUNS)
def test_all_text_is_kept_whatever_it_holds(runs: list[Run]) -> None:
    text = "".join("".join(run.text for run in runs).split())

    leaves = parse(runs_written(runs))

    assert all(isinstance(leaf, Text) for leaf in leaves)
    assert "".join("".join(leaf.text for leaf in leaves if isinstance(leaf, Text)).split()) == text
