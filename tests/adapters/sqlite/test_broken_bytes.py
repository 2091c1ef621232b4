"""Bytes that are no text, in a file that SQLite itself finds sound."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.backups import SqliteBackups
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.backup_place import Finding
from desktop_chat.core.ports import Hit, Row
from desktop_chat.core.query import parse
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreError, StoreRecovered
from tests.adapters.sqlite.trees import question, reply, save, talk

PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store of two conversations, closed."""
    path = tmp_path / "conversations.sqlite"

    async def fill() -> None:
        store = SqliteStore(path)
        for title in ("Marmots", "Beavers"):
            asked = question(f"How do {title.lower()} dig?")
            await save(store, talk(asked, reply(f"{title} dig with their paws, all day long.", asked), title=title))
        await store.close()

    asyncio.run(fill())
    return path


def spoil(path: Path, sound: bytes, broken: bytes) -> bytes:
    """Exchange some bytes wherever they stand; returns what the file holds then."""
    content = path.read_bytes()
    assert sound in content
    assert len(sound) == len(broken)
    path.write_bytes(content := content.replace(sound, broken))
    return content


def described(path: Path) -> bytes:
    """How the table of messages begins in the file's own description of it."""
    with closing(sqlite3.connect(path)) as connection:
        (sql,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'messages'").fetchone()
    return bytes(sql.encode()[:30])


def used(path: Path, words: str = "paws") -> tuple[list[StoreError], list[Row], list[Conversation], list[Hit]]:
    """Open the store, list, read and search everything."""

    async def use() -> tuple[list[StoreError], list[Row], list[Conversation], list[Hit]]:
        store = SqliteStore(path)
        try:
            hits = await store.search(parse(words), 9)
            await store.rows()
            loaded = [await store.load(row.id) for row in await store.rows()]
            return await store.open(), await store.rows(), loaded, hits
        finally:
            await store.close()

    return asyncio.run(use())


def texts(conversations: list[Conversation]) -> set[str]:
    """What was said in them."""
    return {message.text for conversation in conversations for message in conversation.messages.values()}


def test_a_title_with_a_broken_byte_is_there_with_a_sign_for_it(path: Path) -> None:
    content = spoil(path, b"Marmots", b"Marm\xa5ts")

    problems, rows, conversations, _ = used(path)

    assert [type(problem) for problem in problems] == [StoreRecovered]
    assert {row.title for row in rows} == {"Marm\ufffdts", "Beavers"}
    assert len(texts(conversations)) == 4
    assert path.with_name("conversations.damaged-1.sqlite").read_bytes() == content


def test_an_answer_with_a_broken_byte_is_there_with_a_sign_for_it(path: Path) -> None:
    spoil(path, b"Beavers dig with their", b"Beavers dig with th\xa5ir")

    _, _, conversations, _ = used(path)

    assert any(text.startswith("Beavers dig with th\ufffdir") for text in texts(conversations))
    assert len(texts(conversations)) == 4


def test_settings_with_a_broken_byte_do_not_keep_a_conversation_closed(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("""UPDATE conversations SET settings = '{"system": "Be brief about it."}'""")
    spoil(path, b"Be brief", b"Be \xa5rief")

    problems, _, conversations, _ = used(path)

    assert [type(problem) for problem in problems] == [StoreRecovered]
    assert len(texts(conversations)) == 4


def test_a_description_that_is_no_text_is_recovered_from(path: Path) -> None:
    name = described(path)
    spoil(path, name, name.replace(b"TAB", b"\xa5\xa6\xa7"))

    problems, _, conversations, hits = used(path)

    assert [type(problem) for problem in problems] == [StoreRecovered]
    assert len(texts(conversations)) == 4
    assert len(hits) == 2


def test_a_journal_that_cannot_be_read_is_recovered_from(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'journal'").fetchone()
    content = bytearray(path.read_bytes())
    content[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
    path.write_bytes(content)

    problems, _, conversations, _ = used(path)

    assert [type(problem) for problem in problems] == [StoreRecovered]
    assert len(texts(conversations)) == 4


@pytest.mark.parametrize("part", [b"", b"Marmots", b"Beavers dig"])
def test_verifying_names_what_is_no_text(path: Path, part: bytes) -> None:
    part = part or described(path)
    spoil(path, part, part[:4] + b"\xa5" + part[5:])
    found: list[Finding] = []

    async def verify() -> None:
        store = SqliteStore(path)
        backups = SqliteBackups(store)
        await backups.verify(found.append)
        await backups.close()
        await store.close()

    asyncio.run(verify())

    assert any(finding.is_bad for finding in found)


def test_what_recovering_does_not_help_is_told_and_not_set_aside_again_and_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise ValueError("nobody knows these")

    monkeypatch.setattr("desktop_chat.adapters.sqlite.reading.settings_from_dict", refuse)

    async def read() -> int:
        store = SqliteStore(path)
        refused = 0
        for _ in range(5):
            for row in await store.rows():
                try:
                    await store.load(row.id)
                except StoreError:
                    refused += 1
        await store.close()
        return refused

    assert asyncio.run(read()) == 10
    assert len(list(path.parent.glob("conversations.damaged-*.sqlite"))) <= 3
