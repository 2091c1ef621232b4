"""What Markdown becomes."""

import pytest

from desktop_chat.markup.leaves import Code, Item, Quote, Rule, Run, Style, Table, Text
from desktop_chat.markup.parser import parse


def runs(source: str) -> tuple[Run, ...]:
    (leaf,) = parse(source)
    assert isinstance(leaf, Text)
    return leaf.runs


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("**a**", Run("a", Style.BOLD)),
        ("***a***", Run("a", Style.BOLD | Style.ITALIC)),
        ("**a **b** c**", Run("a b c", Style.BOLD)),
        ("~~a~~", Run("a", Style.STRIKE)),
        ("`a*`", Run("a*", Style.CODE)),
        ("[a](http://b)", Run("a", href="http://b")),
        ("<http://b>", Run("http://b", href="http://b")),
        ("![a *b*](c.png)", Run("a b", href="c.png", image=True)),
        ("[^1]", Run("[1]", Style.SUPERSCRIPT)),
        ("<b>a</b>", Run("<b>a</b>")),
        ("[a](javascript:b)", Run("[a](javascript:b)")),
        ("a\\*b &amp; c", Run("a*b & c")),
        ("a\nb", Run("a b")),
        ("a  \nb", Run("a\nb")),
    ],
)
def test_a_run_tells_its_look(source: str, expected: Run) -> None:
    assert runs(source) == (expected,)


@pytest.mark.parametrize(
    ("source", "text", "href"),
    [
        ("see https://a.b/c_d_e.", "https://a.b/c_d_e", "https://a.b/c_d_e"),
        ("(https://a.b/(c))", "https://a.b/(c)", "https://a.b/(c)"),
        ("**https://a.b**", "https://a.b", "https://a.b"),
        ("http://localhost:3000/x?y=1&z=2!", "http://localhost:3000/x?y=1&z=2", "http://localhost:3000/x?y=1&z=2"),
        ("看https://a.b/c，好", "https://a.b/c", "https://a.b/c"),
        ("www.a.com/x.", "www.a.com/x", "http://www.a.com/x"),
        ("to me@a.com, ok", "me@a.com", "mailto:me@a.com"),
    ],
)
def test_an_address_in_the_text_is_a_link(source: str, text: str, href: str) -> None:
    assert [(run.text, run.href) for run in runs(source) if run.href] == [(text, href)]


@pytest.mark.parametrize(
    "source", ["main.py and README.md", "xhttp://", "`https://a.b`", "a@b", "ftp://a.b", "https://"]
)
def test_what_only_resembles_an_address_is_text(source: str) -> None:
    assert not any(run.href for run in runs(source))


def test_a_link_is_not_made_within_a_link() -> None:
    assert runs("[see https://a.b](http://c)") == (Run("see https://a.b", href="http://c"),)


def test_line_breaks_are_kept_where_people_type() -> None:
    (leaf,) = parse("a\nb", keeps_breaks=True)

    assert isinstance(leaf, Text)
    assert leaf.text == "a\nb"


def test_a_marker_stands_on_the_first_leaf_of_its_item_only() -> None:
    leaves = parse("3. a\n\n   b\n   - [x] c\n4. > d")

    assert [leaf.frames for leaf in leaves] == [
        (Item("3."),),
        (Item(""),),
        (Item(""), Item("•", checked=True)),
        (Item("4."), Quote()),
    ]


def test_an_empty_item_is_seen() -> None:
    leaves = parse("- a\n-\n- c")

    assert [leaf.frames for leaf in leaves] == [(Item("•"),)] * 3


def test_a_table_has_its_alignments_and_full_rows() -> None:
    (leaf,) = parse("|a|b|c|\n|-|:-:|-:|\n|1|`x\\|y`|\n")

    assert isinstance(leaf, Table)
    assert leaf.alignments == ("", "center", "right")
    assert leaf.header == ((Run("a"),), (Run("b"),), (Run("c"),))
    assert list(leaf.rows) == [((Run("1"),), (Run("x|y", Style.CODE),), ())]


def test_a_heading_is_not_the_head_of_a_table() -> None:
    heading, _ = parse("# a|b\n|-|-|\n")

    assert isinstance(heading, Text)
    assert heading.level == 1


def test_code_tells_its_language_and_whether_it_is_closed() -> None:
    closed, indented, unclosed = parse("```c++ x=1\na\n\n```\n\n    b\n\n> ```\n> c")

    assert closed == Code(closed.lines, "c++", True, (), 0, 17)  # type: ignore[union-attr]
    assert list(closed.lines) == ["a", ""]  # type: ignore[union-attr]
    assert isinstance(indented, Code)
    assert indented.is_closed
    assert isinstance(unclosed, Code)
    assert not unclosed.is_closed
    assert unclosed.text == "c"


def test_a_footnote_definition_begins_a_paragraph_with_its_mark() -> None:
    _, first, second = parse("x[^a] y[^b]\n\n[^a]: one two\n[^b]: http://x")

    assert isinstance(first, Text)
    assert isinstance(second, Text)
    assert first.runs == (Run("[1]", Style.SUPERSCRIPT, "#fnref-a"), Run(" one two"))
    assert second.text == "[2] http://x"


def test_what_is_indented_below_a_footnote_belongs_to_it() -> None:
    text = (
        "[^a]: one\n\n    two\n    more\n\n    - item\n\n        code\n\n    ```py\n    x\n    ```\n\nafter\n\n    code"
    )
    leaves = parse(text)

    assert [type(leaf).__name__ for leaf in leaves] == ["Text", "Text", "Text", "Text", "Code", "Text", "Code"]
    assert [leaf.text for leaf in leaves if isinstance(leaf, Text)] == ["[a] one", "two more", "item", "code", "after"]
    assert [leaf.text for leaf in leaves if isinstance(leaf, Code)] == ["x", "code"]


def test_a_definition_within_a_footnote_is_found() -> None:
    leaves = parse("[^a]: one\n\n    [b]: /b\n\n    [b]")

    assert [leaf.text for leaf in leaves if isinstance(leaf, Text)] == ["[a] one", "b"]


def test_spans_cut_the_source_of_each_leaf() -> None:
    source = "# a\r\n\r\nb **c**\r\n- d\r\n***\r\n"
    leaves = parse(source)
    normal = source.replace("\r\n", "\n")

    assert [normal[leaf.start : leaf.end] for leaf in leaves] == ["# a", "b **c**", "- d", "***"]
    assert isinstance(leaves[-1], Rule)


@pytest.mark.parametrize("depth", [30, 5_000])
def test_text_below_the_deepest_level_is_still_shown(depth: int) -> None:
    leaves = parse("> " * depth + "x\n\n- y")

    assert any(isinstance(leaf, Text) and leaf.text.endswith("x") for leaf in leaves)


@pytest.mark.parametrize("text", ["**a** " * 20_000, "[" * 20_000], ids=["very many words", "brackets"])
def test_a_paragraph_too_large_to_read_comes_in_plain_slices(text: str) -> None:
    leaves = parse(text)

    assert len(leaves) > 1 or len(text) <= 4_000
    assert all(isinstance(leaf, Text) and leaf.plain for leaf in leaves)
    assert "".join(leaf.text for leaf in leaves if isinstance(leaf, Text)) == text.strip()
