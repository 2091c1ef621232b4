"""The page that looks for newer versions, only when it is told to."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_chat.adapters.feed import FeedMemory, HttpsFeed
from desktop_chat.core.clock import SystemClock
from desktop_chat.core.updates import FeedPlace, Updates
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.preferences.updates_page import UpdatesPage
from tests.feeds import FeedServer, Publisher, feed_server


async def looked(page: UpdatesPage) -> None:
    while not page.check_button.isEnabled():
        await asyncio.sleep(0.01)


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[tuple[FeedServer, Publisher, Updates, SettingsStore]]:
    with feed_server(tmp_path) as (server, trust):
        publisher = Publisher()
        settings = SettingsStore(tmp_path / "settings.json")
        settings.load()
        built_in = FeedPlace(server.address, publisher.key)
        memory = FeedMemory(tmp_path / "updates.json")
        updates = Updates(settings, HttpsFeed(trust), memory, SystemClock(), version="1.0", built_in=built_in)
        yield server, publisher, updates, settings


def test_nothing_is_asked_until_the_button_is_pressed(feed, qtbot, run_qt, theme):
    server, publisher, updates, settings = feed
    server.body = publisher.notice("2.0", made_at=SystemClock().now())
    page = UpdatesPage(settings, lambda: updates)
    qtbot.addWidget(page)
    page.show()
    assert page.version.text() == "1.0" and not page.open_button.isVisible()
    assert not page.schema.fields["updates_weekly"].control.isChecked(), "off until it is wanted"

    async def person():
        assert server.asked == []
        qtbot.mouseClick(page.check_button, Qt.MouseButton.LeftButton)
        assert not page.check_button.isEnabled()
        await looked(page)
        assert "2.0" in page.result.text() and page.open_button.isVisible()
        assert len(server.asked) == 1
        await settings.close()

    run_qt(person())
    assert "example.org" in page.open_button.text() and page.open_button.accessibleName()


def test_a_refused_feed_is_explained_and_it_can_be_tried_again(feed, qtbot, run_qt, theme):
    server, _, updates, settings = feed
    server.body = Publisher().notice(made_at=SystemClock().now())
    page = UpdatesPage(settings, lambda: updates)
    qtbot.addWidget(page)
    page.show()

    async def person():
        page.check()
        await looked(page)
        assert "not signed with its key" in page.result.text()
        assert page.check_button.isEnabled() and not page.open_button.isVisible()
        await settings.close()

    run_qt(person())


def test_the_preferences_have_the_page(open_preferences, run_qt):
    async def person():
        async with open_preferences(at="updates") as desk:
            assert desk.dialog.stack.currentWidget().isAncestorOf(desk.dialog.updates_page)
            desk.dialog.updates_page.check()
            await looked(desk.dialog.updates_page)
            assert "names no feed" in desk.dialog.updates_page.result.text()

    run_qt(person())
