"""A disk that is full or breaks again and again: work goes on in memory, and all of it is written once it can be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.verify import verify
from desktop_chat.core.backup_place import Finding
from desktop_chat.domain.codec import conversation_from_dict
from desktop_chat.domain.conversation import Conversation
from tests.kills.killed import ROOT
from tests.kills.test_kills import reopened

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reaches below SQLite of the system")


def lost_to_faults(path: Path, seed: int) -> list[str]:
    """The conversations that are not on disk in the end as they were in memory."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.kills.failing", str(path), str(seed)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"seed {seed}: {done.stderr}"
    facts = json.loads(done.stdout)
    assert facts["faults"], f"seed {seed}: nothing failed"
    assert facts["told"][-1:] in ([], ["Saved"]), f"seed {seed}"

    found = reopened(path)

    findings: list[Finding] = []
    verify(path, path.parent / "backups", findings.append)
    assert [finding for finding in findings if finding.is_bad] == [], f"seed {seed}"
    return [
        f"seed {seed}: {wanted.id}"
        for wanted in map(conversation_from_dict, facts["talks"])
        if wanted.id not in found or as_shown(found[wanted.id]) != as_shown(wanted)
    ]


def as_shown(conversation: Conversation) -> tuple[object, ...]:
    return conversation.messages, conversation.path(), conversation.title


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_lost_while_the_disk_fails(tmp_path: Path, seed: int) -> None:
    assert lost_to_faults(tmp_path / "store.sqlite", seed) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_is_lost_however_the_disk_fails(tmp_path: Path) -> None:
    for seed in range(100, 160):
        assert lost_to_faults(tmp_path / str(seed) / "store.sqlite", seed) == []
