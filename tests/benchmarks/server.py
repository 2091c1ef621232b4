"""A model server that answers at a steady pace, for measuring whoever reads.

The model's name says what to send: `pace-200-4000` is 4,000 tokens of 4 characters at 200
a second, `pace-0-4000` the same as fast as the reader takes them. The text is Markdown
with headings, lists, a table and code, repeated. Prints its port and serves until its
standard input ends.
"""

import asyncio
import json
import sys
import time

TOKEN = 4
SECTION = """## Reading a stream

The server sends **small pieces** of text, each in an event of its own. A reader joins
them and shows what it has, without waiting for the end of the answer. It helps to know
that `data:` lines may hold anything, and that an [event](https://example.org/events) may
come alone or with *many* others in one read.

1. Open the connection and check the status.
2. Read until a blank line; that is one event.
3. Stop at the mark that ends the stream.

| step | cost | remark |
|:-----|-----:|:-------|
| read | 12 µs | one call of the system |
| parse | 30 µs | a small object |
| show | 250 µs | only what is *new* |

```python
async def answers(stream):
    total = 0
    async for event in stream:
        total += len(event["text"])  # characters, not bytes
        print(f"{total:6d}", event["text"])
    return total
```

> A stream that ends without its mark was cut off, whatever the status said.

"""


def text_of(tokens: int) -> str:
    """Markdown of exactly this many tokens."""
    size = tokens * TOKEN
    return (SECTION * (size // len(SECTION) + 1))[:size]


def event(delta: dict[str, object], finish: str | None = None) -> bytes:
    """One chunk of the protocol as an event."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    chunk = {
        "id": "chatcmpl-benchmark",
        "object": "chat.completion.chunk",
        "created": 1760000000,
        "model": "pace",
        "system_fingerprint": "fp_benchmark",
        "choices": [choice],
    }
    return b"data: " + json.dumps(chunk, separators=(",", ":")).encode() + b"\n\n"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection, request after request."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                ),
                0,
            )
            body = await reader.readexactly(length)
            if b" /v1/models" in head.split(b"\r\n")[0]:
                await send_json(writer, {"object": "list", "data": [{"id": "pace-200-4000", "object": "model"}]})
                continue
            _, rate, tokens = json.loads(body)["model"].split("-")
            await send_stream(writer, int(rate), int(tokens))
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def send_json(writer: asyncio.StreamWriter, data: dict[str, object]) -> None:
    """A plain answer."""
    body = json.dumps(data).encode()
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()


async def send_stream(writer: asyncio.StreamWriter, rate: int, tokens: int) -> None:
    """An answer, one event a token, one write an event."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    send(writer, event({"role": "assistant", "content": ""}))
    text = text_of(tokens)
    began = time.monotonic()
    for index in range(tokens):
        send(writer, event({"content": text[index * TOKEN : (index + 1) * TOKEN]}))
        if rate:
            await asyncio.sleep(max(0.0, began + (index + 1) / rate - time.monotonic()))
        else:
            await writer.drain()
    send(writer, event({}, "stop"))
    usage = {"prompt_tokens": 10, "completion_tokens": tokens, "total_tokens": tokens + 10}
    chunk = {"id": "chatcmpl-benchmark", "object": "chat.completion.chunk", "choices": [], "usage": usage}
    send(writer, b"data: " + json.dumps(chunk).encode() + b"\n\n")
    send(writer, b"data: [DONE]\n\n")
    writer.write(b"0\r\n\r\n")
    await writer.drain()


def send(writer: asyncio.StreamWriter, data: bytes) -> None:
    """One HTTP chunk."""
    writer.write(b"%x\r\n%b\r\n" % (len(data), data))


async def main() -> None:
    """Serve until standard input ends."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
