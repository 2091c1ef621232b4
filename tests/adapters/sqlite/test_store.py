"""Conversations on disk, through the port."""

import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import RowChange, Unsent, head_of
from desktop_chat.core.query import parse
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreDamaged, StoreError, StoreFull, StoreReadOnly, StoreRecovered, StoreTooNew
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from tests.adapters.sqlite.trees import conversations, question, reply, save, talk

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Scene = Callable[[SqliteStore], Coroutine[Any, Any, Any]]


def with_store(path: Path, scene: Scene) -> Any:
    """Open a store, play the scene, close it."""

    async def main() -> Any:
        store = SqliteStore(path)
        try:
            return await scene(store)
        finally:
            await store.close()

    return asyncio.run(main())


def reopened(path: Path, conversation_id: ConversationId) -> Conversation:
    return with_store(path, lambda store: store.load(conversation_id))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversation=conversations())
def test_what_is_saved_is_what_is_loaded(conversation: Conversation, path: Path) -> None:
    with_store(path, lambda store: save(store, conversation))

    assert reopened(path, conversation.id) == conversation


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(conversation=conversations())
def test_saving_message_by_message_comes_to_the_same(conversation: Conversation, path: Path) -> None:
    async def scene(store: SqliteStore) -> None:
        grown = Conversation(conversation.id, "", 0.0, 0.0)
        for message in conversation.messages.values():
            grown.add(message)
            await store.save(head_of(grown), [message])
        await store.save(head_of(conversation))

    with_store(path, scene)

    if conversation.messages:
        assert reopened(path, conversation.id) == conversation


def test_nothing_is_opened_before_the_first_call(path: Path) -> None:
    SqliteStore(path)

    assert not path.parent.exists()


def test_others_cannot_read_the_files(path: Path) -> None:
    async def scene(store: SqliteStore) -> list[int]:
        await save(store, talk(question("q")))
        return [file.stat().st_mode & 0o077 for file in path.parent.iterdir()]

    rights = with_store(path, scene)

    assert len(rights) >= 2
    assert set(rights) == {0}


def test_rows_come_without_the_trash(path: Path) -> None:
    old, new, gone = (
        talk(question("q"), title=t, updated_at=u) for t, u in (("old", 1.0), ("new", 3.0), ("gone", 2.0))
    )

    async def scene(store: SqliteStore) -> list[str]:
        for conversation in (old, new, gone):
            await save(store, conversation)
        await store.arrange([RowChange(gone.id, {"trashed_at": 5.0})])
        return sorted(row.title for row in await store.rows())

    assert with_store(path, scene) == ["new", "old"]


def test_the_first_rows_are_those_that_stand_first(path: Path) -> None:
    given = (("old", 1.0, False), ("new", 3.0, False), ("pinned", 2.0, True), ("archived", 9.0, True))
    talks = [talk(question("q"), title=title, updated_at=at, pinned=pinned) for title, at, pinned in given]
    talks[-1].archived = True

    async def scene(store: SqliteStore) -> list[list[str]]:
        for conversation in talks:
            await save(store, conversation)
        await store.arrange([RowChange(talks[1].id, {"tags": ("one", "two")})])
        rows = await store.rows(2)
        assert {row.title: row.tags for row in rows} == {"new": ("one", "two"), "pinned": ()}
        return [sorted(row.title for row in await store.rows(count)) for count in (1, 3, 9)]

    assert with_store(path, scene) == [["pinned"], ["new", "old", "pinned"], ["archived", "new", "old", "pinned"]]


def test_a_conversation_comes_back_from_the_trash_whole(path: Path) -> None:
    conversation = talk(question("q"))

    async def scene(store: SqliteStore) -> int:
        await save(store, conversation)
        await store.arrange([RowChange(conversation.id, {"trashed_at": 5.0})])
        await save(store, conversation)
        assert await store.rows() == []
        await store.arrange([RowChange(conversation.id, {"trashed_at": None})])
        return len(await store.rows())

    assert with_store(path, scene) == 1
    assert reopened(path, conversation.id) == conversation


def test_a_row_changes_without_the_rest(path: Path) -> None:
    conversation = talk(question("q"))

    async def scene(store: SqliteStore) -> None:
        await save(store, conversation)
        await store.arrange([RowChange(conversation.id, {"title": "Mine", "titled_by_person": True, "pinned": True})])

    with_store(path, scene)
    expected = replace(conversation, title="Mine", pinned=True, titled_by_person=True)
    assert reopened(path, conversation.id) == expected


def test_a_choice_that_was_taken_back_is_taken_back_on_disk(path: Path) -> None:
    first = question("q")
    conversation = talk(first, reply("a", first), reply("b", first))
    a, b = conversation.children[first.id]

    async def scene(store: SqliteStore) -> None:
        await save(store, conversation)
        for chosen in (a, b, a):
            conversation.choose(chosen)
            await store.save(head_of(conversation))

    with_store(path, scene)
    assert [m.id for m in reopened(path, conversation.id).path()] == [first.id, a]


def test_a_conversation_that_is_not_there_is_said(path: Path) -> None:
    with pytest.raises(StoreError, match="no conversation"):
        reopened(path, ConversationId("x"))


def test_half_a_character_does_not_keep_a_message_from_being_saved(path: Path) -> None:
    conversation = talk(question("half \ud83d a smile"), title="\udc00")

    with_store(path, lambda store: save(store, conversation))

    assert reopened(path, conversation.id).path()[0].text == "half \ufffd a smile"


def test_a_message_that_cannot_be_read_does_not_hide_the_others(path: Path) -> None:
    first = question("q")
    second = reply("a", first)
    conversation = talk(first, second, question("more", second))
    with_store(path, lambda store: save(store, conversation))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE messages SET data = '{' WHERE id = ?", (second.id,))

    loaded = reopened(path, conversation.id)

    assert [m.text for m in loaded.path()] == ["q", "", "more"]
    assert loaded.path()[1].ended is Ended.FAILED


def test_a_message_without_its_parent_becomes_a_first_message(path: Path) -> None:
    lost = question("lost")
    child = reply("still here", lost)
    conversation = talk()

    async def scene(store: SqliteStore) -> None:
        await store.save(head_of(conversation), [child])

    with_store(path, scene)
    assert [m.text for m in reopened(path, conversation.id).path()] == ["still here"]


def test_messages_may_be_saved_before_their_parents(path: Path) -> None:
    first = question("q")
    second = reply("a", first)
    conversation = talk(first, second)

    async def scene(store: SqliteStore) -> None:
        await store.save(head_of(conversation), [second])
        await store.save(head_of(conversation), [first])

    with_store(path, scene)
    assert [m.text for m in reopened(path, conversation.id).path()] == ["q", "a"]


def test_a_reply_that_never_ended_counts_as_interrupted(path: Path) -> None:
    first = question("q")
    conversation = talk(first, reply("", first, ended=None))

    with_store(path, lambda store: save(store, conversation))

    assert reopened(path, conversation.id).path()[1].ended is Ended.INTERRUPTED


def test_unsent_text_is_kept_until_it_is_forgotten(path: Path) -> None:
    conversation = talk(question("q"))

    async def scene(store: SqliteStore) -> None:
        await save(store, conversation)
        await store.keep_unsent(conversation.id, Unsent("hel", 3))
        await store.keep_unsent(conversation.id, Unsent("hello", 2))
        assert await store.unsent(conversation.id) == Unsent("hello", 2)
        assert await store.unsent_elsewhere() is None
        await store.keep_unsent(conversation.id, None)
        assert await store.unsent(conversation.id) is None

    with_store(path, scene)


def test_unsent_text_of_a_conversation_without_a_message_is_found(path: Path) -> None:
    new = ConversationId("new")

    with_store(path, lambda store: store.keep_unsent(new, Unsent("hello", 5)))

    assert with_store(path, lambda store: store.unsent_elsewhere()) == (new, Unsent("hello", 5))


def test_a_cancelled_caller_does_not_cancel_the_write(path: Path) -> None:
    conversation = talk(question("q"))

    async def scene(store: SqliteStore) -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(save(store, conversation))
            await asyncio.sleep(0)
            task.cancel()

    with_store(path, scene)
    assert reopened(path, conversation.id) == conversation


def test_a_closed_store_says_so_and_closes_twice(path: Path) -> None:
    async def scene(store: SqliteStore) -> None:
        await store.rows()
        await store.close()
        with pytest.raises(StoreError, match="closed"):
            await store.rows()

    with_store(path, scene)


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


@pytest.fixture
def no_root() -> Iterator[Path]:
    """A folder of somebody whom rights keep out; root is nobody meanwhile."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            Path(folder).chmod(0o755)
            if is_root:
                os.seteuid(0)


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


def test_the_database_passes_its_own_check_after_changes(path: Path) -> None:
    first = question("one two three")
    second = reply("draft", first)
    conversation = talk(first, second)

    async def scene(store: SqliteStore) -> None:
        await save(store, conversation, full_sync=True)
        conversation.put(replace(second, blocks=(Text("final words"),)))
        conversation.title = "Another"
        await save(store, conversation)

    with_store(path, scene)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in ("text_search", "title_search"):
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")


def test_the_role_of_a_message_is_kept(path: Path) -> None:
    first = question("q")
    conversation = talk(first, Message(MessageId("x"), first.id, Role.ASSISTANT, (), 1.0, ended=Ended.STOPPED))

    with_store(path, lambda store: save(store, conversation))

    assert reopened(path, conversation.id).messages[MessageId("x")].role is Role.ASSISTANT
