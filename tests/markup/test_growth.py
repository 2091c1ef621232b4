"""What is known of the last line saves reading it again, and changes nothing that is shown."""

from hypothesis import given

from desktop_chat.markup.leaves import Text
from desktop_chat.markup.stream import Stream
from tests.markup.test_mend import ANSWER
from tests.markup.test_stream import PORTIONS


class Careful(Stream):
    """Reads the whole tail at every sync."""

    def sync(self, final: bool = False) -> int:
        self._growth = None
        return super().sync(final)


def assert_same(portions: list[str]) -> None:
    quick, careful = Stream(), Careful()
    shown: list[object] = []
    for portion in portions:
        quick.feed(portion)
        careful.feed(portion)
        changed = quick.sync()
        careful.sync()
        assert quick.leaves == careful.leaves
        assert quick.leaves[:changed] == shown[:changed]
        shown = list(quick.leaves)
    assert quick.sync(final=True) <= len(quick.leaves)
    careful.sync(final=True)
    assert quick.leaves == careful.leaves


@given(PORTIONS)
def test_shows_the_same_at_every_prefix(portions: list[str]) -> None:
    assert_same(portions)


def test_shows_the_same_of_an_answer() -> None:
    for size in (1, 3, 7, 28):
        assert_same([ANSWER[at : at + size] for at in range(0, len(ANSWER), size)])


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
