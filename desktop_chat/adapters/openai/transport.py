"""The HTTP transport under the SDK: pools, proxies, trust, and the guard of the key.

`Wire` is shared by all endpoints: one TLS context (making it costs 30 ms), one pool for
direct connections and one for each proxy. `Guard` belongs to one request: it lets nothing
out but a short list of headers and sends the key to one origin only.
"""

import contextlib
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterator

import httpcore2
import httpx2

from desktop_chat import __version__
from desktop_chat.adapters.openai.sockets import Sockets
from desktop_chat.adapters.proxies import proxy_for
from desktop_chat.domain.endpoint import origin_of
from desktop_chat.domain.errors import BadReply, ProxyUnusable

ALLOWED = frozenset({b"host", b"accept", b"connection", b"content-type", b"content-length", b"transfer-encoding"})
"""Headers of the SDK that go out. Everything else it adds tells about this computer or its environment."""

LOSES_BODY = frozenset({301, 302, 303})
"""Redirects after which a POST becomes a GET without a body, by the rules of HTTP."""

KEEPALIVE_S = 60.0


class Wire(httpx2.AsyncBaseTransport):
    """All connections of this process to model servers.

    Args:
        ssl_context: Whom to trust.
        backend: Opens connections; our own sockets unless another is given.
    """

    def __init__(self, ssl_context: ssl.SSLContext, backend: httpcore2.AsyncNetworkBackend | None = None) -> None:
        self._ssl_context = ssl_context
        self._backend = backend or Sockets()
        self._pools: dict[str, httpcore2.AsyncConnectionPool] = {}
        """By proxy URL; the empty one is direct."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request and come back with the head of its response."""
        assert isinstance(request.stream, httpx2.AsyncByteStream)
        url = request.url
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        inner = httpcore2.Request(
            request.method, target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        proxy = proxy_for(url)
        with _renamed_errors(), _proxy_libraries(proxy):
            response = await self._pool(proxy).handle_async_request(inner)
        assert isinstance(response.stream, AsyncIterable)
        return httpx2.Response(
            response.status, headers=response.headers, stream=_Body(response.stream), extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            await pool.aclose()
        self._pools.clear()

    def _pool(self, proxy: str) -> httpcore2.AsyncConnectionPool:
        if proxy not in self._pools:
            self._pools[proxy] = self._new_pool(proxy)
        return self._pools[proxy]

    def _new_pool(self, proxy: str) -> httpcore2.AsyncConnectionPool:
        try:
            settings = httpx2.Proxy(proxy) if proxy else None
            return httpcore2.AsyncConnectionPool(
                ssl_context=self._ssl_context,
                proxy=httpcore2.Proxy(str(settings.url), auth=settings.raw_auth) if settings else None,
                max_connections=100,
                keepalive_expiry=KEEPALIVE_S,
                network_backend=self._backend,
            )
        except (httpx2.InvalidURL, ValueError, RuntimeError) as error:
            raise ProxyUnusable(f"the system settings name a proxy that is no address: {error}") from error


class Guard(httpx2.AsyncBaseTransport):
    """The last gate before the wire, for one endpoint and one key.

    Nothing that the SDK picks up from the environment passes: not OpenAI's organisation,
    project or custom headers, not the description of this computer.

    Args:
        wire: Where requests go.
        origin: The only origin that is asked; a redirect elsewhere is an error.
        key: Empty for servers without keys: then there is no `Authorization` at all.
    """

    def __init__(self, wire: Wire, origin: str, key: str) -> None:
        self._wire = wire
        self._origin = origin
        self._key = key

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Check the address, rewrite the headers, send."""
        there = origin_of(str(request.url))
        if there != self._origin:
            raise BadReply(
                f"the server redirects to {there}; nothing was sent there, because the key and the conversation "
                f"belong to {self._origin}"
            )
        headers = [(name, value) for name, value in request.headers.raw if name.lower() in ALLOWED]
        # A compressed stream would hold tokens back until a block of it is full.
        headers += [(b"User-Agent", f"desktop-chat/{__version__}".encode()), (b"Accept-Encoding", b"identity")]
        if self._key:
            headers.append((b"Authorization", f"Bearer {self._key}".encode("ascii")))
        request.headers = httpx2.Headers(headers)
        response = await self._wire.handle_async_request(request)
        if request.method == "POST" and response.status_code in LOSES_BODY and "location" in response.headers:
            await response.aclose()
            raise BadReply(
                f"{response.status_code}: the server moved to {response.headers['location']}; the question cannot "
                f"follow such a redirect"
            )
        return response

    async def aclose(self) -> None:
        """Nothing: the wire outlives a request."""


class _Body(httpx2.AsyncByteStream):
    def __init__(self, stream: AsyncIterable[bytes]) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _renamed_errors():
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        if isinstance(self._stream, httpx2.AsyncByteStream) or hasattr(self._stream, "aclose"):
            await self._stream.aclose()


@contextlib.contextmanager
def _proxy_libraries(proxy: str) -> Iterator[None]:
    # The library under the pool learns only here that it lacks what speaks SOCKS.
    try:
        yield
    except ImportError as error:
        kind = proxy.partition("://")[0].upper()
        raise ProxyUnusable(f"the system settings name a {kind} proxy; only HTTP proxies can be used") from error


@contextlib.contextmanager
def _renamed_errors() -> Iterator[None]:
    # The two libraries name their errors alike; the SDK knows only those of httpx2.
    try:
        yield
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.ProxyError) as error:
        kind = getattr(httpx2, type(error).__name__, httpx2.TransportError)
        raise kind(str(error)) from error
    except httpcore2.UnsupportedProtocol as error:
        raise httpx2.UnsupportedProtocol(str(error)) from error
