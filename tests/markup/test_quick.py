"""What is read without the parser must look like what the parser makes of it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from desktop_chat.markup.parser import normalized
from desktop_chat.markup.quick import LONGEST, read_quickly
from desktop_chat.markup.rules import Found, parser
from tests.markup.test_stream import CASES, FRAGMENTS

COMMON = [
    "Plain line\n", "**Bold** x\n", "`c` d\n", "word ", "a|b\n", "- item\n", "- **b** c\n", "- x|y\n", "1. one\n", "2. two\n",
    "12. x\n", "| a | b |\n", "|--|:-:|\n", "| 1 |\n", "|\n", "# Head\n", "### H x  \n", "> Quote **b**\n", "> q", ">\n", "\n",
    "```py\n", "```\n", "``` x", "  ```\n", "````\n", "x = 1\n", "   ```` \n", "\t```\n", "x",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(COMMON) | st.sampled_from(FRAGMENTS), max_size=9)


def looks(tokens: list[Token]) -> list[tuple[object, ...]]:
    """What others look at."""
    return [(t.type, t.level, t.map, t.nesting, t.content, t.info, t.meta, t.attrs.get("start", 1)) for t in tokens]


@settings(max_examples=CASES)
@given(TEXTS)
def test_quick_reading_gives_the_tokens_of_the_parser(portions: list[str]) -> None:
    text = normalized("".join(portions)) + "\n"
    tokens: list[Token] = []
    parser().block.parse(text, parser(), {"references": Found({})}, tokens)

    quick = read_quickly(text)

    assert quick is None or looks([token for block in quick for token in block]) == looks(tokens)


def test_the_commonest_text_is_read_quickly() -> None:
    for text in (
        "A line\nand **another**\n",
        "## Head\n\nText\n",
        "- a\n- b\n",
        "1. a\n",
        "1. a\n2. b\n\n| a |\n|-|\n",
        "- a\n\n\nText\n",
        "|a|\n|-|\n|1|\n",
        "```py\nx\n",
    ):
        assert read_quickly(text) is not None


def test_what_is_long_or_not_obvious_is_left_to_the_parser() -> None:
    for text in ("x" * LONGEST + "\n", "a\n---\n", "[a]: /u\n", "- a\n\n  b\n", "    code\n", ""):
        assert read_quickly(text) is None
