"""A home on disk that tests open again and again, as one process after the other would."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.library import Library
from desktop_chat.core.saver import Saver
from desktop_chat.core.session import Session
from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import EndpointId, MessageId
from desktop_chat.settings.store import SettingsStore
from tests.adapters.sqlite.trees import save
from tests.core.conftest import MemorySecrets, NoServers, ScriptedProvider, StandInDemo, SteppedClock

Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Home:
    """A home on disk; `library` opens it as a process would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.provider = ScriptedProvider()
        self.clock = SteppedClock()
        self.heard: list[Any] = []
        self.disk: Callable[[SqliteStore], Any] = lambda store: store
        """What stands between the program and the store."""

    @property
    def path(self) -> Path:
        """Of the store."""
        return self.folder / "store.sqlite"

    @asynccontextmanager
    async def library(self) -> AsyncIterator[Library]:
        """The library of one process, from its start to its end."""
        settings = SettingsStore(self.folder / "settings.json")
        endpoint = Endpoint(EndpointId("e1"), "Lab", "http://127.0.0.1:9/v1", "model-a")
        settings.change(endpoints=(endpoint,), default_endpoint_id=endpoint.id)
        endpoints = Endpoints(settings, MemorySecrets(), self.provider, NoServers(), StandInDemo(), environ={})
        store = self.disk(SqliteStore(self.path))
        saver = Saver(store, self.clock)

        def make_session(conversation: Conversation) -> Session:
            return Session(
                conversation,
                provider=self.provider,
                toolbox=Toolbox((), settings),
                endpoints=endpoints,
                saver=saver,
                clock=self.clock,
            )

        library = Library(store, saver, self.clock, make_session)
        self.heard = []
        library.changes.subscribe(self.heard.append)
        try:
            await library.load()
            yield library
        finally:
            await library.close()
            await settings.close()

    async def fill(self, *conversations: Conversation) -> None:
        """Conversations of an earlier run."""
        store = SqliteStore(self.path)
        for conversation in conversations:
            await save(store, conversation)
        await store.close()


async def under_way(session: Session) -> MessageId:
    """Once something of the reply came; its id."""
    while session.draft is None or session.draft.is_empty:
        await asyncio.sleep(0)
    return session.draft.message_id


async def ended(session: Session) -> None:
    """Once no reply is being written."""
    changed = asyncio.Event()
    leave = session.changes.subscribe(lambda _: changed.set())
    while session.is_running:
        changed.clear()
        async with asyncio.timeout(10):
            await changed.wait()
    leave()


def titles(library: Library) -> list[str]:
    """Of the list, in its order."""
    return [row.title for row in library.rows]
