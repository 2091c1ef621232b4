"""The Storage page shows what there is, makes copies, and goes back to one only when told so."""

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from desktop_chat.core.backup_place import BackupKind
from desktop_chat.ui import aio
from desktop_chat.ui.preferences.backups_panel import KIND, BackupsPanel, kind_text
from tests.ui.conftest import RunQt
from tests.ui.dialogs.library import conversation
from tests.ui.preferences.conftest import Desk

Open = Callable[..., Any]


async def settled() -> None:
    while aio.running():
        await asyncio.gather(*aio.running(), return_exceptions=True)


async def filled(desk: Desk, many: int) -> BackupsPanel:
    await desk.parts.library.load()
    await desk.parts.intake.take_in(map(conversation, range(many)))
    await settled()
    panel: BackupsPanel = desk.dialog.storage_page.backups
    panel.refresh()
    await settled()
    return panel


def answer(text: str) -> None:
    box = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMessageBox) and w.isVisible())
    next(button for button in box.findChildren(QPushButton) if button.text().replace("&", "") == text).click()


def row(panel: BackupsPanel, at: int = 0) -> list[str]:
    item = panel.list.topLevelItem(at)
    assert item is not None
    return [item.text(column) for column in range(5)]


def test_a_copy_is_made_and_listed_with_what_is_in_it(open_preferences: Open, run_qt: RunQt) -> None:
    async def person() -> None:
        async with open_preferences(at="storage") as desk:
            panel = await filled(desk, 3)
            assert not panel.restore_button.isEnabled()
            panel.make_button.setFocus()
            panel.make_button.click()
            assert not panel.verify_button.isEnabled()
            panel.make_button.click()
            await settled()
            assert panel.list.topLevelItemCount() == 1
            # Whoever works with the keyboard stays where they were.
            assert desk.dialog.focusWidget() is panel.make_button
            assert row(panel)[1:4] == ["By hand", "3", "9"]
            assert panel.restore_button.isEnabled()
            assert "3 conversations, 9 messages" in panel.state.text()

    run_qt(person())


def test_going_back_asks_first_and_keeps_what_was_there(open_preferences: Open, run_qt: RunQt) -> None:
    async def person() -> None:
        async with open_preferences(at="storage") as desk:
            panel = await filled(desk, 2)
            panel.make_button.click()
            await settled()
            panel.verify_button.click()
            await settled()
            await desk.parts.intake.take_in([conversation(7)])
            spy = QSignalSpy(panel.restored)
            panel.restore_button.click()
            answer("Cancel")
            await settled()
            assert len(desk.parts.library.rows) == 3
            assert spy.count() == 0
            panel.restore_button.click()
            answer("Restore")
            await settled()
            assert len(desk.parts.library.rows) == 2
            assert spy.count() == 1
            assert panel.checked.isHidden()
            assert {row(panel, at)[2] for at in range(panel.list.topLevelItemCount())} == {"2", "3"}

    run_qt(person())


def test_a_backup_that_cannot_be_used_is_said_so_and_nothing_changes(open_preferences: Open, run_qt: RunQt) -> None:
    async def person() -> None:
        async with open_preferences(at="storage") as desk:
            panel = await filled(desk, 2)
            panel.make_button.click()
            await settled()
            assert panel.chosen is not None
            content = bytearray(panel.chosen.path.read_bytes())
            content[4096 * 2 : 4096 * 6] = bytes(4096 * 4)
            panel.chosen.path.write_bytes(content)
            panel.restore_button.click()
            answer("Restore")
            await settled()
            said = panel.state.text()
            assert said.startswith("✗ The backup was not used; nothing was changed. It is damaged (")
            assert len(desk.parts.library.rows) == 2

    run_qt(person())


def test_a_check_says_what_it_found(open_preferences: Open, run_qt: RunQt) -> None:
    async def person() -> None:
        async with open_preferences(at="storage") as desk:
            panel = await filled(desk, 2)
            panel.verify_button.click()
            await settled()
            assert panel.checked.isVisible()
            assert "✓" in panel.checked.shown_text
            assert panel.state.text() == "✓ Everything is sound."

    run_qt(person())


def test_the_size_and_the_ways_in_and_out_are_there(open_preferences: Open, run_qt: RunQt) -> None:
    async def person() -> None:
        async with open_preferences(at="storage") as desk:
            await filled(desk, 2)
            page = desk.dialog.storage_page
            await page._weigh()
            assert "B" in page._size.text()
            spies = QSignalSpy(page.import_asked), QSignalSpy(page.export_asked)
            page.import_button.click()
            page.export_button.click()
            assert [spy.count() for spy in spies] == [1, 1]

    run_qt(person())


def test_no_word_of_the_list_of_backups_is_cut(open_preferences: Open, run_qt: RunQt) -> None:
    async def person() -> None:
        async with open_preferences(at="storage") as desk:
            panel = await filled(desk, 1)
            header, metrics = panel.list.header(), panel.list.fontMetrics()
            for kind in BackupKind:
                assert metrics.horizontalAdvance(kind_text(kind)) + 8 <= header.sectionSize(KIND), kind
            panel.make_button.click()
            await settled()
            assert row(panel)[0].startswith("Today ")

    run_qt(person())


def test_what_is_done_with_backups_is_in_sight_when_the_page_opens(open_preferences: Open, run_qt: RunQt) -> None:
    async def person() -> None:
        async with open_preferences(at="storage") as desk:
            panel = await filled(desk, 1)
            for button in (panel.make_button, panel.restore_button, panel.verify_button):
                assert button.visibleRegion().boundingRect().height() == button.height()

    run_qt(person())
