"""kill -9 at random moments, whatever is being done: everything older than 250 ms is there, once."""

import asyncio
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.backup import check
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.adapters.sqlite.verify import verify
from desktop_chat.core.ports import Finding
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended
from tests.kills.living import IMPORTED_MESSAGES, WORDS
from tests.kills.old_shape import store_of_the_first_shape

ROOT = Path(__file__).parents[2]
COUNTED = "".join(f"{word} " for word in range(WORDS))
PROMISED_S = 0.25
STARVED_S = 1.0
"""What the short form allows on top: beside other tests, the process may not get a processor for so long."""
Facts = list[list[str]]


def lived_and_killed(path: Path, seed: int, after_s: float) -> tuple[float, Facts]:
    """Let a process live, kill it, and return the moment and what it had said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.kills.living", str(path), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.extend(process.stdout or ()))
    reader.start()
    killer = threading.Timer(after_s, process.send_signal, [signal.SIGKILL])
    killer.start()
    process.wait()
    killed = time.monotonic()
    reader.join()
    killer.join()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL, f"seed {seed}: it ended by itself"
    return killed, [line.split() for line in said if line.endswith("\n")]


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


def check_after_a_kill(path: Path, seed: int, after_s: float | None = None, *, slack_s: float = 0.0) -> None:
    if after_s is None:
        after_s = random.Random(seed).uniform(0.15, 1.6)
    store_of_the_first_shape(path)
    killed, said = lived_and_killed(path, seed, after_s)
    kept = [fact[1:] for fact in said if float(fact[0]) < killed - PROMISED_S - slack_s]

    found = reopened(path)

    findings: list[Finding] = []
    verify(path, path.parent / "backups", findings.append)
    assert [finding for finding in findings if finding.is_bad] == [], f"seed {seed}"
    # A picture is there before whatever shows it.
    assert len([finding for finding in findings if finding.part == "pictures"]) == 1, f"seed {seed}"
    check_streams(found, kept, [fact[1:] for fact in said], seed)
    edited = found.get(ConversationId("edited"))
    for fact in kept:
        match fact:
            case ["edited", message_id]:
                assert edited is not None, f"seed {seed}"
                assert edited.messages[MessageId(message_id)].text == message_id.replace("-", " "), f"seed {seed}"
            case ["titled", number, latest]:
                title = found[ConversationId(f"old-{number}")].title
                assert int(title.removeprefix("Title ")) >= int(latest), f"seed {seed}: {title} is older than {latest}"
            case ["took", round_, count]:
                there = sum(1 for id_ in found if id_.startswith(f"in-{round_}-"))
                assert there >= int(count), f"seed {seed}: {there} of {count} conversations of an import are there"
            case ["backed-up", *_]:
                pass
    for id_, conversation in found.items():
        if id_.startswith("in-"):
            assert len(conversation.messages) == IMPORTED_MESSAGES, f"seed {seed}: {id_} is not whole"
    assert {f"old-{n}" for n in range(20)} <= found.keys(), f"seed {seed}"
    assert all(len(found[ConversationId(f"old-{n}")].messages) == 50 for n in range(20)), f"seed {seed}"
    for copy in (path.parent / "backups").glob("*.sqlite"):
        assert check(copy)[0] >= 20, f"seed {seed}: {copy.name}"
    assert reopened(path) == found


def check_streams(found: dict[ConversationId, Conversation], kept: Facts, said: Facts, seed: int) -> None:
    for name in ("one", "two"):
        conversation = found.get(ConversationId(name))
        there = conversation.messages if conversation is not None else {}
        for kind, message_id, *length in kept:
            if kind == "grew" and message_id.startswith(f"{name}-"):
                text = there[MessageId(message_id)].text
                assert len(text) >= int(length[0]), f"seed {seed}: {message_id} lost text older than {PROMISED_S} s"
        for message in there.values():
            assert COUNTED.startswith(message.text), f"seed {seed}: {message.id} is not what was streamed"
            assert message.ended in (Ended.COMPLETE, Ended.INTERRUPTED), f"seed {seed}"
    for kind, message_id, *_ in said:
        if kind == "finished":
            final = found[ConversationId(message_id.partition("-")[0])].messages[MessageId(message_id)]
            assert (final.ended, final.text) == (Ended.COMPLETE, COUNTED), f"seed {seed}: {message_id}"


@pytest.mark.parametrize("after_s", [1.0, 1.8, 2.5])
def test_a_killed_process_loses_nothing_older_than_promised(tmp_path: Path, after_s: float) -> None:
    check_after_a_kill(tmp_path / "store.sqlite", int(10 * after_s), after_s, slack_s=STARVED_S)


def test_a_process_killed_while_it_migrates_loses_nothing(tmp_path: Path) -> None:
    for number, after_s in enumerate((0.2, 0.3, 0.4)):
        check_after_a_kill(tmp_path / str(number) / "store.sqlite", number, after_s, slack_s=STARVED_S)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_three_hundred_killed_processes_lose_nothing_older_than_promised(tmp_path: Path) -> None:
    for seed in range(100, 400):
        folder = tmp_path / str(seed)
        after_s = None if seed % 3 else random.Random(seed).uniform(0.15, 0.7)
        check_after_a_kill(folder / "store.sqlite", seed, after_s)
        shutil.rmtree(folder)
