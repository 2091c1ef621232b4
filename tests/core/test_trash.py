"""What is in the trash: it comes back, is kept for 30 days, and is erased whole."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.library_history import LibraryAct
from desktop_chat.domain.changes import (
    ConversationListed,
    ConversationUnlisted,
    TrashChanged,
)
from desktop_chat.domain.errors import StoreError
from tests.adapters.sqlite.trees import question, talk
from tests.core.homes import Home, Run
from tests.core.shelves import some


def test_what_is_in_the_trash_is_kept_for_30_days_and_erased_then(made_home: Home, run: Run) -> None:
    old, recent, _ = conversations = some()

    async def play() -> None:
        await made_home.fill(*conversations)
        async with made_home.library() as library:
            library.trash([old.id])
            made_home.clock.time += 10 * 24 * 3600
            library.trash([recent.id])
        made_home.clock.time += 20 * 24 * 3600 - 60
        async with made_home.library() as library:
            assert [one.id for one in await library.trashed()] == [recent.id, old.id]
            library.restore([old.id])
            library.undo()
        made_home.clock.time += 120
        for _ in range(2):
            async with made_home.library() as library:
                assert [one.id for one in await library.trashed()] == [recent.id]
                while library._saver._purging:
                    await asyncio.sleep(0)
                library.restore([recent.id, old.id])
                assert [one.id for one in library.rows] == [conversations[2].id, recent.id][::-1]
                library.undo()
        async with made_home.library() as library:
            with pytest.raises(StoreError, match="no conversation"):
                await library.open(old.id)

    run(play())


def test_the_trash_tells_when_it_changes(made_home: Home, run: Run) -> None:
    (conversation,) = some(1)

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            made_home.heard.clear()
            library.trash([conversation.id])
            library.restore([conversation.id])
            assert made_home.heard == [
                ConversationUnlisted(conversation.id),
                TrashChanged(),
                ConversationListed(conversation.id),
                TrashChanged(),
            ]
            assert library.undo_title == LibraryAct.RESTORE

    run(play())


def test_a_clock_that_is_years_ahead_does_not_empty_the_trash(made_home: Home, run: Run) -> None:
    first, second, _ = some()

    async def play() -> None:
        await made_home.fill(first, second)
        async with made_home.library() as library:
            library.trash([first.id])
        made_home.clock.time += 3 * 365 * 24 * 3600
        async with made_home.library() as library:
            assert [row.id for row in await library.trashed()] == [first.id]
        made_home.clock.time -= 3 * 365 * 24 * 3600
        async with made_home.library() as library:
            library.restore([first.id])
            assert (await library.open(first.id)).conversation.messages

    run(play())


def test_half_erased_conversations_do_not_come_back(made_home: Home, run: Run) -> None:
    first = question("q0")
    long = talk(first, *(question(f"q{number}", first) for number in range(1000)))

    async def play() -> None:
        await made_home.fill(long)
        async with made_home.library() as library:
            library.trash([long.id])
        store = SqliteStore(made_home.path)
        assert await store.purge(made_home.clock.time + 1)
        assert len((await store.load(long.id)).messages) < 1001
        await store.close()
        async with made_home.library() as library:
            assert await library.trashed() == []
            while library._saver._purging:
                await asyncio.sleep(0)
            with pytest.raises(StoreError):
                await library.open(long.id)
        with closing(sqlite3.connect(made_home.path)) as connection:
            assert connection.execute("SELECT count(*) FROM messages").fetchone() == (0,)

    run(play())
