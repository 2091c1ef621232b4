"""`desktop-chat export | import | backup | verify` against a real home, alone and beside an open program."""

import asyncio
import gc
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from desktop_chat import wiring
from desktop_chat.__main__ import main
from desktop_chat.command_export import AHEAD, _Work, _write, _writer
from desktop_chat.command_line import Progress
from desktop_chat.domain.codec import conversation_from_dict, conversation_to_dict
from desktop_chat.exporting.format import Options
from desktop_chat.exporting.ours import JSON_LINES
from desktop_chat.runtime.lock import HomeLock
from desktop_chat.runtime.paths import Paths, paths_from_environment
from tests.adapters.sqlite.trees import question, reply, talk

ROOT = Path(__file__).parents[1]
FILES = Path(__file__).parent / "importing" / "files"
Said = pytest.CaptureFixture[str]


@pytest.fixture
def paths(home: Path) -> Paths:
    """The folders of the test's home."""
    paths = paths_from_environment()
    paths.make()
    return paths


def test_what_is_imported_is_listed_exported_and_not_imported_twice(paths: Paths, tmp_path: Path, capsys: Said) -> None:
    assert main(["import", str(FILES / "claude.json")]) == 0
    assert "2 conversations added" in capsys.readouterr().out
    assert main(["import", str(FILES / "claude.json")]) == 0
    assert "0 conversations added, 0 extended, 2 unchanged" in capsys.readouterr().out
    assert main(["export", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    id_, title = lines[0].split("\t")
    assert main(["export", id_]) == 0
    assert capsys.readouterr().out.startswith(f"# {title}")
    archive = tmp_path / "all.zip"
    assert main(["export", "--all", "--format", "html", "-o", str(archive)]) == 0
    assert len(zipfile.ZipFile(archive).namelist()) == 2
    assert main(["verify"]) == 0
    assert "BAD" not in capsys.readouterr().out


def test_an_export_of_ours_can_be_imported_as_it_was(paths: Paths, tmp_path: Path, capsys: Said) -> None:
    first = question("q")
    here = talk(first, reply("a", first), reply("b", first), title="Here", folder_id=None, tags=("x",), archived=True)
    file = tmp_path / "here.jsonl"

    async def fill() -> None:
        parts = wiring.build(paths)
        await parts.library.load()
        await parts.intake.take_in([here])
        await parts.close()

    asyncio.run(fill())
    assert main(["export", "--all", "--format", "json_lines", "-o", str(file)]) == 0

    assert conversation_from_dict(json.loads(file.read_text(encoding="utf-8"))) == here


def test_pictures_are_imported_exported_and_imported_again(paths: Paths, tmp_path: Path, capsys: Said) -> None:
    assert main(["import", str(FILES / "chatgpt-images")]) == 0
    assert main(["verify"]) == 0
    assert "3 pictures, 868 bytes" in capsys.readouterr().out
    file, page, folder = tmp_path / "all.json", tmp_path / "page.html", tmp_path / "notes"
    assert main(["export", "--all", "--format", "json", "-o", str(file)]) == 0
    assert main(["export", "Cat and fox", "--format", "html", "-o", str(page)]) == 0
    assert main(["export", "--all", "-o", str(folder)]) == 0
    kinds = [one.get("kind") for one in json.loads(file.read_text(encoding="utf-8"))["conversations"]]
    assert kinds == ["picture", "picture", "picture", None]
    assert page.read_text(encoding="utf-8").count("<img ") == 3
    assert sorted(path.suffix for path in (folder / "pictures").iterdir()) == [".jpg", ".png", ".webp"]
    capsys.readouterr()
    assert main(["import", str(file)]) == 0
    assert "0 conversations added, 0 extended, 1 unchanged" in capsys.readouterr().out


def test_a_dry_run_takes_nothing_in(paths: Paths, capsys: Said) -> None:
    assert main(["import", "--dry-run", str(FILES / "claude.json")]) == 0
    assert "2 conversations" in capsys.readouterr().out
    assert main(["export", "--list"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_a_file_of_which_nothing_is_readable_is_a_failure(
    paths: Paths, tmp_path: Path, capsys: Said, more: list[str]
) -> None:
    file = tmp_path / "cut.json"
    file.write_text('{"format": "desktop-chat", "version": 1, "conversations": [{"id": "half', encoding="utf-8")

    assert main(["import", *more, str(file)]) == 1
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["import", "nowhere.json"], 1, "nowhere.json"),
        (["import", __file__], 1, "none of the formats"),
        (["export"], 2, "--all"),
        (["export", "--all"], 2, "many files"),
        (["export", "no such title"], 1, "no such title"),
        (["backup", "--restore", "nothing"], 1, "nothing"),
    ],
)
def test_what_cannot_be_done_is_said(paths: Paths, capsys: Said, arguments: list[str], code: int, said: str) -> None:
    assert main(arguments) == code
    assert said in capsys.readouterr().err


def test_a_backup_is_made_listed_and_gone_back_to(paths: Paths, tmp_path: Path, capsys: Said) -> None:
    main(["import", str(FILES / "claude.json")])
    capsys.readouterr()
    assert main(["backup"]) == 0
    name = capsys.readouterr().out.split("\t")[0]
    main(["import", str(FILES / "chatgpt.json")])
    assert main(["backup", "--restore", name]) == 0
    capsys.readouterr()
    assert main(["export", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert main(["backup", "--list"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_damage_is_found_and_nothing_is_changed(paths: Paths, capsys: Said) -> None:
    main(["import", str(FILES / "claude.json"), str(FILES / "chatgpt.json")])
    content = bytearray(paths.store.read_bytes())
    content[4096 * 4 : 4096 * 6] = bytes(8192)
    paths.store.write_bytes(content)
    capsys.readouterr()

    assert main(["verify"]) == 1

    assert "BAD" in capsys.readouterr().out
    assert paths.store.read_bytes() == content


def test_a_home_without_conversations_is_sound(paths: Paths, capsys: Said) -> None:
    assert main(["verify"]) == 0
    assert not paths.store.exists()


def test_beside_an_open_program_it_does_the_work(paths: Paths) -> None:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "desktop_chat", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )

    async def scene() -> list[subprocess.CompletedProcess[str]]:
        lock = HomeLock(paths.lock)
        lock.take()
        parts = wiring.build(paths)
        await parts.library.load()
        await parts.listen()
        ask: Callable[..., Awaitable[subprocess.CompletedProcess[str]]] = lambda *a: asyncio.to_thread(run, *a)  # noqa: E731
        try:
            done = [await ask("import", str(FILES / "claude.json"))]
            assert len(parts.library.rows) == 2
            title = parts.library.rows[0].title
            return [*done, await ask("export", title), await ask("backup"), await ask("verify")]
        finally:
            await parts.close()
            lock.release()

    imported, exported, backup, verified = asyncio.run(scene())

    assert "2 conversations added" in imported.stdout, imported.stderr
    assert "is open" in imported.stderr
    assert exported.stdout.startswith("# "), exported.stderr
    assert "2 conversations" in backup.stdout, backup.stderr
    assert (verified.returncode, "BAD" in verified.stdout) == (0, False), verified.stderr


def test_a_pdf_needs_no_display(paths: Paths, tmp_path: Path) -> None:
    main(["import", str(FILES / "claude.json")])
    done = subprocess.run(
        [sys.executable, "-m", "desktop_chat", "export", "--all", "--format", "pdf", "-o", str(tmp_path / "pdf.zip")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    archive = zipfile.ZipFile(tmp_path / "pdf.zip")
    assert [archive.read(name)[:5] for name in archive.namelist()] == [b"%PDF-"] * 2


def test_only_pdf_needs_qt() -> None:
    code = (
        "import sys, desktop_chat.command_line, desktop_chat.command_export, desktop_chat.commands;"
        "desktop_chat.command_export._here();"
        "sys.exit(any(n.partition('.')[0] in ('PySide6', 'shiboken6', 'qasync') for n in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_folders_travel_into_another_home(
    paths: Paths, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    question_ = question("q")
    here = talk(question_, reply("a", question_), title="Here", tags=("x", "y"), archived=True)
    file, other = tmp_path / "all.json", tmp_path / "other-home"

    async def fill() -> None:
        parts = wiring.build(paths)
        await parts.library.load()
        outer = parts.library.add_folder("Work")
        here.folder_id = parts.library.add_folder("Clients", outer)
        parts.library.add_folder("Empty")
        await parts.saver.flush()
        await parts.intake.take_in([here])
        await parts.close()

    asyncio.run(fill())
    assert main(["export", "--all", "--format", "json", "-o", str(file)]) == 0
    monkeypatch.setenv("DESKTOP_CHAT_HOME", str(other))

    async def renamed_and_seen() -> tuple[list[tuple[str, str | None]], object]:
        parts = wiring.build(paths_from_environment())
        await parts.library.load()
        folders = parts.library.folders
        names = {folder.id: folder.name for folder in folders}
        told = [(folder.name, names.get(folder.parent_id or "")) for folder in folders]
        conversation = await parts.library.read(here.id)
        parts.library.rename_folder(folders[0].id, "Kept")
        await parts.close()
        return told, conversation

    assert main(["import", str(file)]) == 0
    assert asyncio.run(renamed_and_seen()) == ([("Work", None), ("Clients", "Work")], here)
    assert main(["import", str(file)]) == 0
    assert "0 conversations added" in capsys.readouterr().out
    assert asyncio.run(renamed_and_seen()) == ([("Kept", None), ("Clients", "Kept")], here)
    assert main(["verify"]) == 0


def test_a_store_of_a_newer_version_is_not_called_damaged(paths: Paths, capsys: Said) -> None:
    assert main(["import", str(FILES / "claude.json")]) == 0
    with closing(sqlite3.connect(paths.store)) as connection:
        connection.execute("PRAGMA user_version = 99")

    assert main(["verify"]) == 1
    said = capsys.readouterr().err
    assert "newer Desktop Chat" in said
    assert "damaged file" not in said


def test_what_cannot_be_written_is_named_and_leaves_nothing(paths: Paths, tmp_path: Path, capsys: Said) -> None:
    main(["import", str(FILES / "claude.json")])
    (tmp_path / "file").write_bytes(b"in the way")
    gone = tmp_path / "gone" / "all.zip"

    for arguments in (
        ["export", "--all", "--format", "html", "-o", str(gone)],
        ["export", "--all", "--format", "html", "-o", str(gone.parent / "deeper")],
        ["export", "--all", "--format", "json", "-o", str(tmp_path / "file" / "all.json")],
        ["backup", "-o", str(gone)],
    ):
        capsys.readouterr()
        assert main(arguments) == 1
        said = capsys.readouterr().err
        assert said.startswith(f"{arguments[-1]}: ") and "Traceback" not in said
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "home"]


def test_nothing_is_written_of_what_is_not_found(paths: Paths, tmp_path: Path, capsys: Said) -> None:
    main(["import", str(FILES / "claude.json")])
    capsys.readouterr()

    assert main(["export", "nowhere", "--format", "json"]) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert "nowhere" in said.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_many_files_do_not_go_into_a_pipe(paths: Paths, tmp_path: Path, capsys: Said) -> None:
    main(["import", str(FILES / "claude.json")])
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    assert main(["export", "--all", "-o", str(pipe)]) == 1

    assert capsys.readouterr().err.splitlines()[-1].startswith(f"{pipe}: ")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["home", "pipe"]


def test_whoever_stops_listening_to_a_check_ends_it(paths: Paths) -> None:
    main(["import", str(FILES / "claude.json")])

    async def listen() -> None:
        problems: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: problems.append(context))
        parts = wiring.build(paths)
        answer = parts.commands.answer({"command": "verify"})
        assert "finding" in await anext(answer)
        await answer.aclose()
        await parts.close()
        gc.collect()
        assert problems == []

    asyncio.run(listen())


def test_a_backup_goes_into_a_folder_that_is_there(paths: Paths, tmp_path: Path, capsys: Said) -> None:
    main(["import", str(FILES / "claude.json")])
    folder = tmp_path / "stick"
    folder.mkdir()

    assert main(["backup", "-o", str(folder)]) == 0

    (copy,) = folder.iterdir()
    assert str(copy) in capsys.readouterr().out
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM conversations").fetchone() == (2,)


def test_where_there_is_no_terminal_progress_has_lines_of_its_own(capsys: Said) -> None:
    progress, silent = Progress(every=2), Progress()
    for number in range(1, 6):
        progress.count(number, f"{number} of 5")
        silent.count(number, "nothing")
    progress.end()

    assert capsys.readouterr().err.splitlines() == ["2 of 5", "4 of 5"]


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_an_export_that_breaks_off_leaves_the_file_that_was_there(tmp_path: Path, is_cancelled: bool) -> None:
    (tmp_path / "place").mkdir()
    file = tmp_path / "place" / "all.jsonl"
    file.write_text("before", encoding="utf-8")
    asked = question("q")
    here = json.dumps(conversation_to_dict(talk(asked, reply("a", asked))))

    async def items() -> AsyncGenerator[dict[str, Any], None]:
        for _ in range(2 * AHEAD):
            yield {"piece": here}
            yield {"whole": True}
        if is_cancelled:
            task.cancel()
            await asyncio.sleep(0)
        else:
            yield {"error": "StoreDamaged", "detail": "torn"}

    async def scene() -> None:
        nonlocal task
        work = _Work(tmp_path, {}, Progress())
        task = asyncio.create_task(
            _write(items(), work, _writer(JSON_LINES, Options(), file, work.stop.is_set, is_one=True))
        )
        await asyncio.wait([task])
        assert task.cancelled() if is_cancelled else task.result() == 1

    task: asyncio.Task[int] = None  # type: ignore[assignment]
    asyncio.run(scene())

    assert file.read_text(encoding="utf-8") == "before"
    assert list(file.parent.iterdir()) == [file]
