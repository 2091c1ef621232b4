"""The program asks itself whether it works, and what its start costs."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> dict[str, object]:
    answer = subprocess.run(
        [sys.executable, "-m", "desktop_chat", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return dict(json.loads(answer.stdout))


def test_nothing_heavy_is_loaded_before_the_first_paint() -> None:
    said = run("--self-test", "start")

    assert said["heavy"] == []
    assert {"pickle", "urllib.request"} <= set(said["waiting"])


def test_everything_works_from_the_first_start_to_the_second(home: Path) -> None:
    said = run("--self-test")

    assert said["ok"] and said["frozen"] is False
    assert [check["check"] for check in said["checks"]][-1] == "conversation reads the same"
    assert not os.listdir(home), "the self-test has a home of its own"
