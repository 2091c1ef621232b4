"""Files that others exchange, lock or forbid to write while the store is used."""

import asyncio
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import head_of
from desktop_chat.domain.errors import StoreError, StoreExchanged, StoreReadOnly
from tests.adapters.sqlite.damage import filled
from tests.adapters.sqlite.trees import question, reply, save, talk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there, what is open cannot be exchanged")


def test_a_file_that_takes_the_name_of_the_store_is_set_aside(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    filled(other, 2, 2)
    theirs = other.read_bytes()
    first = question("q")
    conversation = talk(first)
    told: list[StoreError] = []

    async def scene() -> list[str]:
        store = SqliteStore(path)
        store.on_found = told.append
        await save(store, conversation)
        other.replace(path)
        conversation.add(answer := reply("a", first))
        await store.save(head_of(conversation), [answer])
        rows = [row.title for row in await store.rows()]
        assert await store.load(conversation.id) == conversation
        await store.close()
        return rows

    assert asyncio.run(scene()) == ["Title"]
    (problem,) = told
    assert isinstance(problem, StoreExchanged)
    assert problem.set_aside.read_bytes() == theirs
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (2,)


def test_in_a_folder_that_cannot_be_written_the_wal_is_read_too(no_root: Path) -> None:
    """A program that was killed left it there."""
    made, path = no_root / "made.sqlite", no_root / "store.sqlite"
    first = question("q")
    conversation = talk(first)

    async def fill() -> None:
        store = SqliteStore(made)
        await save(store, conversation)
        await store.close()
        store = SqliteStore(made)
        conversation.add(answer := reply("only in the WAL", first))
        await store.save(head_of(conversation), [answer])
        for ending in ("", "-wal"):
            shutil.copy(f"{made}{ending}", f"{path}{ending}")
        await store.close()

    asyncio.run(fill())
    assert Path(f"{path}-wal").stat().st_size
    path.chmod(0o400)
    no_root.chmod(0o500)

    async def scene() -> None:
        store = SqliteStore(path)
        assert [type(problem) for problem in await store.open()] == [StoreReadOnly]
        assert await store.load(conversation.id) == conversation
        await store.close()

    asyncio.run(scene())
    assert Path(f"{path}-wal").exists()


def test_a_file_that_another_program_locks_is_waited_for(path: Path) -> None:
    conversation = talk(question("q"))

    async def scene() -> None:
        store = SqliteStore(path)
        await save(store, conversation)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            await store._do(lambda jobs: jobs._connection.execute("PRAGMA busy_timeout = 1"))
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="locked"):
                await save(store, talk(question("q")))
            other.execute("ROLLBACK")
        await save(store, talk(question("q")))
        assert len(await store.rows()) == 2
        await store.close()

    asyncio.run(scene())
