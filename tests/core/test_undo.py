"""Whatever is done to the library and to conversations can be undone, redone, and is on disk."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.homes import Home
from tests.core.playing import Act, Person, acts, arrangement, tree

IS_LONG = settings.default is not None and settings.default.max_examples > 1000
"""Run with `--long`."""


async def play(home: Home, done: list[Act]) -> None:
    async with home.library() as library:
        person = Person(library)
        await person.play(done)
        person.go_back_and_forth()
        kept = {session.conversation.id: session for session in person.sessions if not session.is_temporary}
        here = {key: value for key, value in arrangement(library).items() if key == "folders" or key in kept}
        trees = {one: tree(session.conversation) for one, session in kept.items()}
    async with home.library() as library:
        assert arrangement(library) == here
        for one, expected in trees.items():
            assert tree((await library.open(one)).conversation) == expected


@settings(max_examples=1500 if IS_LONG else 25, derandomize=not IS_LONG)
@given(st.lists(acts, max_size=40 if IS_LONG else 25))
def test_what_is_undone_and_redone_is_the_same_in_memory_and_on_disk(done: list[Act]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(play(Home(Path(folder)), done))
