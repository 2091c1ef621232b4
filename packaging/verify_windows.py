"""Installs the Windows installer without a question, uses it, upgrades it, and removes it."""

import os
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import project
import smoke
import windows

PATIENCE_S = 120.0


def place() -> Path:
    """Where the installer puts the program."""
    return Path(os.environ["LOCALAPPDATA"]) / "Programs" / project.TITLE


def data() -> Path:
    """Where the program keeps what the person wrote."""
    return Path(os.environ["LOCALAPPDATA"]) / project.NAME


def verify_portable(archive: Path) -> dict[str, object]:
    """Unpack the zip somewhere and ask the program."""
    with tempfile.TemporaryDirectory(prefix="desktop-chat-verify-") as folder:
        with zipfile.ZipFile(archive) as file:
            file.extractall(folder)
        unpacked = Path(folder) / project.TITLE
        expect((unpacked / windows.PORTABLE_MARK).is_file(), "the mark of a portable copy is missing")
        return {"step": "verify", "artefact": archive.name, **smoke.ask_tree(unpacked)}


def verify_installer(setup: Path, previous: Path | None) -> dict[str, object]:
    """Install, perhaps over an older version, ask both programs, remove.

    Args:
        setup: The installer.
        previous: An older one, to upgrade from.

    Raises:
        SystemExit: Something is not as it should be.
    """
    subprocess.run([previous or setup, "/S"], check=True)
    stale = place() / "_internal" / "stale.py"
    stale.write_text("")
    kept = data() / "kept.txt"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("")
    subprocess.run([setup, "/S"], check=True)
    expect(not stale.exists(), "a file of the older version is still there")
    said = smoke.ask_tree(place())
    window = subprocess.run([place() / f"{windows.WINDOW_PROGRAM}.exe", "--self-test"], check=False, timeout=300)
    expect(window.returncode == 0, f"the windowed program's self-test failed with {window.returncode}")
    # The uninstaller copies itself away and goes on after it has answered.
    subprocess.run([place() / "uninstall.exe", "/S"], check=True)
    wait(lambda: not place().exists(), f"{place()} is left behind")
    expect(kept.exists(), "the person's files are gone")
    return {"step": "verify", "artefact": setup.name, **said, "left_behind": 0}


def expect(claim: bool, otherwise: str) -> None:
    """Fail unless the claim holds."""
    if not claim:
        raise SystemExit(otherwise)


def wait(claim: Callable[[], bool], otherwise: str) -> None:
    """Wait until the claim holds."""
    until = time.monotonic() + PATIENCE_S
    while not claim():
        expect(time.monotonic() < until, otherwise)
        time.sleep(0.2)
