"""Whatever is done to the library and to conversations can be undone, redone, and is on disk."""

import asyncio
from collections.abc import Iterable
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.domain.errors import StoreFull
from desktop_chat.domain.ids import ConversationId
from tests.core.homes import Home
from tests.core.playing import Act, Person, acts, arrangement, tree

IS_LONG = settings.default is not None and settings.default.max_examples > 1000
"""Run with `--long`."""


Kept = tuple[dict[str, Any], dict[ConversationId, Any]]
"""Where everything stands, and the conversations that the person has open."""


async def play(home: Home, done: list[Act]) -> tuple[Kept, Kept]:
    """Do it, undo all of it and do it again; what is there then, and what the next start finds."""
    async with home.library() as library:
        person = Person(library)
        await person.play(done)
        person.go_back_and_forth()
        here = kept_of(person)
    return here, await found_again(home, here[1])


def kept_of(person: Person) -> Kept:
    kept = {session.conversation.id: session for session in person.sessions if not session.is_temporary}
    everything = arrangement(person.library)
    here = {key: value for key, value in everything.items() if key == "folders" or key in kept}
    return here, {one: tree(session.conversation) for one, session in kept.items()}


async def found_again(home: Home, ids: Iterable[ConversationId]) -> Kept:
    async with home.library() as library:
        return arrangement(library), {one: tree((await library.open(one)).conversation) for one in ids}


class BadDisk:
    """A store that refuses to write now and then, as long as it is told so."""

    def __init__(self, store: SqliteStore, refuses: list[bool]) -> None:
        self.is_bad = False
        self._store = store
        self._refuses = cycle([*refuses, False])

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._store, name)

        async def maybe(*arguments: Any, **options: Any) -> Any:
            if self.is_bad and name in ("save", "arrange", "journal") and next(self._refuses):
                raise StoreFull("no room")
            return await call(*arguments, **options)

        return maybe


async def play_on_a_bad_disk(home: Home, done: list[Act], refuses: list[bool]) -> tuple[Kept, Kept]:
    """The same while writing fails now and then; nothing is undone at the end."""
    disks: list[BadDisk] = []

    def bad(store: SqliteStore) -> BadDisk:
        disks.append(BadDisk(store, refuses))
        return disks[-1]

    home.disk = bad
    async with home.library() as library:
        disks[0].is_bad = True
        person = Person(library)
        await person.play(done)
        disks[0].is_bad = False
        here = kept_of(person)
    return here, await found_again(home, here[1])


@settings(max_examples=1000 if IS_LONG else 30, derandomize=not IS_LONG)
@given(st.lists(acts, max_size=30), st.lists(st.booleans(), min_size=1, max_size=20))
def test_what_was_done_while_writing_failed_now_and_then_is_on_disk_in_the_end(
    done: list[Act], refuses: list[bool]
) -> None:
    with TemporaryDirectory() as folder:
        here, on_disk = asyncio.run(play_on_a_bad_disk(Home(Path(folder)), done, refuses))

    assert on_disk == here


@settings(max_examples=1500 if IS_LONG else 60, derandomize=not IS_LONG)
@given(st.lists(acts, max_size=40 if IS_LONG else 25))
def test_what_is_undone_and_redone_is_the_same_in_memory_and_on_disk(done: list[Act]) -> None:
    with TemporaryDirectory() as folder:
        here, on_disk = asyncio.run(play(Home(Path(folder)), done))

    assert on_disk == here
