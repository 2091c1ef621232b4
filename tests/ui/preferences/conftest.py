"""The preferences with real parts: settings on disk, a provider over loopback, real tools."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import SignalInstance

from desktop_chat import wiring
from desktop_chat.adapters.openai.provider import OpenAIProvider
from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.ports import FoundServer
from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import SecretsError
from desktop_chat.domain.ids import EndpointId
from desktop_chat.runtime.paths import paths_below
from desktop_chat.settings.store import SettingsStore
from desktop_chat.tools import TOOLS
from desktop_chat.ui import aio
from desktop_chat.ui.preferences.dialog import PreferencesDialog
from tests.fake_provider import FakeProvider


@dataclass
class MemorySecrets:
    """A keyring in memory that can be absent or locked."""

    kept: dict[str, str] = field(default_factory=dict)
    problem: SecretsError | None = None

    async def get(self, name: str) -> str | None:
        self._refuse()
        return self.kept.get(name)

    async def set(self, name: str, secret: str) -> None:
        self._refuse()
        self.kept[name] = secret

    async def delete(self, name: str) -> None:
        self._refuse()
        self.kept.pop(name, None)

    async def describe(self) -> str:
        self._refuse()
        return "Test keyring"

    def _refuse(self) -> None:
        if self.problem is not None:
            raise self.problem


class NoServers:
    async def find(self) -> AsyncIterator[FoundServer]:
        return
        yield


class StillDemo:
    async def start(self) -> str:
        return "http://127.0.0.1:9/v1"

    async def stop(self) -> None:
        pass


@dataclass
class Desk:
    """An open preferences dialog and what stands behind it."""

    dialog: PreferencesDialog
    settings: SettingsStore
    endpoints: Endpoints
    secrets: MemorySecrets
    parts: wiring.Parts

    @property
    def page(self) -> Any:
        return self.dialog.endpoints_page


async def heard(signal: SignalInstance, condition: Callable[[], bool] | None = None) -> None:
    """Wait for a signal; with a condition, for as many as it takes, also none, until it holds."""
    changed = asyncio.Event()

    def hear(*_values: object) -> None:
        changed.set()

    signal.connect(hear)
    try:
        while condition is None or not condition():
            await changed.wait()
            changed.clear()
            if condition is None:
                return
    finally:
        signal.disconnect(hear)


@pytest.fixture
def server() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


@pytest.fixture
def local(server: FakeProvider) -> Endpoint:
    return Endpoint(EndpointId("e1"), "Local", server.base_url, "fake-model")


@pytest.fixture
def open_preferences(theme, home, qtbot) -> Callable[..., Any]:
    @asynccontextmanager
    async def opened(
        *endpoints: Endpoint, at: str = "endpoints", secrets: MemorySecrets | None = None, environ: Any = None
    ) -> AsyncIterator[Desk]:
        paths = paths_below(home)
        settings = SettingsStore(paths.settings)
        settings.change(endpoints=endpoints)
        secrets = secrets or MemorySecrets()
        provider = OpenAIProvider()
        # An import that is still under way at the end of a test would be a thread left running.
        await provider.warm()
        known = Endpoints(settings, secrets, provider, NoServers(), StillDemo(), environ=environ or {})
        parts = wiring.build(paths, on_raise=lambda: None)
        dialog = PreferencesDialog(
            settings, known, Toolbox(TOOLS, settings), parts.backups, parts.make_updates, paths, theme
        )
        try:
            dialog.open_at(at)
            yield Desk(dialog, settings, known, secrets, parts)
        finally:
            dialog._may_close = True
            dialog.close()
            await aio.finish()
            shiboken6.delete(dialog)
            await parts.close()
            await provider.close()
            await settings.close()

    return opened
