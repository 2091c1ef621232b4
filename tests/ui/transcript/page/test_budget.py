"""What takes long comes in pieces; what is cheap or near is there at once."""

import pytest

from desktop_chat.markup.leaves import Run, Text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Place
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.page import budget
from desktop_chat.ui.transcript.page.budget import Budget


@pytest.fixture
def used_up(monkeypatch: pytest.MonkeyPatch) -> Budget:
    """A budget of which nothing is left."""
    monkeypatch.setattr(budget, "READ_S", -1.0)
    found = Budget()
    found.begin()
    return found


def box(theme: Theme, text: str) -> TextBox:
    return TextBox(Text((Run(text),)), Look(theme), Place())


def test_text_that_needs_fonts_waits_when_time_is_up(theme: Theme, used_up: Budget) -> None:
    assert not used_up.allows(box(theme, "ሰላም"), 600)
    assert used_up.is_late


def test_plain_text_never_waits(theme: Theme, used_up: Budget) -> None:
    assert used_up.allows(box(theme, "plain words"), 600)
    assert not used_up.is_late


def test_what_is_laid_out_stays(theme: Theme, used_up: Budget) -> None:
    found = box(theme, "ሰላም")
    found.layout(600)

    assert used_up.allows(found, 600)
    assert not used_up.allows(found, 500)


def test_what_is_needed_never_waits(theme: Theme, used_up: Budget) -> None:
    used_up.begin(is_needed=True)

    assert used_up.allows(box(theme, "ሰላም"), 600)
    assert not used_up.is_late
