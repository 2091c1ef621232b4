"""The demo's HTTP server: real HTTP/1.1 on 127.0.0.1, in the app's own loop, with no task of its own.

A connection is a protocol object; timers pace its answer and end with it, so a client
that leaves is noticed at once. It speaks the part of HTTP that clients of the chat API
use: a body with a length in, a chunked body out, and connections that stay open.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from desktop_chat.adapters.demo.script import Fail, answer_to
from desktop_chat.adapters.demo.wire import MODEL, Pieces, request_id

MAX_REQUEST_BYTES = 32 * 1024 * 1024
TOKENS_PER_S = 75.0
FIRST_TOKEN_S = 0.25


class DemoServer:
    """The endpoint built into the app; see `ports.Demo`.

    Args:
        tokens_per_s: Pace of the answers; 0 sends them at once.
        first_token_s: Pause before the first token.
    """

    def __init__(self, tokens_per_s: float = TOKENS_PER_S, first_token_s: float = FIRST_TOKEN_S) -> None:
        self.pause_s = 1.0 / tokens_per_s if tokens_per_s else 0.0
        self.first_token_s = first_token_s if tokens_per_s else 0.0
        self.failed_once: set[str] = set()
        """Requests that failed on purpose and may succeed now."""
        self.connections: set[_Connection] = set()
        self.disconnects = 0
        """How many clients left before their answer was over."""
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Start it if it does not run; returns its base URL."""
        if self._server is None:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def stop(self) -> None:
        """End it and every answer that runs."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        for connection in list(self.connections):
            connection.end()
        await server.wait_closed()


class _Connection(asyncio.Protocol):
    def __init__(self, server: DemoServer) -> None:
        self._server = server
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._timer: asyncio.TimerHandle | None = None
        self._answer: Iterator[bytes | None] | None = None
        self._due = 0.0
        self._may_write = True
        self._closes = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 asyncio's own signature
        self._server.connections.discard(self)
        self._server.disconnects += self._answer is not None
        self._answer = self._transport = None
        self._cancel_timer()

    def end(self) -> None:
        """Close it now."""
        self._cancel_timer()
        if self._transport is not None:
            self._transport.abort()

    def eof_received(self) -> None:
        # A client that only stops sending looks like one that left; the clients of this API never do the first.
        self.end()

    def pause_writing(self) -> None:
        self._may_write = False

    def resume_writing(self) -> None:
        self._may_write = True
        if self._answer is not None and self._timer is None:
            self._go_on()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._answer is None:
            self._take_request()

    def _take_request(self) -> None:
        head, found, _ = self._received.partition(b"\r\n\r\n")
        if not found:
            if len(self._received) > MAX_REQUEST_BYTES:
                self.end()
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
        self._closes = headers.get("connection", "").lower() == "close"
        method, _, path = first.rpartition(" ")[0].partition(" ")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_REQUEST_BYTES or "transfer-encoding" in headers:
            self._closes = True
            self._send_json(411, {"error": {"message": "The demo wants a body with its length."}})
            return
        end = len(head) + 4 + int(length)
        if len(self._received) < end:
            return
        body = bytes(self._received[len(head) + 4 : end])
        del self._received[:end]
        self._reply(method, path.partition("?")[0], body)

    def _reply(self, method: str, path: str, raw: bytes) -> None:
        if (method, path) == ("GET", "/v1/models"):
            self._send_json(200, {"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "demo"}]})
        elif (method, path) == ("POST", "/v1/chat/completions"):
            try:
                body = json.loads(raw)
            except ValueError:
                body = None
            if isinstance(body, dict):
                self._complete(body)
            else:
                self._send_json(400, {"error": {"message": "The body is not a JSON object."}})
        else:
            self._send_json(404, {"error": {"message": f"The demo has no {path}."}})

    def _complete(self, body: Mapping[str, Any]) -> None:
        steps = list(answer_to(body))
        if isinstance(steps[0], Fail):
            failure, key = steps[0], json.dumps(body.get("messages"), sort_keys=True, default=str)
            if not failure.only_once or key not in self._server.failed_once:
                self._server.failed_once.add(key)
                wait_s = failure.retry_after_s
                error = {"message": failure.message, "type": "demo_error", "code": None}
                self._send_json(failure.status, {"error": error}, f"retry-after: {wait_s}\r\n" if wait_s else "")
                return
            self._server.failed_once.discard(key)
        pieces = Pieces(body, [s for s in steps if not isinstance(s, Fail)])
        if not body.get("stream"):
            self._send_json(200, pieces.completion())
            return
        self._write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n"
            b"x-request-id: %b\r\ntransfer-encoding: chunked\r\n\r\n" % request_id().encode()
        )
        self._answer = pieces.stream()
        self._due = time.monotonic() + self._server.first_token_s
        self._wait()

    def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(0.0, self._due - time.monotonic()), self._go_on)

    def _go_on(self) -> None:
        # Sends all that is due: a timer that fires late must not slow the answer down.
        self._timer = None
        while self._answer is not None and self._may_write:
            data = next(self._answer, b"")
            if data is None:
                self._answer = None
                self.end()
            elif not data:
                self._answer = None
                self._write(b"0\r\n\r\n")
                self._next()
            else:
                self._write(b"%x\r\n%b\r\n" % (len(data), data))
                self._due += self._server.pause_s
                if self._due > time.monotonic():
                    self._wait()
                    return

    def _send_json(self, status: int, value: object, extra: str = "") -> None:
        data = json.dumps(value).encode()
        head = f"HTTP/1.1 {status} Demo\r\nx-request-id: {request_id()}\r\ncontent-type: application/json\r\n{extra}content-length: {len(data)}\r\n\r\n"
        self._write(head.encode() + data)
        self._next()

    def _next(self) -> None:
        if self._closes and self._transport is not None:
            self._transport.close()
        elif self._received:
            self._take_request()

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
