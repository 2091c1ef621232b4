"""Backups of a running library: made by hand and by themselves, and gone back to."""

import asyncio
from pathlib import Path

from desktop_chat import wiring
from desktop_chat.core.backup_place import BackupKind
from desktop_chat.domain.changes import LibraryChange, LibraryLoaded
from desktop_chat.domain.conversation import Conversation
from desktop_chat.runtime.paths import Paths, paths_below
from tests.adapters.sqlite.trees import question, talk


def made_paths(home: Path) -> Paths:
    paths = paths_below(home)
    paths.make()
    return paths


async def taken_in(parts: wiring.Parts, *titles: str) -> list[Conversation]:
    talks = [talk(question("q"), title=title) for title in titles]
    await parts.intake.take_in(talks)
    return talks


def test_going_back_closes_sessions_keeps_the_present_and_reads_the_list_anew(home: Path) -> None:
    async def scene() -> None:
        parts = wiring.build(made_paths(home))
        heard: list[LibraryChange] = []
        try:
            await parts.library.load()
            (old,) = await taken_in(parts, "old")
            made = await parts.backups.make()
            (new,) = await taken_in(parts, "new")
            session = await parts.library.open(old.id)
            session.rename("renamed")
            parts.library.changes.subscribe(heard.append)

            await parts.backups.restore(made)

            assert [row.title for row in parts.library.rows] == ["old"]
            assert any(isinstance(change, LibraryLoaded) for change in heard)
            assert (await parts.library.open(old.id)).conversation.title == "old"
            kept, first = await parts.backups.list()
            assert (kept.kind, kept.conversations) == (BackupKind.RESTORE, 2)
            assert first == made
            await parts.backups.restore(kept)
            assert sorted(row.title for row in parts.library.rows) == ["new", "renamed"]
            assert (await parts.library.open(new.id)).conversation == new
        finally:
            await parts.close()

    asyncio.run(scene())


def test_the_daily_copy_is_made_once(home: Path) -> None:
    async def scene() -> list[BackupKind]:
        parts = wiring.build(made_paths(home))
        try:
            await parts.library.load()
            await taken_in(parts, "one")
            await parts.backups.make_if_due()
            await parts.backups.make_if_due()
            return [info.kind for info in await parts.backups.list()]
        finally:
            await parts.close()

    assert asyncio.run(scene()) == [BackupKind.DAILY]


def test_a_conversation_that_is_open_gets_what_came(home: Path) -> None:
    async def scene() -> None:
        parts = wiring.build(made_paths(home))
        try:
            await parts.library.load()
            (here,) = await taken_in(parts, "here")
            session = await parts.library.open(here.id)
            last = here.path()[-1]
            here.add(more := question("more", last))
            here.updated_at = 99.0
            await parts.intake.take_in([here])
            assert more.id in session.conversation.messages
            assert session.conversation.path()[-1] == more
            row = parts.library.row(here.id)
            assert row is not None
            assert row.updated_at == 99.0
        finally:
            await parts.close()

    asyncio.run(scene())
