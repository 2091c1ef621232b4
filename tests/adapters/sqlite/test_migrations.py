"""A store of every released shape opens with all that was in it."""

import asyncio
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from desktop_chat.adapters.sqlite.migrations import VERSION
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.adapters.sqlite.verify import verify
from desktop_chat.core.backup_place import Finding
from desktop_chat.core.ports import Unsent
from desktop_chat.core.query import parse
from desktop_chat.domain.blocks import Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.errors import StoreReadOnly
from desktop_chat.domain.ids import CallId, ConversationId, MessageId, PictureId
from desktop_chat.domain.message import Ended

OLD = Path(__file__).parents[2] / "old_files"
OLD_STORES = {path.stem: path.read_bytes() for path in sorted(OLD.glob("store-*.sqlite"))}
TREE, PLAIN, GONE = ConversationId("tree"), ConversationId("plain"), ConversationId("gone")


@pytest.fixture
def old_store(path: Path) -> Path:
    """A store as shape 1 was left by a process that was killed."""
    path.parent.mkdir(parents=True)
    shutil.copyfile(OLD / "store-1.sqlite", path)
    return path


def look(path: Path) -> dict[str, Any]:
    async def main() -> dict[str, Any]:
        store = SqliteStore(path)
        try:
            assert await store.open() == []
            return {
                "rows": sorted(await store.rows(), key=lambda row: row.id),
                "trash": await store.trashed(0.0),
                "folders": await store.folders(),
                "tree": await store.load(TREE),
                "plain": await store.load(PLAIN),
                "gone": await store.load(GONE),
                "unsent": (await store.unsent(TREE), await store.unsent_elsewhere()),
            }
        finally:
            await store.close()

    return asyncio.run(main())


def test_everything_of_shape_1_is_there(old_store: Path) -> None:
    found = look(old_store)

    tree = found["tree"]
    assert [(row.id, row.title, row.pinned, row.titled_by_person) for row in found["rows"]] == [
        (PLAIN, "Plain", False, False),
        (TREE, "A tree of answers", True, True),
    ]
    assert [(row.folder_id, row.tags, row.archived) for row in found["rows"]] == [(None, (), False)] * 2
    assert [(row.id, row.trashed_at) for row in found["trash"]] == [(GONE, 1700000200.0)]
    assert found["gone"].path()[0].text == "Old treasure"
    assert found["folders"] == []
    assert [message.id for message in tree.path()] == ["q1", "a1", "q2", "a3"]
    assert tree.deleted == {"q3"}
    assert tree.versions(MessageId("a1")) == ("a1", "a2")
    assert tree.messages[MessageId("a2")].blocks == (
        Reasoning("Let me compute.", 400),
        ToolCall(CallId("c1"), "calculator", '{"expression": "2*3"}'),
        ToolResult(CallId("c1"), "6"),
        Text("Straße, naïve, 東京: six."),
    )
    assert (tree.settings.model, tree.settings.temperature) == ("model-a", 0.5)
    assert found["unsent"] == ({None: Unsent("half a thou", 4)}, (ConversationId("new"), Unsent("a new idea", 10)))


def test_a_reply_that_was_cut_off_in_shape_1_is_brought_back(old_store: Path) -> None:
    plain = look(old_store)["plain"]

    assert [message.text for message in plain.path()] == ["Hello there", "Hi, I was cut"]
    assert plain.path()[-1].ended is Ended.INTERRUPTED


def test_a_store_is_migrated_once_and_is_sound(old_store: Path) -> None:
    before = look(old_store)

    assert look(old_store) == before
    with closing(sqlite3.connect(old_store)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_was_written_in_shape_1_is_indexed(old_store: Path) -> None:
    look(old_store)

    with closing(sqlite3.connect(old_store)) as connection:
        found = connection.execute(
            "SELECT id FROM messages WHERE num IN (SELECT rowid FROM text_search WHERE text_search MATCH 'naive')"
        ).fetchall()
    assert found == [("a2",)]


def test_a_list_is_read_without_the_conversations(old_store: Path) -> None:
    look(old_store)

    with closing(sqlite3.connect(old_store)) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT id, title, created_at, updated_at, pinned, titled_by_person, folder_id, "
            "archived, unread, deleted_at, num FROM conversations WHERE deleted_at IS NULL"
        ).fetchall()

    assert "COVERING INDEX conversations_listed" in plain_text(plan)


def plain_text(plan: list[tuple[Any, ...]]) -> str:
    return "\n".join(str(step[-1]) for step in plan)


def test_a_store_of_shape_4_opens_and_takes_new_versions_of_messages(path: Path) -> None:
    path.parent.mkdir(parents=True)
    shutil.copyfile(OLD / "store-4.sqlite", path)
    edited, typed = ConversationId("edited"), Unsent("What is a planet?", 17)

    async def main() -> None:
        store = SqliteStore(path)
        try:
            assert await store.open() == []
            assert [message.text for message in (await store.load(edited)).path()] == [
                "What is a moon?",
                "A satellite.",
            ]
            await store.keep_unsent(edited, typed, MessageId("q1"))
            assert await store.unsent(edited) == {None: Unsent("and a half", 5), MessageId("q1"): typed}
        finally:
            await store.close()

    asyncio.run(main())


def test_a_store_of_shape_3_opens_and_takes_pictures(path: Path) -> None:
    path.parent.mkdir(parents=True)
    shutil.copyfile(OLD / "store-3.sqlite", path)

    async def main() -> None:
        store = SqliteStore(path)
        try:
            assert await store.open() == []
            drawn = await store.load(ConversationId("drawn"))
            assert [message.text for message in drawn.path()] == ["What is this?\n\n[Image: cat.png]", "A cat."]
            assert drawn.tags == ("pets",)
            assert await store.picture(PictureId("0" * 64)) is None
        finally:
            await store.close()

    asyncio.run(main())


@pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are another matter there")
@pytest.mark.parametrize("before", OLD_STORES.values(), ids=OLD_STORES)
def test_an_older_shape_is_read_and_checked_where_nothing_can_be_written(no_root: Path, before: bytes) -> None:
    path = no_root / "conversations.sqlite"
    path.write_bytes(before)
    path.chmod(0o400)
    no_root.chmod(0o500)
    found: list[Finding] = []

    async def main() -> None:
        store = SqliteStore(path)
        try:
            assert [type(problem) for problem in await store.open()] == [StoreReadOnly]
            for row in await store.rows():
                assert (await store.load(row.id)).messages
            assert await store.search(parse("moon OR cat"), 10) is not None
            with pytest.raises(StoreReadOnly):
                await store.keep_unsent(TREE, None)
        finally:
            await store.close()

    asyncio.run(main())
    verify(path, no_root / "backups", found.append)

    assert not any(finding.is_bad for finding in found)
    assert path.read_bytes() == before
    assert [one.name for one in no_root.iterdir()] == [path.name]
