"""The `BackupPlace` port: copies of the database in a folder beside it, made in a thread of its own."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.adapters.sqlite.worker import Worker
from desktop_chat.core.backup_place import BackupInfo, BackupKind, Finding

T = TypeVar("T")
Infos = list[BackupInfo]
UNKNOWN = (-1, -1)


class SqliteBackups:
    """Copies of one store.

    Args:
        store: Is read beside its own thread, which writes on meanwhile.

    Attributes:
        folder: Where the copies are; need not exist yet.
    """

    def __init__(self, store: SqliteStore) -> None:
        self.folder = store.path.parent / "backups"
        self._store = store
        self._worker = Worker("backup")
        self._counts: dict[tuple[str, int], tuple[int, int]] = {}

    async def list(self) -> Infos:
        """See `BackupPlace.list`."""
        return await self._do(self._list)

    async def make(self, kind: BackupKind, now: float) -> BackupInfo:
        """See `BackupPlace.make`."""

        def make() -> BackupInfo:
            tools = _tools()
            made: BackupInfo = tools.make_backup(self._store.path, self.folder, kind, now)
            tools.thin_out(self.folder)
            return made

        return await self._do(make)

    async def is_due(self, now: float) -> bool:
        """See `BackupPlace.is_due`."""
        return await self._do(lambda: self._is_due(now))

    async def put_back(self, info: BackupInfo, *, is_kept: bool) -> None:
        """See `BackupPlace.put_back`."""
        path = self._store.path
        await self._store.exchange(lambda: _spoken(lambda: _tools().put_back(path, info.path, is_kept=is_kept)))

    async def verify(self, tell: Callable[[Finding], None]) -> None:
        """See `BackupPlace.verify`."""
        loop = asyncio.get_running_loop()

        def verify() -> None:
            from desktop_chat.adapters.sqlite import verify as checks  # Rarely needed.

            def told(finding: Finding) -> None:
                loop.call_soon_threadsafe(tell, finding)

            checks.verify(self._store.path, self.folder, told)

        await self._do(verify)

    async def mend(self) -> None:
        """See `BackupPlace.mend`."""
        await self._store.mend()

    async def close(self) -> None:
        """See `BackupPlace.close`."""
        await self._worker.close(lambda: None)

    async def _do(self, job: Callable[[], T]) -> T:
        return await self._worker.run(lambda: _spoken(job))

    def _list(self) -> Infos:
        found = []
        for path, made_at, kind in _tools().named(self.folder):
            size = path.stat().st_size
            if (path.name, size) not in self._counts:
                self._counts[path.name, size] = _counts(path)
            found.append(BackupInfo(path, made_at, kind, size, *self._counts[path.name, size]))
        return found

    def _is_due(self, now: float) -> bool:
        made = [at for _, at, kind in _tools().named(self.folder) if kind in (BackupKind.DAILY, BackupKind.WEEKLY)]
        files = [path for path in (self._store.path, _wal(self._store.path)) if path.exists()]
        if not files or (made and _day(made[0]) == _day(now)):
            return False
        return not made or max(path.stat().st_mtime for path in files) > made[0]


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _counts(path: Path) -> tuple[int, int]:
    from contextlib import closing  # With sqlite3, in the thread.
    from sqlite3 import Error

    try:
        with closing(_tools().opened_copy(path)) as connection:
            counts: tuple[int, int] = _tools().counts_of(connection)
            return counts
    except Error:
        return UNKNOWN


def _day(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d")


def _tools() -> Any:
    # In the thread: not even the import of sqlite3 is paid for before the first paint.
    from desktop_chat.adapters.sqlite import backup

    return backup


def _spoken(job: Callable[[], T]) -> T:
    from desktop_chat.adapters.sqlite.database import translated

    with translated():
        return job()
