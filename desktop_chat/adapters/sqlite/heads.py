"""Conversations without their messages, and where they stand: list, folders, tags, archive, trash.

Runs in the store's thread.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from desktop_chat.core.listing import sorted_tags
from desktop_chat.core.many_rows import rows_of
from desktop_chat.core.ports import Folder, Head, Row, RowChange
from desktop_chat.domain.codec import settings_to_dict
from desktop_chat.domain.ids import ConversationId, FolderId

_SURROGATES = re.compile("[\ud800-\udfff]")

_COLUMNS = {
    "title": "title",
    "titled_by_person": "titled_by_person",
    "pinned": "pinned",
    "folder_id": "folder_id",
    "archived": "archived",
    "trashed_at": "deleted_at",
    "is_unread": "unread",
}
"""Where the fields of a row are kept; tags have a table of their own."""

_ROW = {
    "id": "id",
    "title": "title",
    "created_at": "created_at",
    "updated_at": "updated_at",
    **{name: column for name, column in _COLUMNS.items() if name != "title"},
    "num": "num",
}
_SELECT = f"SELECT {', '.join(_ROW.values())} FROM conversations"  # noqa: S608 - our own names

_FEW = 1000
"""Rows whose tags are looked up; the tags of more are read with those of all."""
_ERASED_AT_ONCE = 300
"""Messages in one transaction, so that whoever writes meanwhile waits for milliseconds."""


def clean(text: str) -> str:
    """Halves of characters, which no file can hold, become U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


def dump(value: Any) -> str:
    """JSON as it is kept."""
    return clean(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def list_rows(connection: sqlite3.Connection, first: int | None = None) -> list[Row]:
    """All conversations that are not in the trash, or those that stand first."""
    listed = f"{_SELECT} WHERE deleted_at IS NULL"
    if first is None:
        return _rows(connection, listed)
    return _rows(connection, f"{listed} ORDER BY archived, pinned DESC, updated_at DESC LIMIT ?", first)


def list_trash(connection: sqlite3.Connection, since: float) -> list[Row]:
    """Conversations that went to the trash at this time or later."""
    return _rows(connection, f"{_SELECT} WHERE deleted_at >= ?", since)


def list_folders(connection: sqlite3.Connection) -> list[Folder]:
    """All folders."""
    found = connection.execute("SELECT id, name, parent_id, position FROM folders")
    return [Folder(id_, name, parent_id, position) for id_, name, parent_id, position in found]


def number_of(connection: sqlite3.Connection, conversation_id: ConversationId) -> int | None:
    """The number of a conversation inside the database."""
    row = connection.execute("SELECT num FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    return row[0] if row else None


def write_head(connection: sqlite3.Connection, head: Head) -> int:
    """Add a conversation, or exchange what sessions change of it; returns its number.

    Where a conversation stands is written when it is added; then `arrange` alone changes it.
    """
    kept = (
        clean(head.title),
        head.created_at,
        head.updated_at,
        head.pinned,
        head.titled_by_person,
        dump(settings_to_dict(head.settings)),
        dump(sorted(head.deleted)),
    )
    number = number_of(connection, head.id)
    if number is not None:
        connection.execute(
            "UPDATE conversations SET title = ?, created_at = ?, updated_at = ?, pinned = ?, titled_by_person = ?, "
            "settings = ?, deleted_messages = ? WHERE num = ?",
            (*kept, number),
        )
        return number
    connection.execute(
        "INSERT INTO conversations (title, created_at, updated_at, pinned, titled_by_person, settings, "
        "deleted_messages, id, folder_id, archived, deleted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*kept, head.id, head.folder_id, head.archived, head.trashed_at),
    )
    (number,) = connection.execute("SELECT last_insert_rowid()").fetchone()
    _write_tags(connection, [(head.id, head.tags)] if head.tags else [])
    return int(number)


def tags_of(connection: sqlite3.Connection, number: int) -> tuple[str, ...]:
    """The tags of one conversation."""
    return sorted_tags(tag for (tag,) in connection.execute("SELECT tag FROM tags WHERE conversation = ?", (number,)))


def arrange(
    connection: sqlite3.Connection, changes: Iterable[RowChange], folders: Iterable[Folder], gone: Iterable[FolderId]
) -> None:
    """See `Store.arrange`; in a transaction of the caller."""
    statements: dict[str, list[tuple[Any, ...]]] = {}
    tagged: list[tuple[ConversationId, Sequence[str]]] = []
    for change in changes:
        names = [name for name in change.fields if name in _COLUMNS]
        if names:
            values = (change.fields[name] for name in names)
            columns = ", ".join(f"{_COLUMNS[name]} = ?" for name in names)
            statements.setdefault(columns, []).append(
                (*(clean(value) if isinstance(value, str) else value for value in values), change.id)
            )
        if "tags" in change.fields:
            tagged.append((change.id, change.fields["tags"]))
    for columns, rows in statements.items():
        alike = {row[:-1] for row in rows}
        if len(alike) == 1:  # All of them get the same, as most bulk changes do.
            connection.execute(
                f"UPDATE conversations SET {columns} WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608 - our own names
                (*alike.pop(), json.dumps([row[-1] for row in rows])),
            )
        else:
            connection.executemany(f"UPDATE conversations SET {columns} WHERE id = ?", rows)  # noqa: S608 - our own names
    _write_tags(connection, tagged)
    connection.executemany("DELETE FROM folders WHERE id = ?", [(folder_id,) for folder_id in gone])
    connection.executemany(
        "INSERT OR REPLACE INTO folders (id, name, parent_id, position) VALUES (?, ?, ?, ?)",
        [(folder.id, clean(folder.name), folder.parent_id, folder.position) for folder in folders],
    )


def erase_some(connection: sqlite3.Connection, before: float) -> bool:
    """See `Store.purge`; in a transaction of the caller."""
    found = connection.execute(
        "SELECT num, id FROM conversations WHERE deleted_at < ? ORDER BY deleted_at LIMIT 1", (before,)
    ).fetchone()
    if found is None:
        return False
    number, conversation_id = found
    # Half a conversation must not come back, whatever time it is at the next start.
    connection.execute("UPDATE conversations SET deleted_at = 0 WHERE num = ? AND deleted_at > 0", (number,))
    erased = connection.execute(
        "DELETE FROM messages WHERE num IN (SELECT num FROM messages WHERE conversation = ? LIMIT ?)",
        (number, _ERASED_AT_ONCE),
    ).rowcount
    if erased < _ERASED_AT_ONCE:
        connection.execute("DELETE FROM unsent WHERE conversation_id = ?", (conversation_id,))
        connection.execute("DELETE FROM edits WHERE conversation_id = ?", (conversation_id,))
        connection.execute("DELETE FROM conversations WHERE num = ?", (number,))
    return True


def _rows(connection: sqlite3.Connection, query: str, *values: Any) -> list[Row]:
    cursor = connection.execute(query, values)
    found = cursor.fetchmany(_FEW)
    more = cursor.fetchmany(_FEW)
    tags = _tags_of(connection, None if more else found) if found else {}
    folders: dict[Any, Any] = {}
    rows: list[Row] = []
    while found:  # Some at a time: what SQLite gives them as takes as much memory as the rows.
        columns: dict[str, Iterable[Any]] = dict(zip(_ROW, zip(*found, strict=True), strict=True))
        columns["tags"] = [tags.get(number, ()) for number in columns.pop("num")]
        columns["folder_id"] = [folders.setdefault(id_, id_) for id_ in columns["folder_id"]]
        for name in ("pinned", "titled_by_person", "archived", "is_unread"):
            columns[name] = map(bool, columns[name])
        rows += rows_of(len(found), columns)
        found, more = more, cursor.fetchmany(_FEW)
    return rows


def _tags_of(connection: sqlite3.Connection, found: Sequence[tuple[Any, ...]] | None) -> dict[int, tuple[str, ...]]:
    """The tags of these conversations, or of all, by their numbers."""
    tags: dict[int, list[str]] = {}
    tagged, few = "SELECT conversation, tag FROM tags", tuple[Any, ...]()
    if found is not None:
        tagged += " WHERE conversation IN (SELECT value FROM json_each(?))"
        few = (json.dumps([row[-1] for row in found]),)
    for number, tag in connection.execute(tagged, few):
        tags.setdefault(number, []).append(tag)
    in_alphabet = cache(sorted_tags)  # Many conversations have the same few.
    return {number: in_alphabet(tuple(some)) for number, some in tags.items()}


def _write_tags(connection: sqlite3.Connection, tagged: Sequence[tuple[ConversationId, Sequence[str]]]) -> None:
    connection.executemany(
        "DELETE FROM tags WHERE conversation = (SELECT num FROM conversations WHERE id = ?)",
        [(conversation_id,) for conversation_id, _ in tagged],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO tags (conversation, tag) SELECT num, ? FROM conversations WHERE id = ?",
        [(clean(tag), conversation_id) for conversation_id, tags in tagged for tag in tags],
    )
