"""Short ways to ask an endpoint and to look at what came."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop_chat.adapters.openai.provider import OpenAIProvider
from desktop_chat.core.ports import Request
from desktop_chat.domain.blocks import Block, Text
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import ProviderError
from desktop_chat.domain.events import Event, FinishReported, ReasoningDelta, TextDelta, ToolCallDelta, UsageReported
from desktop_chat.domain.ids import EndpointId, MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.domain.usage import Usage

KEY = "sk-canary-4711-abcdef"


@dataclass
class Came:
    """What one request brought."""

    events: list[Event] = field(default_factory=list)
    error: ProviderError | None = None

    @property
    def text(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, TextDelta))

    @property
    def thought(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, ReasoningDelta))

    @property
    def finish(self) -> list[str]:
        return [e.reason for e in self.events if isinstance(e, FinishReported)]

    @property
    def usage(self) -> Usage | None:
        reports = [e.usage for e in self.events if isinstance(e, UsageReported)]
        return reports[-1] if reports else None

    @property
    def calls(self) -> list[tuple[str, str, str]]:
        return gathered(self.events)


def gathered(events: Sequence[Event]) -> list[tuple[str, str, str]]:
    """The tool calls of these events: id, name and arguments of each."""
    found: dict[int, list[str]] = {}
    for event in events:
        if isinstance(event, ToolCallDelta):
            call = found.setdefault(event.index, ["", "", ""])
            call[0] = call[0] or event.call_id
            call[1] = call[1] or event.name
            call[2] += event.arguments
    return [(call[0], call[1], call[2]) for _, call in sorted(found.items())]


def said(role: Role, *blocks: Block) -> Message:
    return Message(MessageId("m"), None, role, blocks, 0.0)


def request(base_url: str, text: str = "Hi", *, key: str = KEY, model: str = "fake-model", **more: Any) -> Request:
    """A request with one question; names of `Endpoint`'s fields go to the endpoint."""
    of_endpoint = {name: more.pop(name) for name in list(more) if name in Endpoint.__dataclass_fields__}
    endpoint = Endpoint(EndpointId("e"), "Test", base_url, **of_endpoint)
    return Request(endpoint, model, (said(Role.USER, Text(text)),), key=key, **more)


async def collect(provider: OpenAIProvider, asked: Request) -> Came:
    came = Came()
    try:
        async for event in provider.stream(asked):
            came.events.append(event)
    except ProviderError as error:
        came.error = error
    return came


def ask(*requests: Request) -> Came:
    """Ask one after the other with one provider; what the last one brought."""

    async def main() -> Came:
        provider = OpenAIProvider()
        try:
            came = [await collect(provider, one) for one in requests]
        finally:
            await provider.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"tasks left running: {left}"
        return came[-1]

    return asyncio.run(main())
