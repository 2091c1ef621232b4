"""The Windows installer, run for real: install, upgrade, remove. Takes wine, NSIS and a screen; a minute."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import icons
import project
import screens
import tree
import windows

WINE = shutil.which("wine64") or shutil.which("/usr/lib/wine/wine64")
KEY = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\desktop-chat"

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not all((WINE, shutil.which("makensis"), shutil.which("Xvfb"))), reason="no wine, NSIS or Xvfb"),
]


class Windows:
    """A Windows of its own."""

    def __init__(self, prefix: Path, screen: dict[str, str]) -> None:
        self._environment = {**os.environ, **screen, "WINEPREFIX": str(prefix), "WINEDEBUG": "-all"}
        self._environment["WINEDLLOVERRIDES"] = "mscoree,mshtml="
        self._prefix = prefix
        self.run("wineboot", "-i")

    def run(self, *words: str, code: int = 0) -> str:
        answer = subprocess.run([WINE, *words], env=self._environment, capture_output=True, check=False)
        assert answer.returncode == code, answer.stderr.decode(errors="replace")
        return answer.stdout.decode(errors="replace")

    def remove(self, *words: str) -> None:
        """Run the uninstaller; it copies itself away and goes on, so its real folder is named."""
        place = f"C:\\users\\{self.local.parts[-3]}\\AppData\\Local\\Programs\\{project.TITLE}"
        self.run(str(self.program / "uninstall.exe"), *words, f"_?={place}")

    @property
    def local(self) -> Path:
        return next((self._prefix / "drive_c/users").glob("*/AppData/Local/Microsoft")).parent

    @property
    def program(self) -> Path:
        return self.local / "Programs" / project.TITLE

    @property
    def link(self) -> Path:
        return self.local.parent / "Roaming/Microsoft/Windows/Start Menu/Programs" / f"{project.TITLE}.lnk"

    def end(self) -> None:
        subprocess.run(["/usr/lib/wine/wineserver64", "-k"], env=self._environment, check=False)


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Windows]:
    with screens.x11() as screen:
        found = Windows(tmp_path / "prefix", screen)
        yield found
        found.end()


def setup(folder: Path, name: str, *files: str) -> str:
    """An installer of a program that cannot run but has its files."""
    payload = folder / name
    for file in ("Desktop Chat.exe", "desktop-chat.exe", *files):
        tree.write(payload / file, name)
    icons_folder = folder / "icons"
    if not icons_folder.exists():
        subprocess.run([sys.executable, icons.__file__, icons_folder], check=True)
    output = folder / f"{name}.exe"
    return str(windows.compile_installer(payload, output, icons_folder / "desktop-chat.ico", fast=True))


def test_the_installer_upgrades_without_stale_files_and_leaves_what_the_person_wrote(
    computer: Windows, tmp_path: Path
) -> None:
    computer.run(setup(tmp_path, "older", "_internal/old.pyc", "_internal/both.pyc"), "/S")
    assert computer.link.exists() and "DisplayVersion" in computer.run("reg", "query", KEY)
    tree.write(computer.program / "mine.txt", "of the person")
    tree.write(computer.local / "desktop-chat/conversations.sqlite", "of the person")

    computer.run(setup(tmp_path, "newer", "_internal/both.pyc", "_internal/new.pyc"), "/S")

    assert sorted(path.name for path in (computer.program / "_internal").iterdir()) == ["both.pyc", "new.pyc"]
    assert (computer.program / "desktop-chat.exe").read_text() == "newer"

    computer.remove("/S")

    assert [path.name for path in computer.program.iterdir()] == ["mine.txt"]
    assert (computer.local / "desktop-chat/conversations.sqlite").exists()
    assert not computer.link.exists()
    computer.run("reg", "query", KEY, code=1)


def test_everything_goes_when_the_person_says_so(computer: Windows, tmp_path: Path) -> None:
    computer.run(setup(tmp_path, "only", "_internal/a.pyc"), "/S")
    tree.write(computer.local / "desktop-chat/conversations.sqlite", "of the person")

    computer.remove("/S", "/PURGE")

    assert not (computer.local / "desktop-chat").exists() and not computer.program.exists()
