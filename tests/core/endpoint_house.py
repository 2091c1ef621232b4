"""Endpoints with everything they stand on, all of it in memory or in a folder of the test's own."""

from collections.abc import Mapping
from pathlib import Path

from desktop_chat.core.endpoints import Endpoints
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import EndpointId
from desktop_chat.settings.store import SettingsStore
from tests.core.conftest import MemorySecrets, NoServers, ScriptedProvider, StandInDemo, says

KEY = "sk-canary-0123456789abcdef"
LAB = Endpoint(EndpointId("e1"), "Lab", "https://lab.example/v1", "model-a")


class House:
    """Endpoints and what they stand on."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self.settings = SettingsStore(path)
        self.secrets = MemorySecrets()
        self.provider = ScriptedProvider(says("hi"))
        self.demo = StandInDemo()
        self.endpoints = Endpoints(
            self.settings, self.secrets, self.provider, NoServers(), self.demo, environ=dict(environ)
        )


def environment(tmp_path: Path, **environ: str) -> House:
    """Endpoints of a process with these variables."""
    return House(tmp_path / "settings.json", environ)


async def close(house: House) -> None:
    """End the thread of the settings."""
    await house.settings.close()
