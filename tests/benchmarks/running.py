"""Starts what a benchmark measures in processes of its own, and reads what they print."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def figure(name: str, value: float, unit: str, *, baseline: float | None = None) -> dict[str, object]:
    """One line of the result; `ratio` is the value divided by the baseline."""
    line: dict[str, object] = {"name": name, "value": round(value, 4), "unit": unit}
    if baseline is not None:
        line |= {"baseline": round(baseline, 4), "ratio": round(value / baseline, 3)}
    return line


def child(module: str, *arguments: str, home: Path | None = None) -> dict[str, Any]:
    """Run a module of this package; it prints one JSON object."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    # A person's installation has its modules compiled.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if home is not None:
        environment["DESKTOP_CHAT_HOME"] = str(home)
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    answer = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(answer.stdout.splitlines()[-1]))


@contextmanager
def home_folder() -> Iterator[Path]:
    """A home that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="desktop-chat-benchmark-") as folder:
        yield Path(folder)


@contextmanager
def model_server() -> Iterator[str]:
    """A paced model server; its base URL."""
    command = [sys.executable, "-m", "tests.benchmarks.server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        process.stdin.close()
