"""Parts for the tests of the core: a provider with a script, and real everything else."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.ports import FoundServer, Request, ToolSpec, Unsent
from desktop_chat.core.session import Session
from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.changes import Change
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import NoKeyring, SecretsError, ToolError
from desktop_chat.domain.events import Event, FinishReported, TextDelta
from desktop_chat.domain.ids import ConversationId, EndpointId, MessageId, new_conversation_id
from desktop_chat.domain.message import Message
from desktop_chat.settings.store import SettingsStore

if TYPE_CHECKING:
    from tests.core.endpoint_house import House
    from tests.core.homes import Home

HANG = "hang"
"""In a script: nothing more comes until the request is cancelled."""


def says(*texts: str) -> list[Any]:
    """A whole answer."""
    return [*map(TextDelta, texts), FinishReported("stop")]


class ScriptedProvider:
    """Answers each request with the next script: events, errors to raise, `HANG`."""

    def __init__(self, *scripts: Sequence[Any]) -> None:
        self.scripts = list(scripts)
        self.requests: list[Request] = []
        self.closed = 0
        self.names: list[str] = ["model-a"]
        self.listing_error: Exception | None = None

    async def stream(self, request: Request) -> AsyncIterator[Event]:
        """Play one script."""
        self.requests.append(request)
        try:
            for step in self.scripts.pop(0) if self.scripts else says("again"):
                await asyncio.sleep(0)
                if step is HANG:
                    await asyncio.get_running_loop().create_future()
                elif isinstance(step, Exception):
                    raise step
                else:
                    yield step
        finally:
            self.closed += 1

    async def models(self, endpoint: Endpoint, key: str) -> list[str]:
        """The names it has."""
        if self.listing_error:
            raise self.listing_error
        return self.names

    async def close(self) -> None:
        """Nothing to give back."""


class SteppedClock:
    """A clock that stands still; sleeping takes no time and is written down."""

    def __init__(self) -> None:
        self.time = 1_000_000.0
        self.slept: list[float] = []
        self.stands: asyncio.Event | None = None
        """Set: sleeping takes for ever."""

    def now(self) -> float:
        """Seconds since 1970."""
        return self.time

    def monotonic(self) -> float:
        """The same."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Come back at once, a little older, unless the clock stands."""
        self.slept.append(seconds)
        if self.stands is not None:
            await self.stands.wait()
        await asyncio.sleep(0)
        self.time += seconds


class MemorySecrets:
    """A keyring in memory that can be absent or locked."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.asked: list[str] = []
        self.problem: SecretsError | None = None
        self.waits: asyncio.Event | None = None
        """The person is asked before anything is kept."""

    async def get(self, name: str) -> str | None:
        """The secret."""
        self._check(name)
        return self.kept.get(name)

    async def set(self, name: str, secret: str) -> None:
        """Keep it."""
        self._check(name)
        if self.waits:
            await self.waits.wait()
        self.kept[name] = secret

    async def delete(self, name: str) -> None:
        """Forget it."""
        self._check(name)
        self.kept.pop(name, None)

    async def describe(self) -> str:
        """Its name."""
        if isinstance(self.problem, NoKeyring):
            raise self.problem
        return "Memory"

    def _check(self, name: str) -> None:
        self.asked.append(name)
        if self.problem:
            raise self.problem


class NoServers:
    """Finds one server."""

    async def find(self) -> AsyncIterator[FoundServer]:
        """Yield it."""
        yield FoundServer("llama.cpp", "http://127.0.0.1:8080/v1", ("local",))


class StandInDemo:
    """The built-in endpoint, without a server."""

    def __init__(self) -> None:
        self.starts = 0

    async def start(self) -> str:
        """Its address changes with each start of the program."""
        self.starts += 1
        return "http://127.0.0.1:5555/v1"

    async def stop(self) -> None:
        """Nothing runs."""


class ListSaver:
    """Writes down what it is told, in the shape of `core/saver.py`."""

    def __init__(self) -> None:
        self.kept: list[Message] = []
        self.heads: list[str] = []
        self.began: list[Message] = []
        self.drafted: list[Change] = []
        self.finished: list[Message] = []
        self.unsent: list[Unsent] = []
        self.is_slow: asyncio.Event | None = None

    def keep(self, conversation: Conversation, *messages: Message) -> None:
        """Note them."""
        self.heads.append(conversation.title)
        self.kept += messages

    def draft_began(self, conversation_id: ConversationId, message: Message) -> None:
        """Note it."""
        self.began.append(message)

    def draft_changed(self, conversation_id: ConversationId, change: Change, draft: Draft) -> None:
        """Note it."""
        self.drafted.append(change)

    async def finish(self, conversation: Conversation, message: Message) -> None:
        """Note it, after the disk is done."""
        if self.is_slow:
            await self.is_slow.wait()
        self.finished.append(message)

    def keep_unsent(
        self, conversation_id: ConversationId, text: str, cursor: int, message_id: MessageId | None = None
    ) -> None:
        """Note it."""
        if message_id is None:
            self.unsent.append(Unsent(text, cursor))


class Echo:
    """A tool that gives back what it gets, when it is allowed to."""

    spec = ToolSpec(
        "echo",
        "Give a text back.",
        {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    )
    is_harmless = True

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.hangs = False
        self.raises: Exception | None = None

    def summary(self, arguments: Any) -> str:
        """One sentence."""
        return f"Gives back {arguments['text']!r}."

    async def run(self, arguments: Any) -> str:
        """Do it."""
        self.ran.append(arguments["text"])
        if self.hangs:
            await asyncio.get_running_loop().create_future()
        if self.raises:
            raise self.raises
        if arguments["text"] == "fail":
            raise ToolError("it failed")
        return str(arguments["text"])


@dataclass
class Bench:
    """A session with everything around it."""

    session: Session
    provider: ScriptedProvider
    clock: SteppedClock
    saver: ListSaver
    settings: SettingsStore
    endpoints: Endpoints
    echo: Echo
    secrets: MemorySecrets
    seen: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session.changes.subscribe(self.seen.append)

    async def until(self, holds: Callable[[], Any]) -> None:
        """Go on once this holds; every change looks again."""
        waiter = asyncio.Event()
        leave = self.session.changes.subscribe(lambda _: waiter.set())
        while not holds():
            waiter.clear()
            async with asyncio.timeout(10):
                await waiter.wait()
        leave()

    async def ended(self) -> Message:
        """The last reply, once it is written."""
        await self.until(lambda: not self.session.is_running)
        return self.session.conversation.path()[-1]


@dataclass
class Makes:
    """Makes benches whose settings share a file."""

    path: Path
    stores: list[SettingsStore] = field(default_factory=list)

    def __call__(self, *scripts: Sequence[Any], conversation: Conversation | None = None, **settings: Any) -> Bench:
        """One bench whose endpoint is set up and whose provider has these scripts."""
        store = SettingsStore(self.path)
        self.stores.append(store)
        endpoint = Endpoint(EndpointId("e1"), "Lab", "http://127.0.0.1:9/v1", "model-a")
        store.change(endpoints=(endpoint,), default_endpoint_id=endpoint.id, **settings)
        provider, clock, saver, echo, secrets = (
            ScriptedProvider(*scripts),
            SteppedClock(),
            ListSaver(),
            Echo(),
            MemorySecrets(),
        )
        endpoints = Endpoints(store, secrets, provider, NoServers(), StandInDemo(), environ={})
        session = Session(
            conversation or Conversation(new_conversation_id(), "", 0.0, 0.0),
            provider=provider,
            toolbox=Toolbox((echo,), store),
            endpoints=endpoints,
            saver=saver,  # type: ignore[arg-type]
            clock=clock,
        )
        return Bench(session, provider, clock, saver, store, endpoints, echo, secrets)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Makes]:
    """Makes sessions."""
    makes = Makes(tmp_path / "settings.json")
    yield makes
    for store in makes.stores:
        asyncio.run(store.close())


@pytest.fixture
def made_home(tmp_path: Path) -> "Home":
    """A home with nothing in it."""
    from tests.core.homes import Home  # It takes its stand-ins from here.

    return Home(tmp_path)


@pytest.fixture
def house(tmp_path: Path) -> "House":
    """Endpoints of somebody who has none yet."""
    from tests.core.endpoint_house import House  # It takes its stand-ins from here.

    return House(tmp_path / "settings.json", {})
