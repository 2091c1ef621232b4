"""Folding: one form for what is equal, wherever it stands."""

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.adapters.sqlite.search_text import Fold, fold, fold_in_place


def test_every_character_by_itself_is_folded_as_the_table_says() -> None:
    table, differs = Fold(""), []
    for code in (*range(0x3400), *range(0x4DB0, 0x4E10), *range(0x9FF0, 0xFFFF), *range(0x1F000, 0x1FC00), 0x2A700):
        if fold(chr(code)) != table[code]:
            differs.append(hex(code))

    assert not differs


@given(
    st.text(st.characters(max_codepoint=0x3100) | st.sampled_from("İΣςßẞéй’“…—\r\n\x00\u0301\u200d字한"), max_size=30)
)
def test_a_text_is_folded_character_by_character(text: str) -> None:
    assert fold(text) == "".join(fold(character) for character in text)
    assert len(fold_in_place(text)) == len(text)
    assert fold_in_place(text).replace("\x00", "") == fold(text)
