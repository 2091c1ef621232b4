"""Opens the database, whatever state it is in, and says what was found.

Runs in the store's own thread, as does everything else here that imports `sqlite3`.
There is one connection that writes: SQLite 3.7.0 to 3.51.2 can corrupt a WAL that two
connections write or checkpoint at once (sqlite.org/wal.html#walresetbug). Others may read.
"""

import errno
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from desktop_chat.adapters.sqlite.backup import FOLDER, copy_into
from desktop_chat.adapters.sqlite.migrations import APPLICATION_ID, VERSION, migrate
from desktop_chat.adapters.sqlite.pages import HEADER, Image
from desktop_chat.adapters.sqlite.recovery import COMPANIONS, finish_recovery, fresh_of, recover, set_all_aside
from desktop_chat.core.backup_place import BackupKind
from desktop_chat.domain.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreReadOnly, StoreTooNew
from desktop_chat.runtime.atomic import set_aside

_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_NO_TEXT = "Could not decode to UTF-8"
"""What Python, which has no code of SQLite's, says of a text with bytes that are none."""
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
    place: tuple[int, int] | None = None
    """Which file of the disk it is, so that another one of its name is noticed."""


def open_database(path: Path) -> Database:
    """Open the file, or make it; set it aside first if it is no readable database.

    Raises:
        StoreError: It can be neither opened nor made.
    """
    with translated():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        finish_recovery(path)
        if not path.exists():
            path.touch(mode=0o600)  # SQLite gives its other files the rights of this one.
        try:
            with translated():
                return _placed(_open(path), path)
        except OtherProgram as error:
            kept = set_all_aside(path)
            path.touch(mode=0o600)
            found: StoreError = StoreDamaged(f"{path.name} is {error}; it is kept as {kept.name}")
        except StoreDamaged:
            found = recover(path)
        database = _placed(_open(path), path)
        database.found.append(found)
        return database


class OtherProgram(StoreDamaged):
    """A sound database, but not of ours."""


def place_of(path: Path) -> tuple[int, int] | None:
    """Which file of the disk has this name now; `None` if none has."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino


def bring_back(connection: sqlite3.Connection, path: Path) -> tuple[sqlite3.Connection, Path | None]:
    """Write a file anew that was deleted or exchanged while it was open: the connection still has all of it.

    Whatever has its name now is set aside.

    Returns:
        The connection to the new file, the other one is closed; and what was set aside.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = fresh_of(path)
    part = fresh.with_name(f"{fresh.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    connection.execute("VACUUM INTO ?", (str(part),))
    part.replace(fresh)
    connection.close()
    kept = set_aside(path, "exchanged") if path.exists() else None
    for ending in COMPANIONS:  # What was left behind does not belong to the new file.
        path.with_name(path.name + ending).unlink(missing_ok=True)
    fresh.replace(path)
    return _open_to_write(path), kept


def close_as_it_is(connection: sqlite3.Connection, path: Path) -> None:
    """Close a damaged database without folding its WAL into it, which the last connection would do."""
    other = None
    with suppress(sqlite3.Error):
        other = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0.0)
        other.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    connection.close()
    if other is not None:
        other.close()


def is_damage(error: StoreError) -> bool:
    """Whether the file was found damaged, by SQLite or by what cannot be in it: recovering it helps."""
    return isinstance(error, StoreDamaged) and error.__cause__ is not None


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of SQLite and of the file system into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(error) from error
    except UnicodeDecodeError as error:
        # Python could not even read what SQLite says of it.
        raise StoreDamaged(str(error)) from error
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
        reason = f"{path.name} was written by a newer Desktop Chat (format {version}; this one knows {VERSION})"
        return _open_to_read(path, StoreTooNew(reason))
    try:
        return Database(_open_to_write(path))
    except sqlite3.Error as error:
        ours = _ours(error)
        if isinstance(ours, StoreReadOnly):
            ours = StoreReadOnly(f"{path.parent}: {error}")
        if isinstance(ours, StoreFull) and version:
            # No room even for the index of the WAL: alone with the file, SQLite keeps that in memory.
            # What is there can be read, and written again as soon as there is room.
            return Database(_open_to_write(path, alone=True))
        if isinstance(ours, StoreReadOnly) and path.is_file() and version:
            return _open_to_read(path, ours, is_older=version < VERSION)
        raise ours from error


def _open_to_write(path: Path, *, alone: bool = False) -> sqlite3.Connection:
    connection = _connect(str(path), alone=alone)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        _copy_before_migrating(connection, path)
        migrate(connection)
        _touch(connection)
    except BaseException:
        close_as_it_is(connection, path)
        raise
    return connection


def _copy_before_migrating(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if 0 < version < VERSION:
        copy_into(connection, path.parent / FOLDER, BackupKind.MIGRATION, time.time())


def _placed(database: Database, path: Path) -> Database:
    database.place = place_of(path)
    return database


def _open_to_read(path: Path, reason: StoreError, *, is_older: bool = False) -> Database:
    # Without write access to the folder a WAL cannot be used. What is in one is folded into a
    # copy elsewhere; `immutable` reads the file as it is, without what its WAL has. An older
    # shape cannot be read as it is: the copy is brought to today's.
    if is_older:
        connection = _read_copy(path, is_older=True)
    else:
        connection = _read_only(f"{path.as_uri()}?mode=ro")
        wal = path.with_name(f"{path.name}-wal")
        if connection is None and wal.is_file() and wal.stat().st_size:
            connection = _read_copy(path)
        connection = connection or _read_only(f"{path.as_uri()}?mode=ro&immutable=1")
    if connection is None:
        raise reason
    return Database(connection, [reason], reason)


def _read_only(uri: str) -> sqlite3.Connection | None:
    try:
        connection = _connect(uri, uri=True)
    except sqlite3.OperationalError:
        return None
    try:
        connection.execute("SELECT count(*) FROM conversations").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        return None
    return connection


def _read_copy(path: Path, *, is_older: bool = False) -> sqlite3.Connection | None:
    """Read a copy that has what stands in the WAL; the system takes the copy away with the connection."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix="desktop-chat-", suffix=".sqlite")
        with os.fdopen(handle, "wb") as file, Image(path) as image:
            image.write_to(file)
        return _brought_up(name) if is_older else _read_only(f"{Path(name).as_uri()}?mode=ro&immutable=1")
    except (OSError, sqlite3.OperationalError):
        return None  # No room there either.
    finally:
        if name and os.name != "nt":
            Path(name).unlink()


def _brought_up(name: str) -> sqlite3.Connection:
    """Open a copy that is nobody else's, in today's shape."""
    connection = _connect(name, alone=True)
    try:
        # It is worth nothing once it is closed, and its name goes at once: no file beside it.
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        migrate(connection)
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


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
    if len(head) < 100 or not head.startswith(HEADER):
        raise StoreDamaged("it is no database")
    # The header may be older than the WAL beside it, so SQLite itself is asked.
    try:
        with closing(_connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            (application,) = connection.execute("PRAGMA application_id").fetchone()
    except sqlite3.OperationalError:
        # Killed while the file was made: what was begun must be rolled back, and a reader may not do that.
        return int.from_bytes(head[60:64], "big", signed=True)
    if application != APPLICATION_ID and (version or application):
        raise OtherProgram("a database of another program")
    return int(version)


def _touch(connection: sqlite3.Connection) -> None:
    # Finds out now, not at the first message, whether the file is whole and can be written.
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _ours(error: sqlite3.Error) -> StoreError:
    extended = getattr(error, "sqlite_errorcode", 0)
    code = extended & 0xFF
    if code == sqlite3.SQLITE_FULL or extended in _NO_ROOM_EITHER:
        return StoreFull(str(error))
    if code in _READ_ONLY:
        return StoreReadOnly(str(error))
    if code in _DAMAGED or str(error).startswith(_NO_TEXT):
        return StoreDamaged(str(error))
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(str(error))
    return StoreError(str(error))
