"""Runs the whole program once, offscreen and in a home of its own, and says what works.

The same window, loop, store and HTTP as for a person, against the demo endpoint. Prints one
JSON object: each check with its outcome and its milliseconds. Nothing of the person's is
read or written, no network is used.
"""

import asyncio
import json
import os
import ssl
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = os.environ.get("DESKTOP_CHAT_SELF_TEST_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop_chat import __version__
from desktop_chat.app import Program, make_app
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.errors import ChatError
from desktop_chat.domain.ids import CallId, ConversationId
from desktop_chat.domain.usage import total
from desktop_chat.runtime.lock import HomeLock
from desktop_chat.runtime.paths import paths_below
from desktop_chat.runtime.resources import resource
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.loop import AppEventLoop

PATIENCE_S = 60.0
QUESTION = "Show me a table, please."
TOOL_QUESTION = "What time is it in Berlin?"


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


def main() -> int:
    """Run all checks and print them; 0 only if all hold."""
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
    if sys.stdout is not None:
        sys.stdout.write(json.dumps(summary, indent=2) + "\n")
    return 0 if report.is_ok else 1


def _run(report: Report, home: Path) -> None:
    try:
        with report.check("resources are there"):
            resource("icons/desktop-chat.svg")
        with report.check("trust store is not empty"):
            expect(_authorities() > 0, "TLS would trust nobody: is the package ca-certificates installed?")
        app = make_app()
        with asyncio.Runner(loop_factory=lambda: AppEventLoop(app)) as runner:
            conversation_id = runner.run(_first_run(report, app, home))
        with asyncio.Runner(loop_factory=lambda: AppEventLoop(app)) as runner:
            runner.run(_second_run(report, app, home, conversation_id))
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    except CheckFailed:
        return


def _authorities() -> int:
    context = ssl.create_default_context()
    folder = ssl.get_default_verify_paths().capath
    listed = list(Path(folder).iterdir()) if folder and Path(folder).is_dir() else []
    return len(context.get_ca_certs()) + len(listed)


async def _first_run(report: Report, app: QApplication, home: Path) -> ConversationId:
    with report.check("window opens"):
        program, lock = await _open(app, home)
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


async def _second_run(report: Report, app: QApplication, home: Path, conversation_id: ConversationId) -> None:
    with report.check("program starts again"):
        program, lock = await _open(app, home)
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


async def _open(app: QApplication, home: Path) -> tuple[Program, HomeLock]:
    paths = paths_below(home)
    paths.make()
    lock = HomeLock(paths.lock)
    lock.take()
    program = Program(app, paths)
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
