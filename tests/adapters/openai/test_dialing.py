"""Connecting: the first address that answers wins, and no socket is lost whoever gives up when."""

import asyncio
import gc
import socket
import warnings
from collections.abc import Iterator

import pytest

from desktop_chat.adapters.openai import dialing
from desktop_chat.adapters.openai.dialing import dial


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_server_is_connected_to(listener: socket.socket) -> None:
    async def person() -> tuple[str, int]:
        with await dial(*listener.getsockname()) as connected:
            assert not connected.getblocking()
            peer: tuple[str, int] = connected.getpeername()
            return peer

    assert asyncio.run(person()) == listener.getsockname()


def test_an_address_of_ones_own_is_used(listener: socket.socket) -> None:
    async def person() -> str:
        host, port = listener.getsockname()
        with await dial(host, port, "127.0.0.1") as connected:
            return str(connected.getsockname()[0])

    assert asyncio.run(person()) == "127.0.0.1"


def test_a_port_where_nobody_listens_is_refused(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()

    with pytest.raises(ConnectionRefusedError):
        asyncio.run(dial("localhost", port))


def test_an_address_that_refuses_gives_way_to_the_next(listener: socket.socket) -> None:
    port = listener.getsockname()[1]

    async def person() -> str:
        loop = asyncio.get_running_loop()
        answers = await loop.getaddrinfo("127.0.0.1", port, type=socket.SOCK_STREAM)
        refusing = [(*info[:4], ("127.0.0.1", 1)) for info in answers]

        async def lookup(*_: object, **__: object) -> list[dialing.Address]:
            return [*refusing, *answers]

        loop.getaddrinfo = lookup  # type: ignore[assignment, method-assign]
        with await dial("both", port) as connected:
            return str(connected.getpeername()[0])

    assert asyncio.run(person()) == "127.0.0.1"


def test_families_take_turns() -> None:
    six, four = socket.AF_INET6, socket.AF_INET
    found = [(six, 1, 6, "", ("::1", 1)), (six, 1, 6, "", ("::2", 1)), (four, 1, 6, "", ("127.0.0.1", 1))]

    assert [address[0] for address in dialing._by_turns(found)] == [six, four, six]


@pytest.mark.parametrize("steps", range(12))
def test_no_socket_is_left_open_whenever_somebody_gives_up(listener: socket.socket, steps: int) -> None:
    async def person() -> None:
        task = asyncio.ensure_future(dial(*listener.getsockname()))
        for _ in range(steps):
            await asyncio.sleep(0)
        if steps > 3:  # Past the lookup, which another thread does.
            await asyncio.to_thread(listener.accept)
            for _ in range(steps - 4):
                await asyncio.sleep(0)
        task.cancel()
        try:
            (await task).close()
        except asyncio.CancelledError:
            pass

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        asyncio.run(person())
        gc.collect()
    mine = f"raddr={listener.getsockname()}"
    assert not [str(warning.message) for warning in seen if mine in str(warning.message)]
