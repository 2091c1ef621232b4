"""A jumble of all scripts must not have every font of the system loaded."""

import random

from desktop_chat.ui.transcript.scripts import is_jumble


def test_a_text_in_one_writing_is_none() -> None:
    assert not is_jumble("plain " * 500)
    assert not is_jumble("漢字かな交じり文、한국어 " * 300)


def test_greetings_in_twenty_languages_are_none() -> None:
    greetings = "Hello Привет Γειά سلام שלום नमस्ते হ্যালো வணக்கம் สวัสดี გამარჯობა բարև ሰላም 你好 こんにちは 안녕 ជំរាបសួរ ສະບາຍດີ"

    assert not is_jumble(greetings)


def test_random_code_points_are_one() -> None:
    pick = random.Random(1)

    assert is_jumble("".join(chr(pick.randrange(0x20, 0xD000)) for _ in range(2_000)))
