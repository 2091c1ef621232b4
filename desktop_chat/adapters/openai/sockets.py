"""Sockets for the HTTP library, straight on asyncio's transports.

The library's own backend puts a cancel scope, a checkpoint and a timer around every read,
which costs as much as the rest of a chunk together. Reads here have no timeout at all
(`watchdog.py` watches the request as a whole) and a connection can be cut synchronously.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Iterable
from typing import Any

import httpcore2

from desktop_chat.adapters.openai.dialing import dial

PAUSE_BYTES = 256 * 1024
"""Unread data above which the server has to wait."""
READ_BYTES = 8 * 1024
"""Given at once: some thirty chunks, whose way to the screen takes a few milliseconds."""
GATHER_S = 0.016
"""How long a gathering socket leaves what comes to the system: half the time between two pictures of a reply."""
TURN_S = 0.004
"""A reader that never had to wait for so long lets others have the loop, or a fast server would hold the window."""


class _Inbox(asyncio.Protocol):
    def __init__(self) -> None:
        self.pieces: deque[bytes] = deque()
        self.size = 0
        self.is_over = False
        self.error: Exception | None = None
        self.reader: asyncio.Future[None] | None = None
        self.writer: asyncio.Future[None] | None = None
        self.transport: asyncio.Transport | None = None
        self.is_paused = False
        self.gathers = False
        self.gathering: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.pieces.append(data)
        self.size += len(data)
        if self.gathers and self.gathering is None:
            self.gathering = asyncio.get_running_loop().call_later(GATHER_S, self._on_gathered)
        self._pace()
        self._wake()

    def eof_received(self) -> bool:
        self.is_over = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_over, self.error = True, exc
        if self.gathering is not None:
            self.gathering.cancel()
        self._wake()
        self.resume_writing()

    def pause_writing(self) -> None:
        self.writer = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        if self.writer is not None and not self.writer.done():
            self.writer.set_result(None)
        self.writer = None

    def take(self, limit: int) -> bytes:
        data = self.pieces.popleft()
        if len(data) > limit:
            self.pieces.appendleft(data[limit:])
            data = data[:limit]
        elif self.pieces and len(data) + len(self.pieces[0]) <= limit:
            parts, size = [data], len(data)
            while self.pieces and size + len(self.pieces[0]) <= limit:
                parts.append(self.pieces.popleft())
                size += len(parts[-1])
            data = b"".join(parts)
        self.size -= len(data)
        self._pace()
        return data

    def _on_gathered(self) -> None:
        self.gathering = None
        self._pace()

    def _pace(self) -> None:
        """Stop reading or go on, whichever it is time for."""
        is_full = self.size > (PAUSE_BYTES // 2 if self.is_paused else PAUSE_BYTES)
        waits = self.gathering is not None or is_full
        if waits == self.is_paused or self.transport is None or self.is_over:
            return
        self.is_paused = waits
        if waits:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def _wake(self) -> None:
        if self.reader is not None and not self.reader.done():
            self.reader.set_result(None)


class Socket(httpcore2.AsyncNetworkStream):
    """One connection."""

    def __init__(self, transport: asyncio.Transport, inbox: _Inbox) -> None:
        self._transport = transport
        self._inbox = inbox
        self._loop = asyncio.get_running_loop()
        self._since = 0.0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 see the module
        """Wait for data; empty at the end of the stream."""
        inbox = self._inbox
        if inbox.pieces and self._loop.time() - self._since > TURN_S:
            await asyncio.sleep(0)
            self._since = self._loop.time()
        while not inbox.pieces:
            if inbox.error is not None:
                raise httpcore2.ReadError(str(inbox.error)) from inbox.error
            if inbox.is_over:
                return b""
            inbox.reader = self._loop.create_future()
            await inbox.reader
            inbox.reader = None
            self._since = self._loop.time()
        return inbox.take(min(max_bytes, READ_BYTES))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send; waits while the server does not take what was sent before."""
        if self._inbox.is_over and self._transport.is_closing():
            raise httpcore2.WriteError("the connection is closed")
        self._transport.write(buffer)
        if self._inbox.writer is not None:
            try:
                async with asyncio.timeout(timeout):
                    await self._inbox.writer
            except TimeoutError as error:
                raise httpcore2.WriteTimeout("the server takes no more data") from error

    def gather(self, does: bool) -> None:
        """Read what comes in portions, or each piece at once.

        A model sends every token by itself, and waking up for each costs more than reading it.
        """
        self._inbox.gathers = does

    async def aclose(self) -> None:
        """Close at once."""
        self.cut()

    def cut(self) -> None:
        """Close at once, from anywhere on the loop; a reader sees the end of the stream."""
        self._transport.abort()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> "Socket":
        """Speak TLS on this connection from now on."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                transport = await loop.start_tls(
                    self._transport, self._inbox, ssl_context, server_hostname=server_hostname
                )
        except TimeoutError as error:
            self.cut()
            raise httpcore2.ConnectTimeout("TLS took too long") from error
        except (OSError, EOFError) as error:
            self.cut()
            raise httpcore2.ConnectError(str(error)) from error
        if transport is None:
            raise httpcore2.ConnectError("the connection was closed during the TLS handshake")
        self._inbox.transport = transport
        return Socket(transport, self._inbox)

    def get_extra_info(self, info: str) -> Any:
        """What the pool asks: is there unread data or an end on an idle connection?"""
        if info == "is_readable":
            return self._inbox.is_over or bool(self._inbox.pieces)
        names = {"client_addr": "sockname", "server_addr": "peername"}
        return self._transport.get_extra_info(names.get(info, info))


class Sockets(httpcore2.AsyncNetworkBackend):
    """Opens connections."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 none are ever given
    ) -> Socket:
        """Connect to the first address of a host that answers."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                connected = await dial(host, port, local_address)
                transport, inbox = await loop.create_connection(_Inbox, sock=connected)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(f"no connection within {timeout} s") from error
        except OSError as error:
            raise httpcore2.ConnectError(str(error)) from error
        return Socket(transport, inbox)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
