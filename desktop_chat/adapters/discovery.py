"""Looks for model servers on this computer: one GET without a key to each known port.

Only the loopback address is asked, all ports at once, and 500 ms later everything is over.
Plain sockets do for this, so that the welcome page need not wait for the SDK.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from desktop_chat import __version__
from desktop_chat.core.ports import FoundServer

LIMIT_S = 0.5
MAX_BYTES = 4 * 1024 * 1024
HOST = "127.0.0.1"

PORTS: Mapping[int, str] = {
    8080: "llama.cpp",
    11434: "Ollama",
    1234: "LM Studio",
    1337: "Jan",
    8000: "vLLM",
}
"""Where each product listens unless it is told otherwise."""

_OWNERS = {"llamacpp": "llama.cpp", "library": "Ollama", "vllm": "vLLM", "organization_owner": "LM Studio"}
"""`owned_by` of the models of a product."""

_REQUEST = (
    f"GET /v1/models HTTP/1.1\r\nhost: {HOST}:%d\r\naccept: application/json\r\n"
    f"user-agent: desktop-chat/{__version__}\r\nconnection: close\r\n\r\n"
)


class LoopbackDiscovery:
    """Finds servers; see `ports.Discovery`.

    Args:
        ports: Ports to ask and the product that is expected on each.
    """

    def __init__(self, ports: Mapping[int, str] = PORTS) -> None:
        self._ports = ports

    async def find(self) -> AsyncIterator[FoundServer]:
        """Yield servers as they answer."""
        answers: asyncio.Queue[FoundServer | None] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._ask(port, name, answers)) for port, name in self._ports.items()]
            try:
                for _ in self._ports:
                    found = await answers.get()
                    if found is not None:
                        yield found
            except GeneratorExit:
                # Swallowed: a task group would wrap it, and whoever closes the iterator would see an error.
                return
            finally:
                for task in tasks:
                    task.cancel()

    async def _ask(self, port: int, expected: str, answers: asyncio.Queue[FoundServer | None]) -> None:
        found = None
        try:
            async with asyncio.timeout(LIMIT_S):
                status, headers, body = await _get_models(port)
            found = _recognised(port, expected, status, headers, body)
        except (OSError, ValueError, EOFError):
            # Nobody there, too slow (`TimeoutError` is an `OSError`), or not HTTP.
            found = None
        await answers.put(found)


async def _get_models(port: int) -> tuple[int, dict[str, str], bytes]:
    reader, writer = await asyncio.open_connection(HOST, port, limit=MAX_BYTES)
    try:
        writer.write((_REQUEST % port).encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        headers = {n.strip().lower(): v.strip() for n, _, v in (line.partition(":") for line in head[1:])}
        return status, headers, await _body(reader, headers)
    except (asyncio.LimitOverrunError, IndexError) as error:
        raise ValueError("not HTTP") from error
    finally:
        writer.transport.abort()


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = bytearray()
        while size := int((await reader.readline()).split(b";")[0], 16):
            if len(body) + size > MAX_BYTES:
                raise ValueError("too long")
            body += (await reader.readexactly(size + 2))[:-2]
        return bytes(body)
    length = int(headers.get("content-length", -1))
    if length > MAX_BYTES:
        raise ValueError("too long")
    return await reader.readexactly(length) if length >= 0 else await reader.read(MAX_BYTES)


def _recognised(port: int, expected: str, status: int, headers: Mapping[str, str], body: bytes) -> FoundServer | None:
    base_url = f"http://{HOST}:{port}/v1"
    if status in (401, 403):
        return FoundServer(_product(expected, headers, []), base_url, (), needs_key=True)
    if status != 200:
        return None
    listing = json.loads(body)
    models = listing.get("data") if isinstance(listing, dict) else None
    if not isinstance(models, list):
        # Something else that answers HTTP on this port.
        return None
    entries = [model for model in models if isinstance(model, dict) and isinstance(model.get("id"), str)]
    names = tuple(dict.fromkeys(entry["id"] for entry in entries))
    return FoundServer(_product(expected, headers, entries), base_url, names)


def _product(expected: str, headers: Mapping[str, str], entries: list[dict[str, Any]]) -> str:
    server = headers.get("server", "").lower()
    if "llama.cpp" in server:
        return "llama.cpp"
    owners = {str(entry.get("owned_by", "")).lower() for entry in entries}
    return next((name for owner, name in _OWNERS.items() if owner in owners), expected)
