"""Opens the database, whatever state it is in, and says what was found.

Runs in the store's own thread, as does everything else here that imports `sqlite3`.
There is one connection: SQLite 3.7.0 to 3.51.2 can corrupt a WAL that two connections
write or checkpoint at once (sqlite.org/wal.html#walresetbug).
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from desktop_chat.adapters.sqlite.migrations import APPLICATION_ID, VERSION, migrate
from desktop_chat.domain.errors import StoreDamaged, StoreError, StoreFull, StoreReadOnly, StoreTooNew
from desktop_chat.runtime.atomic import set_aside

_HEADER = b"SQLite format 3\x00"
_COMPANIONS = ("-wal", "-shm", "-journal")
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_AUTH}
_NO_ROOM_EITHER = {sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE}
"""What a full disk, a quota or a limit of file sizes gives where it is not `SQLITE_FULL`."""
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_NO_ACCESS = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR}


@dataclass(slots=True)
class Database:
    """The open database."""

    connection: sqlite3.Connection
    found: list[StoreError] = field(default_factory=list)
    """What was wrong and dealt with while opening."""
    refusal: StoreError | None = None
    """Why nothing can be written; `None` if it can."""


def open_database(path: Path) -> Database:
    """Open the file, or make it; set it aside first if it is no readable database.

    Raises:
        StoreError: It can be neither opened nor made.
    """
    with translated():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)  # SQLite gives its other files the rights of this one.
        try:
            with translated():
                return _open(path)
        except StoreDamaged as error:
            kept = _set_all_aside(path)
            path.touch(mode=0o600)
            database = _open(path)
            database.found.append(StoreDamaged(f"{path.name} is not readable ({error}); it is kept as {kept.name}"))
            return database


def bring_back(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """Write a file anew that somebody deleted while it was open: the connection still has all of it.

    Returns:
        The connection to the new file; the other one is closed.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    connection.execute("VACUUM INTO ?", (str(part),))
    connection.close()
    for ending in _COMPANIONS:  # A WAL that was left behind does not belong to the new file.
        path.with_name(path.name + ending).unlink(missing_ok=True)
    part.rename(path)
    return _open_to_write(path)


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of SQLite and of the file system into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(error) from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StoreFull(str(error)) from error
        raise (StoreReadOnly if error.errno in _NO_ACCESS else StoreError)(str(error)) from error


@contextmanager
def transaction(connection: sqlite3.Connection, *, full_sync: bool = False) -> Iterator[None]:
    """Do all of it or nothing.

    Args:
        connection: Not in a transaction.
        full_sync: Come back only once it would survive a power cut. In WAL mode every
            commit survives the end of this process; FULL adds one sync of the WAL.
    """
    if full_sync:
        connection.execute("PRAGMA synchronous = FULL")
    try:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            with suppress(sqlite3.Error):  # The first error is the one to tell.
                connection.execute("ROLLBACK")
        raise
    finally:
        if full_sync:
            connection.execute("PRAGMA synchronous = NORMAL")


def _open(path: Path) -> Database:
    version = _version_of(path)
    if version > VERSION:
        reason = f"{path.name} was written by a newer version of the program (shape {version}, known here: {VERSION})"
        return _open_to_read(path, StoreTooNew(reason))
    try:
        return Database(_open_to_write(path))
    except sqlite3.Error as error:
        ours = _ours(error)
        if isinstance(ours, StoreFull) and version:
            # No room even for the index of the WAL: alone with the file, SQLite keeps that in memory.
            # What is there can be read, and written again as soon as there is room.
            return Database(_open_to_write(path, alone=True))
        if isinstance(ours, StoreReadOnly) and path.is_file() and version == VERSION:
            return _open_to_read(path, ours)
        raise ours from error


def _open_to_write(path: Path, *, alone: bool = False) -> sqlite3.Connection:
    connection = _connect(str(path), alone=alone)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection)
        _touch(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _open_to_read(path: Path, reason: StoreError) -> Database:
    # Without write access to the folder a WAL cannot be used; `immutable` reads the file all the same.
    for options in ("mode=ro", "mode=ro&immutable=1"):
        try:
            connection = _connect(f"{path.as_uri()}?{options}", uri=True)
        except sqlite3.OperationalError:
            continue
        try:
            connection.execute("SELECT count(*) FROM conversations").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            continue
        return Database(connection, [reason], reason)
    raise reason


def _connect(name: str, *, uri: bool = False, alone: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(name, uri=uri, isolation_level=None, timeout=5.0, cached_statements=64)
    try:
        if alone:  # Before anything is read.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA cache_size = -8000")  # 8 MB; the default of 2 MB misses on long conversations
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _version_of(path: Path) -> int:
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except FileNotFoundError:
        return 0
    if not head:
        return 0
    if len(head) < 100 or not head.startswith(_HEADER):
        raise StoreDamaged("not a database")
    # The header may be older than the WAL beside it, so SQLite itself is asked.
    try:
        with closing(_connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (application,) = connection.execute("PRAGMA application_id").fetchone()
    except sqlite3.OperationalError:
        # Killed while the file was made: what was begun must be rolled back, and a reader may not do that.
        return int.from_bytes(head[60:64], "big", signed=True)
    if application != APPLICATION_ID and (version or application):
        raise StoreDamaged("a database of another program")
    return int(version)


def _touch(connection: sqlite3.Connection) -> None:
    # Finds out now, not at the first message, whether the file is whole and can be written.
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _set_all_aside(path: Path) -> Path:
    kept = set_aside(path, "damaged")
    for ending in _COMPANIONS:
        companion = path.with_name(path.name + ending)
        if companion.exists():
            companion.rename(kept.with_name(kept.name + ending))
    return kept


def _ours(error: sqlite3.Error) -> StoreError:
    extended = getattr(error, "sqlite_errorcode", 0)
    code = extended & 0xFF
    if code == sqlite3.SQLITE_FULL or extended in _NO_ROOM_EITHER:
        return StoreFull(str(error))
    if code in _READ_ONLY:
        return StoreReadOnly(str(error))
    if code in _DAMAGED:
        return StoreDamaged(str(error))
    return StoreError(str(error))
