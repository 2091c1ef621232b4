"""Older settings files."""

from typing import Any

import pytest

from desktop_chat.settings.migrations import MIGRATIONS, VERSION, migrate


def test_the_steps_are_numbered_in_order() -> None:
    assert [step.__name__[:4] for step in MIGRATIONS] == [f"m{n:03}" for n in range(1, VERSION + 1)]


@pytest.mark.parametrize("version", [None, 0, -1, "1", True, 1.5], ids=str)
def test_a_strange_version_counts_as_none(version: Any) -> None:
    assert migrate({"version": version, "theme": "dark"}) == {"version": VERSION, "theme": "dark"}


def test_what_is_given_is_not_changed() -> None:
    data = {"theme": "dark"}

    migrate(data)

    assert data == {"theme": "dark"}
