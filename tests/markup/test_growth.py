"""What is known of the last line saves reading it again, and changes nothing that is shown."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.markup.leaves import Leaf, Run, Style, Text
from desktop_chat.markup.stream import Stream
from tests.markup.test_mend import ANSWER
from tests.markup.test_stream import PORTIONS


class Careful(Stream):
    """Reads the whole tail at every sync, and has everything shown anew."""

    def sync(self, final: bool = False) -> int:
        self._growth = None
        super().sync(final)
        return 0


def shown(stream: Stream, portions: list[str]) -> Iterator[tuple[list[Leaf], list[Leaf]]]:
    """The leaves after each portion and at the end, and what shows whoever draws only what is said to have changed."""
    drawn: list[Leaf] = []
    for portion in (*portions, None):
        stream.feed(portion or "")
        changed = stream.sync(final=portion is None)
        assert changed <= len(stream.leaves)
        drawn = drawn[:changed] + stream.leaves[changed:]
        yield list(stream.leaves), drawn


LINES = st.lists(
    st.sampled_from([
        "word ", "**bold** ", "`code`", "\n", "\nmore", "\n**b", "\n- x", "\n1. y", "\n> q", "\n===", "\n\n", "-", "=", "|",
        "\na|b", "\n-|-", "\n|-|-|\n", "[foo]", "\n[foo]: /u\n", "\r", "\r\n", " ", "\n ", "\n    i", "#", "`", "*", "\n```", "x",
    ]),
    max_size=16,
)  # fmt: skip


@given(LINES)
def test_shows_the_same_line_after_line(portions: list[str]) -> None:
    assert list(shown(Stream(), ["Text", *portions])) == list(shown(Careful(), ["Text", *portions]))


@given(PORTIONS)
def test_shows_the_same_at_every_prefix(portions: list[str]) -> None:
    assert list(shown(Stream(), portions)) == list(shown(Careful(), portions))


def test_shows_the_same_of_an_answer() -> None:
    for size in (1, 3, 7, 28):
        portions = [ANSWER[at : at + size] for at in range(0, len(ANSWER), size)]
        assert list(shown(Stream(), portions)) == list(shown(Careful(), portions))


def test_reads_a_growing_line_only_once() -> None:
    stream = Stream()
    stream.feed("One\n\nTwo **three")
    stream.sync()
    stream.feed(" four** and more")
    before = stream.leaves[0]

    assert stream.sync() == 1
    assert stream.leaves[0] is before
    assert isinstance(stream.leaves[1], Text)
    assert stream.leaves[1].text == "Two three four and more"
    assert (stream.leaves[1].start, stream.leaves[1].end) == (5, 32)


def test_reads_a_paragraph_of_several_lines_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream()
    stream.feed("One\n\nTwo")
    stream.sync()
    monkeypatch.setattr(stream, "_show", None)
    for portion in (" three\nfour **fi", "ve**\n", "six\nseven"):
        stream.feed(portion)

        assert stream.sync() == 1

    assert stream.leaves[1] == Text(
        (Run("Two three four "), Run("five", Style.BOLD), Run(" six seven")), start=5, end=38
    )
