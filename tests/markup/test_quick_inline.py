"""What is read of a paragraph without the parser must be what the parser makes of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.markup import inline
from desktop_chat.markup.inline import Inliner
from desktop_chat.markup.leaves import Run
from desktop_chat.markup.quick_inline import Found, read_inline_quickly
from desktop_chat.markup.rules import parser
from tests.markup.test_stream import CASES

TEXTS = st.lists(
    st.sampled_from([
        "word", "text ", " ", "\n", "**", "*", "`", "``", "(", ")", ".", "!", "-", "1", "é", "中", "_", "a_b", "[", "]", "<",
        "**bold** ", "*i* ", "`c d` ", "(**q**) ", "x**y**z", "***x***", "**a *b* c**", "[a b](https://a.b/c-d) ",
        "[t](http://x.yz)", "http://", "www.a.b", "@", "  \n", "&", "~", "$", "\\", "![a](b)", "\t", "/", "://",
    ]),
    min_size=1, max_size=10,
)  # fmt: skip


def by_the_parser(monkeypatch: pytest.MonkeyPatch, text: str) -> tuple[Run, ...]:
    def never(_: str) -> list[Found] | None:
        return None

    with monkeypatch.context() as patch:
        patch.setattr(inline, "read_inline_quickly", never)
        return Inliner(parser(), {}).runs(text)


@settings(max_examples=CASES)
@given(pieces=TEXTS)
def test_quick_reading_gives_the_runs_of_the_parser(pieces: list[str]) -> None:
    text = "".join(pieces).strip()
    monkeypatch = pytest.MonkeyPatch()

    assert Inliner(parser(), {}).runs(text) == by_the_parser(monkeypatch, text)


@pytest.mark.parametrize(
    "text",
    [
        "A **bold** word, *one*, and `code`.",
        "See [the page](https://a.org/b-c) first!",
        "a snake_case\nname",
        "x: `a*b`",
    ],
)
def test_the_commonest_text_is_read_quickly(text: str) -> None:
    assert read_inline_quickly(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "**open",
        "`open",
        "a**b**c",
        "[a](b)",
        "http://a.b",
        "line  \nbreak",
        "a\\*b",
        "_e_",
        "***a***",
        "`` ` ``",
        "$x$",
        "a@b",
    ],
)
def test_what_is_not_obvious_is_left_to_the_parser(text: str) -> None:
    assert read_inline_quickly(text) is None
