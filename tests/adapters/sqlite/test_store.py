"""Conversations on disk, through the port."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import RowChange, Unsent, head_of
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from tests.adapters.sqlite.scenes import reopened, with_store
from tests.adapters.sqlite.trees import conversations, question, reply, save, talk


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
        assert await store.unsent(conversation.id) == {None: Unsent("hello", 2)}
        assert await store.unsent_elsewhere() is None
        await store.keep_unsent(conversation.id, None)
        assert await store.unsent(conversation.id) == {}

    with_store(path, scene)


def test_new_versions_of_messages_are_kept_beside_the_text_of_the_composer(path: Path) -> None:
    conversation = talk(question("q"))
    first, second = MessageId("first"), MessageId("second")

    async def scene(store: SqliteStore) -> None:
        await save(store, conversation)
        await store.keep_unsent(conversation.id, Unsent("old", 1), first)
        await store.keep_unsent(conversation.id, Unsent("other", 2), second)
        await store.keep_unsent(conversation.id, Unsent("below", 3))
        await store.keep_unsent(conversation.id, Unsent("new", 4), first)
        found = await store.unsent(conversation.id)
        assert list(found.items()) == [
            (None, Unsent("below", 3)),
            (second, Unsent("other", 2)),
            (first, Unsent("new", 4)),
        ]
        await store.keep_unsent(conversation.id, None, first)
        await store.keep_unsent(conversation.id, None)
        assert await store.unsent(conversation.id) == {second: Unsent("other", 2)}

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
