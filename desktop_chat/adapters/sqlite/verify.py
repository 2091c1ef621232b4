"""Looks whether a store is sound: the file, the search index, the trees, the journal, the backups.

All of it is done on a copy of one moment, so that whoever uses the store neither waits nor
is in the way.
"""

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from desktop_chat.adapters.sqlite import pictures
from desktop_chat.adapters.sqlite.backup import check, copy, named
from desktop_chat.adapters.sqlite.migrations import VERSION
from desktop_chat.adapters.sqlite.pages import Image
from desktop_chat.core.backup_place import Finding
from desktop_chat.core.journal import replay
from desktop_chat.domain.codec import message_from_dict, settings_from_dict
from desktop_chat.domain.errors import StoreDamaged
from desktop_chat.runtime.lock import NO_ACCESS

MOST = 50
"""Findings of one kind that are named; the others are counted."""
_NAMED = "message {} of conversation {}"
_TREE = {
    "{name} answers a message that is not there": """SELECT m.id, c.id FROM messages m
        JOIN conversations c ON c.num = m.conversation WHERE m.parent_id IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM messages p WHERE p.conversation = m.conversation AND p.id = m.parent_id)""",
    "{name} is chosen, but is not there": """SELECT x.child_id, c.id FROM choices x
        JOIN conversations c ON c.num = x.conversation WHERE NOT EXISTS
        (SELECT 1 FROM messages m WHERE m.conversation = x.conversation AND m.id = x.child_id)""",
    "{name} is chosen where it does not stand": """SELECT x.child_id, c.id FROM choices x
        JOIN conversations c ON c.num = x.conversation
        JOIN messages m ON m.conversation = x.conversation AND m.id = x.child_id
        WHERE x.parent_id <> coalesce(m.parent_id, '')""",
}


def verify(path: Path, folder: Path, tell: Callable[[Finding], None]) -> None:
    """Check everything and tell each result; damage is a result, not an error.

    Raises:
        OSError, sqlite3.Error: There is no store, or no room for the copy.
    """
    part = _empty_file(folder)
    try:
        _copy_now(path, part)
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            # What a newer version means by its tables is not known here.
            looks = _LOOKS if version <= VERSION else _LOOKS[:1]
            for look in looks:
                try:
                    for finding in look(connection):
                        tell(finding)
                except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                    tell(Finding(look.__name__.strip("_"), f"cannot be read: {error}", is_bad=True))
    except sqlite3.DatabaseError as error:
        if (getattr(error, "sqlite_errorcode", 0) & 0xFF) not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        tell(Finding("file", f"cannot be read: {error}", is_bad=True))
    except UnicodeDecodeError as error:
        tell(Finding("file", f"cannot be read: {error}", is_bad=True))
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            part.with_name(part.name + ending).unlink(missing_ok=True)
    for finding in _backups(folder):
        tell(finding)


def _empty_file(folder: Path) -> Path:
    part = folder / "verify.part"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
    except OSError as error:
        if error.errno not in NO_ACCESS:
            raise
        # What cannot be written can be looked at all the same.
        handle, name = tempfile.mkstemp(prefix="desktop-chat-", suffix=".part")
        os.close(handle)
        return Path(name)
    return part


def _copy_now(path: Path, part: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as source:
            source.execute("BEGIN")
            # Read here: the copying would wait without an end for whoever has the file locked.
            source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            copy(source, part)
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        # SQLite needs to write beside a database with a WAL even to read it.
        with part.open("wb") as file, Image(path) as image:
            image.write_to(file)


def _file(connection: sqlite3.Connection) -> Iterator[Finding]:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        text = f"written by a newer Desktop Chat (format {version}; this one knows {VERSION})"
        yield Finding("file", text, is_bad=True, is_newer=True)
    found = [text for (text,) in connection.execute(f"PRAGMA integrity_check({MOST})")]
    yield from (Finding("file", text, is_bad=True) for text in found if text != "ok")
    if found == ["ok"]:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        yield Finding("file", f"{pages} pages, each in its place, format {version}")


def _index(connection: sqlite3.Connection) -> Iterator[Finding]:
    query = "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5 (%' ORDER BY name"
    for (name,) in connection.execute(query).fetchall():
        # What is indexed in the background need not have every message yet.
        compares = int(name != "grams")
        try:
            connection.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', ?)", (compares,))  # noqa: S608 - our own names
        except sqlite3.DatabaseError as error:
            yield Finding("search", f"{name}: {error}", is_bad=True)
        else:
            yield Finding("search", f"{name}: is sound")


def _references(connection: sqlite3.Connection) -> Iterator[Finding]:
    found = connection.execute("PRAGMA foreign_key_check").fetchmany(MOST)
    for table, row, parent, _ in found:
        yield Finding("references", f"entry {row} of {table} belongs to one of {parent} that is not there", is_bad=True)
    if not found:
        yield Finding("references", "every entry belongs to something that is there")


def _heads(connection: sqlite3.Connection) -> Iterator[Finding]:
    count = 0
    for id_, settings, deleted in connection.execute("SELECT id, settings, deleted_messages FROM conversations"):
        count += 1
        try:
            settings_from_dict(json.loads(settings))
            list(json.loads(deleted))
        except (ValueError, TypeError, AttributeError) as error:
            yield Finding("conversations", f"conversation {id_}: its settings are not readable: {error}", is_bad=True)
    yield Finding("conversations", _counted(count, "conversation"))


def _messages(connection: sqlite3.Connection) -> Iterator[Finding]:
    count = bad = 0
    for id_, data in connection.execute("SELECT id, data FROM messages"):
        count += 1
        try:
            reason = "" if message_from_dict(json.loads(data)).id == id_ else "it has the id of another"
        except (ValueError, RecursionError) as error:
            reason = str(error)
        if reason:
            bad += 1
            if bad <= MOST:
                yield Finding("messages", f"message {id_}: {reason}", is_bad=True)
    yield Finding("messages", _counted(count, "message") + (f", {bad} not readable" if bad else ""), is_bad=bad > 0)


def _trees(connection: sqlite3.Connection) -> Iterator[Finding]:
    is_sound = True
    for text, query in _TREE.items():
        for id_, conversation in connection.execute(query).fetchmany(MOST):
            is_sound = False
            yield Finding("trees", text.format(name=_NAMED.format(id_, conversation)), is_bad=True)
    parents: dict[str, str | None] = {}
    current = None
    order = "SELECT conversation, id, parent_id FROM messages ORDER BY conversation, position"
    for conversation, id_, parent_id in connection.execute(order):
        if conversation != current:
            if ring := _ring(parents):
                is_sound = False
                yield Finding("trees", f"message {ring} answers itself, by way of others", is_bad=True)
            parents, current = {}, conversation
        parents[id_] = parent_id
    if ring := _ring(parents):
        is_sound = False
        yield Finding("trees", f"message {ring} answers itself, by way of others", is_bad=True)
    if is_sound:
        yield Finding("trees", "every message has its place")


def _ring(parents: dict[str, str | None]) -> str:
    """A message from which no way leads to a beginning; empty if there is none."""
    sound: set[str] = set()
    for start in parents:
        way: list[str] = []
        on_way: set[str] = set()
        step: str | None = start
        while step is not None and step not in sound:
            if step in on_way:
                return step
            way.append(step)
            on_way.add(step)
            step = parents.get(step)
        sound.update(way)
    return ""


def _pictures(connection: sqlite3.Connection) -> Iterator[Finding]:
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'picture_uses'").fetchone():
        return  # A store that no newer program has opened yet.
    (count, size) = connection.execute("SELECT count(*), coalesce(sum(length(bytes)), 0) FROM pictures").fetchone()
    for picture in pictures.damaged(connection):
        yield Finding("pictures", f"picture {picture}: its bytes have changed", is_bad=True)
    gone = connection.execute(
        """SELECT u.picture, c.id FROM picture_uses u JOIN conversations c ON c.num = u.conversation
        WHERE NOT EXISTS (SELECT 1 FROM pictures p WHERE p.id = u.picture)"""
    ).fetchmany(MOST)
    # An import keeps what it can: the file of a picture may have been damaged.
    yield from (Finding("pictures", f"picture {picture} of conversation {c} is not there") for picture, c in gone)
    yield Finding("pictures", f"{_counted(count, 'picture')}, {size} bytes")


def _journal(connection: sqlite3.Connection) -> Iterator[Finding]:
    journals: dict[str, list[str]] = {}
    for message_id, lines in connection.execute("SELECT message_id, lines FROM journal ORDER BY seq"):
        journals.setdefault(message_id, []).extend(lines.split("\n"))
    for message_id, lines in journals.items():
        if replay(lines) is None:
            yield Finding("journal", f"of message {message_id}: not readable", is_bad=True)
    yield Finding(
        "journal", _counted(len(journals), "journal") + " of replies that were being written" if journals else "empty"
    )


def _backups(folder: Path) -> Iterator[Finding]:
    found = named(folder)
    for path, _, _ in found:
        try:
            conversations, messages = check(path)
        except (StoreDamaged, sqlite3.Error) as error:
            yield Finding("backups", f"{path.name}: {error}", is_bad=True)
        else:
            yield Finding(
                "backups", f"{path.name}: {_counted(conversations, 'conversation')}, {_counted(messages, 'message')}"
            )
    if not found:
        yield Finding("backups", "none yet")


_LOOKS = (_file, _index, _references, _heads, _messages, _trees, _pictures, _journal)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
