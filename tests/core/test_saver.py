"""Everything gets to the disk in order, also when writing fails for a while."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import RowChange, Unsent
from desktop_chat.core.saver import JOURNAL_S, UNSENT_S, Saver
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.changes import Saved, SaveFailed
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.errors import StoreFull
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.message import Ended, Message
from tests.adapters.sqlite.trees import question, reply, save, talk
from tests.core.conftest import SteppedClock

Run = Callable[[Coroutine[Any, Any, Any]], Any]


class FlakyStore:
    """The real store behind a disk that is full while `is_full`; notes every call that came through."""

    def __init__(self, path: Path) -> None:
        self.real = SqliteStore(path)
        self.is_full = False
        self.refuses: str | None = None
        """The one conversation that cannot be written."""
        self.calls: list[str] = []
        self.syncs: list[bool] = []

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def call(*arguments: Any, **options: Any) -> Any:
            where = getattr(arguments[0], "id", arguments[0]) if arguments else None
            if self.is_full or (self.refuses is not None and where == self.refuses):
                raise StoreFull("no room")
            self.calls.append(name)
            if "full_sync" in options:
                self.syncs.append(options["full_sync"])
            return await getattr(self.real, name)(*arguments, **options)

        return call


class Scene:
    """A saver over a real store."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = FlakyStore(path)
        self.clock = SteppedClock()
        self.saver = Saver(self.store, self.clock)  # type: ignore[arg-type]
        self.troubles: list[Any] = []
        self.saver.troubles.subscribe(self.troubles.append)
        self.first = question("q")
        self.talk = talk(self.first)

    async def settled(self) -> None:
        """Once the saver has nothing to do."""
        while self.saver._saving or self.saver._ticking:
            async with asyncio.timeout(20):
                await asyncio.wait([task for task in (self.saver._saving, self.saver._ticking) if task])

    def draft(self) -> Draft:
        """A reply that begins now."""
        message = reply("", self.first, ended=None)
        message = replace(message, blocks=())
        self.talk.add(message)
        self.saver.draft_began(self.talk.id, message)
        draft = Draft(message, lambda: 0)
        draft.begin_round()
        return draft

    def say(self, draft: Draft, text: str) -> None:
        """A delta comes."""
        for change in draft.apply(TextDelta(text)):
            self.saver.draft_changed(self.talk.id, change, draft)

    async def after_a_crash(self) -> list[Message]:
        """What a new process finds; the old store is not closed first."""
        store = SqliteStore(self.path)
        try:
            return (await store.load(self.talk.id)).path()
        finally:
            await store.close()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "store.sqlite")


def test_what_is_kept_is_on_disk_soon(scene: Scene, run: Run) -> None:
    async def play() -> None:
        scene.saver.keep(scene.talk, scene.first)
        await scene.settled()
        assert await scene.store.load(scene.talk.id) == scene.talk
        await scene.store.close()

    run(play())
    assert scene.troubles == []


def test_a_conversation_without_messages_stays_in_memory(scene: Scene, run: Run) -> None:
    async def play() -> None:
        scene.saver.keep(talk())
        await scene.saver.close()
        assert await scene.store.rows() == []
        await scene.store.close()

    run(play())


def test_nothing_is_lost_while_the_disk_is_full(scene: Scene, run: Run) -> None:
    async def play() -> None:
        scene.store.is_full = True
        scene.saver.keep(scene.talk, scene.first)
        while len(scene.clock.slept) < 3:
            await asyncio.sleep(0)
        second = reply("a", scene.first)
        scene.talk.add(second)
        scene.saver.keep(scene.talk, second)
        assert scene.saver.waiting == 1
        scene.store.is_full = False
        await scene.settled()
        assert await scene.store.load(scene.talk.id) == scene.talk
        await scene.store.close()

    run(play())
    assert [type(item) for item in scene.troubles] == [SaveFailed, Saved]
    assert scene.saver.waiting == 0
    assert scene.clock.slept[:3] == [0.5, 1.0, 2.0]


def test_a_conversation_that_cannot_be_written_does_not_hold_up_the_others(scene: Scene, run: Run) -> None:
    async def play() -> None:
        other = talk(question("other"))
        scene.store.refuses = scene.talk.id
        scene.saver.keep(scene.talk, scene.first)
        scene.saver.keep(other, *other.messages.values())
        await scene.saver.flush()
        assert await scene.store.load(other.id) == other
        assert scene.saver.waiting == 1
        await scene.saver.close()
        await scene.store.close()

    run(play())


def test_a_conversation_that_cannot_be_written_does_not_hold_up_what_is_done_to_many(scene: Scene, run: Run) -> None:
    async def play() -> None:
        other = talk(question("other"))
        await save(scene.store.real, other)
        scene.store.refuses = scene.talk.id
        scene.saver.keep(scene.talk, scene.first)
        scene.saver.arrange([RowChange(one, {"archived": True, "title": "New"}) for one in (scene.talk.id, other.id)])
        other.add(more := reply("more", next(iter(other.messages.values()))))
        other.archived, other.title = True, "New"
        scene.saver.keep(other, more)
        await scene.saver.flush()
        assert await scene.store.load(other.id) == other
        assert scene.saver.waiting == 1
        scene.store.refuses = None
        await scene.saver.close()
        assert [(row.title, row.archived) for row in await scene.store.rows()] == [("New", True)] * 2
        await scene.store.close()

    run(play())


def test_changes_of_one_conversation_keep_their_order(scene: Scene, run: Run) -> None:
    async def play() -> None:
        scene.saver.keep(scene.talk, scene.first)
        scene.saver.arrange([RowChange(scene.talk.id, {"trashed_at": 1.0, "title": "Gone"})])
        scene.saver.arrange([RowChange(scene.talk.id, {"trashed_at": None})])
        scene.saver.keep(scene.talk)
        await scene.saver.close()
        assert [row.title for row in await scene.store.rows()] == ["Title"]
        await scene.store.close()

    run(play())
    assert scene.store.calls[:4] == ["save", "arrange", "arrange", "save"]


def test_a_running_reply_survives_the_end_of_the_process(scene: Scene, run: Run) -> None:
    async def play() -> list[Message]:
        scene.saver.keep(scene.talk, scene.first)
        draft = scene.draft()
        for word in ("Hel", "lo ", "you"):
            scene.say(draft, word)
            await scene.settled()
        found = await scene.after_a_crash()
        await scene.saver.close()
        await scene.store.close()
        return found

    found = run(play())
    assert [message.text for message in found] == ["q", "Hello you"]
    assert found[1].ended is Ended.INTERRUPTED
    assert max(scene.clock.slept) <= JOURNAL_S < 0.25


def test_a_finished_reply_is_there_once_with_full_sync(scene: Scene, run: Run) -> None:
    async def play() -> list[Message]:
        scene.saver.keep(scene.talk, scene.first)
        draft = scene.draft()
        scene.say(draft, "Hello")
        await scene.settled()
        final = draft.message(Ended.COMPLETE)
        scene.talk.put(final)
        await scene.saver.finish(scene.talk, final)
        found = await scene.after_a_crash()
        await scene.saver.close()
        await scene.store.close()
        return found

    found = run(play())
    assert [(message.text, message.ended) for message in found] == [("q", None), ("Hello", Ended.COMPLETE)]
    assert scene.store.syncs[-1] is True


def test_finishing_does_not_wait_for_a_disk_that_stays_full(scene: Scene, run: Run) -> None:
    async def play() -> None:
        scene.saver.keep(scene.talk, scene.first)
        draft = scene.draft()
        scene.say(draft, "Hello")
        scene.store.is_full = True
        scene.clock.stands = asyncio.Event()
        final = draft.message(Ended.COMPLETE)
        scene.talk.put(final)
        async with asyncio.timeout(10):
            await scene.saver.finish(scene.talk, final)
            await scene.saver.finish(scene.talk, final)
        scene.store.is_full = False
        await scene.saver.close()
        assert (await scene.store.load(scene.talk.id)).path()[-1] == final
        await scene.store.close()

    run(play())
    assert [type(item) for item in scene.troubles] == [SaveFailed, Saved]


def test_finishing_goes_on_when_its_caller_is_cancelled(scene: Scene, run: Run) -> None:
    async def play() -> None:
        scene.saver.keep(scene.talk, scene.first)
        draft = scene.draft()
        scene.say(draft, "Hello")
        final = draft.message(Ended.STOPPED)
        scene.talk.put(final)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(scene.saver.finish(scene.talk, final))
            await asyncio.sleep(0)
            task.cancel()
        await scene.settled()
        assert (await scene.store.load(scene.talk.id)).path()[-1] == final
        await scene.saver.close()
        await scene.store.close()

    run(play())


def test_a_reply_that_goes_on_after_waiting_has_a_journal_of_its_own(scene: Scene, run: Run) -> None:
    async def play() -> list[Message]:
        waited = replace(reply("part one", scene.first), ended=Ended.WAITING)
        scene.talk.add(waited)
        scene.saver.keep(scene.talk, scene.first)
        await scene.saver.finish(scene.talk, waited)
        again = replace(waited, ended=None)
        scene.talk.put(again)
        scene.saver.keep(scene.talk, again)
        scene.saver.draft_began(scene.talk.id, again)
        draft = Draft(again, lambda: 0)
        draft.begin_round()
        scene.say(draft, "part two")
        await scene.settled()
        found = await scene.after_a_crash()
        await scene.saver.close()
        await scene.store.close()
        return found

    found = run(play())
    assert found[1].blocks == (Text("part one"), Text("part two"))
    assert found[1].ended is Ended.INTERRUPTED


def test_the_journal_goes_on_after_a_failure_without_a_gap(scene: Scene, run: Run) -> None:
    async def play() -> list[Message]:
        scene.saver.keep(scene.talk, scene.first)
        draft = scene.draft()
        await scene.settled()
        scene.store.is_full = True
        scene.say(draft, "one ")
        while not scene.troubles:
            await asyncio.sleep(0)
        scene.say(draft, "two")
        scene.store.is_full = False
        await scene.settled()
        found = await scene.after_a_crash()
        await scene.saver.close()
        await scene.store.close()
        return found

    assert run(play())[1].text == "one two"
    assert [type(item) for item in scene.troubles] == [SaveFailed, Saved]


def test_unsent_text_is_on_disk_within_a_second_and_forgotten_when_empty(scene: Scene, run: Run) -> None:
    async def play() -> None:
        scene.saver.keep(scene.talk, scene.first)
        began = scene.clock.monotonic()
        for end in range(1, 6):
            scene.saver.keep_unsent(scene.talk.id, "hello"[:end], end)
            assert scene.saver.is_waiting_for(scene.talk.id)
        await scene.settled()
        assert scene.clock.monotonic() - began <= UNSENT_S + 2 * JOURNAL_S < 1.0
        assert not scene.saver.is_waiting_for(scene.talk.id)
        assert await scene.store.unsent(scene.talk.id) == {None: Unsent("hello", 5)}
        scene.saver.keep_unsent(scene.talk.id, "", 0)
        await scene.saver.flush()
        assert await scene.store.unsent(scene.talk.id) == {}
        await scene.saver.close()
        await scene.store.close()

    run(play())
    assert scene.store.calls.count("keep_unsent") == 2


def test_a_bug_in_saving_reaches_the_loop(scene: Scene, run: Run) -> None:
    heard: list[Any] = []

    async def play() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: heard.append(context["exception"]))
        scene.saver._add(scene.talk.id, lambda store: store.nonsense())  # type: ignore[attr-defined]
        while not heard:
            await asyncio.sleep(0)
        await scene.store.close()

    run(play())
    assert isinstance(heard[0], AttributeError)
