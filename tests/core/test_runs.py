"""Runs belong to conversations: nothing that is done elsewhere stops, resets or misroutes one."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_chat.core.library import Library
from desktop_chat.core.ports import Request
from desktop_chat.core.session import Session
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.events import Event, FinishReported, TextDelta
from desktop_chat.domain.message import Ended
from tests.adapters.sqlite.trees import question, talk
from tests.core.homes import Home, Run, ended

RUNS = 4
WORDS = 12


class Echoes:
    """Answers with the question, word by word, each word when it is asked to."""

    def __init__(self) -> None:
        self.step = asyncio.Event()
        self.names = ["model-a"]

    async def stream(self, request: Request) -> AsyncIterator[Event]:
        """Say what was asked."""
        for number in count():
            await self.step.wait()
            await asyncio.sleep(0)
            if number == WORDS:
                break
            yield TextDelta(f"{request.messages[-1].text}-{number} ")
        yield FinishReported("stop")

    async def models(self, endpoint: Endpoint, key: str) -> list[str]:
        """The names it has."""
        return self.names

    async def close(self) -> None:
        """Nothing to give back."""


def said(name: str) -> str:
    return "".join(f"{name}-{number} " for number in range(WORDS))


async def disturb(library: Library, runs: Sequence[Session], act: str, number: int) -> None:
    """Something a person does while replies are written."""
    ids = [session.conversation.id for session in runs]
    others = [row.id for row in library.rows if row.id not in ids]
    match act:
        case "switch":
            session = await library.open([*ids, *others][number % (len(ids) + len(others))])
            library.release(session)
        case "search":
            await library.search("question")
        case "trash others":
            library.trash(others)
        case "restore":
            library.restore([row.id for row in await library.trashed()])
        case "move":
            library.move([*ids, *others], library.add_folder(f"folder {number}"))
        case "rename":
            library.rename(ids[number % len(ids)], f"title {number}")
        case "tag":
            library.tag(ids, "tag", number % 2 == 0)
        case "archive":
            library.archive([*ids, *others], number % 2 == 0)
        case "pin":
            library.pin(ids[: number % 5], True)
        case "branch":
            session = runs[number % len(runs)]
            library.release(await library.branch(session, session.conversation.path()[-1].id))
        case "undo":
            library.undo()
        case "redo":
            library.redo()
        case "new":
            library.release(library.new(temporary=number % 2 == 0))
        case "show":
            session = runs[number % len(runs)]
            session.show(session.conversation.path()[0].id)
            session.keep_unsent("typed", 3)


ACTS = (
    *("switch", "search", "trash others", "restore", "move", "rename", "tag", "archive", "pin", "branch"),
    *("undo", "redo", "new", "show"),
)


@settings(max_examples=15, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 9)), min_size=10, max_size=30))
def test_whatever_is_done_meanwhile_every_run_ends_in_its_own_conversation(
    tmp_path_factory: Any, acts: list[tuple[str, int]]
) -> None:
    home = Home(tmp_path_factory.mktemp("home"))
    home.provider = Echoes()  # type: ignore[assignment]

    async def play() -> None:
        await home.fill(*(talk(question("question"), title=f"other {number}") for number in range(6)))
        async with home.library() as library:
            runs = [library.new(temporary=number == 3) for number in range(RUNS)]
            for number, session in enumerate(runs):
                session.send(f"question{number}")
                library.release(session)
            home.provider.step.set()  # type: ignore[attr-defined]
            for act, number in acts:
                await disturb(library, runs, act, number)
            for session in runs:
                await ended(session)
            for number, session in enumerate(runs):
                reply = session.conversation.path()[-1]
                assert (reply.text, reply.ended) == (said(f"question{number}"), Ended.COMPLETE)
            kept = [session.conversation for session in runs if not session.is_temporary]
        async with home.library() as library:
            for conversation in kept:
                stored = (await library.open(conversation.id)).conversation
                assert stored.messages == conversation.messages
                assert [m.id for m in stored.path()] == [m.id for m in conversation.path()]

    asyncio.run(play())


def test_any_number_run_at_once(made_home: Home, run: Run) -> None:
    made_home.provider = Echoes()  # type: ignore[assignment]

    async def play() -> None:
        made_home.provider.step.set()  # type: ignore[attr-defined]
        async with made_home.library() as library:
            runs = [library.new() for _ in range(40)]
            for number, session in enumerate(runs):
                session.send(f"q{number}")
                library.release(session)
            assert len(library.running) == 40
            for number, session in enumerate(runs):
                await ended(session)
                assert session.conversation.path()[-1].text == said(f"q{number}")
            assert all(row.is_unread and not row.is_running for row in library.rows)

    run(play())


def test_a_run_in_the_trash_is_stopped_and_its_text_kept_there(made_home: Home, run: Run) -> None:
    made_home.provider = Echoes()  # type: ignore[assignment]

    async def play() -> None:
        async with made_home.library() as library:
            stopped, other = library.new(), library.new()
            stopped.send("stopped")
            other.send("other")
            made_home.provider.step.set()  # type: ignore[attr-defined]
            while stopped.draft is None or stopped.draft.is_empty:
                await asyncio.sleep(0)
            library.trash([stopped.conversation.id])
            await ended(stopped)
            await ended(other)
            assert other.conversation.path()[-1].ended is Ended.COMPLETE
        async with made_home.library() as library:
            (row,) = await library.trashed()
            assert not row.is_unread
            reply = (await library.open(row.id)).conversation.path()[-1]
            assert reply.ended is Ended.STOPPED
            assert reply.text and said("stopped").startswith(reply.text)

    run(play())
