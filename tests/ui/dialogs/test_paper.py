"""Names of files made of titles."""

import pytest

from desktop_chat.ui.dialogs.paper import file_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What is a:b/c?", "What is a b c"),
        ("", "Conversation"),
        ("...", "Conversation"),
        ("a" * 200, "a" * 80),
        ("two\nlines", "two lines"),
    ],
    ids=["signs that mean something", "no title", "only dots", "too long", "line break"],
)
def test_a_title_becomes_a_name_that_every_system_takes(title: str, name: str) -> None:
    assert file_name(title) == name
