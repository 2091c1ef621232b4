"""The disk does what it likes, and the window goes on."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel

from desktop_chat import app
from desktop_chat.runtime.paths import paths_below
from desktop_chat.ui.dialogs.recovered import RecoveredDialog
from tests.fake_provider import FakeProvider
from tests.journeys.conftest import Person, RunQt, Visit, sit_down


def test_a_list_that_could_not_be_read_at_the_start_is_read_once_it_can(
    visit: Visit, home: Path, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.says("Hello")
    store = paths_below(home).store
    kept = store.with_name("kept")

    async def first_day(me: Person) -> None:
        await me.asks("Good morning")

    async def next_day(me: Person) -> list[str]:
        assert not me.program.parts.library.rows
        assert me.window.trouble.isVisible()
        assert "cannot be read" in me.panes.sidebar._pane._empty.text()
        store.rmdir()
        kept.rename(store)
        await me.until(lambda: bool(me.path))
        assert not me.window.trouble.isVisible()
        return [message.text for message in me.path]

    visit(first_day)
    monkeypatch.setattr(app, "LOAD_AGAIN_S", 0.01)
    store.rename(kept)
    store.mkdir()

    assert visit(next_day) == ["Good morning", "Hello"]


def test_whoever_writes_while_the_list_cannot_be_read_stays_where_they_are(
    visit: Visit, home: Path, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = paths_below(home).store
    kept = store.with_name("kept")

    async def first_day(me: Person) -> None:
        await me.asks("Good morning")

    async def next_day(me: Person) -> None:
        await me.asks("Meanwhile")
        store.rmdir()
        kept.rename(store)
        await me.until(lambda: me.program.parts.library.is_loaded and len(me.program.parts.library.rows) == 2)
        await asyncio.sleep(0)
        assert me.program.shown._wanted is None
        assert me.path[0].text == "Meanwhile"

    visit(first_day)
    monkeypatch.setattr(app, "LOAD_AGAIN_S", 0.01)
    store.rename(kept)
    store.mkdir()
    visit(next_day)


def test_a_damaged_file_is_told_and_does_not_keep_the_window_from_closing(
    run_qt: RunQt, qapp: QApplication, home: Path
) -> None:
    store = paths_below(home).store
    store.parent.mkdir(parents=True)
    store.write_bytes(b"no database" * 1000)

    async def scene() -> None:
        async with sit_down(home, qapp) as me:
            told = me.window.findChild(RecoveredDialog)
            assert told is not None
            assert any("kept as conversations.damaged-1" in label.text() for label in told.findChildren(QLabel))
            assert not me.window.trouble.isVisible()
            told.close_button.click()
            me.window.close()
            assert me.program.ended.is_set()

    run_qt(scene())


def test_a_window_is_not_closed_over_unsaved_text_without_a_question(visit: Visit, home: Path) -> None:
    store = paths_below(home).store

    async def scene(me: Person) -> None:
        me.types("not lost")
        me.panes.composer.keep_now()
        await me.until(lambda: me.window.trouble.isVisible())
        # It lies over the answer: who has read it puts it away, and is not told again of the same.
        me.window.trouble.press()
        assert not me.window.trouble.isVisible()
        me.window.close()
        assert not me.program.ended.is_set()
        store.rmdir()

    store.mkdir(parents=True)
    visit(scene)
    assert store.is_file()


def test_going_back_to_a_backup_shows_the_conversation_as_it_was(visit: Visit, home: Path) -> None:
    async def scene(me: Person) -> None:
        await me.asks("First")
        made = await me.program.parts.backups.make()
        me.say("Second")
        await me.until(lambda: len(me.path) == 4 and not me.session.is_running)
        before = me.session
        await me.program.parts.backups.restore(made)
        me.program.dialogs.restored.emit()
        await me.until(lambda: me.session is not before)
        assert [message.text for message in me.path][:1] == ["First"]
        assert len(me.path) == 2
        me.say("Third")
        await me.until(lambda: len(me.path) == 4 and not me.session.is_running)

    visit(scene)
    assert home.exists()
