"""Copies of the database: made while it is used, checked before an older one goes, and put back.

A copy is read through a connection of its own that can only read and holds one snapshot: a
WAL lets the writer go on meanwhile. A copy is one file without companions.
"""

import os
import re
import shutil
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from desktop_chat.adapters.sqlite.recovery import COMPANIONS, fresh_of, set_all_aside
from desktop_chat.core.backup_place import BackupInfo, BackupKind
from desktop_chat.domain.errors import StoreDamaged, StoreFull
from desktop_chat.runtime.atomic import sync_folder

FOLDER = "backups"
"""Beside the database."""
DAILY, WEEKLY, MIGRATION = 7, 4, 3
"""How many of a kind are kept; those that the person made, and those before a restore, are never let go of."""
ROOM_BYTES = 32 * 2**20
"""Left free on the disk: the store needs room more than its copies."""
STEP_PAGES = 256
PAUSE_S = 0.002
"""Between two steps of a megabyte, so that a slow disk has time for the writer."""
_NAME = re.compile(rf"conversations\.(\d{{8}}-\d{{6}})(?:-(\d+))?\.({'|'.join(BackupKind)})\.sqlite")
_TIME = "%Y%m%d-%H%M%S"


def make_backup(source: Path, folder: Path, kind: BackupKind, now: float) -> BackupInfo:
    """Copy the database beside whoever writes it, and check the copy.

    Raises:
        StoreDamaged: The copy is not sound, so the database is not.
        StoreFull: There is no room for it.
        OSError, sqlite3.Error: It cannot be read, or the copy cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        return copy_into(connection, folder, kind, now, pause_s=PAUSE_S)


def copy_into(
    connection: sqlite3.Connection, folder: Path, kind: BackupKind, now: float, *, pause_s: float = 0.0
) -> BackupInfo:
    """Copy what a connection sees into a new file of the folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    counts = counts_of(connection)
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    if shutil.disk_usage(folder).free < pages * page_bytes + ROOM_BYTES:
        raise StoreFull(f"a copy needs {pages * page_bytes / 2**20:,.0f} MB and some room beside it in {folder}")
    path = _free_name(folder, kind, now)
    part = path.with_name(f"{path.name}.part")
    try:
        part.touch(mode=0o600)
        copy(connection, part, pause_s)
        if (found := check(part)) != counts:
            raise StoreDamaged(f"the copy has {found} conversations and messages instead of {counts}")
        part.replace(path)
        sync_folder(folder)
    finally:
        part.unlink(missing_ok=True)
    return BackupInfo(path, float(int(now)), kind, path.stat().st_size, *counts)


def copy(source: sqlite3.Connection, target: Path, pause_s: float = 0.0) -> None:
    """Copy a database into an empty file, and see it safely on the disk."""
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")

        def rest(_status: int, _remaining: int, _total: int) -> None:
            if pause_s:
                time.sleep(pause_s)

        source.backup(connection, pages=STEP_PAGES if pause_s else -1, progress=rest)
        # One file: a copy must not need a WAL to be read.
        connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    with target.open("rb+") as file:
        os.fsync(file.fileno())


def check(path: Path) -> tuple[int, int]:
    """See that a copy is sound; returns its conversations and messages.

    Raises:
        StoreDamaged: It is not.
    """
    with closing(opened_copy(path)) as connection:
        findings = [text for (text,) in connection.execute("PRAGMA quick_check(5)")]
        if findings != ["ok"]:
            raise StoreDamaged(f"{path.name}: {'; '.join(findings)}")
        return counts_of(connection)


def opened_copy(path: Path) -> sqlite3.Connection:
    """A connection that reads a copy, also where nothing can be written."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def counts_of(connection: sqlite3.Connection) -> tuple[int, int]:
    """Conversations and messages."""
    (conversations,) = connection.execute("SELECT count(*) FROM conversations").fetchone()
    (messages,) = connection.execute("SELECT count(*) FROM messages").fetchone()
    return conversations, messages


def named(folder: Path) -> list[tuple[Path, float, BackupKind]]:
    """The copies in a folder by their names, newest first."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if match := _NAME.fullmatch(path.name):
            made_at = datetime.strptime(match[1], _TIME).astimezone().timestamp()
            found.append((made_at, int(match[2] or 1), path, BackupKind(match[3])))
    return [(path, made_at, kind) for made_at, _, path, kind in sorted(found, reverse=True)]


def thin_out(folder: Path) -> None:
    """Let go of what is beyond the last seven days, four weeks and three migrations.

    Called only after a newer copy was checked.
    """
    dailies = [(path, at) for path, at, kind in named(folder) if kind is BackupKind.DAILY]
    days: dict[str, Path] = {}
    for path, at in dailies:
        if days.setdefault(_day(at), path) is not path:
            path.unlink()  # A newer one of the same day is there.
    for path in list(days.values())[: DAILY - 1 : -1]:  # The oldest first.
        at = next(at for found, at, _ in named(folder) if found == path)
        weeks = {_week(at) for _, at, kind in named(folder) if kind is BackupKind.WEEKLY}
        if _week(at) in weeks:
            path.unlink()
        else:
            path.rename(path.with_name(path.name.replace(".daily.", ".weekly.")))
    for kind, most in ((BackupKind.WEEKLY, WEEKLY), (BackupKind.MIGRATION, MIGRATION)):
        for path in [path for path, _, found in named(folder) if found is kind][most:]:
            path.unlink()
    for left in folder.glob("conversations.*.part"):
        left.unlink()


def put_back(path: Path, copied: Path, *, is_kept: bool) -> None:
    """Have a copy take the place of the database, which nobody has open.

    Args:
        path: The database.
        copied: A copy of the folder.
        is_kept: There is a copy of the database as it is; otherwise that is set aside.

    Raises:
        StoreDamaged: The copy is not sound; nothing was changed.
        OSError, sqlite3.Error: It cannot be read or written.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        check(copied)
        with closing(opened_copy(copied)) as connection:
            copy(connection, part)
        part.replace(fresh_of(path))
        if is_kept:
            # A WAL that stays behind does not belong to the new file.
            for ending in COMPANIONS:
                path.with_name(path.name + ending).unlink(missing_ok=True)
        elif path.exists():
            set_all_aside(path)
        fresh_of(path).replace(path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _free_name(folder: Path, kind: BackupKind, now: float) -> Path:
    stamp = moment = datetime.fromtimestamp(now).astimezone().strftime(_TIME)
    number = 1
    while any(folder.glob(f"conversations.{moment}.*.sqlite")):  # Of any kind, or nobody knew which is newer.
        number += 1
        moment = f"{stamp}-{number}"
    return folder / f"conversations.{moment}.{kind}.sqlite"


def _day(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d")


def _week(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%G-%V")
