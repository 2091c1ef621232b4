"""kill -9 in the middle of bulk changes: all of a change is there, or nothing of it."""

import asyncio
import random
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_chat.core.ports import Row
from desktop_chat.domain.ids import ConversationId, FolderId
from tests.adapters.sqlite.trees import question, talk
from tests.core.homes import Home

ROOT = Path(__file__).parents[2]
CONVERSATIONS = 200


def arranged_and_killed(folder: Path, after_s: float) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.core.arranging_forever", str(folder)], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        killer = threading.Timer(after_s, process.send_signal, [signal.SIGKILL])
        killer.start()
        process.wait()
        killer.join()


def same(row: Row) -> Row:
    return replace(row, id=ConversationId(""), title="", updated_at=0.0)


async def found_again(home: Home) -> tuple[list[Row], set[FolderId | None]]:
    """All conversations that the next start finds, and the places they can be in."""
    async with home.library() as library:
        assert library.problems == ()
        rows = [*library.rows, *await library.trashed()]
        return rows, {None, *(folder.id for folder in library.folders)}


@pytest.mark.parametrize("seeds", [range(2), pytest.param(range(2, 60), marks=pytest.mark.long)], ids=["some", "many"])
def test_a_killed_bulk_change_is_there_whole_or_not_at_all(tmp_path: Path, seeds: range) -> None:
    home = Home(tmp_path)
    asyncio.run(home.fill(*(talk(question("q"), title=str(number)) for number in range(CONVERSATIONS))))
    for seed in seeds:
        arranged_and_killed(tmp_path, random.Random(seed).uniform(0.0, 0.6))
        rows, places = asyncio.run(found_again(home))

        assert len(rows) == CONVERSATIONS
        assert len({same(row) for row in rows}) == 1
        assert {row.folder_id for row in rows} <= places
