"""A person at the real window, with a real server on this computer behind it.

`sit_down(home)` starts the program as `desktop-chat` does, with the window on the offscreen
platform; the fixture `visit` does so with the model server of the test as its endpoint. What a
person does is typed and pressed; what they see is read off the window. Nothing waits for a time:
`sees` and `until` wait for a change.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop_chat.app import Program
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import CallState, Change
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import EndpointId
from desktop_chat.domain.message import Message
from desktop_chat.runtime.lock import HomeLock
from desktop_chat.runtime.paths import paths_below
from desktop_chat.ui import aio
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.loop import AppEventLoop
from tests.fake_provider import FakeProvider

PATIENCE_S = 20.0

RunQt = Callable[[Coroutine[Any, Any, Any]], Any]
Visit = Callable[[Callable[["Person"], Coroutine[Any, Any, Any]]], Any]


class Person:
    """Somebody who uses the window."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.window = program.window
        self.panes = program.window.panes

    @property
    def session(self) -> Session:
        """The shown conversation."""
        assert self.program.shown.session is not None
        return self.program.shown.session

    @property
    def path(self) -> list[Message]:
        """The shown messages; the running reply as it stands."""
        draft = self.session.draft
        path = list(self.session.conversation.path())
        if draft is not None and path and path[-1].id == draft.message_id:
            path[-1] = draft.message()
        return path

    @property
    def text(self) -> str:
        """All text of the last message."""
        return self.path[-1].text if self.path else ""

    def types(self, text: str) -> None:
        """Type into the message field."""
        self.panes.composer.focus_editor()
        editor = self.panes.composer.findChild(QPlainTextEdit)
        assert editor is not None
        QTest.keyClicks(editor, text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key in the message field."""
        editor = self.panes.composer.findChild(QPlainTextEdit)
        assert editor is not None
        QTest.keyClick(editor, key, modifier)

    def say(self, text: str) -> None:
        """Type a message and send it."""
        self.types(text)
        self.press(Qt.Key.Key_Return)

    async def asks(self, text: str) -> None:
        """Send a message and wait for the reply to be over."""
        self.say(text)
        await self.is_answered()

    def do(self, action: ActionId, target: object = None) -> None:
        """Trigger an action that is enabled, or a button that is about a message or a call."""
        if target is not None:
            self.panes.transcript.action_asked.emit(action, target)
            return
        assert self.program.actions[action].isEnabled(), f"{action} cannot be done now"
        self.program.actions[action].trigger()

    def can(self, action: ActionId) -> bool:
        """Whether an action is enabled."""
        return self.program.actions[action].isEnabled()

    async def until(self, claim: Callable[[], bool]) -> None:
        """Wait until something holds, looking after every change of the shown conversation and the list."""
        happened = asyncio.Event()

        def note(_: object) -> None:
            happened.set()

        seen = self.session
        self.program.shown.changed.connect(happened.set)
        ends = [
            seen.changes.subscribe(note),
            self.program.parts.library.changes.subscribe(note),
            self.program.parts.endpoints.changes.subscribe(note),
        ]
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not claim():
                    happened.clear()
                    await happened.wait()
                    await asyncio.sleep(0)
        finally:
            self.program.shown.changed.disconnect(happened.set)
            for end in ends:
                end()

    async def sees(self, text: str) -> None:
        """Wait until the last message has this text."""
        await self.until(lambda: text in self.text)

    async def is_answered(self) -> None:
        """Wait until the reply is over."""
        await self.until(lambda: not self.session.is_running and len(self.path) > 1)

    async def is_asked(self) -> None:
        """Wait until a tool asks whether it may run."""
        await self.until(lambda: any(call.state is CallState.ASKING for call in self.session.calls.values()))

    async def hears(self, kind: type[Change]) -> Change:
        """Wait for a change of this kind."""
        heard: asyncio.Future[Change] = asyncio.get_running_loop().create_future()

        def note(change: Change) -> None:
            if isinstance(change, kind) and not heard.done():
                heard.set_result(change)

        end = self.session.changes.subscribe(note)
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await heard
        finally:
            end()


@pytest.fixture
def run_qt(qapp: QApplication) -> RunQt:
    """Runs a journey on the loop of the window; fails on tasks, timers and errors it leaves behind."""

    def runner(coroutine: Coroutine[Any, Any, Any]) -> Any:
        problems: list[dict[str, Any]] = []
        qapp.setQuitOnLastWindowClosed(False)

        async def main() -> Any:
            loop = asyncio.get_running_loop()
            loop.set_exception_handler(lambda _, context: problems.append(context))
            result = await asyncio.wait_for(coroutine, 3 * PATIENCE_S)
            left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            assert not left, f"tasks left running: {left}"
            assert not aio.running()
            return result

        with asyncio.Runner(loop_factory=lambda: AppEventLoop(qapp)) as runner:
            result = runner.run(main())
        assert not problems, f"errors nobody handled: {problems}"
        return result

    return runner


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    """The model server of this test."""
    with FakeProvider() as server:
        yield server


@asynccontextmanager
async def sit_down(home: Path, qapp: QApplication) -> AsyncIterator[Person]:
    """Start the program, hand it over once it can be used, and end it as closing the window does."""
    paths = paths_below(home)
    paths.make()
    lock = HomeLock(paths.lock)
    lock.take()
    program = Program(qapp, paths)
    try:
        await program.start()
        yield Person(program)
    finally:
        await program.stop()
        lock.release()


@pytest.fixture
def visit(run_qt: RunQt, qapp: QApplication, home: Path, provider: FakeProvider) -> Visit:
    """Runs what a person does from one start of the program to its end; there is an endpoint from the first time on."""

    async def visiting(acts: Callable[[Person], Coroutine[Any, Any, Any]]) -> Any:
        async with sit_down(home, qapp) as me:
            if not me.program.parts.endpoints.all:
                await add_endpoint(me, provider.base_url)
            return await acts(me)

    return lambda acts: run_qt(visiting(acts))


async def add_endpoint(person: Person, base_url: str, key: str = "sk-journey-key") -> None:
    """What the endpoints page does on Save."""
    await person.program.parts.endpoints.add(Endpoint(EndpointId("fake"), "Fake", base_url, model="fake-model"), key)
    person.program.shown.new()
