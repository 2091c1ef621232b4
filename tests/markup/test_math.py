"""Formulas are told from prices, and stay the text they were written as."""

import pytest

from desktop_chat.markup.leaves import Style, Text
from desktop_chat.markup.math import formula, without_open
from desktop_chat.markup.parser import parse


def formulas(source: str) -> list[str]:
    return [
        run.text for leaf in parse(source) if isinstance(leaf, Text) for run in leaf.runs if Style.MATH in run.style
    ]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("so $x^2$ and \\(y_1\\).", ["$x^2$", "\\(y_1\\)"]),
        ("$$\na = b\n$$", ["$$\na = b\n$$"]),
        ("text\n\\[\na*b*c\n\\]\nmore", ["\\[\na*b*c\n\\]"]),
        ("text\n$$a$$\nmore", ["$$a$$"]),
        ("> $$\n> a\n> $$", ["$$\na\n$$"]),
        ("- item\n  \\[ a \\]", ["\\[ a \\]"]),
        ("in text $$a$$ too", ["$$a$$"]),
        ("$a_1*b*c_1$", ["$a_1*b*c_1$"]),
    ],
)
def test_formulas_are_found(source: str, found: list[str]) -> None:
    assert formulas(source) == found


@pytest.mark.parametrize(
    "source",
    [
        "it costs $5 and $10", "US$5 or A$7", "\\$x\\$", "`$x$`", "a $ b $ c", "```\n$$\nx\n$$\n```", "$$\nno end\n\n$$",
        "\\[link](x)", "\\(\\)", "pay $ 5, then 6$", "    $$\n    x\n    $$",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_text(source: str) -> None:
    assert formulas(source) == []


def test_the_marks_are_taken_away_for_drawing() -> None:
    assert formula("$x$") == ("x", False)
    assert formula("\\(x\\)") == ("x", False)
    assert formula("$$\nx\n$$") == ("x", True)
    assert formula("\\[ x \\]") == ("x", True)


def test_a_formula_of_its_own_is_one_leaf() -> None:
    before, math, after = parse("before\n$$\nx\n$$\nafter")

    assert isinstance(math, Text) and [run.style for run in math.runs] == [Style.MATH]
    assert (before.start, math.start, math.end, after.start) == (0, 7, 14, 15)


@pytest.mark.parametrize("source", ["so $x^", "so \\(a", "so \\[", "so $$a", "so "])
def test_a_formula_appears_when_it_is_whole(source: str) -> None:
    assert without_open(source) == "so "


@pytest.mark.parametrize("source", ["it costs $5", "US$", "so $x$ is", "so \\(a\\) is", "`$x`", "a \\$b"])
def test_other_text_is_not_held_back(source: str) -> None:
    assert without_open(source) == source
