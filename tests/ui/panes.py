"""Stand-ins of the core for tests of single panes: small, real in what they promise."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace

from desktop_chat.core.ports import FoundServer, Row, Unsent
from desktop_chat.domain.changes import (
    Change,
    ConversationEdited,
)
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import ProviderError
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import ConversationId, EndpointId


class KnownEndpoints:
    """Endpoints in memory, with the models each of them lists."""

    def __init__(self, *endpoints: Endpoint, models: dict[str, tuple[str, ...]] | None = None) -> None:
        self.changes: Feed[None] = Feed()
        self.all = endpoints
        self.default = endpoints[0] if endpoints else None
        self.environment: Endpoint | None = None
        self.servers: list[FoundServer] = []
        self.listed = models or {}
        self.known = dict(self.listed)
        self.failing: dict[str, ProviderError] = {}
        self.finds = 0

    def get(self, endpoint_id: EndpointId) -> Endpoint | None:
        """The endpoint of this id."""
        return next((endpoint for endpoint in self.all if endpoint.id == endpoint_id), None)

    def known_models(self, endpoint_id: EndpointId) -> tuple[str, ...]:
        """Models known without asking."""
        return self.known.get(endpoint_id, ())

    async def models(self, endpoint_id: EndpointId, *, fresh: bool = False) -> tuple[str, ...]:
        """Models as listed now."""
        if endpoint_id in self.failing:
            raise self.failing[endpoint_id]
        self.known[endpoint_id] = self.listed.get(endpoint_id, ())
        return self.known[endpoint_id]

    async def find(self) -> AsyncIterator[FoundServer]:
        """The servers of this computer."""
        self.finds += 1
        for server in self.servers:
            yield server


class OpenSession:
    """An open conversation that does nothing but keep what it is told."""

    def __init__(self, conversation: Conversation | None = None, endpoint: Endpoint | None = None) -> None:
        self.conversation = conversation or Conversation(ConversationId("c1"), "", time.time(), time.time())
        self.changes: Feed[Change] = Feed()
        self.is_running = False
        self.is_temporary = False
        self.endpoint = endpoint
        self.model = endpoint.model if endpoint else ""
        self.unsent: Unsent | None = None

    def edit_settings(self, **fields: object) -> None:
        """Exchange settings and say so."""
        self.conversation.edit_settings(**fields)
        if "model" in fields:
            self.model = str(fields["model"])
        self.changes.publish(ConversationEdited())

    def rename(self, title: str) -> None:
        """Exchange the title and say so."""
        self.conversation.title = title
        self.changes.publish(ConversationEdited())

    def keep_unsent(self, text: str, cursor: int) -> None:
        """Keep what is in the composer."""
        self.unsent = Unsent(text, cursor) if text else None


def row(number: int, *, title: str = "", age_days: float = 0, **fields: object) -> Row:
    """A row of the list, changed so many days ago."""
    changed = time.time() - age_days * 86_400 - number * 1e-3
    plain = Row(ConversationId(f"c{number}"), title or f"Conversation {number}", changed, changed)
    return replace(plain, **fields)  # type: ignore[arg-type]
