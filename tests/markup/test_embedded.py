"""Pictures in a text make way for a short address and come back whole."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.markup.embedded import finished, put_back, short_name, taken_out, without
from desktop_chat.markup.leaves import Text
from desktop_chat.markup.parser import parse

LONG = "data:image/png;base64," + "iVBORw0KGgo" * 60
SHORT = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


@given(st.lists(st.sampled_from([LONG, SHORT, LONG + "==", "words ", "![a](", ")", "\n\n", "data:", "data:image/"])))
def test_what_is_taken_out_is_put_back(parts: list[str]) -> None:
    text, kept = "".join(parts), []

    def name(address: str) -> str:
        kept.append(address)
        return short_name(len(kept) - 1)

    short = taken_out(text, name)

    assert put_back(short, lambda number: kept[number]) == text
    assert LONG not in short


def test_the_short_address_is_still_a_picture() -> None:
    (leaf,) = parse(taken_out(f"![A cat]({LONG})", lambda _: short_name(7)))

    assert isinstance(leaf, Text)
    assert [(run.text, run.href, run.image) for run in leaf.runs] == [("A cat", short_name(7), True)]


@given(st.integers(0, len(LONG) + 4))
def test_a_picture_that_is_still_coming_is_held_back(length: int) -> None:
    text = f"see ![a]({LONG})"[: 9 + length]

    shown = text[: finished(text)]

    assert shown in ("see ![a](", text)
    assert "base64" not in shown or text.endswith(")")


def test_nobody_finds_a_word_in_a_picture() -> None:
    assert "iVBOR" not in without(f"a {LONG} b")
    assert without("plain") == "plain"
