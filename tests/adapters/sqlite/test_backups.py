"""Copies of the store: made while it is written, checked, thinned out, and put back."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import pytest

from desktop_chat.adapters.sqlite.backup import check, named, thin_out
from desktop_chat.adapters.sqlite.backups import SqliteBackups
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.backup_place import BackupKind
from desktop_chat.domain.errors import StoreDamaged, StoreError
from tests.adapters.sqlite.damage import PAGE, filled, found_again
from tests.adapters.sqlite.trees import question, reply, save, talk
from tests.kills.old_shape import store_of_the_first_shape

T = TypeVar("T")
NOON = datetime(2026, 11, 21, 12).timestamp()
DAY_S = 86_400.0


def with_backups(path: Path, scene: Callable[[SqliteStore, SqliteBackups], Awaitable[T]]) -> T:
    async def main() -> T:
        store = SqliteStore(path)
        backups = SqliteBackups(store)
        try:
            return await scene(store, backups)
        finally:
            await backups.close()
            await store.close()

    return asyncio.run(main())


def test_a_copy_is_made_while_the_store_is_written(path: Path) -> None:
    async def scene(store: SqliteStore, backups: SqliteBackups) -> None:
        await save(store, talk(question("before")))
        made, *_ = await asyncio.gather(
            backups.make(BackupKind.MANUAL, NOON), *(save(store, talk(question(f"q{n}"))) for n in range(30))
        )
        assert made.conversations >= 1
        assert check(made.path) == (made.conversations, made.messages)
        assert [info.path for info in await backups.list()] == [made.path]
        assert len(await store.rows()) == 31

    with_backups(path, scene)
    assert [file.suffix for file in (path.parent / "backups").iterdir()] == [".sqlite"]


def test_what_came_after_a_copy_is_gone_when_it_is_put_back_and_the_store_works(path: Path) -> None:
    async def scene(store: SqliteStore, backups: SqliteBackups) -> list[str]:
        await save(store, talk(question("q"), title="old"))
        made = await backups.make(BackupKind.MANUAL, NOON)
        await save(store, talk(question("q"), title="new"))
        await backups.put_back(made, is_kept=True)
        await save(store, talk(question("q"), title="newest"))
        return sorted(row.title for row in await store.rows())

    assert with_backups(path, scene) == ["newest", "old"]


def test_a_damaged_copy_is_not_put_back(path: Path) -> None:
    async def scene(store: SqliteStore, backups: SqliteBackups) -> int:
        for number in range(40):
            await save(store, talk(question("q" * 3000), title=f"{number}"))
        made = await backups.make(BackupKind.MANUAL, NOON)
        content = bytearray(made.path.read_bytes())
        content[5 * PAGE : 30 * PAGE] = bytes(25 * PAGE)
        made.path.write_bytes(content)
        with pytest.raises(StoreError):
            await backups.put_back(made, is_kept=True)
        return len(await store.rows())

    assert with_backups(path, scene) == 40


def test_a_damaged_store_costs_no_older_copy_and_is_mended(path: Path) -> None:
    messages = filled(path, 4, 8)

    async def scene(store: SqliteStore, backups: SqliteBackups) -> None:
        await store.rows()
        good = await backups.make(BackupKind.DAILY, NOON)
        with closing(sqlite3.connect(path)) as connection:
            (root,) = connection.execute(
                "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_messages_1'"
            ).fetchone()
        with path.open("rb+") as file:
            file.seek((root - 1) * PAGE)
            file.write(b"\x55" * PAGE)
        with pytest.raises(StoreDamaged):
            await backups.make(BackupKind.DAILY, NOON + DAY_S)
        assert [info.path for info in await backups.list()] == [good.path]
        await backups.mend()

    with_backups(path, scene)
    assert found_again(path) == ([], messages)
    assert (path.parent / "conversations.damaged-1.sqlite").exists()


def test_seven_days_and_four_weeks_are_kept(tmp_path: Path) -> None:
    for day in range(60):
        at = datetime.fromtimestamp(NOON + day * DAY_S)
        (tmp_path / f"conversations.{at:%Y%m%d-%H%M%S}.daily.sqlite").touch()
        thin_out(tmp_path)

    kinds = [kind for _, _, kind in named(tmp_path)]
    assert kinds.count(BackupKind.DAILY) == 7
    assert kinds.count(BackupKind.WEEKLY) == 4
    ages = [(NOON + 59 * DAY_S - at) / DAY_S for _, at, _ in named(tmp_path)]
    assert [round(age) for age in ages[:7]] == list(range(7))
    assert max(ages) > 24


@pytest.mark.parametrize("kind", [BackupKind.MANUAL, BackupKind.RESTORE])
def test_what_the_person_made_and_what_was_before_a_restore_is_never_let_go(tmp_path: Path, kind: BackupKind) -> None:
    for day in range(20):
        at = datetime.fromtimestamp(NOON + day * DAY_S)
        (tmp_path / f"conversations.{at:%Y%m%d-%H%M%S}.{kind}.sqlite").touch()
        thin_out(tmp_path)

    assert [found for _, _, found in named(tmp_path)] == [kind] * 20


def test_a_copy_is_due_once_a_day_if_something_changed(path: Path) -> None:
    async def scene(store: SqliteStore, backups: SqliteBackups) -> None:
        assert not await backups.is_due(NOON)
        await save(store, talk(question("q")))
        assert await backups.is_due(NOON)
        now = path.stat().st_mtime + 60
        await backups.make(BackupKind.DAILY, now)
        assert not await backups.is_due(now + 1)
        assert not await backups.is_due(now + DAY_S), "nothing changed"

    with_backups(path, scene)


def test_before_a_migration_a_copy_is_made(path: Path) -> None:
    store_of_the_first_shape(path)

    async def scene(store: SqliteStore, backups: SqliteBackups) -> None:
        assert len(await store.rows()) == 20
        (info,) = await backups.list()
        assert (info.kind, info.conversations, info.messages) == (BackupKind.MIGRATION, 20, 1000)
        with closing(sqlite3.connect(info.path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        await backups.put_back(info, is_kept=True)
        assert len(await store.rows()) == 20

    with_backups(path, scene)


def test_a_store_with_a_damaged_wal_is_set_aside_unchanged(path: Path) -> None:
    """The last connection to close would fold the WAL into the damaged file."""

    async def scene(store: SqliteStore, backups: SqliteBackups) -> None:
        first = question("q")
        await save(store, talk(first, reply("a", first)))
        with path.open("rb+") as file:
            file.seek(PAGE)
            file.write(b"\xaa" * PAGE * 3)
        before = path.read_bytes()
        await backups.mend()
        assert (path.parent / "conversations.damaged-1.sqlite").read_bytes() == before
        assert len(await store.rows()) == 1

    with_backups(path, scene)
