"""kill -9 at random moments, whatever is being done: everything older than 250 ms is there, once."""

import asyncio
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.backup import check
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.adapters.sqlite.verify import verify
from desktop_chat.core.backup_place import Finding
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended
from tests.kills.killed import Facts, said_until_killed
from tests.kills.living import IMPORTED_MESSAGES, WORDS
from tests.kills.old_shape import store_of_the_first_shape

COUNTED = "".join(f"{word} " for word in range(WORDS))
PROMISED_S = 0.25
STARVED_S = 1.0
"""What the short form allows on top: beside other tests, the process may not get a processor for so long."""


def reopened(path: Path) -> dict[ConversationId, Conversation]:
    """What the next start finds."""

    async def main() -> dict[ConversationId, Conversation]:
        store = SqliteStore(path)
        try:
            assert await store.open() == []
            return {row.id: await store.load(row.id) for row in await store.rows()}
        finally:
            await store.close()

    return asyncio.run(main())


def lost_after_a_kill(path: Path, seed: int, after_s: float | None = None, *, slack_s: float = 0.0) -> list[str]:
    """What is not there any more although it was promised to be, or is not what was written."""
    if after_s is None:
        after_s = random.Random(seed).uniform(0.15, 1.6)
    store_of_the_first_shape(path)
    killed, said = said_until_killed("tests.kills.living", str(path), str(seed), after_s=after_s)
    kept = [fact[1:] for fact in said if float(fact[0]) < killed - PROMISED_S - slack_s]

    found = reopened(path)

    findings: list[Finding] = []
    verify(path, path.parent / "backups", findings.append)
    assert [finding for finding in findings if finding.is_bad] == [], f"seed {seed}"
    # A picture is there before whatever shows it.
    assert len([finding for finding in findings if finding.part == "pictures"]) == 1, f"seed {seed}"
    for copy in (path.parent / "backups").glob("*.sqlite"):
        assert check(copy)[0] >= 20, f"seed {seed}: {copy.name}"
    assert reopened(path) == found
    lost = [*lost_of_streams(found, kept, [fact[1:] for fact in said]), *lost_of_others(found, kept)]
    return [f"seed {seed}: {what}" for what in lost]


def lost_of_others(found: dict[ConversationId, Conversation], kept: Facts) -> Iterator[str]:
    edited = found[ConversationId("edited")].messages if ConversationId("edited") in found else {}
    for fact in kept:
        match fact:
            case ["edited", message_id]:
                message = edited.get(MessageId(message_id))
                if message is None or message.text != message_id.replace("-", " "):
                    yield f"the edited message {message_id}"
            case ["titled", number, latest]:
                title = found[ConversationId(f"old-{number}")].title
                if int(title.removeprefix("Title ")) < int(latest):
                    yield f"the title {latest}: {title} is older"
            case ["took", round_, count]:
                there = sum(1 for id_ in found if id_.startswith(f"in-{round_}-"))
                if there < int(count):
                    yield f"conversations of an import: {there} of {count} are there"
    sizes = {f"old-{number}": 50 for number in range(20)}
    sizes |= {id_: IMPORTED_MESSAGES for id_ in found if id_.startswith("in-")}
    for id_, size in sizes.items():
        conversation = found.get(ConversationId(id_))
        if conversation is None or len(conversation.messages) != size:
            yield f"messages of {id_}"


def lost_of_streams(found: dict[ConversationId, Conversation], kept: Facts, said: Facts) -> Iterator[str]:
    there = {
        message.id: message
        for name in ("one", "two")
        if ConversationId(name) in found
        for message in found[ConversationId(name)].messages.values()
    }
    for kind, message_id, *length in kept:
        if kind == "grew":
            message = there.get(MessageId(message_id))
            if message is None or len(message.text) < int(length[0]):
                yield f"text of {message_id} older than {PROMISED_S} s"
    for message in there.values():
        if not COUNTED.startswith(message.text) or message.ended not in (Ended.COMPLETE, Ended.INTERRUPTED):
            yield f"{message.id} is not what was streamed"
    for kind, message_id, *_ in said:
        if kind == "finished":
            final = there.get(MessageId(message_id))
            if final is None or (final.ended, final.text) != (Ended.COMPLETE, COUNTED):
                yield f"the end of {message_id}"


@pytest.mark.parametrize("after_s", [1.0, 1.8, 2.5])
def test_a_killed_process_loses_nothing_older_than_promised(tmp_path: Path, after_s: float) -> None:
    assert lost_after_a_kill(tmp_path / "store.sqlite", int(10 * after_s), after_s, slack_s=STARVED_S) == []


def test_a_process_killed_while_it_migrates_loses_nothing(tmp_path: Path) -> None:
    for number, after_s in enumerate((0.2, 0.3, 0.4)):
        assert lost_after_a_kill(tmp_path / str(number) / "store.sqlite", number, after_s, slack_s=STARVED_S) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_three_hundred_killed_processes_lose_nothing_older_than_promised(tmp_path: Path) -> None:
    for seed in range(100, 400):
        folder = tmp_path / str(seed)
        after_s = None if seed % 3 else random.Random(seed).uniform(0.15, 0.7)
        assert lost_after_a_kill(folder / "store.sqlite", seed, after_s) == []
        shutil.rmtree(folder)
