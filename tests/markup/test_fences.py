"""Fences that hold, and fences that are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.markup.fences import fenced, open_fence, typed
from desktop_chat.markup.leaves import Code
from desktop_chat.markup.parser import parse


@given(st.text(alphabet="`~ab \n", max_size=40))
def test_nothing_in_a_fenced_text_closes_its_fence(text: str) -> None:
    leaves = parse(fenced(text) + "\n\nbehind")

    assert isinstance(leaves[0], Code)
    assert leaves[0].is_closed
    assert [leaf.text for leaf in leaves[1:] if hasattr(leaf, "text")] == ["behind"]


@pytest.mark.parametrize(
    ("text", "fence"),
    [
        ("plain", ""),
        ("```py\nx", "```"),
        ("```py\nx\n```", ""),
        ("````\n```\n", "````"),
        ("~~~\n```\n", "~~~"),
        ("    ```", ""),
        ("``` a ` b", ""),
        ("```\na\n```\n```", "```"),
    ],
)
def test_an_open_fence_is_found(text: str, fence: str) -> None:
    assert open_fence(text) == fence


def test_what_a_person_typed_comes_in_turns() -> None:
    assert list(typed("see\n```py\nx = 1\n```\nand ``` this\n~~~\nopen")) == [
        (False, "", "see"),
        (True, "py", "x = 1"),
        (False, "", "and ``` this"),
        (True, "", "open"),
    ]


@given(st.text(alphabet="`~a \n", max_size=40))
def test_nothing_that_was_typed_is_lost(text: str) -> None:
    assert text.count("a") == sum(piece.count("a") + language.count("a") for _, language, piece in typed(text))
