"""The program without its window: built quickly, warmed, closed, and leaving no key anywhere."""

import asyncio
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend

from desktop_chat import wiring
from desktop_chat.adapters import secrets
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import CallState, Decision
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import KeyRejected
from desktop_chat.domain.ids import EndpointId
from desktop_chat.domain.message import Ended
from desktop_chat.runtime.paths import Paths, paths_from_environment
from tests.fake_provider import FakeProvider

CANARY = "sk-canary-7e240de74fb1ed08"


@pytest.fixture
def paths() -> Paths:
    """The folders of the test's home."""
    paths = paths_from_environment()
    paths.make()
    return paths


async def done(session: Session) -> None:
    """Go on once the turn has ended; tool calls that ask are allowed."""
    changed = asyncio.Event()
    leave = session.changes.subscribe(lambda _: changed.set())
    async with asyncio.timeout(30):
        while session.is_running:
            for call_id, status in list(session.calls.items()):
                if status.state is CallState.ASKING:
                    session.decide(call_id, Decision.ALLOW_ONCE)
            changed.clear()
            await changed.wait()
    leave()


def test_the_demo_answers_and_the_conversation_is_read_again(paths: Paths) -> None:
    async def person() -> None:
        parts = wiring.build(paths, on_raise=lambda: None, environ={})
        await parts.library.load()
        await parts.endpoints.use_demo()
        session = parts.library.new()
        session.send("Hello")
        await done(session)
        said = session.conversation.path()[-1]
        conversation_id = session.conversation.id
        await parts.close()

        again = wiring.build(paths, on_raise=lambda: None, environ={})
        await again.library.load()
        reopened = await again.library.open(conversation_id)
        read = reopened.conversation.path()[-1]
        endpoint = reopened.endpoint
        await again.close()

        assert said.ended is Ended.COMPLETE
        assert said.text
        assert read == said
        assert endpoint is not None

    asyncio.run(person())


def test_a_key_is_found_again_and_stands_in_no_file(
    paths: Paths, home: Path, memory_keyring: KeyringBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(secrets.TRUSTED, type(memory_keyring).__module__, "Test Keyring")

    async def person() -> None:
        with FakeProvider() as server:
            server.fails(401, f"Incorrect API key provided: {CANARY}")
            parts = wiring.build(paths, on_raise=lambda: None, environ={})
            await parts.library.load()
            await parts.endpoints.add(Endpoint(EndpointId("e"), "Lab", server.base_url, "m"), CANARY)
            await parts.close()

            parts = wiring.build(paths, on_raise=lambda: None, environ={})
            await parts.library.load()
            session = parts.library.new()
            session.send("Hi")
            await done(session)
            notice = repr(session.conversation.path()[-1])
            await parts.close()

            assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
            assert KeyRejected.__name__ in notice
            assert CANARY not in notice

    asyncio.run(person())

    for file in home.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes()


def test_warming_up_listens_and_loads_the_heavy_libraries(paths: Paths) -> None:
    async def person() -> None:
        parts = wiring.build(paths, on_raise=lambda: None, environ={})
        await parts.warm()
        is_listening = paths.handover.exists()
        await parts.close()

        assert is_listening
        assert not paths.handover.exists()

    asyncio.run(person())


def test_without_a_window_only_harmless_tools_are_offered(paths: Paths) -> None:
    async def person() -> None:
        parts = wiring.build(paths, environ={})
        names = [spec.name for spec in parts.toolbox.specs()]
        await parts.close()

        assert names == ["current_time", "calculator"]

    asyncio.run(person())
