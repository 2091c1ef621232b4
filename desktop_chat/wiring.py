"""Builds everything that is not Qt and hands it over as one frozen record.

Building is quick and touches no network: whatever is heavy (the SDK, the keyring, the
colouring of code) is loaded by `Parts.warm` in worker threads after the first paint, and by
the first request that needs it if that comes earlier.
"""

import asyncio
import importlib
import os
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING

from desktop_chat import __version__
from desktop_chat.adapters.demo.server import DemoServer
from desktop_chat.adapters.discovery import LoopbackDiscovery
from desktop_chat.adapters.openai.provider import OpenAIProvider
from desktop_chat.adapters.pictures import HttpPictures
from desktop_chat.adapters.secrets import KeyringSecrets
from desktop_chat.adapters.sqlite.backups import SqliteBackups
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.commands import Commands
from desktop_chat.core.asking import Asking
from desktop_chat.core.backups import Backups
from desktop_chat.core.clock import SystemClock
from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.intake import Intake
from desktop_chat.core.library import Library
from desktop_chat.core.nostore import NoStore
from desktop_chat.core.ports import Pictures, Store
from desktop_chat.core.saver import Saver
from desktop_chat.core.session import Session
from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.conversation import Conversation
from desktop_chat.runtime.handover import Handover
from desktop_chat.runtime.log import topic
from desktop_chat.runtime.paths import Paths
from desktop_chat.runtime.resources import resources_folder
from desktop_chat.settings.store import SettingsStore
from desktop_chat.tools import TOOLS

if TYPE_CHECKING:
    from desktop_chat.core.updates import MakeUpdates, Updates

HEAVY = ("pygments", "pygments.lexers", "pygments.token")
"""What the first coloured code needs."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The program without its window."""

    paths: Paths
    settings: SettingsStore
    endpoints: Endpoints
    toolbox: Toolbox
    saver: Saver
    library: Library
    backups: Backups
    intake: Intake
    asking: Asking
    commands: Commands
    handover: Handover
    pictures: Pictures
    make_updates: "MakeUpdates"
    _provider: OpenAIProvider = field(repr=False)
    _secrets: KeyringSecrets = field(repr=False)
    _demo: DemoServer = field(repr=False)

    async def warm(self) -> None:
        """Listen to later starts of the program, and load what the first turn will need."""
        await self.listen()
        await asyncio.to_thread(importlib.import_module, "desktop_chat.markup.stream")
        await self._provider.warm()
        await self._secrets.warm()
        for name in HEAVY:
            await asyncio.to_thread(importlib.import_module, name)

    async def listen(self) -> None:
        """Let other processes raise the window or have a question answered here."""
        try:
            await self.handover.listen()
        except OSError as error:
            # The program works without; a second start will say that it cannot reach this one.
            topic("store").warning("cannot listen for other processes: %s", error)

    async def close(self) -> None:
        """End everything in order: nobody comes in, all is saved, connections are given back.

        Raises:
            SettingsError: The preferences could not be saved; everything else is done.
        """
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.settings.close)
            stack.push_async_callback(self._demo.stop)
            stack.push_async_callback(self._secrets.close)
            stack.push_async_callback(self._provider.close)
            stack.push_async_callback(self.library.close)
            stack.push_async_callback(self.backups.close)
            stack.push_async_callback(self.handover.close)


def build(
    paths: Paths,
    *,
    on_raise: Callable[[], None] | None = None,
    keeps: bool = True,
    environ: Mapping[str, str] = os.environ,
) -> Parts:
    """Build the program for one home.

    Args:
        paths: Where its files are.
        on_raise: Shows the window; `None` where there is none. Without a window only
            harmless tools are offered, because nobody can be asked.
        keeps: False leaves no trace: nothing is written to the home.
        environ: Environment variables of the process.
    """
    settings = SettingsStore(paths.settings, is_kept=keeps)
    settings.load()
    provider, secrets, demo = OpenAIProvider(), KeyringSecrets(), DemoServer()
    endpoints = Endpoints(settings, secrets, provider, LoopbackDiscovery(), demo, environ=environ)
    toolbox = Toolbox(TOOLS, settings, only_harmless=on_raise is None)
    clock = SystemClock()
    disk = SqliteStore(paths.store)
    store: Store = disk if keeps else NoStore()
    saver = Saver(store, clock)

    def make_session(conversation: Conversation) -> Session:
        return Session(conversation, provider=provider, toolbox=toolbox, endpoints=endpoints, saver=saver, clock=clock)

    library = Library(store, saver, clock, make_session)
    backups = Backups(SqliteBackups(disk), library, clock)
    disk.on_found = backups.note_found
    intake = Intake(disk, library)
    asking = Asking(library, endpoints, is_attended=on_raise is not None)
    commands = Commands(library, backups, intake, asking)

    return Parts(
        paths=paths,
        settings=settings,
        endpoints=endpoints,
        toolbox=toolbox,
        saver=saver,
        library=library,
        backups=backups,
        intake=intake,
        asking=asking,
        commands=commands,
        pictures=HttpPictures(),
        make_updates=cache(partial(_make_updates, paths, settings)),
        handover=Handover(paths.handover, on_raise, commands.answer),
        _provider=provider,
        _secrets=secrets,
        _demo=demo,
    )


def _make_updates(paths: Paths, settings: SettingsStore) -> "Updates":
    # Loaded here: a start does without.
    from desktop_chat.adapters.feed import FeedMemory, HttpsFeed, built_in_place
    from desktop_chat.core.updates import Updates

    built_in = built_in_place(resources_folder() / "feed.json")
    memory = FeedMemory(paths.data / "updates.json")
    return Updates(settings, HttpsFeed(), memory, SystemClock(), version=__version__, built_in=built_in)
