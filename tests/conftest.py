"""What holds for every test: offscreen, a home of its own, loopback only, nothing left running.

The environment is set before anything imports Qt, so that bare `pytest` works on a machine
without a display.
"""

import asyncio
import gc
import os
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

import hypothesis
import keyring
import keyring.backend
import keyring.errors
import pytest
from PySide6.QtWidgets import QApplication

hypothesis.settings.register_profile("default", deadline=None, print_blob=True)
hypothesis.settings.register_profile("long", deadline=None, print_blob=True, max_examples=50_000)
hypothesis.settings.load_profile("default")

AMBIENT = (
    "OPENAI_",
    "DESKTOP_CHAT_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests that take minutes")
    parser.addoption("--update-golden", action="store_true", help="write reference outputs anew, to be read as a diff")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--long"):
        hypothesis.settings.load_profile("long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="takes minutes; run with --long")
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(skip)


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that forgets: stands in for the system's, which a test must never touch."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.secrets.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not there")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own; no setting of the machine reaches it."""
    for name in list(os.environ):
        if name.startswith(AMBIENT):
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("DESKTOP_CHAT_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def memory_keyring(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """The keyring of this test."""
    ring = MemoryKeyring()
    monkeypatch.setattr("keyring.core._keyring_backend", ring)
    return ring


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for another host fails and says which."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if not (host.startswith("127.") or host in ("::1", "localhost")):
                raise AssertionError(f"a test wanted to connect to {address!r}; only loopback is allowed")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Windows and threads that a test opens, it closes."""
    before = set(threading.enumerate())
    yield
    app = QApplication.instance()
    if isinstance(app, QApplication):
        left = [w for w in app.topLevelWidgets() if w.isVisible() and w.parent() is None]
        for window in left:
            window.close()
        assert not left, f"windows left open: {left}. Give them to qtbot.addWidget or close them."
    threads = [t for t in threading.enumerate() if t not in before and t.is_alive() and not t.daemon]
    for thread in threads:
        thread.join(2)
    stray = [t.name for t in threads if t.is_alive()]
    assert not stray, f"threads left running: {stray}. Close the store, the secrets or the executor that owns them."


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Runs a coroutine to its end on a plain asyncio loop; fails on tasks it leaves behind."""

    def runner(coroutine: Coroutine[Any, Any, Any]) -> Any:
        async def main() -> Any:
            result = await coroutine
            left = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
            assert not left, f"tasks left running: {left}"
            return result

        return asyncio.run(main())

    return runner


@pytest.fixture(scope="session", autouse=True)
def collect_at_the_end() -> Iterator[None]:
    """Warnings of objects that die late belong to the run."""
    yield
    gc.collect()
