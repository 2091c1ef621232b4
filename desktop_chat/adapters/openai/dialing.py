"""Connects a socket to the first address of a host that answers.

asyncio has such a race of its own, which loses a connected socket if whoever waits is
cancelled just then: the server would keep a connection that nobody reads.
"""

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain, zip_longest
from typing import Any

HEAD_START_S = 0.25
"""What an address has before the next one is tried beside it; RFC 8305, section 5."""

Address = tuple[int, int, int, str, Any]
"""As `getaddrinfo` gives it."""


async def dial(host: str, port: int, local_address: str | None = None) -> socket.socket:
    """Look up a host and connect.

    Args:
        host: A name or an address.
        port: Of the host.
        local_address: From which address of this computer; any if `None`.

    Returns:
        A connected socket that does not block; the caller closes it.

    Raises:
        OSError: The name is unknown, or no address answers; of several errors the first.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    race = _Race(local_address)
    try:
        async with asyncio.TaskGroup() as group:
            await race.run(group, _by_turns(found))
    except BaseException:
        if race.winner is not None:
            race.winner.close()
        raise
    if race.winner is None:
        raise race.errors[0] if race.errors else OSError(f"{host} has no address")
    return race.winner


class _Race:
    def __init__(self, local_address: str | None) -> None:
        self.winner: socket.socket | None = None
        self.errors: list[OSError] = []
        self._local_address = local_address
        self._ended = asyncio.Event()

    async def run(self, group: asyncio.TaskGroup, addresses: list[Address]) -> None:
        attempts = []
        for address in addresses:
            self._ended.clear()
            attempts.append(group.create_task(self._try(address)))
            with suppress(TimeoutError):
                async with asyncio.timeout(HEAD_START_S):
                    await self._ended.wait()
            if self.winner is not None:
                break
        while self.winner is None and len(self.errors) < len(attempts):
            self._ended.clear()
            await self._ended.wait()
        for attempt in attempts:
            attempt.cancel()

    async def _try(self, address: Address) -> None:
        family, kind, protocol, _, target = address
        try:
            attempt = socket.socket(family, kind, protocol)
        except OSError as error:  # E.g. a system without IPv6.
            self._fail(error)
            return
        try:
            attempt.setblocking(False)
            if self._local_address is not None:
                attempt.bind((self._local_address, 0))
            await asyncio.get_running_loop().sock_connect(attempt, target)
        except OSError as error:
            attempt.close()
            self._fail(error)
        except BaseException:
            attempt.close()
            raise
        else:
            self._win(attempt)

    def _fail(self, error: OSError) -> None:
        self.errors.append(error)
        self._ended.set()

    def _win(self, connected: socket.socket) -> None:
        if self.winner is None:
            self.winner = connected
        else:
            connected.close()
        self._ended.set()


def _by_turns(found: Sequence[Address]) -> list[Address]:
    # IPv6 and IPv4 in turns, beginning with what the system prefers; RFC 8305, section 4.
    first = found[0][0] if found else 0
    preferred = [address for address in found if address[0] == first]
    others = [address for address in found if address[0] != first]
    return [address for address in chain(*zip_longest(preferred, others)) if address is not None]
