"""Asks a built program whether it works, as a machine without Python would."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import project

KEPT = ("HOME", "LANG", "SYSTEMROOT", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA", "APPDATA")
PATIENCE_S = 300


def bare_environment(folder: Path, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """An environment in which no Python and no source tree is found.

    Args:
        folder: An empty one: it is the only place programs are looked for.
        given: Where the few variables come from that a system cannot do without.
    """
    kept = {name: given[name] for name in KEPT if name in given}
    return {**kept, "PATH": str(folder), "DESKTOP_CHAT_HOME": str(folder / "home"), "QT_QPA_PLATFORM": "offscreen"}


def program_in(folder: Path) -> Path:
    """The program that prints, in a frozen tree or in a bundle of macOS."""
    if folder.suffix == ".app":
        return folder / "Contents" / "MacOS" / project.NAME
    return folder / (f"{project.NAME}.exe" if os.name == "nt" else project.NAME)


def ask(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> dict[str, object]:
    """Run the version and the self-test of a program; what it says of itself.

    Args:
        command: The program, perhaps with words before it that lead to another root.
        environment: As `bare_environment` makes it, or that of the command's own place.

    Raises:
        SystemExit: The program is not of this version, or does not work.
    """
    began = time.monotonic()
    version = run([*command, "--version"], environment)
    if version.returncode != 0 or version.stdout.split() != [project.NAME, project.version()]:
        sys.stderr.write(version.stderr)
        raise SystemExit(f"--version said {version.stdout.strip()!r} with {version.returncode}")
    test = run([*command, "--self-test"], environment)
    if test.returncode != 0:
        sys.stderr.write(test.stderr + test.stdout)
        raise SystemExit(f"the self-test failed with {test.returncode}")
    said = json.loads(test.stdout)
    if not said["frozen"]:
        raise SystemExit("this is not the frozen program")
    return {
        "version": said["version"],
        "checks": len(said["checks"]),
        "self_test_ms": said["ms"],
        "seconds": round(time.monotonic() - began, 1),
    }


def run(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run to the end and keep what is printed."""
    return subprocess.run(
        [str(part) for part in command],
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE_S,
    )


def ask_tree(folder: Path) -> dict[str, object]:
    """Ask the program in a folder, in a bare environment, also for what it does in the terminal."""
    with tempfile.TemporaryDirectory(prefix="desktop-chat-smoke-") as empty:
        command, environment = [program_in(folder)], bare_environment(Path(empty))
        return {**ask(command, environment), "in_terminal": use_terminal(command, environment, Path(empty))}


def use_terminal(command: Sequence[str | Path], environment: Mapping[str, str], folder: Path) -> list[str]:
    """Take a conversation in, back it up, write it out and check everything; the commands that were used.

    Raises:
        SystemExit: One of them failed, or loaded the window's libraries.
    """
    messages = [{"role": "user", "content": "Is it there?"}, {"role": "assistant", "content": "Everything is there."}]
    taken, loaded = folder / "taken.json", folder / "loaded"
    taken.write_text(json.dumps(messages), encoding="utf-8")
    # The loader of Linux notes what it loads; elsewhere the variables mean nothing.
    watched = {**environment, "LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(loaded)}
    used = ("import", "backup", "verify", "export")
    for words in (["import", taken], ["backup"], ["verify"], ["export", "--all", "--format", "json"]):
        answer = run([*command, *words], watched)
        if answer.returncode != 0:
            raise SystemExit(f"{words[0]} ended with {answer.returncode}: {answer.stderr}")
    if "Everything is there." not in answer.stdout:
        raise SystemExit(f"export wrote {answer.stdout[:200]!r}")
    notes = "".join(path.read_text(encoding="utf-8", errors="replace") for path in folder.glob("loaded*"))
    if project.system() == "linux" and ("libpython" not in notes or "libQt6" in notes):
        raise SystemExit("the terminal's commands load Qt, or nobody noted what they load")
    return list(used)
