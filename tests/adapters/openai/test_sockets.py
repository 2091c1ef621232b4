"""A socket wakes its reader for portions, not for tokens."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from desktop_chat.adapters.openai import sockets
from desktop_chat.adapters.openai.sockets import Socket, Sockets

NEVER_S = 3600.0

Talk = Callable[[Socket, asyncio.StreamWriter], Awaitable[None]]


def talk(conversation: Talk) -> None:
    """Run a conversation between a socket and a server on loopback."""

    async def main() -> None:
        writers: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()

        async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await writers.put(writer)

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        async with server:
            socket = await Sockets().connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1], timeout=5)
            writer = await writers.get()
            async with asyncio.timeout(10):
                await conversation(socket, writer)
            await socket.aclose()
            writer.close()

    asyncio.run(main())


@pytest.fixture
def waits_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "GATHER_S", NEVER_S)


def test_what_comes_while_a_socket_gathers_is_read_in_one_portion(waits_long: None) -> None:
    async def conversation(socket: Socket, server: asyncio.StreamWriter) -> None:
        socket.gather(True)
        server.write(b"a")
        assert await socket.read(100) == b"a"
        for letter in (b"b", b"c", b"d"):
            server.write(letter)
            await server.drain()

        socket._inbox._on_gathered()

        assert await socket.read(100) == b"bcd"

    talk(conversation)


def test_a_socket_that_does_not_gather_reads_at_once(waits_long: None) -> None:
    async def conversation(socket: Socket, server: asyncio.StreamWriter) -> None:
        socket.gather(True)
        socket.gather(False)
        for letter in (b"a", b"b", b"c"):
            server.write(letter)
            assert await socket.read(100) == letter

    talk(conversation)


def test_a_gathering_socket_goes_on_by_itself() -> None:
    async def conversation(socket: Socket, server: asyncio.StreamWriter) -> None:
        socket.gather(True)
        for letter in (b"a", b"b", b"c"):
            server.write(letter)
            assert await socket.read(100) == letter
        server.close()
        assert await socket.read(100) == b""

    talk(conversation)


def test_a_gathering_socket_is_cut_at_once(waits_long: None) -> None:
    async def conversation(socket: Socket, server: asyncio.StreamWriter) -> None:
        socket.gather(True)
        server.write(b"a")
        assert await socket.read(100) == b"a"
        timer = socket._inbox.gathering
        assert timer is not None
        asyncio.get_running_loop().call_soon(socket.cut)

        assert await socket.read(100) == b""
        assert timer.cancelled()

    talk(conversation)


def test_a_socket_stops_reading_while_nobody_takes_what_came() -> None:
    async def conversation(socket: Socket, server: asyncio.StreamWriter) -> None:
        socket.gather(True)
        flood = b"x" * (8 * sockets.PAUSE_BYTES)
        server.write(flood)
        inbox = socket._inbox
        while inbox.gathering is not None or not inbox.is_paused:
            await asyncio.sleep(0)
        assert 0 < inbox.size < len(flood)

        got = 0
        while got < len(flood):
            got += len(await socket.read(1 << 16))
        assert got == len(flood)

    talk(conversation)
