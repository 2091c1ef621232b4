"""Many messages at once become one part of the index, and the background tidies up after them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite import bulk, search_schema
from desktop_chat.adapters.sqlite.database import open_database, transaction
from desktop_chat.adapters.sqlite.jobs import Jobs
from desktop_chat.core.query import parse
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Message, Role


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_database(tmp_path / "store.sqlite").connection) as connection:
        yield connection


def talk(number: int, messages: int = 150) -> Conversation:
    """All of them at the same times, so that their messages lie between each other's."""
    conversation = Conversation(ConversationId(f"c{number}"), f"Talk {number}", 0.0, 0.0)
    for step in range(messages):
        conversation.add(
            Message(MessageId(f"{number}-{step}"), None, Role.USER, (Text(f"word{number} step{step}"),), 1000.0 + step)
        )
    return conversation


def parts(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT count(DISTINCT segid) FROM text_search_idx").fetchone()
    return int(count)


def test_a_batch_of_conversations_side_by_side_is_one_part_of_the_index(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        bulk.take_in(connection, [bulk.pack(talk(number)) for number in range(4)])

    assert parts(connection) == 1
    assert connection.execute("SELECT count(*) FROM messages").fetchone() == (600,)
    assert connection.execute("SELECT count(*) FROM temp.staged").fetchone() == (0,)
    connection.execute("INSERT INTO text_search (text_search, rank) VALUES ('integrity-check', 1)")


def test_a_batch_that_is_rolled_back_leaves_nothing_for_the_next(connection: sqlite3.Connection) -> None:
    with pytest.raises(ZeroDivisionError), transaction(connection):
        bulk.take_in(connection, [bulk.pack(talk(1))])
        raise ZeroDivisionError

    with transaction(connection):
        bulk.take_in(connection, [bulk.pack(talk(2))])

    assert connection.execute("SELECT DISTINCT conversation FROM messages").fetchall() == [(1,)]
    assert connection.execute("SELECT count(*) FROM messages").fetchone() == (150,)


def test_what_a_killed_import_has_set_is_taken_back_in_the_background(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with closing(open_database(path).connection) as killed:
        search_schema.for_many(killed)
        with transaction(killed):
            bulk.take_in(killed, [bulk.pack(talk(0, 3))])
        assert search_schema.is_for_many(killed)

    jobs = Jobs(path)
    while jobs.sift():
        pass
    jobs.close()

    with closing(sqlite3.connect(path)) as connection:
        assert not search_schema.is_for_many(connection)


def test_the_background_merges_what_an_import_has_left(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    jobs = Jobs(path)
    for number in range(12):
        jobs.take_in([bulk.pack(talk(number, 20))])
    jobs.end_intake()
    with closing(sqlite3.connect(path)) as connection:
        before = parts(connection)

    while jobs.sift():
        pass
    found = [hit.message_id for hit in jobs.search(parse("word7 step3"), 10)]
    jobs.close()

    with closing(sqlite3.connect(path)) as connection:
        assert (before, parts(connection)) == (12, 1)
    assert found == ["7-3"]
