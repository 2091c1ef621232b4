"""A real model server on 127.0.0.1 whose answers and faults a test writes.

It runs in a thread with an event loop of its own, so synchronous tests, `asyncio.run` and
Qt loops use it alike. Three ways to say what comes:

* `server.says("Hel", "lo")`, `server.calls_tool(...)`, `server.fails(429)` queue one reply
  for the next request each; an empty queue answers "Hello from the fake provider."
* `server.replies(Reply(steps=[...]))` queues anything, down to single bytes.
* `server.at("status/429")` is a base URL that always answers so; `FAULTS` lists the paths.

`server.requests` holds every request with headers, body and `saw_disconnect`. Nothing
sleeps on its own: `Gate` waits for `server.go_on()`, `Hang` for the client to leave.
"""

import asyncio
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

WAIT_S = 10.0
"""How long `wait_for` waits before it says what did not happen."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One `data:` line with this JSON value; `event` adds an event name."""

    data: Any
    event: str = ""


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they are."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing for a while."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Gate:
    """Nothing until `server.go_on()`."""


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing until the client leaves."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection breaks here, in the middle of the body."""


Step = Chunk | Raw | Pause | Gate | Hang | Cut


@dataclass(slots=True)
class Reply:
    """Status, headers and the steps of a body; a body that is not cut ends cleanly."""

    steps: Sequence[Step] = ()
    status: int = 200
    content_type: str = "text/event-stream; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Seen:
    """One request as it came. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    raw_headers: list[tuple[str, str]]
    body: Any = None
    saw_disconnect: bool = False
    """The client left before the reply was over."""
    is_over: bool = False


DONE = Raw(b"data: [DONE]\n\n")


def chunk(delta: Mapping[str, Any] | None = None, finish: str | None = None, **extra: Any) -> Chunk:
    """A chunk as OpenAI sends it, with one choice."""
    choice = {"index": 0, "delta": dict(delta or {}), "finish_reason": finish}
    return Chunk({**_HEAD, "choices": [choice], **extra})


_HEAD = {"id": "chatcmpl-fake", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": "fake-model"}
ROLE = chunk({"role": "assistant", "content": ""})


def texts(*pieces: str) -> list[Step]:
    """One chunk for each piece of text."""
    return [chunk({"content": piece}) for piece in pieces]


def reasoning(*pieces: str, name: str = "reasoning_content") -> list[Step]:
    """One chunk for each piece of reasoning."""
    return [chunk({name: piece}) for piece in pieces]


def tool_call(name: str, arguments: str, *, index: int = 0, call_id: str = "call_1", parts: int = 4) -> list[Step]:
    """A tool call in fragments: its name first, then the arguments in `parts` pieces."""
    head = {"index": index, "id": call_id, "type": "function", "function": {"name": name, "arguments": ""}}
    size = max(1, -(-len(arguments) // parts))
    pieces = [arguments[i : i + size] for i in range(0, len(arguments), size)]
    tails = [{"index": index, "function": {"arguments": piece}} for piece in pieces]
    return [chunk({"tool_calls": [call]}) for call in [head, *tails]]


def usage(prompt: int = 12, completion: int = 5, **details: Any) -> Chunk:
    """The chunk with tokens and without a choice."""
    counts = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    return Chunk({**_HEAD, "choices": [], "usage": {**counts, **details}})


def whole(steps: Iterable[Step], finish: str = "stop") -> list[Step]:
    """A well-formed stream around these deltas: role, deltas, finish reason, usage, [DONE]."""
    return [ROLE, *steps, chunk(finish=finish), usage(), DONE]


def json_reply(value: Any, status: int = 200, **headers: str) -> Reply:
    """A reply with a JSON body."""
    return Reply([Raw(json.dumps(value).encode())], status, "application/json", headers)


def error_reply(status: int, message: str = "", code: str = "", **headers: str) -> Reply:
    """A reply with an error in OpenAI's form. `retry_after="2"` becomes the header `Retry-After`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = {"error": {"message": message or f"fake error {status}", "type": "fake_error", "code": code or None}}
    return json_reply(body, status, **named)


HELLO = texts("Hello", " from", " the", " fake", " provider.")

FAULTS: dict[str, Callable[[], Reply]] = {
    "slow": lambda: Reply(whole([s for t in HELLO for s in (t, Pause(0.05))])),
    "hang": lambda: Reply([Hang()]),
    "hang_after/2": lambda: Reply([ROLE, *HELLO[:2], Hang()]),
    "drop_after/0": lambda: Reply([Cut()]),
    "drop_after/2": lambda: Reply([ROLE, *HELLO[:2], Cut()]),
    "malformed": lambda: Reply([ROLE, *HELLO[:2], Raw(b'data: {"choices": [{"delta"\n\n'), DONE]),
    "invalid_utf8": lambda: Reply([ROLE, *HELLO[:2], Raw(b'data: {"choices": "\xff\xfe"}\n\n'), DONE]),
    "error_in_stream": lambda: Reply([ROLE, *HELLO[:2], Chunk({"error": {"message": "the model crashed"}}), DONE]),
    "error_event": lambda: Reply([ROLE, *HELLO[:2], Chunk({"message": "the model crashed"}, event="error"), DONE]),
    "no_done": lambda: Reply([ROLE, *HELLO, chunk(finish="stop"), usage()]),
    "no_finish": lambda: Reply([ROLE, *HELLO]),
    "done_without_finish": lambda: Reply([ROLE, *HELLO, DONE]),
    "empty_stream": lambda: Reply([]),
    "json_body": lambda: json_reply(completion("Hello as one JSON body.")),
    "html": lambda: Reply([Raw(b"<!doctype html><title>Sign in</title>")], 200, "text/html"),
    "no_choices": lambda: Reply([Chunk({**_HEAD}), Chunk({**_HEAD, "choices": None}), *whole(HELLO)]),
    "refusal": lambda: Reply(whole([chunk({"refusal": "I cannot "}), chunk({"refusal": "help."})])),
    "rejects_stream_options": lambda: error_reply(400, "Unknown parameter: 'stream_options'."),
    "crlf": lambda: Reply([Raw(b": keep-alive\r\n\r\n"), *(_as_crlf(s) for s in whole(HELLO) if s != DONE), DONE]),
    **{f"status/{n}": lambda n=n: error_reply(n) for n in (400, 401, 403, 404, 408, 409, 413, 422, 500, 502, 503)},  # type: ignore[misc]
    "status/429": lambda: error_reply(429, retry_after="2"),
    "redirect": lambda: Reply([], 307, "text/plain", {"location": "http://localhost:1/v1/chat/completions"}),
}


def completion(text: str) -> dict[str, Any]:
    """A whole answer in one JSON value."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    counts = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
    return {**_HEAD, "object": "chat.completion", "choices": [choice], "usage": counts}


async def _leaving(reader: asyncio.StreamReader) -> None:
    try:
        await reader.read(1)
    except ConnectionError:
        return


def _as_crlf(step: Step) -> Step:
    return Raw(_encode(step).replace(b"\n", b"\r\n")) if isinstance(step, Chunk) else step


def _encode(step: Chunk | Raw) -> bytes:
    if isinstance(step, Raw):
        return step.data
    event = f"event: {step.event}\n" if step.event else ""
    return f"{event}data: {json.dumps(step.data, ensure_ascii=False)}\n\n".encode()


class FakeProvider:
    """The server. Use it in `with`; `base_url` is what an endpoint takes."""

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.models: Any = {"object": "list", "data": [{"id": "fake-model", "object": "model"}]}
        self.key = ""
        """If set, requests without exactly this key get a 401."""
        self._queue: deque[Reply] = deque()
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._gates: list[asyncio.Event] = []
        self._passes = 0
        self._port = 0
        self._closing: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="fake-provider", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.wait_for(lambda: self._port != 0, "the server to listen")
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End every connection and the thread; twice is harmless."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._closing.set if self._closing else self._loop.stop)
            self._thread.join(WAIT_S)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """Answers come from the queue."""
        return f"{self.origin}/v1"

    def at(self, path: str) -> str:
        """A base URL that always answers with the fault of this name."""
        assert path in FAULTS, f"no such fault: {path}; there are {', '.join(FAULTS)}"
        return f"{self.origin}/{path}/v1"

    def replies(self, *replies: Reply) -> None:
        """Queue replies, one for each request."""
        self._queue.extend(replies)

    def says(self, *pieces: str, then_hangs: bool = False, waits: bool = False, finish: str = "stop") -> None:
        """Queue an answer. `then_hangs`: never ends. `waits`: a `Gate` before each piece but the first."""
        steps: list[Step] = []
        for number, step in enumerate(texts(*pieces)):
            steps += [Gate(), step] if waits and number else [step]
        self.replies(Reply([ROLE, *steps, Hang()] if then_hangs else whole(steps, finish)))

    def calls_tool(self, name: str, arguments: str, *, call_id: str = "call_1", text: str = "") -> None:
        """Queue an answer that calls one tool, perhaps after some text."""
        said = texts(text) if text else []
        self.replies(Reply(whole([*said, *tool_call(name, arguments, call_id=call_id)], "tool_calls")))

    def fails(self, status: int, message: str = "", code: str = "", **headers: str) -> None:
        """Queue an error."""
        self.replies(error_reply(status, message, code, **headers))

    def go_on(self, times: int = 1) -> None:
        """Open the next gates, those that wait and those to come."""
        self._loop.call_soon_threadsafe(self._open, times)

    @property
    def saw_disconnect(self) -> bool:
        """The client of the latest request left early. Waits for that request to be over."""
        self.wait_for(lambda: bool(self.requests) and self.requests[-1].is_over, "the request to be over")
        return self.requests[-1].saw_disconnect

    def wait_for(self, condition: Callable[[], bool], what: str = "it") -> None:
        """Block until a condition on this server holds."""
        with self._changed:
            assert self._changed.wait_for(condition, WAIT_S), f"waited {WAIT_S} s for {what}"

    async def until(self, condition: Callable[[], bool], what: str = "it") -> None:
        """Like `wait_for`, for coroutines."""
        await asyncio.to_thread(self.wait_for, condition, what)

    # --- in the server's own thread ---

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._closing = asyncio.Event()
        server = await asyncio.start_server(self._on_connection, "127.0.0.1", 0, limit=64 * 1024 * 1024)
        with self._changed:
            self._port = server.sockets[0].getsockname()[1]
            self._changed.notify_all()
        await self._closing.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _open(self, times: int) -> None:
        self._passes += times
        while self._passes and self._gates:
            self._passes -= 1
            self._gates.pop(0).set()

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen = None
        try:
            seen = await self._read(reader)
            left = asyncio.ensure_future(_leaving(reader))
            self.requests.append(seen)
            self._tell()
            await self._answer(seen, writer, left)
            left.cancel()
        except (ConnectionError, asyncio.IncompleteReadError):
            if seen is not None:
                seen.saw_disconnect = True
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            writer.close()
            if seen is not None:
                seen.is_over = True
                self._tell()

    async def _read(self, reader: asyncio.StreamReader) -> Seen:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        raw = [(n, v.strip()) for n, _, v in (line.partition(":") for line in head[1:] if line)]
        seen = Seen(method, path, {n.lower(): v for n, v in raw}, raw)
        body = await reader.readexactly(int(seen.headers.get("content-length", 0)))
        seen.body = json.loads(body) if body else None
        return seen

    def _reply_to(self, seen: Seen) -> Reply:
        prefix, _, rest = seen.path.strip("/").partition("v1/")
        if prefix.strip("/") == "rejects_stream_options" and "stream_options" not in (seen.body or {}):
            return Reply(whole(HELLO))
        if prefix.strip("/") in FAULTS:
            return FAULTS[prefix.strip("/")]()
        if self.key and seen.headers.get("authorization") != f"Bearer {self.key}":
            return error_reply(401, "Incorrect API key provided.", "invalid_api_key")
        if rest == "models":
            return json_reply(self.models)
        return self._queue.popleft() if self._queue else Reply(whole(HELLO))

    async def _answer(self, seen: Seen, writer: asyncio.StreamWriter, left: "asyncio.Future[None]") -> None:
        reply = self._reply_to(seen)
        headers = {"content-type": reply.content_type, "x-request-id": f"req-{len(self.requests)}", **reply.headers}
        lines = [f"HTTP/1.1 {reply.status} Fake", "transfer-encoding: chunked", "connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        began = False
        for step in reply.steps:
            if isinstance(step, Chunk | Raw):
                began = began or self._begin(writer, lines)
                data = _encode(step)
                writer.write(b"%x\r\n%b\r\n" % (len(data), data))
                await writer.drain()
            elif not await self._wait(step, writer, left):
                seen.saw_disconnect = not isinstance(step, Cut)
                return
            if left.done():
                seen.saw_disconnect = True
                return
        self._begin(writer, [] if began else lines)
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    def _begin(self, writer: asyncio.StreamWriter, lines: list[str]) -> bool:
        if lines:
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        return True

    async def _wait(self, step: Step, writer: asyncio.StreamWriter, left: "asyncio.Future[None]") -> bool:
        """Wait as the step says; false if the connection is over."""
        if isinstance(step, Cut):
            await writer.drain()
            writer.transport.abort()
            return False
        if isinstance(step, Gate) and self._passes:
            self._passes -= 1
            return True
        gate = asyncio.Event()
        self._gates += [gate] if isinstance(step, Gate) else []
        seconds = step.seconds if isinstance(step, Pause) else None
        waiting: asyncio.Future[Any] = asyncio.ensure_future(gate.wait())
        either: set[asyncio.Future[Any]] = {waiting, left}
        await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        return not left.done()
