"""Taking conversations in: only what is new, whole conversations, beside everything else."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.adapters.sqlite.verify import verify
from desktop_chat.core import intake as module
from desktop_chat.core.backup_place import Finding
from desktop_chat.core.intake import Intake, Taken
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId
from tests.adapters.sqlite.trees import question, reply, save, talk


class Heard:
    """Stands in for the library: notes what it is told."""

    def __init__(self) -> None:
        self.ids: set[ConversationId] = set()
        self.new: list[ConversationId] = []

    async def hear_of(self, ids: set[ConversationId]) -> None:
        self.ids |= ids

    def note_import(self, ids: list[ConversationId]) -> None:
        assert not self.ids.intersection(ids), "undo has to know of them when they are listed"
        self.new += ids


def play(path: Path, *imports: list[Conversation], before: Conversation | None = None) -> tuple[list[Taken], Heard]:
    heard = Heard()

    async def scene() -> list[Taken]:
        store = SqliteStore(path)
        try:
            if before is not None:
                await save(store, before)
            intake = Intake(store, heard)  # type: ignore[arg-type]
            return [await intake.take_in(conversations) for conversations in imports]
        finally:
            await store.close()

    return asyncio.run(scene()), heard


def loaded(path: Path, conversation_id: ConversationId) -> Conversation:
    async def scene() -> Conversation:
        store = SqliteStore(path)
        try:
            return await store.load(conversation_id)
        finally:
            await store.close()

    return asyncio.run(scene())


def grown(conversation: Conversation) -> Conversation:
    """A later state of it, with another answer to its first question and more at its end."""
    later = Conversation(conversation.id, "Renamed there", 1.0, 9.0)
    for message in conversation.messages.values():
        later.add(message)
    first = next(iter(later.messages.values()))
    later.add(reply("another answer", first))
    last = later.messages[conversation.path()[-1].id]
    later.choose(last.id)
    later.add(question("and then?", last))
    return later


def a_talk(number: int = 0) -> Conversation:
    first = question(f"q{number}")
    return talk(first, reply("a", first), title=f"T{number}")


def test_a_second_import_adds_nothing(tmp_path: Path) -> None:
    conversations = [a_talk(number) for number in range(5)]

    (first, second), heard = play(tmp_path / "s.sqlite", conversations, conversations)

    assert (first.added, first.messages, first.unchanged) == (5, 10, 0)
    assert (second.added, second.messages, second.unchanged) == (0, 0, 5)
    assert heard.ids == {conversation.id for conversation in conversations}
    assert heard.new == [conversation.id for conversation in conversations]
    assert loaded(tmp_path / "s.sqlite", conversations[3].id) == conversations[3]


def test_a_conversation_that_is_there_gets_its_news_and_keeps_what_the_person_chose(tmp_path: Path) -> None:
    here = a_talk()
    later = grown(here)

    (taken,), heard = play(tmp_path / "s.sqlite", [later], before=here)
    assert heard.new == []
    found = loaded(tmp_path / "s.sqlite", here.id)

    assert (taken.added, taken.extended, taken.messages) == (0, 1, 2)
    assert found.messages == later.messages
    assert found.title == here.title
    assert found.updated_at == 9.0
    assert [message.text for message in found.path()] == ["q0", "a", "and then?"]


def test_the_same_conversation_twice_in_one_import_is_taken_once(tmp_path: Path) -> None:
    here = a_talk()

    (taken,), _ = play(tmp_path / "s.sqlite", [here, here, grown(here)])

    assert (taken.added, taken.unchanged, taken.extended) == (1, 1, 1)


def test_what_was_taken_in_is_sound_and_found(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    play(path, [a_talk(number) for number in range(300)], before=a_talk(999))
    findings: list[Finding] = []

    verify(path, tmp_path / "backups", findings.append)

    assert [finding for finding in findings if finding.is_bad] == []


def test_cancelling_leaves_whole_conversations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_MESSAGES", 4)
    monkeypatch.setattr(module, "BATCH_IF_QUIET", 4)
    path, cancel = tmp_path / "s.sqlite", Event()

    def conversations() -> Iterator[Conversation]:
        for number in range(1000):
            if number == 20:
                cancel.set()
            yield a_talk(number)

    async def scene() -> tuple[Taken, list[int]]:
        store = SqliteStore(path)
        try:
            taken = await Intake(store, Heard()).take_in(conversations(), cancel=cancel)  # type: ignore[arg-type]
            return taken, [len((await store.load(row.id)).messages) for row in await store.rows()]
        finally:
            await store.close()

    taken, sizes = asyncio.run(scene())
    assert taken.is_cancelled
    assert 0 < taken.added <= 20
    assert sizes == [2] * taken.added


def test_an_error_of_the_source_comes_out_and_what_came_before_stays(tmp_path: Path) -> None:
    def conversations() -> Iterator[Conversation]:
        yield a_talk(1)
        raise ValueError("torn")

    async def scene() -> int:
        store = SqliteStore(tmp_path / "s.sqlite")
        try:
            with pytest.raises(ValueError, match="torn"):
                await Intake(store, Heard()).take_in(conversations())  # type: ignore[arg-type]
            return len(await store.rows())
        finally:
            await store.close()

    assert asyncio.run(scene()) in (0, 1)
