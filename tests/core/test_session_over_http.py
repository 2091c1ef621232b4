"""A session against a real server: retries, stop, tools, several conversations at once."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_chat.adapters.openai.provider import OpenAIProvider
from desktop_chat.core.clock import SystemClock
from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.session import Session
from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.changes import BlockGrew, CallState, Decision, RetryScheduled
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import CallId, EndpointId, new_conversation_id
from desktop_chat.domain.message import Ended
from desktop_chat.settings.store import SettingsStore
from desktop_chat.tools import TOOLS
from tests.core.conftest import ListSaver, MemorySecrets, NoServers, StandInDemo
from tests.fake_provider import FakeProvider


@pytest.fixture
def server() -> Iterator[FakeProvider]:
    """A model server."""
    with FakeProvider() as server:
        yield server


class Wire:
    """Sessions that ask a server with the real adapter."""

    def __init__(self, base_url: str) -> None:
        self.settings = SettingsStore(Path("unused"), is_kept=False)
        self.settings.change(endpoints=(Endpoint(EndpointId("e"), "Server", base_url, "smart-select"),))
        self.provider = OpenAIProvider()
        self.endpoints = Endpoints(
            self.settings, MemorySecrets(), self.provider, NoServers(), StandInDemo(), environ={}
        )

    def session(self) -> Session:
        """A new conversation."""
        return Session(
            Conversation(new_conversation_id(), "", 0.0, 0.0),
            provider=self.provider,
            toolbox=Toolbox(TOOLS, self.settings),
            endpoints=self.endpoints,
            saver=ListSaver(),  # type: ignore[arg-type]
            clock=SystemClock(),
        )


async def until(session: Session, condition: object) -> None:
    """Go on once the condition holds; every change looks again."""
    assert callable(condition)
    changed = asyncio.Event()
    leave = session.changes.subscribe(lambda _: changed.set())
    async with asyncio.timeout(20):
        while not condition():
            changed.clear()
            await changed.wait()
    leave()


def test_stop_keeps_the_text_and_the_server_sees_the_disconnect(server: FakeProvider) -> None:
    async def person() -> None:
        server.says("Hel", "lo", then_hangs=True)
        wire = Wire(server.base_url)
        session = wire.session()
        said: list[str] = []
        session.changes.subscribe(lambda c: said.append(c.delta) if isinstance(c, BlockGrew) else None)

        session.send("Hi")
        await until(session, lambda: "".join(said) == "Hello")
        session.stop()
        await until(session, lambda: not session.is_running)
        await session.close()
        await server.until(lambda: server.saw_disconnect)
        await wire.provider.close()

        reply = session.conversation.path()[-1]
        assert (reply.text, reply.ended) == ("Hello", Ended.STOPPED)

    asyncio.run(person())


def test_retry_after_of_the_server_is_shown_and_stop_ends_the_wait(server: FakeProvider) -> None:
    async def person() -> None:
        server.fails(429, "slow down", **{"Retry-After": "50"})
        wire = Wire(server.base_url)
        session = wire.session()
        seen: list[RetryScheduled] = []
        session.changes.subscribe(lambda c: seen.append(c) if isinstance(c, RetryScheduled) else None)

        session.send("Hi")
        await until(session, lambda: session.waiting)
        session.stop()
        await until(session, lambda: not session.is_running)
        await session.close()
        await wire.provider.close()

        assert [(c.wait_s, c.attempt, c.of, c.needs_consent) for c in seen] == [(50.0, 1, 3, False)]
        assert len(server.requests) == 1

    asyncio.run(person())


def test_a_tool_call_in_fragments_is_approved_run_and_answered(server: FakeProvider) -> None:
    async def person() -> None:
        server.calls_tool("calculator", '{"expression": "6 * 7"}', call_id="call_9")
        server.says("It is 42.")
        wire = Wire(server.base_url)
        session = wire.session()

        session.send("6 times 7?")
        call_id = CallId("call_9")
        await until(session, lambda: call_id in session.calls and session.calls[call_id].state is CallState.ASKING)
        summary = session.calls[call_id].summary
        session.decide(call_id, Decision.ALLOW_ONCE)
        await until(session, lambda: not session.is_running)
        await session.close()
        await wire.provider.close()

        reply = session.conversation.path()[-1]
        assert summary == "Calculates 6 * 7."
        assert reply.results[call_id].text == "42"
        assert reply.text == "It is 42."
        assert server.requests[1].body["messages"][-1] == {"role": "tool", "tool_call_id": "call_9", "content": "42"}

    asyncio.run(person())


def test_a_conversation_goes_on_while_another_hangs(server: FakeProvider) -> None:
    async def person() -> None:
        server.says("one", then_hangs=True)
        server.says("two")
        wire = Wire(server.base_url)
        first, second = wire.session(), wire.session()

        first.send("1")
        await server.until(lambda: len(server.requests) == 1)
        second.send("2")
        await until(second, lambda: not second.is_running)
        is_first_running = first.is_running
        await first.close()
        await second.close()
        await wire.provider.close()

        assert is_first_running
        assert second.conversation.path()[-1].text == "two"
        assert first.conversation.path()[-1].ended is Ended.INTERRUPTED

    asyncio.run(person())
