"""Exports reach the disk as they were chosen, and can be stopped."""

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QSignalSpy

from desktop_chat import wiring
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui import aio
from desktop_chat.ui.dialogs.export_dialog import Choices, ExportDialog
from desktop_chat.ui.dialogs.export_work import Shape
from desktop_chat.ui.theme.apply import Theme
from tests.ui.conftest import RunQt
from tests.ui.dialogs.library import filled, shown

Read = Callable[[ConversationId], Coroutine[Any, Any, Conversation]]


async def drawn(conversation: Conversation) -> bytes:
    return f"%PDF {conversation.title} {len(conversation.path()[1].blocks)}".encode()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


@asynccontextmanager
async def opened(
    home: Path, theme: Theme, many: int, read: Read | None = None
) -> AsyncIterator[tuple[ExportDialog, wiring.Parts]]:
    parts = await filled(home, many)
    ids = tuple(row.id for row in parts.library.rows)
    choices = Choices(shown=ids[0], shown_title="Conversation 0", all=ids)
    dialog = ExportDialog(choices, read or parts.library.read, drawn, theme)
    async with shown(dialog, parts):
        yield dialog, parts


def never() -> tuple[Read, asyncio.Event]:
    """A store that does not answer, and whether it was asked."""
    asked = asyncio.Event()

    async def read(_: ConversationId) -> Conversation:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    return read, asked


def choose(dialog: ExportDialog, title: str, *, is_all: bool = False) -> None:
    dialog.which.setCurrentIndex(dialog.which.count() - 1 if is_all else 0)
    dialog.format.setCurrentIndex(dialog.format.findText(title))


async def written(dialog: ExportDialog, path: Path) -> QSignalSpy:
    spy = QSignalSpy(dialog.exported)
    dialog.begin(path)
    await settled()
    return spy


async def settled() -> None:
    while aio.running():
        await asyncio.gather(*aio.running(), return_exceptions=True)


def test_one_conversation_becomes_one_file(home: Path, place: Path, theme: Theme, run_qt: RunQt) -> None:
    async def person() -> None:
        async with opened(home, theme, 3) as (dialog, _):
            choose(dialog, "Markdown")
            assert dialog.shape.count() == 1
            dialog.tools.setChecked(False)
            spy = await written(dialog, place / "talk.md")
            assert spy.count() == 1
            assert not dialog.isVisible()

    run_qt(person())
    text = (place / "talk.md").read_text(encoding="utf-8")
    assert "It is warm, version 2." in text
    assert "I have to look." in text
    assert "get_weather" not in text


def test_all_become_files_in_a_new_folder(home: Path, place: Path, theme: Theme, run_qt: RunQt) -> None:
    (place / "All").mkdir()

    async def person() -> None:
        async with opened(home, theme, 3) as (dialog, _):
            choose(dialog, "PDF", is_all=True)
            dialog.reasoning.setChecked(False)
            spy = await written(dialog, place / "All")
            assert spy.at(0)[1:] == [str(place / "All (2)"), str(place)]

    run_qt(person())
    assert list((place / "All").iterdir()) == []
    made = sorted((place / "All (2)").iterdir())
    assert len(made) == 3
    assert made[0].read_bytes() == b"%PDF Conversation 0 3"


def test_json_has_every_version_unless_only_the_shown_ones_are_wanted(
    home: Path, place: Path, theme: Theme, run_qt: RunQt
) -> None:
    async def person() -> None:
        async with opened(home, theme, 2) as (dialog, _):
            choose(dialog, "JSON", is_all=True)
            assert dialog.shape.currentData() == Shape.FILE
            await written(dialog, place / "all.json")
            dialog.open()
            dialog._pages.setCurrentIndex(0)
            dialog.versions.setCurrentIndex(1)
            await written(dialog, place / "shown.json")

    run_qt(person())
    whole, shown = (json.loads((place / name).read_bytes())["conversations"] for name in ("all.json", "shown.json"))
    assert [len(one["messages"]) for one in whole] == [3, 3]
    assert [len(one["messages"]) for one in shown] == [2, 2]


def test_a_zip_has_a_file_for_each(home: Path, place: Path, theme: Theme, run_qt: RunQt) -> None:
    async def person() -> None:
        async with opened(home, theme, 3) as (dialog, _):
            choose(dialog, "Plain text", is_all=True)
            dialog.shape.setCurrentIndex(dialog.shape.findData(Shape.ZIP))
            await written(dialog, place / "all.zip")

    run_qt(person())
    assert len(zipfile.ZipFile(place / "all.zip").namelist()) == 3


def test_a_place_that_cannot_be_written_is_named_and_another_can_be_chosen(
    home: Path, place: Path, theme: Theme, run_qt: RunQt
) -> None:
    async def person() -> None:
        async with opened(home, theme, 1) as (dialog, _):
            choose(dialog, "Markdown")
            await written(dialog, place / "gone" / "talk.md")
            assert "talk.md" in dialog._problem.text()
            assert dialog.export_button.isVisible()
            await written(dialog, place / "talk.md")

    run_qt(person())
    assert (place / "talk.md").exists()


def test_what_cannot_be_read_is_listed_and_the_rest_written(
    home: Path, place: Path, theme: Theme, run_qt: RunQt
) -> None:
    async def person() -> None:
        parts = None

        async def read(conversation_id: ConversationId) -> Conversation:
            assert parts is not None
            if conversation_id == "c1":
                raise StoreError("a page is damaged")
            return await parts.library.read(conversation_id)

        async with opened(home, theme, 3, read) as (dialog, made):
            parts = made
            choose(dialog, "JSON", is_all=True)
            spy = await written(dialog, place / "all.json")
            assert spy.at(0)[0] == "2 of 3 conversations exported"
            assert dialog.isVisible()
            assert "a page is damaged" in dialog._report.shown_text

    run_qt(person())
    assert len(json.loads((place / "all.json").read_bytes())["conversations"]) == 2


def test_cancelling_leaves_no_file_and_the_form(home: Path, place: Path, theme: Theme, run_qt: RunQt) -> None:
    async def person() -> None:
        read, asked = never()
        async with opened(home, theme, 2, read) as (dialog, _):
            choose(dialog, "JSON", is_all=True)
            dialog.begin(place / "all.json")
            await asked.wait()
            dialog.progress.cancel_button.click()
            await settled()
            assert dialog.export_button.isVisible()
            assert list(place.iterdir()) == []

    run_qt(person())


def test_closing_the_dialog_ends_the_work(home: Path, place: Path, theme: Theme, run_qt: RunQt) -> None:
    async def person() -> None:
        read, asked = never()
        async with opened(home, theme, 2, read) as (dialog, _):
            choose(dialog, "PDF", is_all=True)
            dialog.begin(place / "All")
            await asked.wait()
            dialog.reject()
            await settled()

    run_qt(person())
    assert list(place.iterdir()) == []


def test_only_formats_that_take_it_offer_it(home: Path, theme: Theme, run_qt: RunQt) -> None:
    async def person() -> None:
        async with opened(home, theme, 2) as (dialog, _):
            choose(dialog, "JSON")
            assert dialog.versions.isVisible()
            assert not dialog.reasoning.isVisible()
            choose(dialog, "OpenAI messages, JSON lines")
            assert not dialog.versions.isVisible()
            assert dialog.tools.isVisible()
            assert not dialog.reasoning.isVisible()

    run_qt(person())
