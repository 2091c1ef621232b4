"""Files that are made of a code block or a picture."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QDir
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from desktop_chat.markup.leaves import Code, Growing
from desktop_chat.ui import aio
from desktop_chat.ui.transcript.copying.saving import ending_of, file_name, save_code, write
from tests.ui.conftest import RunQt
from tests.ui.transcript.conftest import MakeView


def test_code_is_saved_whole(make_view: MakeView, run_qt: RunQt, tmp_path: Path) -> None:
    view = make_view()
    target = tmp_path / "code.py"

    async def person() -> None:
        dialog = save_code(view, Code(Growing(["a", "é"]), "python"))
        dialog.fileSelected.emit(str(target))
        dialog.reject()
        while aio.running():
            await asyncio.sleep(0)

    run_qt(person())

    assert target.read_text(encoding="utf-8") == "a\né\n"


def test_a_file_is_not_saved_where_the_program_was_started(
    make_view: MakeView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    dialog = save_code(make_view(), Code(Growing(["a"])))
    folder = dialog.directory()
    dialog.reject()

    assert folder != QDir(str(tmp_path))


def test_a_folder_that_is_gone_is_told(make_view: MakeView, qtbot: QtBot, tmp_path: Path) -> None:
    view = make_view()

    async def made() -> bytes:
        return b"x"

    asyncio.run(write(view, tmp_path / "gone" / "code.py", made))

    (box,) = view.findChildren(QMessageBox)
    qtbot.addWidget(box)
    assert box.informativeText().endswith("code.py")


@pytest.mark.parametrize(
    ("language", "ending"), [("python", "py"), ("C++", "cpp"), ("json", "json"), ("", "txt"), ("a/b", "txt")]
)
def test_a_file_is_named_by_its_language(language: str, ending: str) -> None:
    assert ending_of(language) == ending


@pytest.mark.parametrize(("text", "name"), [("A cat", "A cat"), ("../a:b?", "a b"), ("", ""), ("x" * 99, "x" * 60)])
def test_a_file_is_named_by_what_it_shows(text: str, name: str) -> None:
    assert file_name(text) == name
