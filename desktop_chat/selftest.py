"""Runs the whole program once, offscreen and in a home of its own, and says what works.

The same window, loop, store and HTTP as for a person, against the demo endpoint. Prints one
JSON object: each check with its outcome and its milliseconds. Nothing of the person's is
read or written, no network is used.

`--self-test start` measures instead: it opens the window with the person's own home and
prints what the program had cost at its first paint. `--self-test keyring` keeps something in
the keyring of the person, reads it and has it forgotten.
"""

import asyncio
import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = os.environ.get("DESKTOP_CHAT_SELF_TEST_PLATFORM", "offscreen")

# The program is imported as when it is started; see the order in it.
from desktop_chat import __version__, app
from desktop_chat.adapters.secrets import KeyringSecrets
from desktop_chat.app import Program, make_app
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.errors import ChatError, SecretsError
from desktop_chat.domain.ids import CallId, ConversationId
from desktop_chat.domain.usage import total
from desktop_chat.runtime import later
from desktop_chat.runtime.lock import HomeLock
from desktop_chat.runtime.paths import paths_below
from desktop_chat.runtime.resources import resource
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.loop import AppEventLoop

# isort: split
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

PATIENCE_S = 60.0
QUESTION = "Show me a table, please."
TOOL_QUESTION = "What time is it in Berlin?"
KEYRINGS = {
    "linux": ("keyring.backends.SecretService", "secretstorage"),
    "darwin": ("keyring.backends.macOS",),
    "win32": ("keyring.backends.Windows", "win32ctypes.pywin32.win32cred"),
}
"""What the keyring of each system needs; a build that lacks it would find no keyring and say nothing."""
HEAVY = ("openai", "mcp", "keyring", "pygments")
"""Libraries that must not be loaded before the first paint."""


class CheckFailed(Exception):
    """Something is not as it should be; the text says what was found."""


@dataclass(slots=True)
class Report:
    """What was checked, in order."""

    checks: list[dict[str, object]] = field(default_factory=list)

    @contextmanager
    def check(self, name: str) -> Iterator[None]:
        """Time a check; what it raises is its outcome, and the checks after it are not made."""
        began = time.perf_counter()
        outcome: dict[str, object] = {"check": name, "ok": False, "ms": 0}
        self.checks.append(outcome)
        try:
            yield
            outcome["ok"] = True
        except (CheckFailed, ChatError, TimeoutError, OSError) as error:
            outcome["error"] = f"{type(error).__name__}: {error}"
            raise CheckFailed from error
        finally:
            outcome["ms"] = round((time.perf_counter() - began) * 1000)

    @property
    def is_ok(self) -> bool:
        """True if everything held."""
        return bool(self.checks) and all(check["ok"] for check in self.checks)


def main(arguments: Sequence[str] = ()) -> int:
    """Run all checks and print them, or measure a start; 0 only if all is well."""
    if list(arguments) == ["start"]:
        return _measure_start()
    if list(arguments) == ["keyring"]:
        return asyncio.run(_try_keyring())
    import tempfile  # Only here: a measured start must not pay for it.

    report = Report()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="desktop-chat-self-test-", ignore_cleanup_errors=True) as folder:
        _run(report, Path(folder))
    summary = {
        "version": __version__,
        "ok": report.is_ok,
        "frozen": bool(getattr(sys, "frozen", False)),
        "ms": round((time.perf_counter() - began) * 1000),
        "checks": report.checks,
    }
    _say(summary)
    return 0 if report.is_ok else 1


def _say(summary: dict[str, object]) -> None:
    if sys.stdout is not None:  # A windowed build on Windows has none.
        sys.stdout.write(json.dumps(summary, indent=2) + "\n")


async def _try_keyring() -> int:
    secrets, name, kept = KeyringSecrets(), f"self-test {os.getpid()}", os.urandom(8).hex()
    said: dict[str, object] = {"version": __version__, "ok": False}
    try:
        said["keyring"] = await secrets.describe()
        await secrets.set(name, kept)
        said["ok"] = await secrets.get(name) == kept
        await secrets.delete(name)
        said["left_behind"] = int(await secrets.get(name) is not None)
    except SecretsError as error:
        said["error"] = f"{type(error).__name__}: {error}"
    finally:
        await secrets.close()
    _say(said)
    return 0 if said["ok"] else 1


def _measure_start() -> int:
    figures: dict[str, object] = {}

    fetch = later.fetch

    def painted() -> Iterator[None]:
        # The first thing after the first paint.
        figures.update(_costs())
        yield from fetch()

    class Watched(Program):
        async def start(self) -> None:
            await super().start()
            if not self.painted.is_set():
                figures.clear()
            self.ended.set()

    later.fetch = painted
    app.Program = Watched  # type: ignore[misc]  # the same, with eyes
    code = app.run()
    _say(figures)
    return code or int(not figures)


def _costs() -> dict[str, object]:
    """What this process has cost until now; memory and age only where the system tells them."""
    costs: dict[str, object] = {
        "version": __version__,
        "frozen": bool(getattr(sys, "frozen", False)),
        "cpu_s": round(time.process_time(), 4),
        "heavy": [name for name in HEAVY if name in sys.modules],
        "waiting": later.waiting(),
    }
    if Path("/proc/self/stat").exists():
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text().split()[0])
        costs["age_s"] = round(uptime - ticks / os.sysconf("SC_CLK_TCK"), 3)
        costs["rss_mb"] = round(
            int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1
        )
    return costs


def _run(report: Report, home: Path) -> None:
    try:
        with report.check("resources are there"):
            resource("icons/desktop-chat.svg")
        with report.check("trust store is not empty"):
            expect(_authorities() > 0, "TLS would trust nobody: is the package ca-certificates installed?")
        with report.check("keyring of the system can be loaded"):
            _load_keyring()
        application = make_app()
        with report.check("other programs get a clean environment"):
            leaks = _leaks()
            expect(not leaks, f"these lead into the build: {', '.join(leaks)}")
        with asyncio.Runner(loop_factory=lambda: AppEventLoop(application)) as runner:
            conversation_id = runner.run(_first_run(report, application, home))
        with asyncio.Runner(loop_factory=lambda: AppEventLoop(application)) as runner:
            runner.run(_second_run(report, application, home, conversation_id))
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    except CheckFailed:
        return


def _load_keyring() -> None:
    for name in KEYRINGS.get(sys.platform, ()):
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise CheckFailed(f"{name}: {error}") from error


def _leaks() -> list[str]:
    """Variables of ours that every program we start would inherit."""
    build = getattr(sys, "_MEIPASS", None)
    return sorted(name for name, value in os.environ.items() if build and build in value) if build else []


def _authorities() -> int:
    import ssl

    context = ssl.create_default_context()
    folder = ssl.get_default_verify_paths().capath
    listed = list(Path(folder).iterdir()) if folder and Path(folder).is_dir() else []
    return len(context.get_ca_certs()) + len(listed)


async def _first_run(report: Report, application: QApplication, home: Path) -> ConversationId:
    with report.check("window opens"):
        program, lock = await _open(application, home)
        expect(program.window.isVisible(), "no window")
        expect(program.window.shows_welcome, "a new home begins with the welcome page")
    try:
        with report.check("heavy libraries load"):
            await asyncio.wait_for(program.parts.warm(), PATIENCE_S)
        with report.check("demo endpoint is chosen"):
            program.window.welcome.picked.emit("demo", None)
            await _until(lambda: program.shown.session is not None and program.shown.session.endpoint is not None)
        with report.check("prompt is answered with text"):
            await _ask(program, QUESTION)
            expect(len(_last_text(program)) > 50, f"the answer is {_last_text(program)!r}")
        with report.check("tool call is approved and run"):
            await _call_a_tool(program)
        with report.check("usage is shown"):
            await _find_usage(program)
        session = program.shown.session
        assert session is not None
        with report.check("conversation is saved"):
            await asyncio.wait_for(program.parts.saver.flush(), PATIENCE_S)
        return session.conversation.id
    finally:
        await program.stop()
        lock.release()


async def _second_run(report: Report, application: QApplication, home: Path, conversation_id: ConversationId) -> None:
    with report.check("program starts again"):
        program, lock = await _open(application, home)
    try:
        with report.check("conversation reads the same"):
            await _until(lambda: program.shown.conversation_id == conversation_id)
            session = program.shown.session
            assert session is not None
            path = session.conversation.path()
            expect(len(path) == 4, f"{len(path)} messages instead of 4")
            expect(path[0].text == QUESTION, f"the first is {path[0].text!r}")
            expect(bool(path[3].results), "the result of the tool is gone")
    finally:
        await program.stop()
        lock.release()


async def _open(application: QApplication, home: Path) -> tuple[Program, HomeLock]:
    paths = paths_below(home)
    paths.make()
    lock = HomeLock(paths.lock)
    lock.take()
    program = Program(application, paths)
    await asyncio.wait_for(program.start(), PATIENCE_S)
    return program, lock


async def _ask(program: Program, text: str) -> None:
    program.window.panes.composer.submitted.emit(text)
    session = program.shown.session
    assert session is not None
    await _until(lambda: len(session.conversation.path()) > 0)
    await _until(lambda: not session.is_running or bool(_asking(program)))


async def _call_a_tool(program: Program) -> None:
    await _ask(program, TOOL_QUESTION)
    asked = _asking(program)
    expect(len(asked) == 1, f"{len(asked)} tool calls ask")
    program.window.panes.transcript.action_asked.emit(ActionId.TOOL_ALLOW_ONCE, asked[0])
    session = program.shown.session
    assert session is not None
    await _until(lambda: not session.is_running)
    status = session.calls[asked[0]]
    expect(status.state is CallState.DONE, f"the call is {status.state}")
    expect(bool(_last_text(program)), "no text after the result")


async def _find_usage(program: Program) -> None:
    session = program.shown.session
    assert session is not None
    reports = [r.usage for message in session.conversation.path() for r in message.rounds if r.usage]
    tokens = total(reports).total_tokens
    expect(bool(tokens), "the server's usage did not arrive")
    # The offscreen platform's own screen is too small for three panes.
    program.window.resize(1240, 820)
    program.window.show_inspector(True)
    inspector = program.window.panes.inspector
    inspector.show_tab(2)
    await _until(lambda: str(tokens) in _numbers(inspector))


def _numbers(widget: QWidget) -> set[str]:
    """What is shown, digits only: thousands are grouped as the system does it."""
    texts = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    return {"".join(filter(str.isdigit, text)) for text in texts}


def _asking(program: Program) -> list[CallId]:
    session = program.shown.session
    calls = session.calls if session else {}
    return [call_id for call_id, status in calls.items() if status.state is CallState.ASKING]


def _last_text(program: Program) -> str:
    session = program.shown.session
    path = session.conversation.path() if session else []
    return path[-1].text if path else ""


async def _until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not claim():  # noqa: ASYNC110 - looks at the whole program, not at one event
            await asyncio.sleep(0.01)


def expect(claim: bool, otherwise: str) -> None:
    """Fail the check unless the claim holds."""
    if not claim:
        raise CheckFailed(otherwise)
