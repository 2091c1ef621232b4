"""Turns are short for as long as anybody needs it."""

import sys

from desktop_chat.runtime.turns import SHORT_S, short_turns


def test_turns_are_short_until_the_last_is_done_and_then_as_before() -> None:
    before = sys.getswitchinterval()
    first, second = short_turns(), short_turns()

    with first:
        second.__enter__()
        assert sys.getswitchinterval() <= SHORT_S * 1.01
    assert sys.getswitchinterval() <= SHORT_S * 1.01
    second.__exit__(None, None, None)

    assert sys.getswitchinterval() == before
