"""The terminal's door to the library: export, import, backup and verify, without a window.

Results go to stdout, progress and remarks to stderr. Beside an open window its process does
the work, so that one process writes the home. PDF alone needs Qt, without a screen.
"""

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from desktop_chat import wiring
from desktop_chat.domain.errors import ChatError, ExportFailed, StoreError, StoreFull, StoreReadOnly, StoreTooNew
from desktop_chat.runtime.handover import NoAnswer, OwnerFailed, OwnerLeft, ask_owner, has_gone, take_or_find
from desktop_chat.runtime.lock import HomeLock
from desktop_chat.runtime.log import masked, start_log, stop_log
from desktop_chat.runtime.paths import Paths, paths_from_environment
from desktop_chat.stdio import FAILED, INTERRUPTED, complain, end_in_order_when_told, worded

Item = dict[str, Any]
Items = AsyncGenerator[Item, None]
Do = Callable[[Items], Awaitable[int]]

SHOWN_PROBLEMS = 100


def main(command: str, arguments: Sequence[str]) -> int:
    """Run `export`, `import`, `backup` or `verify`; returns the exit code."""
    if command == "export":
        from desktop_chat import command_export  # The formats with it.

        return run(lambda paths: command_export.export(command_export.parser().parse_args(arguments), paths))
    make_parser, work = _COMMANDS[command]
    given = make_parser().parse_args(arguments)
    return run(lambda paths: work(given, paths))


def run(work: Callable[[Paths], Coroutine[Any, Any, int]]) -> int:
    """Do it, and say what went wrong in words; returns the exit code."""
    try:
        return asyncio.run(work(paths_from_environment()))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return complain("interrupted", INTERRUPTED)
    except OwnerLeft:
        return complain("Desktop Chat was closed in the middle of it.", FAILED)
    except OwnerFailed:
        return complain("The open Desktop Chat failed at it; its log says why.", FAILED)
    except NoAnswer as error:
        return complain(f"Desktop Chat is open, but it does not answer: {error}", FAILED)
    except BrokenPipeError:
        # Whoever read it has enough. Python must not try again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except ChatError as error:
        return complain(worded(type(error).__name__, str(error)), FAILED)
    except OSError as error:
        said = f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
        return complain(masked(said), FAILED)


async def asked(paths: Paths, question: Item, do: Do) -> int:
    """Have a command done, here or by the process that owns the home.

    Args:
        paths: The home.
        question: As `Commands.answer` takes it.
        do: Is given what comes of it.
    """
    end_in_order_when_told()
    paths.make()
    lock = HomeLock(paths.lock)
    if not _is_free(lock):
        complain("[Desktop Chat is open; it is asked to do this]", 0)
    while not await take_or_find(lock, paths.handover):
        try:
            async with aclosing(ask_owner(paths.handover, question)) as items:
                return await do(items)
        except NoAnswer as error:
            if isinstance(error, OwnerLeft) or not await has_gone(paths.handover):
                raise
    start_log(paths.log_file)
    parts = wiring.build(paths)
    try:
        if question["command"] != "verify":  # That looks at the store as it is.
            await parts.library.load()
            for problem in parts.library.problems:
                if question["command"] in _FAILING.get(type(problem), ()):
                    continue  # It is said once: with what the command fails.
                complain(worded(type(problem).__name__, str(problem)), 0)
        async with aclosing(parts.commands.answer(question)) as items:
            return await do(items)
    finally:
        await parts.close()
        stop_log()
        lock.release()


def _is_free(lock: HomeLock) -> bool:
    from desktop_chat.runtime.lock import LockTaken

    try:
        lock.take()
    except LockTaken:
        return False
    return True


_FAILING: dict[type[StoreError], tuple[str, ...]] = {
    StoreReadOnly: ("import", "backup", "restore"),
    StoreFull: ("import", "backup", "restore"),
    StoreTooNew: ("import", "restore"),
}
"""What cannot be done with a library in such a state."""


def failed(item: Item) -> int:
    """Say what a command could not do; returns the exit code."""
    return complain(worded(str(item["error"]), str(item.get("detail", ""))), FAILED)


def unwritten(output: str, error: ExportFailed) -> str:
    """What could not be written where the person wants it, in words."""
    return f"{output}: {error.reason if error.name == Path(output).name else error}"


def refused(path: Path, *, is_forced: bool) -> str:
    """Why nothing is written there, in words; empty if it may be. A device or a pipe is written to."""
    if is_forced or not path.is_file():
        return ""
    return f"{path} is there already. Give another name, or say --force to replace it."


def add_force(parser: argparse.ArgumentParser) -> None:
    """The way out where `refused` stops."""
    parser.add_argument("--force", action="store_true", help="replace the file if it is there already")


def say(text: str) -> None:
    """A line of the result."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()


def counted(number: int, thing: str) -> str:
    """So many of something."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def counts(found: Item) -> str:
    """How many conversations and messages there are."""
    return f"{counted(found['conversations'], 'conversation')}, {counted(found['messages'], 'message')}"


class Progress:
    """One line on a terminal that says how far it is.

    Args:
        every: Where stderr is no terminal, a line of its own for so many steps; 0 for none.
    """

    def __init__(self, every: int = 0) -> None:
        self._is_shown = sys.stderr.isatty()
        self._every = every
        self._length = 0

    def show(self, text: str) -> None:
        """Exchange the line."""
        if self._is_shown:
            sys.stderr.write("\r" + text.ljust(self._length))
            sys.stderr.flush()
            self._length = len(text)

    def count(self, number: int, text: str) -> None:
        """Step `number` was done."""
        if not self._is_shown and self._every and number % self._every == 0:
            complain(text, 0)
        self.show(text)

    def end(self) -> None:
        """Take the line away."""
        if self._length:
            sys.stderr.write("\r" + " " * self._length + "\r")
            sys.stderr.flush()
            self._length = 0


def _import_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "desktop-chat import",
        description="Take conversations of other programs into the library. What is there already is not "
        "taken in again: importing a file twice adds nothing, and a newer file adds what is new in it.",
        epilog="Reads exports of Desktop Chat, ChatGPT, Claude, Gemini, Open WebUI, LibreChat, LM Studio, Jan, Witsy, "
        "Chatbox, and OpenAI messages as JSON or JSON lines; as files, folders or zip archives.",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what is in the file")
    parser.add_argument("path", nargs="+", metavar="PATH", help="a file, a folder or an archive; - reads stdin")
    return parser


async def _import(given: argparse.Namespace, paths: Paths) -> int:
    worst = 0
    for name in given.path:
        with tempfile.TemporaryDirectory(prefix="desktop-chat-") as folder:
            path = await asyncio.to_thread(_found, name, Path(folder))
            question = {"command": "import", "path": str(path), "dry_run": given.dry_run}
            worst = max(worst, await asked(paths, question, partial(_print_import, name=name)))
    return worst


def _found(name: str, folder: Path) -> Path:
    if name != "-":
        return Path(name).expanduser().absolute()
    path = folder / "stdin.json"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path


async def _print_import(items: Items, name: str) -> int:
    progress, problems, found_any = Progress(), 0, False
    async for item in items:
        if "progress" in item:
            done, of = item["progress"]["done"], item["progress"]["of"]
            progress.show(f"{name}: {100 * done // max(1, of)} %")
        elif "problem" in item:
            problems += 1
            if problems <= SHOWN_PROBLEMS:
                progress.end()
                complain(str(item["problem"]), 0)
        elif "preview" in item:
            found = item["preview"]
            found_any = found["conversations"] > 0
            say(f"{name}: {counts(found)}")
        elif "taken" in item:
            progress.end()
            taken = item["taken"]
            found_any = any(taken[what] for what in ("added", "extended", "unchanged"))
            say(
                f"{name}: {counted(taken['added'], 'conversation')} added, {taken['extended']} extended, "
                f"{taken['unchanged']} unchanged; {counted(taken['messages'], 'message')}"
            )
            if taken["in_trash"]:
                complain(f"{taken['in_trash']} of them stay in the trash, where they are", 0)
        elif "error" in item:
            progress.end()
            return failed(item)
    if problems > SHOWN_PROBLEMS:
        complain(f"and {problems - SHOWN_PROBLEMS} more", 0)
    # A file of which nothing could be read has not been imported, whatever it was said to be.
    return FAILED if problems and not found_any else 0


def _backup_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "desktop-chat backup",
        description="Make a checked copy of the library, also while Desktop Chat is open.",
        epilog="The app makes one each day by itself and keeps seven days and four weeks.",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="print the copies there are")
    what.add_argument("--restore", metavar="NAME", help="go back to a copy; what is there now is copied first")
    what.add_argument(
        "--output", "-o", type=Path, metavar="FILE", help="put a copy of the copy there: a file, or a folder"
    )
    add_force(parser)
    return parser


async def _backup(given: argparse.Namespace, paths: Paths) -> int:
    question: Item = {"command": "backups" if given.list else "backup"}
    if given.restore:
        question = {"command": "restore", "name": given.restore}
    output = given.output and given.output.expanduser()
    if output and (why := refused(output, is_forced=given.force)):
        return complain(why, FAILED)
    return await asked(paths, question, lambda items: _print_backups(items, output))


async def _print_backups(items: Items, output: Path | None) -> int:
    async for item in items:
        if "error" in item:
            return failed(item)
        if "backup" not in item:
            continue
        made = item["backup"]
        path = Path(made["path"])
        if output is not None:
            try:
                output = await asyncio.to_thread(_copy, path, output)
            except ExportFailed as error:
                return complain(unwritten(str(output), error), FAILED)
        at = datetime.fromtimestamp(made["made_at"]).astimezone()
        inside = counts(made) if made["conversations"] >= 0 else "not readable"
        say(f"{output or path.name}\t{at:%Y-%m-%d %H:%M}\t{made['kind']}\t{made['bytes']} bytes\t{inside}")
    return 0


def _copy(path: Path, target: Path) -> Path:
    """Whole or not at all, as everything that is written for the person; returns what was written."""
    from desktop_chat.exporting.saving import free_path, save  # Here alone.

    target = free_path(target / path.name) if target.is_dir() else target
    with path.open("rb") as file:
        save(target, iter(lambda: file.read(2**20), b""))
    return target


def _verify_parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        "desktop-chat verify",
        description="Check the library: its file, the search index, every conversation, the journal, the backups. "
        "Nothing is changed. The exit code is 0 if all is well.",
    )


async def _verify(_given: argparse.Namespace, paths: Paths) -> int:
    if not paths.store.exists():
        say("there are no conversations yet")
        return 0
    return await asked(paths, {"command": "verify"}, _print_findings)


async def _print_findings(items: Items) -> int:
    bad, is_newer = 0, False
    async for item in items:
        if "error" in item:
            return failed(item)
        if "finding" in item:
            found = item["finding"]
            is_newer |= found.get("is_newer", False)
            bad += found["is_bad"] and not found.get("is_newer", False)
            say(f"{'BAD' if found['is_bad'] else 'ok '}  {found['part']}: {found['text']}")
    if bad:
        return complain(
            f"{counted(bad, 'problem')}. Start Desktop Chat: it sets a damaged file aside and recovers what is readable; "
            "or go back to a copy with desktop-chat backup --restore.",
            FAILED,
        )
    if is_newer:
        return complain(
            "Nothing is damaged, but a newer Desktop Chat wrote this: use that one. Here the conversations can be "
            "read and exported, and nothing of them is changed.",
            FAILED,
        )
    return 0


_COMMANDS = {
    "import": (_import_parser, _import),
    "backup": (_backup_parser, _backup),
    "verify": (_verify_parser, _verify),
}
