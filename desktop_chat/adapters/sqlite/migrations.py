"""The shape of the database, as numbered steps from nothing to today.

To change it: write `mNNN_what(connection)`, put it at the end of `MIGRATIONS`, and add a
database of the shape before it to `tests/old_files/`. Each step runs in a transaction of
its own together with the new number, so a crash leaves the shape before or after it.
"""

import sqlite3
from collections.abc import Callable

from desktop_chat.adapters.sqlite import pictures, search_schema

APPLICATION_ID = 0x44436861
"""Marks the file as ours; reads `DCha`."""

Migration = Callable[[sqlite3.Connection], None]


def m001_conversations(connection: sqlite3.Connection) -> None:
    """Conversations as trees of messages, their words indexed; unsent text; the journal."""
    for statement in (
        """CREATE TABLE conversations (
            num INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL,
            pinned INTEGER NOT NULL,
            titled_by_person INTEGER NOT NULL,
            settings TEXT NOT NULL,
            deleted_messages TEXT NOT NULL,
            deleted_at REAL)""",
        "CREATE INDEX conversations_listed ON conversations (updated_at DESC) WHERE deleted_at IS NULL",
        """CREATE TABLE messages (
            num INTEGER PRIMARY KEY,
            conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
            id TEXT NOT NULL,
            parent_id TEXT,
            position INTEGER NOT NULL,
            data TEXT NOT NULL,
            text TEXT NOT NULL,
            UNIQUE (conversation, id))""",
        "CREATE INDEX messages_in_order ON messages (conversation, position)",
        """CREATE TABLE choices (
            conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
            parent_id TEXT NOT NULL,
            child_id TEXT NOT NULL,
            PRIMARY KEY (conversation, parent_id)) WITHOUT ROWID""",
        """CREATE TABLE unsent (
            conversation_id TEXT PRIMARY KEY,
            text TEXT NOT NULL,
            cursor INTEGER NOT NULL)""",
        """CREATE TABLE journal (
            seq INTEGER PRIMARY KEY,
            conversation_id TEXT NOT NULL,
            message_id TEXT NOT NULL,
            lines TEXT NOT NULL)""",
        *_search("conversations", "title"),
        *_search("messages", "text"),
    ):
        connection.execute(statement)


def _search(table: str, column: str) -> tuple[str, ...]:
    # The index reads its text from the table, so FTS5 can check and rebuild it by itself.
    index = f"{column}_search"
    added = f"INSERT INTO {index} (rowid, {column}) VALUES (new.num, new.{column});"  # noqa: S608 - our own names
    removed = f"INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', old.num, old.{column});"  # noqa: S608 - our own names
    return (
        f"""CREATE VIRTUAL TABLE {index} USING fts5 ({column}, content = '{table}', content_rowid = 'num',
            tokenize = 'unicode61 remove_diacritics 2')""",
        f"CREATE TRIGGER {column}_added AFTER INSERT ON {table} BEGIN {added} END",
        f"CREATE TRIGGER {column}_removed AFTER DELETE ON {table} BEGIN {removed} END",
        f"""CREATE TRIGGER {column}_changed AFTER UPDATE OF {column} ON {table}
            WHEN old.{column} IS NOT new.{column} BEGIN {removed} {added} END""",
    )


def m002_places(connection: sqlite3.Connection) -> None:
    """Folders, tags, archive, unread; the list and the trash are read without their conversations."""
    for statement in (
        """CREATE TABLE folders (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            parent_id TEXT,
            position INTEGER NOT NULL)""",
        """CREATE TABLE tags (
            conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
            tag TEXT NOT NULL,
            PRIMARY KEY (conversation, tag)) WITHOUT ROWID""",
        # No reference to its table: a folder that comes back finds what was in it.
        "ALTER TABLE conversations ADD COLUMN folder_id TEXT",
        "ALTER TABLE conversations ADD COLUMN archived INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE conversations ADD COLUMN unread INTEGER NOT NULL DEFAULT 0",
        "DROP INDEX conversations_listed",
        # All of a row of the list: settings may be long, and the list does not read past them.
        """CREATE INDEX conversations_listed ON conversations (id, title, created_at, updated_at, pinned,
            titled_by_person, folder_id, archived, unread, deleted_at) WHERE deleted_at IS NULL""",
        "CREATE INDEX conversations_trashed ON conversations (deleted_at) WHERE deleted_at IS NOT NULL",
    ):
        connection.execute(statement)


def m003_search(connection: sqlite3.Connection) -> None:
    """Messages in the order of their time, with what is known of them; trigrams."""
    search_schema.upgrade(connection)


def m004_pictures(connection: sqlite3.Connection) -> None:
    """Pictures, and which conversation shows them."""
    pictures.add_tables(connection)


def m005_edits(connection: sqlite3.Connection) -> None:
    """New versions of messages that were begun and not saved."""
    connection.execute(
        """CREATE TABLE edits (
            conversation_id TEXT NOT NULL,
            message_id TEXT NOT NULL,
            text TEXT NOT NULL,
            cursor INTEGER NOT NULL,
            UNIQUE (conversation_id, message_id))"""
    )


MIGRATIONS: tuple[Migration, ...] = (m001_conversations, m002_places, m003_search, m004_pictures, m005_edits)

VERSION = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Run the steps that this database has not seen."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, migration in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            migration(connection)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
