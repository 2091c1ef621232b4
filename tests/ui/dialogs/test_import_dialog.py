"""A file is looked at before it is imported, and a second import adds nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desktop_chat import wiring
from desktop_chat.exporting import FORMATS
from desktop_chat.exporting.format import Options
from desktop_chat.ui import aio
from desktop_chat.ui.dialogs.import_dialog import ImportDialog
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.dropped import dropped_paths
from tests.ui.conftest import RunQt
from tests.ui.dialogs.library import conversation, filled, shown

JSON = next(format_ for format_ in FORMATS if format_.code == "json")
CHATGPT = Path(__file__).parents[2] / "importing" / "files" / "chatgpt.json"


@asynccontextmanager
async def opened(home: Path, theme: Theme, many: int = 0) -> AsyncIterator[tuple[ImportDialog, wiring.Parts]]:
    parts = await filled(home, many)
    dialog = ImportDialog(parts.intake, lambda one: parts.library.row(one) is not None, theme)
    async with shown(dialog, parts):
        yield dialog, parts


async def settled() -> None:
    while aio.running():
        await asyncio.gather(*aio.running(), return_exceptions=True)


def exported(path: Path, *numbers: int) -> Path:
    path.write_bytes(b"".join(JSON.write(map(conversation, numbers), Options())))
    return path


def test_what_is_in_a_file_is_shown_before_anything_is_written(
    home: Path, tmp_path: Path, theme: Theme, run_qt: RunQt
) -> None:
    async def person() -> None:
        async with opened(home, theme, 1) as (dialog, parts):
            dialog.look_into(exported(tmp_path / "some.json", 0, 1, 2))
            await settled()
            assert dialog.preview.isVisible()
            assert "Desktop Chat · some.json" in dialog.preview.title.text()
            assert "3 conversations, 9 messages" in dialog.preview.contents.text()
            assert "Already here: 1" in dialog.preview.here.text()
            assert len(parts.library.rows) == 1

    run_qt(person())


def test_what_is_checked_comes_in_and_twice_is_once(home: Path, tmp_path: Path, theme: Theme, run_qt: RunQt) -> None:
    async def person() -> None:
        async with opened(home, theme) as (dialog, parts):
            path = exported(tmp_path / "some.json", 0, 1, 2)
            dialog.look_into(path)
            await settled()
            dialog.preview.none_button.click()
            assert not dialog.preview.import_button.isEnabled()
            dialog.preview.all_button.click()
            model = dialog.preview.list.model()
            QTest.keyClick(dialog.preview.list, Qt.Key.Key_Space)
            assert model.index(0, 0).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
            assert dialog.preview.import_button.text() == "&Import 2 conversations"
            dialog.preview.import_button.click()
            await settled()
            assert dialog.report.isVisible()
            assert len(parts.library.rows) == 2
            dialog.look_into(path)
            await settled()
            dialog.preview.import_button.click()
            await settled()
            assert "1 new conversation" in dialog.report.details.text()
            assert "2 were here already" in dialog.report.details.text()
            assert len(parts.library.rows) == 3

    run_qt(person())


def test_of_several_files_each_is_looked_into_after_the_other(
    home: Path, tmp_path: Path, theme: Theme, run_qt: RunQt
) -> None:
    (tmp_path / "letter.json").write_text("Dear all", encoding="utf-8")

    async def person() -> None:
        async with opened(home, theme) as (dialog, parts):
            one, two = exported(tmp_path / "one.json", 0), exported(tmp_path / "two.json", 1)
            dialog.look_into(one, tmp_path / "letter.json", two, CHATGPT)
            await settled()
            assert "one.json (1 of 4)" in dialog.preview.title.text()
            dialog.preview.import_button.click()
            await settled()
            assert dialog.report.isVisible()
            dialog.report.close_button.click()
            await settled()
            assert "two.json (3 of 4)" in dialog.preview.title.text()
            assert any("letter.json" in label.text() for label in dialog.preview.findChildren(QLabel))
            dialog.preview.back_button.click()
            await settled()
            assert "(4 of 4)" in dialog.preview.title.text()
            assert len(parts.library.rows) == 1
            dialog.preview.back_button.click()
            assert dialog.choose.isVisible()

    run_qt(person())


def test_what_is_left_out_is_listed_and_can_be_saved(home: Path, tmp_path: Path, theme: Theme, run_qt: RunQt) -> None:
    async def person() -> None:
        async with opened(home, theme) as (dialog, _):
            dialog.look_into(CHATGPT)
            await settled()
            problems = dialog.preview.problems
            assert problems.isVisible()
            assert not problems.panel.isVisible()
            problems.toggle.click()
            assert "a picture was left out" in problems.panel.shown_text
            dialog.preview.import_button.click()
            await settled()
            assert dialog.report.problems.panel.isVisible()
            await dialog.report.problems.save(tmp_path / "list.txt")

    run_qt(person())
    assert "a picture was left out" in (tmp_path / "list.txt").read_text(encoding="utf-8")


def test_a_file_that_is_something_else_is_refused_with_its_name(
    home: Path, tmp_path: Path, theme: Theme, run_qt: RunQt
) -> None:
    (tmp_path / "photo.json").write_bytes(b"\xff\xd8\xff\xe0 not json")

    async def person() -> None:
        async with opened(home, theme) as (dialog, _):
            dialog.look_into(tmp_path / "photo.json")
            await settled()
            assert dialog.choose.isVisible()
            assert "photo.json" in dialog.choose._problem.text()
            dialog.look_into(tmp_path / "gone.json")
            await settled()
            assert "gone.json" in dialog.choose._problem.text()

    run_qt(person())


def test_closing_while_it_is_read_ends_the_work(home: Path, tmp_path: Path, theme: Theme, run_qt: RunQt) -> None:
    async def person() -> None:
        async with opened(home, theme) as (dialog, parts):
            dialog.look_into(exported(tmp_path / "many.json", *range(400)))
            dialog.reject()
            await settled()
            assert parts.library.rows == []

    run_qt(person())


def test_escape_while_conversations_come_in_says_which_came(
    home: Path, tmp_path: Path, theme: Theme, run_qt: RunQt
) -> None:
    async def person() -> None:
        async with opened(home, theme) as (dialog, _):
            dialog.look_into(exported(tmp_path / "many.json", *range(400)))
            await settled()
            dialog.preview.import_button.click()
            while not dialog._is_taking:
                await asyncio.sleep(0)
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            assert dialog.isVisible()
            await settled()
            assert dialog.report.isVisible()
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            assert not dialog.isVisible()

    run_qt(person())


def test_only_files_of_this_computer_are_taken_from_a_drop(tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.zip"))])
    assert dropped_paths(data) == [tmp_path / "a.zip"]

    data.setUrls([QUrl("https://example.org/a.zip")])
    assert dropped_paths(data) == []


def test_enter_presses_the_button_the_keyboard_is_on(home: Path, theme: Theme, run_qt: RunQt) -> None:
    async def person() -> None:
        async with opened(home, theme) as (dialog, _):
            folder = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Choose a f&older…")
            pressed: list[bool] = []
            folder.clicked.disconnect()
            folder.clicked.connect(lambda: pressed.append(True))
            folder.setFocus()
            QTest.keyClick(folder, Qt.Key.Key_Return)
            assert len(pressed) == 1
            # Elsewhere in the dialog it presses nothing.
            QTest.keyClick(dialog, Qt.Key.Key_Return)
            assert len(pressed) == 1

    run_qt(person())


def test_who_presses_twice_to_begin_does_not_end_it(home: Path, tmp_path: Path, theme: Theme, run_qt: RunQt) -> None:
    async def person() -> None:
        async with opened(home, theme) as (dialog, parts):
            dialog.look_into(exported(tmp_path / "some.json", 0, 1, 2))
            await settled()
            dialog.preview.import_asked.emit()
            assert dialog.progress.isVisible()
            for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
                QTest.keyClick(dialog.focusWidget(), key)
            second = QMouseEvent(
                QEvent.Type.MouseButtonDblClick,
                QPointF(5, 5),
                QPointF(5, 5),
                Qt.MouseButton.LeftButton,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            QApplication.sendEvent(dialog.progress.cancel_button, second)
            QTest.mouseRelease(dialog.progress.cancel_button, Qt.MouseButton.LeftButton)
            assert dialog.progress.cancel_button.isEnabled()
            await settled()
            assert len(parts.library.rows) == 3

    run_qt(person())
