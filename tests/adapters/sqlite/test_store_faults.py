"""What keeps a store from being written or read as usual: it is said, and nothing is lost."""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.database import translated
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import RowChange, head_of
from desktop_chat.core.query import parse
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreRecovered,
    StoreTooNew,
)
from desktop_chat.domain.ids import MessageId
from tests.adapters.sqlite.scenes import reopened, with_store
from tests.adapters.sqlite.trees import question, reply, save, talk


def test_a_full_disk_is_said_and_what_was_there_stays(path: Path) -> None:
    conversation = talk(question("q"))

    async def scene(store: SqliteStore) -> None:
        await save(store, conversation)
        await store._do(lambda jobs: jobs._connection.execute("PRAGMA max_page_count = 1"))
        big = question("x" * 1_000_000)
        with pytest.raises(StoreFull):
            await store.save(head_of(conversation), [big])
        assert await store.load(conversation.id) == conversation
        await store._do(lambda jobs: jobs._connection.execute("PRAGMA max_page_count = 1000000"))
        await store.save(head_of(conversation), [big])

    with_store(path, scene)
    assert len(reopened(path, conversation.id).messages) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are another matter there")
def test_a_folder_that_cannot_be_written_is_read(no_root: Path) -> None:
    path = no_root / "store.sqlite"
    conversation = talk(question("q"))
    with_store(path, lambda store: save(store, conversation))
    path.chmod(0o400)
    no_root.chmod(0o500)

    async def scene(store: SqliteStore) -> Conversation:
        assert [type(problem) for problem in await store.open()] == [StoreReadOnly]
        with pytest.raises(StoreReadOnly):
            await save(store, conversation)
        return await store.load(conversation.id)

    assert with_store(path, scene) == conversation


def test_a_file_that_another_program_holds_is_in_use(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE t (a)")
        other.execute("BEGIN EXCLUSIVE")
        with closing(sqlite3.connect(path, timeout=0)) as connection, pytest.raises(StoreBusy), translated():
            connection.execute("SELECT * FROM t")


@pytest.mark.skipif(sys.platform == "win32", reason="there, what is open cannot be deleted")
@pytest.mark.parametrize("left", [(), ("-wal", "-shm")], ids=["the folder", "the file alone"])
def test_a_file_that_is_deleted_while_it_is_open_is_written_anew(path: Path, left: tuple[str, ...]) -> None:
    first = question("q")
    conversation = talk(first)

    async def scene(store: SqliteStore) -> None:
        await save(store, conversation)
        if left:
            path.unlink()
        else:
            shutil.rmtree(path.parent)
        conversation.add(answer := reply("a", first))
        await store.save(head_of(conversation), [answer])

    with_store(path, scene)
    assert reopened(path, conversation.id) == conversation
    assert path.stat().st_mode & 0o077 == 0
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]


def test_a_choice_that_was_not_written_is_written_the_next_time(path: Path) -> None:
    first = question("q")
    conversation = talk(first, reply("a", first), reply("b", first))

    async def scene(store: SqliteStore) -> None:
        await save(store, conversation)
        conversation.choose(conversation.children[first.id][0])
        await store._do(lambda jobs: jobs._connection.execute("PRAGMA query_only = 1"))
        with pytest.raises(StoreReadOnly):
            await store.save(head_of(conversation))
        await store._do(lambda jobs: jobs._connection.execute("PRAGMA query_only = 0"))
        await store.save(head_of(conversation))

    with_store(path, scene)
    assert reopened(path, conversation.id) == conversation


@pytest.mark.parametrize(
    "content",
    [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\x07" * 5000, b"S"],
    ids=["text", "torn", "one byte"],
)
def test_a_damaged_file_is_set_aside_and_a_fresh_one_made(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    conversation = talk(question("q"))

    async def scene(store: SqliteStore) -> list[StoreError]:
        found = await store.open()
        await save(store, conversation)
        return found

    found = with_store(path, scene)

    assert [type(error) for error in found] == [StoreRecovered]
    assert "conversations.damaged-1.sqlite" in str(found[0])
    assert (path.parent / "conversations.damaged-1.sqlite").read_bytes() == content
    assert reopened(path, conversation.id) == conversation


def test_a_database_of_another_program_is_set_aside(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA application_id = 7")
        connection.execute("CREATE TABLE theirs (a)")

    found = with_store(path, lambda store: store.open())

    assert [type(error) for error in found] == [StoreDamaged]


def test_a_newer_store_is_read_and_never_written(path: Path) -> None:
    conversation = talk(question("needle"))
    with_store(path, lambda store: save(store, conversation))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()

    async def scene(store: SqliteStore) -> list[StoreError]:
        found = await store.open()
        assert len(await store.rows()) == 1
        assert await store.load(conversation.id) == conversation
        assert len(await store.search(parse("needle"), 5)) == 1
        for write in (
            save(store, conversation),
            store.arrange([RowChange(conversation.id, {"trashed_at": 1.0})]),
            store.journal(conversation.id, MessageId("m"), ["[]"]),
            store.keep_unsent(conversation.id, None),
        ):
            with pytest.raises(StoreTooNew):
                await write
        return found

    assert [type(error) for error in with_store(path, scene)] == [StoreTooNew]
    assert path.read_bytes() == before


def test_a_store_that_could_not_be_made_is_made_once_it_can(path: Path) -> None:
    path.parent.write_text("in the way")

    async def scene(store: SqliteStore) -> None:
        with pytest.raises(StoreError):
            await store.rows()
        path.parent.unlink()
        assert await store.rows() == []

    with_store(path, scene)
