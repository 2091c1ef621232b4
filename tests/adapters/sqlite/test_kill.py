"""kill -9 at random moments: everything older than 250 ms is there, once."""

import asyncio
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId
from desktop_chat.domain.message import Ended
from tests.kills.killed import said_until_killed

COUNTED = "".join(f"{word} " for word in range(60))
PROMISED_S = 0.25


def reopened(path: Path) -> Conversation | None:
    """What the next start finds; `None` if the process was killed before it could save anything."""

    async def main() -> Conversation | None:
        store = SqliteStore(path)
        try:
            assert await store.open() == []
            return await store.load(ConversationId("c")) if await store.rows() else None
        finally:
            await store.close()

    return asyncio.run(main())


def lost_after_a_kill(path: Path, seed: int) -> list[str]:
    """What is not there any more although it was promised to be, or is not what was streamed."""
    after_s = random.Random(seed).uniform(0.0, 1.2)
    killed, said = said_until_killed("tests.adapters.sqlite.streaming", str(path), after_s=after_s, begins=True)
    lengths = {int(line[2]): int(line[3]) for line in said if line[0] == "T" and float(line[1]) < killed - PROMISED_S}
    finished = {int(line[1]) for line in said if line[0] == "F"}

    conversation = reopened(path)

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM journal").fetchone() == (0,)
        connection.execute("INSERT INTO text_search (text_search, rank) VALUES ('integrity-check', 1)")
    if conversation is None:
        return [f"seed {seed}: a conversation"] if lengths or finished else []
    found = {int(message.id[1:]): message for message in conversation.path()}
    whole = {
        number
        for number, message in found.items()
        if COUNTED.startswith(message.text) and message.ended in (Ended.COMPLETE, Ended.INTERRUPTED)
    }
    complete = {n for n in whole if (found[n].ended, found[n].text) == (Ended.COMPLETE, COUNTED)}
    assert reopened(path) == conversation
    return [
        *(f"seed {seed}: reply {number} is not what was streamed" for number in found.keys() - whole),
        *(f"seed {seed}: the end of reply {number}" for number in finished - complete),
        *(
            f"seed {seed}: text of reply {number} older than {PROMISED_S} s"
            for number, length in lengths.items()
            if number not in found or len(found[number].text) < length
        ),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_a_killed_process_loses_nothing_older_than_promised(tmp_path: Path, seed: int) -> None:
    assert lost_after_a_kill(tmp_path / "store.sqlite", seed) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_three_hundred_killed_processes_lose_nothing_older_than_promised(tmp_path: Path) -> None:
    for seed in range(100, 400):
        assert lost_after_a_kill(tmp_path / f"{seed}.sqlite", seed) == []
