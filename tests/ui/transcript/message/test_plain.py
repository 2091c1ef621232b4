"""What the person typed, as leaves."""

from desktop_chat.markup.leaves import Code, Text
from desktop_chat.ui.transcript.message.plain import PIECE_CHARACTERS, plain_leaves


def test_text_is_kept_as_it_was_typed() -> None:
    leaves = plain_leaves("# not a heading\n\n* not a list\n  indented")

    assert [leaf.text for leaf in leaves if isinstance(leaf, Text)] == ["# not a heading\n\n* not a list\n  indented"]


def test_fenced_code_is_code() -> None:
    leaves = plain_leaves("look:\n```python\nx = 1\n```\nwhy?")

    assert [type(leaf) for leaf in leaves] == [Text, Code, Text]
    code = leaves[1]
    assert isinstance(code, Code)
    assert (code.text, code.language) == ("x = 1", "python")


def test_an_open_fence_runs_to_the_end() -> None:
    (code,) = plain_leaves("```\na\nb")

    assert isinstance(code, Code)
    assert code.text == "a\nb"


def test_a_huge_paste_is_cut_into_pieces_that_lose_nothing() -> None:
    text = "word " * 100_000 + "x" * 20_000

    leaves = plain_leaves(text)

    assert all(isinstance(leaf, Text) and len(leaf.text) <= PIECE_CHARACTERS for leaf in leaves)
    assert "".join(text[leaf.start : leaf.end] for leaf in leaves) == text
