"""The commands of the terminal write over no file unless they are told to."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desktop_chat.__main__ import main

ROOT = Path(__file__).parents[1]
FILES = Path(__file__).parent / "importing" / "files"


def run(*arguments: str | Path) -> tuple[int, str, str]:
    """The real command, in a process of its own."""
    command = [sys.executable, "-m", "desktop_chat", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def place(home: Path, tmp_path: Path) -> Path:
    """A folder to write to, beside a home with two conversations."""
    assert main(["import", str(FILES / "claude.json")]) == 0
    place = tmp_path / "place"
    place.mkdir()
    return place


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("notes.json", ["export", "--all", "--format", "json"]),
        ("notes.zip", ["export", "--all"]),
        ("copy.sqlite", ["backup"]),
    ],
    ids=["a file", "an archive", "a backup"],
)
def test_a_file_that_is_there_is_replaced_only_by_force(place: Path, name: str, arguments: list[str]) -> None:
    file = place / name
    file.write_text("mine", encoding="utf-8")

    code, _, said = run(*arguments, "-o", file)

    assert code == 1
    assert said.splitlines()[-1] == f"{file} is there already. Give another name, or say --force to replace it."
    assert file.read_text(encoding="utf-8") == "mine"

    code, _, said = run(*arguments, "--force", "-o", file)

    assert code == 0, said
    assert file.read_bytes()[:4] != b"mine"
    assert list(place.iterdir()) == [file]


def test_in_a_folder_each_file_gets_a_name_that_is_free(place: Path) -> None:
    for _ in range(2):
        assert main(["export", "--all", "-o", str(place)]) == 0
        assert main(["backup", "-o", str(place)]) == 0

    assert len(list(place.glob("*.md"))) == 4
    assert len(list(place.glob("*.sqlite"))) == 2


def test_many_files_do_not_take_the_place_of_one(place: Path) -> None:
    file = place / "notes.md"
    file.write_text("mine", encoding="utf-8")

    for force in ([], ["--force"]):
        code, _, said = run("export", "--all", *force, "-o", file)

        assert (code, said.splitlines()[-1]) == (1, f"{file}: this makes many files, and that is no folder")
    assert [(one.name, one.read_text(encoding="utf-8")) for one in place.iterdir()] == [("notes.md", "mine")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_a_device_and_stdout_are_written_to(place: Path) -> None:
    pipe = place / "pipe"
    os.mkfifo(pipe)
    came: list[bytes] = []
    reader = threading.Thread(target=lambda: came.append(pipe.read_bytes()))
    reader.start()

    code, _, said = run("export", "--all", "--format", "json_lines", "-o", pipe)
    reader.join()

    assert code == 0, said
    code, out, said = run("export", "--all", "--format", "json_lines", "-o", "-")
    assert (code, out.encode()) == (0, came[0]), said
    assert main(["backup", "-o", os.devnull]) == 0
