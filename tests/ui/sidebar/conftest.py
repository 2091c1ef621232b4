"""A real library over a real store, and the sidebar on it."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_chat import wiring
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.library import Library
from desktop_chat.core.ports import head_of
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.changes import LibraryLoaded
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId, FolderId, MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.runtime.paths import paths_below
from desktop_chat.ui.loop import AppEventLoop
from desktop_chat.ui.sidebar.conversation_list import ConversationList
from desktop_chat.ui.sidebar.sidebar import Sidebar
from desktop_chat.ui.theme.apply import Theme

Do = Callable[[Callable[[], object]], None]
DAY_S = 86_400
TEXTS = {
    "Weather": ("What is the weather in Berlin?", "Mild in Berlin, with rain on Thursday."),
    "Countries": ("List three capitals", "Berlin, Paris, Rome"),
    "Physics": ("Explain tunnelling", "A wave leaks through the barrier."),
    "Taxes": ("What is a deduction?", "It lowers what is taxed."),
    "Recipes": ("Bread?", "Flour, water, salt."),
}


def conversation(title: str, age_days: float, texts: tuple[str, ...]) -> Conversation:
    """A conversation of some days ago, whose ids are made of its title."""
    at = time.time() - age_days * DAY_S
    made = Conversation(ConversationId(title.lower()), title, at, at)
    parent: MessageId | None = None
    for number, text in enumerate(texts):
        role = Role.ASSISTANT if number % 2 else Role.USER
        message = Message(MessageId(f"{title.lower()}-{number}"), parent, role, (Text(text),), at + number)
        made.add(message)
        parent = message.id
    made.updated_at = at
    return made


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[AppEventLoop]:
    """The loop of the window, for the whole test: the store works on between two things a person does."""
    qapp.setQuitOnLastWindowClosed(False)
    problems: list[dict[str, Any]] = []
    made = AppEventLoop(qapp)
    made.set_exception_handler(lambda _, context: problems.append(context))
    asyncio.set_event_loop(made)
    yield made
    made.run_until_complete(made.shutdown_default_executor())
    asyncio.set_event_loop(None)
    made.close()
    assert not problems, f"errors nobody handled: {problems}"


@pytest.fixture
def parts(home: Path, loop: AppEventLoop) -> Iterator[wiring.Parts]:
    """The program over a store with five conversations: three of today, two of earlier years."""
    paths = paths_below(home)
    paths.make()
    made = wiring.build(paths, on_raise=lambda: None)

    async def fill() -> None:
        store = SqliteStore(paths.store)
        await store.open()
        for number, (title, texts) in enumerate(TEXTS.items()):
            written = conversation(title, number * 1e-4 if number < 3 else 400 + number, texts)
            await store.save(head_of(written), list(written.messages.values()))
        await store.close()
        await made.library.load()

    loop.run_until_complete(fill())
    yield made
    loop.run_until_complete(made.close())


@pytest.fixture
def library(parts: wiring.Parts) -> Library:
    """Its library."""
    return parts.library


@pytest.fixture
def do(loop: AppEventLoop) -> Do:
    """Does something as the window would, and waits until all that it began has ended."""

    def doing(act: Callable[[], object]) -> None:
        async def acting() -> None:
            act()
            while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.wait(tasks)

        loop.run_until_complete(acting())

    return doing


@pytest.fixture
def folders(library: Library, do: Do) -> list[FolderId]:
    """`Work` with `Papers` in it, and `Home`."""
    made: list[FolderId] = []

    def add() -> None:
        made.append(library.add_folder("Work"))
        made.append(library.add_folder("Papers", made[0]))
        made.append(library.add_folder("Home"))

    do(add)
    return made


@pytest.fixture
def sidebar(parts: wiring.Parts, theme: Theme, qtbot: QtBot, do: Do) -> Sidebar:
    """The sidebar on it, on the screen, with the keyboard in the list."""
    made = Sidebar(parts.library, theme, parts.endpoints)
    qtbot.addWidget(made)
    made.resize(268, 700)
    made.show()
    made.activateWindow()
    do(lambda: parts.library.changes.publish(LibraryLoaded()))
    made._pane.list.setFocus()
    return made


@pytest.fixture
def listed(sidebar: Sidebar) -> ConversationList:
    """Its list."""
    return sidebar._pane.list
