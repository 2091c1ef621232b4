"""Starts what a benchmark measures in processes of its own, and reads what they print.

A module that is measured prints `ready` when it is warm, reads one line, does what is
measured, and prints one JSON object. So several can be warm first and then run at the same
time: what else the computer does falls on all of them alike.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Figures = dict[str, Any]


def figure(name: str, value: float, unit: str, *, baseline: float | None = None) -> dict[str, object]:
    """One line of the result; `ratio` is the value divided by the baseline, `load` what else went on."""
    line: dict[str, object] = {"name": name, "value": round(value, 4), "unit": unit}
    if baseline is not None:
        line |= {"baseline": round(baseline, 4), "ratio": round(value / baseline, 3)}
    return line | {"load": round(os.getloadavg()[0], 1)}


def child(module: str, *arguments: str, home: Path | None = None) -> Figures:
    """Run a module of this package alone."""
    with _started(module, *arguments, home=home, waits=False) as process:
        return _figures(process)


def together(*commands: tuple[str, ...]) -> list[Figures]:
    """Run modules at the same time, each with a home of its own, once all of them are warm."""
    with ExitStack() as stack:
        processes = []
        for module, *arguments in commands:
            home = stack.enter_context(home_folder())
            processes.append(stack.enter_context(_started(module, *arguments, home=home, waits=True)))
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", f"{process.args} failed before it was warm"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        return [_figures(process) for process in processes]


@contextmanager
def home_folder() -> Iterator[Path]:
    """A home that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="desktop-chat-benchmark-") as folder:
        yield Path(folder)


@contextmanager
def model_server() -> Iterator[str]:
    """A paced model server; its base URL."""
    with _started("server", home=None, waits=True) as process:
        assert process.stdin is not None and process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        process.stdin.close()


@contextmanager
def _started(module: str, *arguments: str, home: Path | None, waits: bool) -> Iterator["subprocess.Popen[str]"]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    # A person's installation has its modules compiled.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if home is not None:
        environment["DESKTOP_CHAT_HOME"] = str(home)
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    stdin = subprocess.PIPE if waits else subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=stdin, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _figures(process: "subprocess.Popen[str]") -> Figures:
    assert process.stdout is not None
    lines = process.stdout.read().splitlines()
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return dict(json.loads(lines[-1]))
