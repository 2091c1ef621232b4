"""The growing text must at every prefix look like the whole text parsed at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.markup.final import MAX_OPEN
from desktop_chat.markup.leaves import Code, Leaf, Table, Text
from desktop_chat.markup.parser import normalized, parse
from desktop_chat.markup.stream import Stream

CASES = max(2_000, settings.default.max_examples if settings.default else 0)
"""50,000 with `--long`."""
pytestmark = pytest.mark.timeout(1_800 if CASES > 2_000 else 120)

FRAGMENTS = [
    "a", "b ", "text **bold** and `code`\n", "é中", "end.", "\n", "\n", "\n\n", "\n", "   ", "    ", "  ", "\t", " ",
    "# ", "## h\n", "===", "---", "\n---\n", "***\n", "- ", "* ", "+ ", "1. ", "2) ", "10) ", "- \n", "1. a\n2. b\n",
    "- [ ] ", "- [x] t\n", "> ", ">", "> q\n", ">\n", "```", "```py\n", "~~~", "``", "`", "**", "*", "_", "~~", "\\",
    "[", "]", "(", ")", "![", "](x)", "[foo]", "[foo]: /u", "[foo]: /u 'tit'\n", "'tit'\n", "[bar]: <x>\n\n", "[^1]",
    "[^1]: n\n", "[^1]: n\n\n    ", "[^b]", "[^b]", "[^c]: n\n", "[^b]: n\n", "\n\n    ",
    "|", "|a|b|\n", "|-|-|\n", "|-|:-:|\n", "|1|2|\n", "x|y\n", "&amp;", "<b>", "<!-- c", "http://x.y/z",
    "www.a.com", "a@b.cd", "$$", "$$\n", "\nx $$ y\n", "$x$", "$", "\\(", "y\\)", "\\[", "\\[\n", "z\\]\n",
    "\r", "\r\n", "\0",
]  # fmt: skip

PORTIONS = st.lists(st.sampled_from(FRAGMENTS) | st.text("ab \n#>-*`|[]:~_1.)\t\r", max_size=6), max_size=24)


@settings(max_examples=CASES)
@given(PORTIONS)
def test_every_prefix_looks_like_the_whole_text_parsed_at_once(portions: list[str]) -> None:
    stream = Stream()
    text = ""
    for portion in portions:
        stream.feed(portion)
        text += portion
        stream.sync(final=True)

        assert tuple(stream.leaves) == parse(text)


@settings(max_examples=CASES // 4)
@given(PORTIONS)
def test_leaves_before_the_first_change_stay_the_same_objects(portions: list[str]) -> None:
    stream = Stream()
    for portion in portions:
        before = list(stream.leaves)
        stable = stream.stable
        stream.feed(portion)
        changed = stream.sync()

        assert changed <= len(stream.leaves)
        assert all(old is new for old, new in zip(before[:changed], stream.leaves[:changed], strict=True))
        assert stream.stable >= stable


@settings(max_examples=CASES // 4)
@given(PORTIONS, st.integers(1, 7))
def test_the_way_a_text_is_cut_does_not_matter(portions: list[str], size: int) -> None:
    text = "".join(portions)
    stream = Stream()
    for at in range(0, len(text), size):
        stream.feed(text[at : at + size])
        stream.sync()
    stream.sync(final=True)

    assert tuple(stream.leaves) == parse(text)


@settings(max_examples=CASES // 4)
@given(PORTIONS)
def test_spans_count_in_the_normalised_source(portions: list[str]) -> None:
    stream = Stream()
    stream.feed("".join(portions))
    stream.sync(final=True)

    assert normalized("".join(portions)).startswith(stream.source)
    assert all(0 <= leaf.start <= leaf.end <= len(stream.source) + 1 for leaf in stream.leaves)


def fed(*portions: str, final: bool = True) -> Stream:
    stream = Stream()
    for portion in portions:
        stream.feed(portion)
        stream.sync()
    stream.sync(final=final)
    return stream


def test_an_open_fence_shares_its_lines_from_flush_to_flush() -> None:
    stream = fed("```py\na = 1\nb", final=False)
    before = stream.leaves[0]
    stream.feed(" = 2\nc")
    changed = stream.sync()
    after = stream.leaves[0]

    assert isinstance(before, Code)
    assert isinstance(after, Code)
    assert changed == 0
    assert list(before.lines) == ["a = 1", "b"]
    assert list(after.lines) == ["a = 1", "b = 2", "c"]
    assert after.lines.same_as(before.lines) == 1
    assert after.lines.settled == 2


def test_a_closed_fence_keeps_the_lines_it_had() -> None:
    stream = fed("```py\na = 1\n", final=False)
    before = stream.leaves[0]
    stream.feed("```\n")
    stream.sync()
    after = stream.leaves[0]

    assert isinstance(before, Code)
    assert isinstance(after, Code)
    assert not before.is_closed
    assert after.is_closed
    assert after.lines.same_as(before.lines) == 1


def test_an_open_table_shares_its_rows_from_flush_to_flush() -> None:
    stream = fed("|a|b|\n|-|-|\n|1|2|\n|3|", final=False)
    before = stream.leaves[0]
    stream.feed("4|\n")
    stream.sync()
    after = stream.leaves[0]

    assert isinstance(before, Table)
    assert isinstance(after, Table)
    assert len(before.rows) == 2
    assert after.rows.same_as(before.rows) == 1
    assert after.rows.settled == 2


def test_a_late_definition_makes_a_link_in_a_settled_paragraph() -> None:
    stream = fed("see [docs]\n\nmore\n\n", final=False)
    assert stream.stable == 2
    untouched = stream.leaves[1]
    stream.feed("[docs]: https://example.org\n\n")
    changed = stream.sync()

    first = stream.leaves[0]
    assert changed == 0
    assert isinstance(first, Text)
    assert first.runs[-1].href == "https://example.org"
    assert stream.leaves[1] is untouched


def test_items_of_a_list_are_settled_while_it_grows() -> None:
    stream = fed("1. one\n2. two\n3. three\n", final=False)

    assert stream.stable == 2
    assert [leaf.frames[0].marker for leaf in stream.leaves] == ["1.", "2.", "3."]  # type: ignore[union-attr]


def test_a_block_too_large_to_read_is_shown_as_it_is_written_up_to_a_blank_line() -> None:
    wall = "**word** [x] \n" * (MAX_OPEN // 10)
    stream = fed(wall, "\nafter **it**\n")

    *slices, last = stream.leaves
    assert all(isinstance(leaf, Text) and leaf.plain for leaf in slices)
    assert "\n".join(text_of(leaf) for leaf in slices) == wall.rstrip("\n")
    assert text_of(last) == "after it"


@pytest.mark.parametrize(
    "text",
    ["word " * 20_000, "a" * 100_000, "x\n" * 40_000, ("> " * 40 + "x\n") * 900, "> a\n" * 20_000, "| a\n" * 20_000],
    ids=["words on one line", "one word", "short lines", "quotes in quotes", "a long quote", "rows without a table"],
)
def test_the_way_a_huge_block_is_cut_does_not_matter(text: str) -> None:
    whole = fed(text)
    portions = fed(*(text[at : at + 1_777] for at in range(0, len(text), 1_777)))

    assert whole.leaves == portions.leaves


def test_deep_quotes_lose_no_text() -> None:
    stream = fed(">" * 10_000 + " treasure\n")

    assert "treasure" in text_of(stream.leaves[0]) or "treasure" in "".join(map(text_of, stream.leaves))


def text_of(leaf: Leaf) -> str:
    return leaf.text if isinstance(leaf, Text | Code) else ""
