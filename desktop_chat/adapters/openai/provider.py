"""The Provider port; light to import, because the SDK is loaded in a thread when it is first needed.

`import openai` takes most of a second. `wiring` calls `warm()` after the first paint; a
request that comes earlier waits for the same thread.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from desktop_chat.core.ports import Request
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.events import Event

if TYPE_CHECKING:
    from desktop_chat.adapters.openai.client import Client


class OpenAIProvider:
    """Any endpoint that speaks OpenAI's chat API."""

    def __init__(self) -> None:
        self._client: Client | None = None
        self._loading: Future[Client] | None = None

    async def warm(self) -> None:
        """Import the SDK and read the trust store, off this thread."""
        await self._ready()

    def stream(self, request: Request) -> AsyncIterator[Event]:
        """Ask once and yield what comes; see `ports.Provider`."""
        if self._client is not None:
            # One generator less for every token.
            return self._client.stream(request)
        return self._stream_cold(request)

    async def models(self, endpoint: Endpoint, key: str) -> list[str]:
        """Names of the models the endpoint lists; see `ports.Provider`."""
        client = await self._ready()
        return await client.models(endpoint, key)

    async def close(self) -> None:
        """Give connections back. Does not wait for an import that still runs."""
        if self._client is not None:
            await self._client.close()

    async def _stream_cold(self, request: Request) -> AsyncIterator[Event]:
        client = await self._ready()
        stream = client.stream(request)
        try:
            async for event in stream:
                yield event
        finally:
            await stream.aclose()

    async def _ready(self) -> "Client":
        if self._client is None:
            if self._loading is None:
                worker = ThreadPoolExecutor(1, "sdk-import")
                self._loading = worker.submit(_load)
                worker.shutdown(wait=False)
            # Shielded: whoever stops waiting must not cancel it for the others.
            self._client = await asyncio.shield(asyncio.wrap_future(self._loading))
        return self._client


def _load() -> "Client":
    # Imported here because it costs 0.8 s of CPU and 58 MB.
    from desktop_chat.adapters.openai.client import load

    return load()
