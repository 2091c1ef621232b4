"""A jumble of all scripts must not have every font of the system loaded."""

import random

from PySide6.QtGui import QFont

from desktop_chat.ui.transcript.boxes.scripts import fitting, is_jumble


def test_a_text_in_one_writing_is_none() -> None:
    assert not is_jumble("plain " * 500)
    assert not is_jumble("漢字かな交じり文、한국어 " * 300)


def test_greetings_in_twenty_languages_are_none() -> None:
    greetings = "Hello Привет Γειά سلام שלום नमस्ते হ্যালো வணக்கம் สวัสดี გამარჯობა բարև ሰላም 你好 こんにちは 안녕 ជំរាបសួរ ສະບາຍດີ"

    assert not is_jumble(greetings)


def test_random_code_points_are_one() -> None:
    pick = random.Random(1)

    assert is_jumble("".join(chr(pick.randrange(0x20, 0xD000)) for _ in range(2_000)))


def test_bytes_that_are_no_text_are_one() -> None:
    assert is_jumble(random.Random(1).randbytes(300).decode("utf-8", "replace"))
    assert not is_jumble("A word with one \ufffd and one more \ufffd in a long line of them.")
    assert not is_jumble("caf\ufffd")


def test_a_flood_of_direction_marks_is_one() -> None:
    assert is_jumble("\u202ea\u202bb" * 100)
    assert not is_jumble("\u2067שלום\u2069 and \u2067עולם\u2069")


def test_writing_is_laid_out_as_it_is() -> None:
    assert fitting("plain שלום", QFont()) == ("plain שלום", QFont())


def test_a_jumble_keeps_the_places_of_its_characters() -> None:
    text = "\u202ea\u202bb" * 100

    shown, font = fitting(text, QFont())

    assert len(shown) == len(text)
    assert shown.replace("\u200b", "") == "ab" * 100
    assert font.styleStrategy() & QFont.StyleStrategy.NoFontMerging
