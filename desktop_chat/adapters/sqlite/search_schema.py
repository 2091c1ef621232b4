"""The tables of the search: words of messages and, where words do not do, trigrams.

Words are indexed as messages are written. Trigrams cost many times more, so a message that
is written is only noted in `gram_todo`, and the index of trigrams follows in the background:
each message is in the one or in the other. Both indexes read their text from `messages`, so
they can be thrown away and made again at any time.
"""

import json
import sqlite3

from desktop_chat.adapters.sqlite.search_text import Columns, columns_of, fold, number_at
from desktop_chat.domain.codec import message_from_dict

_MESSAGES = """CREATE TABLE {name} (
    num INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    id TEXT NOT NULL,
    parent_id TEXT,
    position INTEGER NOT NULL,
    created_at REAL NOT NULL,
    about TEXT NOT NULL,
    tools TEXT NOT NULL,
    data TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (conversation, id))"""

_BODY = "substr({row}.text, 1, 100000) || char(10) || substr({row}.tools, 1, 100000) || char(10, 10)"
"""What trigrams are made of: no more than a short step of work holds. The line ends at its
end give the last two characters trigrams of their own."""

_TABLES = (
    """CREATE VIRTUAL TABLE text_search USING fts5 (text, tools, about, content = 'messages', content_rowid = 'num',
        tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'", prefix = '3', columnsize = 0)""",
    # Terms one by one: which models there are, which trigrams begin with two characters.
    "CREATE VIRTUAL TABLE text_terms USING fts5vocab (text_search, instance)",
    "CREATE TABLE gram_todo (num INTEGER PRIMARY KEY)",
    f"""CREATE VIEW gram_source AS
        SELECT num, {_BODY.format(row="messages")} AS body FROM messages""",  # noqa: S608 - our own names
)

_GRAMS = """CREATE VIRTUAL TABLE grams USING fts5 (body, content = 'gram_source', content_rowid = 'num',
    tokenize = 'trigram case_sensitive 1', detail = none, columnsize = 0)"""

_ADD = """
    INSERT INTO text_search (rowid, text, tools, about) VALUES (new.num, new.text, new.tools, new.about);
    INSERT INTO gram_todo (num) VALUES (new.num);
"""

_REMOVE = f"""
    INSERT INTO text_search (text_search, rowid, text, tools, about)
        VALUES ('delete', old.num, old.text, old.tools, old.about);
    INSERT INTO grams (grams, rowid, body)
        SELECT 'delete', old.num, {_BODY.format(row="old")}
        WHERE NOT EXISTS (SELECT 1 FROM gram_todo WHERE num = old.num);
    DELETE FROM gram_todo WHERE num = old.num;
"""  # noqa: S608 - our own names

_TRIGGERS = (
    f"CREATE TRIGGER text_added AFTER INSERT ON messages BEGIN {_ADD} END",
    f"CREATE TRIGGER text_removed AFTER DELETE ON messages BEGIN {_REMOVE} END",
    f"""CREATE TRIGGER text_changed AFTER UPDATE OF num, text, tools, about ON messages
        WHEN old.num IS NOT new.num OR old.text IS NOT new.text OR old.tools IS NOT new.tools
            OR old.about IS NOT new.about
        BEGIN {_REMOVE} {_ADD} END""",
)


_FOR_FEW = {"hashsize": 1_000_000, "automerge": 4}
"""What FTS5 gathers in memory before it writes, and how many parts it merges into one: its own defaults."""
_FOR_MANY = {"hashsize": 16_000_000, "automerge": 64, "crisismerge": 1000}
"""Many parts are merged at once, each of them once or twice; never all of them in one go, which
holds the writing thread for seconds. The last one stays: where merging keeps up it is never met."""


def upgrade(connection: sqlite3.Connection) -> None:
    """Number messages by their time, give them the searched columns, and index them anew."""
    for statement in (
        *(f"DROP TRIGGER text_{name}" for name in ("added", "removed", "changed")),
        "DROP TABLE text_search",
        _MESSAGES.format(name="renumbered"),
    ):
        connection.execute(statement)
    _copy(connection)
    connection.execute("DROP TABLE messages")
    connection.execute("ALTER TABLE renumbered RENAME TO messages")
    connection.execute("CREATE INDEX messages_in_order ON messages (conversation, position)")
    create(connection)


def for_many(connection: sqlite3.Connection) -> None:
    """Before very many messages are written: less than half the work, for memory. Not in a transaction."""
    _configure(connection, _FOR_MANY)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")  # 16 MB: pages that change with every batch are copied less


def for_few(connection: sqlite3.Connection) -> None:
    """After `for_many`, perhaps that of a process that was killed. Not in a transaction."""
    _configure(connection, _FOR_FEW)
    connection.execute("PRAGMA temp_store = DEFAULT")
    connection.execute("PRAGMA wal_autocheckpoint = 1000")


def is_for_many(connection: sqlite3.Connection) -> bool:
    """Whether `for_few` is due once no more comes."""
    found = connection.execute("SELECT v FROM text_search_config WHERE k = 'automerge'").fetchone()
    return bool(found and found[0] != _FOR_FEW["automerge"])


def _configure(connection: sqlite3.Connection, values: dict[str, int]) -> None:
    for name, value in values.items():
        connection.execute("INSERT INTO text_search (text_search, rank) VALUES (?, ?)", (name, value))


def create(connection: sqlite3.Connection) -> None:
    """Make all of it over the table of messages; nothing of it may be there."""
    for statement in _TABLES:
        connection.execute(statement)
    _create_grams(connection)
    connection.execute("CREATE VIRTUAL TABLE gram_terms USING fts5vocab (grams, instance)")
    for statement in _TRIGGERS:
        connection.execute(statement)
    rebuild_words(connection)
    _note_all(connection)


def rebuild_words(connection: sqlite3.Connection) -> None:
    """Make the index of words anew. Takes about a minute for a million messages."""
    connection.execute("INSERT INTO text_search (text_search) VALUES ('rebuild')")


def _create_grams(connection: sqlite3.Connection) -> None:
    connection.execute(_GRAMS)
    # The background merges what it wrote in steps of its own (see `search_grams.Sifter`).
    connection.execute("INSERT INTO grams (grams, rank) VALUES ('automerge', 0)")


def _note_all(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT OR IGNORE INTO gram_todo (num) SELECT num FROM messages")


def _copy(connection: sqlite3.Connection) -> None:
    last = -1
    # What is sorted is two numbers a message; its row is fetched by itself.
    order = connection.execute(
        """SELECT m.num, coalesce(CASE WHEN json_valid(m.data) THEN json_extract(m.data, '$.created_at') END,
            c.created_at) AS at
        FROM messages m JOIN conversations c ON c.num = m.conversation ORDER BY at, m.num"""
    )
    for number, at in order:
        created_at = float(at) if isinstance(at, int | float) else 0.0
        conversation, id_, parent_id, position, data, text = connection.execute(
            "SELECT conversation, id, parent_id, position, data, text FROM messages WHERE num = ?", (number,)
        ).fetchone()
        try:
            columns = columns_of(message_from_dict(json.loads(data)), conversation)
        except ValueError:  # It is shown as not readable, and found by what was indexed of it.
            columns = Columns("", "", fold(text))
        last = max(last + 1, number_at(created_at))
        connection.execute(
            "INSERT INTO renumbered VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                last,
                conversation,
                id_,
                parent_id,
                position,
                created_at,
                columns.about,
                columns.tools,
                data,
                columns.text,
            ),
        )
