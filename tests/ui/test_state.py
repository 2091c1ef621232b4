"""The window remembers where it was, and a broken file costs nothing."""

import json
from pathlib import Path

import pytest

from desktop_chat.ui.state import StateFile, WindowState
from tests.ui.conftest import RunQt


def test_what_was_saved_is_loaded(run_qt: RunQt, tmp_path: Path) -> None:
    path = tmp_path / "config" / "window.json"
    state = WindowState(x=5, y=7, width=900, height=700, shows_inspector=False, conversation_id="c1")

    async def main() -> None:
        file = StateFile(path)
        file.save(state)
        await file.close()

    run_qt(main())

    assert StateFile(path).load() == state


@pytest.mark.parametrize("content", ["", "[]", "{", '{"width": "wide", "shows_sidebar": 1}', '{"x": null}'])
def test_a_broken_file_gives_the_defaults(tmp_path: Path, content: str) -> None:
    path = tmp_path / "window.json"
    path.write_text(content)

    assert StateFile(path).load() == WindowState()


@pytest.mark.parametrize(
    "content",
    ["[" * 100_000, '{"width": 1%s, "x": -100001, "sidebar_px": 2147483647}' % ("0" * 400), '{"height": 1e999}'],
    ids=["too deep", "lengths of no screen", "no length"],
)
def test_nonsense_gives_the_defaults(tmp_path: Path, content: str) -> None:
    path = tmp_path / "window.json"
    path.write_text(content)

    assert StateFile(path).load() == WindowState()


def test_what_is_usable_is_used(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_text(json.dumps({"width": 800, "height": None, "unknown": 1}))

    assert StateFile(path).load() == WindowState(width=800)


def test_a_folder_that_cannot_be_written_costs_nothing(run_qt: RunQt, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    file = StateFile(blocked / "window.json")

    async def main() -> None:
        file.save(WindowState(width=800))
        await file.close()

    run_qt(main())

    assert blocked.read_text() == "not a folder"
    assert file.load() == WindowState()
