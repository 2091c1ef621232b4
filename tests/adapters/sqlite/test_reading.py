"""A long conversation is read late, and a part of it ahead of the rest."""

import asyncio
import random
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.reading import AROUND, LONG
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.domain.blocks import Notice, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import CallId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from tests.adapters.sqlite.scenes import reopened, with_store
from tests.adapters.sqlite.trees import save, talk


def long_talk(seed: int, count: int = LONG + 200) -> Conversation:
    """A tree with many branches off its path, with deleted messages."""
    chance, conversation = random.Random(seed), talk()
    parent: MessageId | None = None
    for number in range(count):
        message = Message(
            MessageId(f"m{number}"), parent, Role.ASSISTANT if number % 2 else Role.USER, (Text(f"t{number}"),), number
        )
        conversation.add(message)
        if chance.random() < 0.95 or parent is None:
            parent = message.id
    for message_id in chance.sample(list(conversation.messages), count // 40):
        conversation.choose(message_id)
    for message_id in chance.sample(list(conversation.messages), count // 150):
        conversation.delete(message_id)
    return conversation


@pytest.mark.parametrize("seed", range(4))
def test_an_excerpt_shows_the_end_of_the_path(path: Path, seed: int) -> None:
    conversation = long_talk(seed)
    while len(conversation.path()) < 3 * AROUND:  # A choice near the beginning left little of it.
        conversation.choose(random.Random(seed).choice(list(conversation.messages)[-9:]))

    async def scene(store: SqliteStore) -> Conversation | None:
        await save(store, conversation)
        return await store.excerpt(conversation.id, None)

    excerpt = with_store(path, scene)

    seen = [message.text for message in excerpt.path()]
    assert len(seen) >= AROUND
    assert seen == [message.text for message in conversation.path()][-len(seen) :]


@pytest.mark.parametrize("seed", range(4))
def test_an_excerpt_around_a_message_shows_what_choosing_it_would_show(path: Path, seed: int) -> None:
    conversation = long_talk(seed)
    messages = [m for m in list(conversation.messages)[150:-150] if m not in conversation.deleted]
    wanted = random.Random(seed).choice(messages)

    async def scene(store: SqliteStore) -> Conversation | None:
        await save(store, conversation)
        return await store.excerpt(conversation.id, wanted)

    excerpt = with_store(path, scene)
    conversation.choose(wanted)

    seen, whole = [m.id for m in excerpt.path()], [m.id for m in conversation.path()]
    first = whole.index(seen[0])
    assert wanted in seen
    assert seen == whole[first : first + len(seen)]
    assert whole.index(wanted) - first >= AROUND - len(conversation.deleted)
    assert len(seen) > AROUND


def test_a_short_conversation_and_an_unknown_message_have_no_excerpt(path: Path) -> None:
    short, long = long_talk(1, 20), long_talk(1)

    async def scene(store: SqliteStore) -> list[Conversation | None]:
        await save(store, short)
        await save(store, long)
        return [await store.excerpt(short.id, None), await store.excerpt(long.id, MessageId("nobody's"))]

    assert with_store(path, scene) == [None, None]


def test_an_excerpt_waits_neither_for_a_write_nor_for_a_search(path: Path) -> None:
    conversation, may_end = long_talk(1), threading.Event()

    async def scene(store: SqliteStore) -> list[Conversation | None]:
        await save(store, conversation)
        found = []
        for worker in (store._worker, store._reader._worker):
            busy = asyncio.ensure_future(worker.run(may_end.wait))
            await asyncio.sleep(0)
            found.append(await store.excerpt(conversation.id, None))
            may_end.set()
            await busy
            may_end.clear()
        return found

    beside_write, beside_search = with_store(path, scene)

    assert beside_write == beside_search
    assert beside_write is not None


def test_choices_that_lead_in_a_circle_or_nowhere_hold_nobody(path: Path) -> None:
    conversation = long_talk(2)
    with_store(path, lambda store: save(store, conversation))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE choices SET child_id = 'm0' WHERE parent_id = 'm0'")
    circle = with_store(path, lambda store: store.excerpt(conversation.id, None))
    loaded = reopened(path, conversation.id)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE choices SET child_id = 'nobody''s' WHERE parent_id = ''")
    nowhere = with_store(path, lambda store: store.excerpt(conversation.id, None))

    assert [message.id for message in circle.path()] == ["m0"]
    assert len(loaded.path()) > 1
    assert nowhere is None


def test_tool_calls_are_known_before_anybody_looks_at_a_message(path: Path) -> None:
    call = CallId("c")
    blocks = (ToolCall(call, "clock", ""), ToolResult(call, "noon"))
    asked = Message(MessageId("a"), None, Role.USER, (Text("When?"),), 1.0)
    called = Message(MessageId("b"), asked.id, Role.ASSISTANT, blocks, 2.0, ended=Ended.COMPLETE)
    conversation = talk(asked, called)
    with_store(path, lambda store: save(store, conversation))

    loaded = reopened(path, conversation.id)

    assert [message.has_calls for message in loaded.path()] == [False, True]
    assert loaded == conversation


def test_a_message_that_cannot_be_read_stands_in_its_place_whenever_it_is_looked_at(path: Path) -> None:
    conversation = long_talk(3, 4)
    with_store(path, lambda store: save(store, conversation))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE messages SET data = CAST(x'7b22ff' AS TEXT) WHERE id = 'm1'")

    loaded = reopened(path, conversation.id)

    (notice,) = loaded.messages[MessageId("m1")].blocks
    assert isinstance(notice, Notice)
    assert notice.code == "StoreDamaged"
    assert loaded.messages[MessageId("m0")].text == "t0"
