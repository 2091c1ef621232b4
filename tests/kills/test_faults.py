"""A disk that is full or breaks again and again: work goes on in memory, and all of it is written once it can be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.verify import verify
from desktop_chat.core.ports import Finding
from desktop_chat.domain.codec import conversation_from_dict
from tests.kills.test_kills import ROOT, reopened

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reaches below SQLite of the system")


def check_with_faults(path: Path, seed: int) -> None:
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
    for data in facts["talks"]:
        wanted = conversation_from_dict(data)
        assert found[wanted.id].messages == wanted.messages, f"seed {seed}: {wanted.id}"
        assert found[wanted.id].path() == wanted.path(), f"seed {seed}: {wanted.id}"
        assert found[wanted.id].title == wanted.title, f"seed {seed}: {wanted.id}"


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_lost_while_the_disk_fails(tmp_path: Path, seed: int) -> None:
    check_with_faults(tmp_path / "store.sqlite", seed)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_nothing_is_lost_however_the_disk_fails(tmp_path: Path) -> None:
    for seed in range(100, 160):
        check_with_faults(tmp_path / str(seed) / "store.sqlite", seed)
