import pytest

from desktop_chat.ui.composer.folds import FOLD_CHARACTERS, is_large, pieces, size_words

LINES = "a line of text\n" * 20_000


@pytest.mark.parametrize("text", ["", "short", "x\n" * 10, LINES, "word " * 100_000, "start\n" + LINES + "\nend"])
def test_pieces_put_together_are_the_text(text):
    assert "".join(piece.text for piece in pieces(text)) == text


def test_only_the_middle_of_a_large_text_is_folded():
    first, middle, last = pieces(LINES)

    assert (first.is_folded, middle.is_folded, last.is_folded) == (False, True, False)
    assert first.text.endswith("\n")


def test_a_long_line_is_large_before_a_long_text_is():
    assert is_large("x" * 30_000)
    assert not is_large("x\n" * 15_000)
    assert is_large("x\n" * FOLD_CHARACTERS)


def test_sizes_are_told_in_bytes_and_lines(qapp):
    assert size_words("é" * 500_000) == "1.0 MB, 1 line"
    assert size_words("x\n" * 2) == "4 bytes, 3 lines"
