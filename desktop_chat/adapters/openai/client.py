"""Asks the endpoint through the SDK; the one module here that imports it.

The SDK makes the request and names its errors. Its chunk models, its retries and its
ambient settings are left out: chunks are read as plain dicts (a quarter of the cost),
`core/turn.py` retries where the person can see it, and `transport.Guard` lets nothing of
OpenAI's environment through.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import httpcore2
import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream

from desktop_chat.adapters.openai.answer import FAILURES, Answer
from desktop_chat.adapters.openai.errors import from_exception, mask
from desktop_chat.adapters.openai.models import model_names
from desktop_chat.adapters.openai.quirks import NO_REASONING, STREAM_OPTIONS, TOOLS, Quirks
from desktop_chat.adapters.openai.request import body_of
from desktop_chat.adapters.openai.transport import Guard, Wire
from desktop_chat.adapters.openai.watchdog import Watchdog
from desktop_chat.core.ports import Request
from desktop_chat.domain.endpoint import Endpoint, clean_address, origin_of
from desktop_chat.domain.errors import BadReply, KeyRejected, ProviderError, TimedOut
from desktop_chat.domain.events import Event, OptionDropped
from desktop_chat.domain.ids import EndpointId

WRITE_S = 60.0
MODELS_S = 20.0
"""For the whole list of models, after the connection."""
REDIRECTS = 5
NO_KEY = "none"
"""For the SDK, which wants one; `Guard` never sends it."""

_REFUSALS = (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, ProviderError, OSError, ValueError)
"""What making and sending a request raises; `ValueError` is an address or header that cannot be written."""


class Client:
    """Talks to any number of endpoints over one set of connections."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._quirks = Quirks()

    async def stream(self, request: Request) -> AsyncGenerator[Event, None]:
        """Ask once and yield what comes; see `ports.Provider.stream`."""
        # One generator from the socket to the turn: each one costs every token some microseconds.
        endpoint, loop = request.endpoint, asyncio.get_running_loop()
        began = loop.time()
        dropped: list[str] = []
        async with self._sdk(endpoint, request.key) as client, await self._open(client, request, dropped) as stream:
            response = stream.response
            answer = Answer(request, response)
            first_s = endpoint.first_token_s
            left_s = None if first_s is None else max(0.0, first_s - (loop.time() - began))
            if request.tools and TOOLS in self._quirks.refused(endpoint, request.model):
                # Told with every reply: the person believes that they are offered.
                dropped.append(TOOLS)
            with Watchdog(left_s, answer.cut) as dog:
                for name in dropped:
                    yield OptionDropped(name)
                async with aclosing(answer.pieces()) as pieces:
                    try:
                        async for piece in pieces:
                            for event in answer.reply.feed(piece):
                                yield event
                            answer.relax(dog)
                        last, failure = answer.reply.end(), answer.missing(dog)
                    except FAILURES as error:
                        last, failure = answer.reply.held(), answer.explain(error, dog)
                for event in last:
                    yield event
                if failure is not None:
                    raise failure

    async def models(self, endpoint: Endpoint, key: str) -> list[str]:
        """Ask for the list of models; see `ports.Provider.models`."""
        async with self._sdk(endpoint, key) as client:
            try:
                async with asyncio.timeout(endpoint.connect_s + MODELS_S):
                    response = await client.get("/models", cast_to=httpx2.Response, options=_options(key))
            except TimeoutError as error:
                raise TimedOut("the list of models did not come in time") from error
            except _REFUSALS as error:
                raise from_exception(error, key=key, url=endpoint.base_url) from error
        try:
            listing = response.json()
        except ValueError as error:
            raise BadReply("the list of models is not JSON", detail=mask(response.text[:300], key)) from error
        return model_names(listing)

    async def close(self) -> None:
        """Close every connection."""
        await self._wire.aclose()

    @asynccontextmanager
    async def _sdk(self, endpoint: Endpoint, key: str) -> AsyncIterator[AsyncOpenAI]:
        # Made for each request: nothing keeps the key, and the environment is looked at each time.
        if not (key.isascii() and key.isprintable()):
            raise KeyRejected("the key holds characters that no key has; was something else pasted?")
        try:
            # Read by the library that sends: it writes international names in another way than the person.
            base_url = httpx2.URL(clean_address(endpoint.base_url))
            guard = Guard(self._wire, origin_of(str(base_url)), key)
            timeout = httpx2.Timeout(connect=endpoint.connect_s, read=None, write=WRITE_S, pool=endpoint.connect_s)
            http = httpx2.AsyncClient(transport=guard, trust_env=False, follow_redirects=True, timeout=timeout)
            http.max_redirects = REDIRECTS
            client = AsyncOpenAI(
                api_key=key or NO_KEY,
                admin_api_key="",
                webhook_secret="",
                base_url=base_url,
                max_retries=0,
                default_headers=ambient_headers_off(),
                http_client=http,
                timeout=timeout,
            )
        except _REFUSALS as error:
            raise from_exception(error, key=key, url=endpoint.base_url) from error
        async with http:
            yield client

    async def _open(self, client: AsyncOpenAI, request: Request, dropped: list[str]) -> AsyncStream[object]:
        """Send the request, again without a parameter that the endpoint does not know."""
        endpoint = request.endpoint
        while True:
            refused = self._quirks.refused(endpoint, request.model)
            body = body_of(request, refused)
            try:
                async with asyncio.timeout(endpoint.first_token_s):
                    return await client.post(
                        "/chat/completions",
                        body=body,
                        cast_to=object,
                        stream=True,
                        stream_cls=AsyncStream[object],
                        options=_options(request.key),
                    )
            except openai.APIStatusError as error:
                said = error.response.text
                sent = frozenset(body) | {NO_REASONING} - refused
                name = self._quirks.learn(endpoint, request.model, sent, error.status_code, said)
                if not name:
                    raise from_exception(error, key=request.key, url=endpoint.base_url) from error
                if name == STREAM_OPTIONS:
                    dropped.append(name)
            except TimeoutError as error:
                raise TimedOut(f"no answer within {endpoint.first_token_s:g} s") from error
            except _REFUSALS as error:
                raise from_exception(error, key=request.key, url=endpoint.base_url) from error


async def rehearse(client: Client) -> None:
    """Make one request that never leaves the process: libraries build much on their first use.

    That takes 60 ms, which would hold the window when the person sends for the first time.
    """
    endpoint = Endpoint(EndpointId("rehearsal"), "", "http://127.0.0.1/v1")
    async for _ in client.stream(Request(endpoint, "", ())):
        pass
    await client.close()


def load() -> Client:
    """Make the client, with the libraries under it ready to go. Takes most of a second: for a worker thread."""
    trust = httpx2.create_ssl_context()
    answer = b'data: {"choices":[{"delta":{"content":"-"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n" % len(answer)
    # A loop of its own, in this thread.
    asyncio.run(rehearse(Client(Wire(trust, httpcore2.AsyncMockBackend([head, answer])))))
    return Client(Wire(trust))


def _options(key: str) -> Any:
    # Without a key the SDK wants to hear that this is meant.
    return {} if key else {"headers": {"Authorization": openai.omit}}


def ambient_headers_off() -> dict[str, Any]:
    """Headers that switch off what the SDK takes from the environment; `Guard` would drop them, too."""
    lines = os.environ.get("OPENAI_CUSTOM_HEADERS", "").split("\n")
    custom = (line.partition(":")[0].strip() for line in lines if ":" in line)
    names = {"OpenAI-Organization", "OpenAI-Project", *custom} - {"Authorization"}
    return {name: openai.omit for name in names if name}
