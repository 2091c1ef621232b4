"""The shape of the database, as numbered steps from nothing to today.

To change it: write `mNNN_what(connection)`, put it at the end of `MIGRATIONS`, and add a
database of the shape before it to `tests/old_files/`. Each step runs in a transaction of
its own together with the new number, so a crash leaves the shape before or after it.
"""

import sqlite3
from collections.abc import Callable

APPLICATION_ID = 0x44436861
"""Marks the file as ours; reads `DCha`."""

Migration = Callable[[sqlite3.Connection], None]


def _text_of(data: str) -> str:
    # Searchable text of a message: what was said, thought, asked of tools and answered by them.
    # `json_valid` because one row that SQLite cannot read must not keep it from being saved.
    return f"""(SELECT group_concat(coalesce(json_extract(value, '$.text'),
        json_extract(value, '$.name') || ' ' || json_extract(value, '$.arguments_json')), char(10))
        FROM json_each(CASE WHEN json_valid({data}) THEN {data} ELSE '{{}}' END, '$.blocks'))"""  # noqa: S608


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
        *_search_over_titles(),
        *_search_over_messages(),
    ):
        connection.execute(statement)


def _search_over_titles() -> tuple[str, ...]:
    return (
        """CREATE VIRTUAL TABLE title_search USING fts5 (title, content = 'conversations', content_rowid = 'num',
            tokenize = 'unicode61 remove_diacritics 2')""",
        """CREATE TRIGGER title_added AFTER INSERT ON conversations BEGIN
            INSERT INTO title_search (rowid, title) VALUES (new.num, new.title); END""",
        """CREATE TRIGGER title_removed AFTER DELETE ON conversations BEGIN
            INSERT INTO title_search (title_search, rowid, title) VALUES ('delete', old.num, old.title); END""",
        """CREATE TRIGGER title_changed AFTER UPDATE OF title ON conversations WHEN old.title IS NOT new.title BEGIN
            INSERT INTO title_search (title_search, rowid, title) VALUES ('delete', old.num, old.title);
            INSERT INTO title_search (rowid, title) VALUES (new.num, new.title); END""",
    )


def _search_over_messages() -> tuple[str, ...]:
    # The index reads its text through a view, so no text is kept twice.
    # Nothing that anybody typed goes into these statements; the warnings about that are mistaken.
    added = f"INSERT INTO message_search (rowid, text) VALUES (new.num, {_text_of('new.data')});"  # noqa: S608
    removed = (
        f"INSERT INTO message_search (message_search, rowid, text) VALUES ('delete', old.num, {_text_of('old.data')});"  # noqa: S608
    )
    return (
        f"CREATE VIEW message_texts (num, text) AS SELECT num, {_text_of('data')} FROM messages",  # noqa: S608
        """CREATE VIRTUAL TABLE message_search USING fts5 (text, content = 'message_texts', content_rowid = 'num',
            tokenize = 'unicode61 remove_diacritics 2')""",
        f"CREATE TRIGGER message_added AFTER INSERT ON messages BEGIN {added} END",
        f"CREATE TRIGGER message_removed AFTER DELETE ON messages BEGIN {removed} END",
        f"""CREATE TRIGGER message_changed AFTER UPDATE OF data ON messages WHEN old.data IS NOT new.data
            BEGIN {removed} {added} END""",
    )


MIGRATIONS: tuple[Migration, ...] = (m001_conversations,)

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
