"""Puts many rows of messages into their table in one statement.

Before every statement that could fail halfway FTS5 writes out what it has gathered, as one
more part of its index that has to be merged later; so too where numbers go back. So the rows
are laid down in a temporary table first, which sorts them, and go over in one step.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

_COLUMNS = "num, conversation, id, parent_id, position, created_at, about, tools, data, text"
_STAGE = "CREATE TEMP TABLE IF NOT EXISTS staged (num INTEGER PRIMARY KEY, {})"


def insert_messages(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of the table of messages, their numbers first; in a transaction of the caller."""
    connection.execute(_STAGE.format(_COLUMNS.partition(", ")[2]))
    insert_many(connection, f"INSERT INTO temp.staged ({_COLUMNS})", rows)
    connection.execute(
        f"INSERT INTO main.messages ({_COLUMNS}) SELECT {_COLUMNS} FROM temp.staged ORDER BY num"  # noqa: S608 - our own names
    )
    connection.execute("DELETE FROM temp.staged")


def insert_many(connection: sqlite3.Connection, statement: str, values: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, many with each step of SQLite.

    Each step lets go of the interpreter and has to get it back, which takes milliseconds
    beside a thread that computes.
    """
    at = 0
    for count in (128, 32, 8, 1):
        marks = f"({', '.join('?' * len(values[0]))})" if values else ""
        many = f"{statement} VALUES {', '.join([marks] * count)}"
        while len(values) - at >= count:
            connection.execute(many, [value for row in values[at : at + count] for value in row])
            at += count
