"""A disk that is full when the program starts."""

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.store import SqliteStore
from tests.adapters.sqlite.trees import question, reply, talk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs limits of file sizes")

SCENE = """
import asyncio, resource, sys
from dataclasses import replace
from pathlib import Path
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import head_of
from desktop_chat.domain.errors import StoreError

async def main():
    store = SqliteStore(Path(sys.argv[1]))
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, most))
    await store.open()
    (row,) = await store.rows()
    conversation = await store.load(row.id)
    try:
        await store.save(head_of(conversation))
        print("saved")
    except StoreError:
        print("not saved")
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    conversation.title = "new"
    await store.save(head_of(conversation))
    print((await store.rows())[0].title)
    await store.close()

asyncio.run(main())
"""


def on_a_full_disk(path: Path) -> list[str]:
    """What the scene says."""
    done = subprocess.run([sys.executable, "-c", SCENE, str(path)], capture_output=True, text=True, check=False)
    assert not done.stderr
    return done.stdout.split("\n")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    from desktop_chat.core.ports import head_of

    path = tmp_path / "store.sqlite"
    first = question("q")
    conversation = talk(first, reply("a", first))

    async def scene() -> None:
        store = SqliteStore(path)
        await store.save(head_of(conversation), tuple(conversation.messages.values()))
        await store.close()

    asyncio.run(scene())
    return path


def test_what_is_there_is_read_and_saved_again_once_there_is_room(path: Path) -> None:
    assert on_a_full_disk(path)[:2] == ["not saved", "new"]


def test_a_reply_that_a_crash_left_does_not_hide_the_list(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO journal (conversation_id, message_id, lines) VALUES ('c', 'm', '[]')")
    connection.close()

    assert on_a_full_disk(path)[:2] == ["not saved", "new"]

    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM journal").fetchone() == (0,)
    connection.close()
