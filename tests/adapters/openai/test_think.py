"""Reasoning between tags at the beginning of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.adapters.openai.think import ThinkFold
from desktop_chat.domain.events import ReasoningDelta, TextDelta


def fold(*pieces: str) -> tuple[str, str]:
    folder = ThinkFold()
    events = [event for piece in pieces for event in folder.feed(piece)] + folder.rest()
    thought = "".join(e.text for e in events if isinstance(e, ReasoningDelta))
    return thought, "".join(e.text for e in events if isinstance(e, TextDelta))


@pytest.mark.parametrize(
    ("text", "thought", "said"),
    [
        ("plain", "", "plain"),
        ("<think>hm</think>yes", "hm", "yes"),
        ("<think>\nhm\n</think>\n\nyes", "hm\n", "yes"),
        ("\n <think>hm</think>yes", "hm", "yes"),
        ("<think></think>yes", "", "yes"),
        ("<think>never closed", "never closed", ""),
        ("The tag <think> is a word", "", "The tag <think> is a word"),
        ("<thin", "", "<thin"),
        ("<thinking>", "", "<thinking>"),
        ("<think>a < b </ c</think>yes", "a < b </ c", "yes"),
        ("<think>a</think>b</think>", "a", "b</think>"),
        ("  indented", "", "  indented"),
    ],
)
def test_only_tags_at_the_beginning_count(text: str, thought: str, said: str) -> None:
    assert fold(text) == (thought, said)


@given(st.lists(st.sampled_from(["<think>", "</think>", "<", "think", ">", "/", "a", " "]), max_size=8), st.data())
def test_where_the_text_is_cut_makes_no_difference(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cut = data.draw(st.integers(0, len(text)))

    assert fold(text) == fold(text[:cut], text[cut:])
    assert fold(text) == fold(*text)
