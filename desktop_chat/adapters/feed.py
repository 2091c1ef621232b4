"""Reads the notice of new versions over https, checks its signature, remembers what was seen.

The request says what any request must, and nothing about the person or the version that
runs. It goes on to another address when the server says so, three times at most and only to
https: files of a release usually lie elsewhere.
"""

import asyncio
import importlib
import json
import ssl
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from desktop_chat.adapters.proxies import proxy_for
from desktop_chat.core.updates import FeedPlace, Seen
from desktop_chat.domain.errors import FeedProblem, FeedRefused
from desktop_chat.runtime.atomic import write_atomic

WAIT_S = 15.0
MOST_REDIRECTS = 3
HEADERS = {"user-agent": "desktop-chat", "accept": "application/json", "accept-encoding": "identity"}


class HttpsFeed:
    """The `FeedSource` of the running program.

    Args:
        trust: Whom TLS trusts; `None` is whom the system trusts.
    """

    def __init__(self, trust: ssl.SSLContext | None = None) -> None:
        self._trust = trust

    async def read(self, address: str, *, max_bytes: int) -> bytes:
        """See `FeedSource`."""
        # Loaded in a thread, and only here: nobody needs it before the first look.
        httpx2 = await asyncio.to_thread(importlib.import_module, "httpx2")
        if self._trust is None:
            trust: ssl.SSLContext = await asyncio.to_thread(httpx2.create_ssl_context)
            self._trust = trust
        try:
            async with asyncio.timeout(WAIT_S):
                return await _follow(httpx2, self._trust, address, max_bytes)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, ImportError) as error:
            # `TimeoutError` is an `OSError`; so is a certificate that is not trusted. The last two are
            # said of a proxy that the system names and that is no address, or speaks SOCKS.
            raise FeedRefused(FeedProblem.UNREACHABLE, detail=str(error)) from error

    async def is_signed(self, message: bytes, signature: bytes, key: bytes) -> bool:
        """See `FeedSource`."""
        return await asyncio.to_thread(_is_signed, message, signature, key)


async def _follow(httpx2: Any, trust: ssl.SSLContext, address: str, max_bytes: int) -> bytes:
    url = httpx2.URL(address.strip())
    for _ in range(MOST_REDIRECTS + 1):
        if url.scheme != "https" or not url.host or url.userinfo:
            raise FeedRefused(FeedProblem.NOT_HTTPS, detail=str(url))
        proxy = await asyncio.to_thread(proxy_for, url) or None
        # A client of its own for each request: nothing is remembered between two of them.
        async with (
            httpx2.AsyncClient(verify=trust, trust_env=False, proxy=proxy, headers=HEADERS, timeout=WAIT_S) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.is_redirect and "location" in answer.headers:
                url = url.join(answer.headers["location"])
                continue
            if answer.status_code != 200:
                raise FeedRefused(FeedProblem.UNREACHABLE, detail=f"HTTP {answer.status_code}")
            return await _limited(answer, max_bytes)
    raise FeedRefused(FeedProblem.UNREACHABLE, detail="it is sent on again and again")


async def _limited(answer: Any, max_bytes: int) -> bytes:
    body = bytearray()
    async with aclosing(answer.aiter_bytes()) as pieces:
        async for piece in pieces:
            body += piece
            if len(body) > max_bytes:
                raise FeedRefused(FeedProblem.TOO_LARGE)
    return bytes(body)


def _is_signed(message: bytes, signature: bytes, key: bytes) -> bool:
    # Loaded here, in a thread: a megabyte of it, for one look a week.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        public = Ed25519PublicKey.from_public_bytes(key)
    except ValueError as error:
        raise FeedRefused(FeedProblem.NO_KEY, detail=str(error)) from error
    try:
        public.verify(signature, message)
    except InvalidSignature:
        return False
    return True


class FeedMemory:
    """The `Memory` of the running program: a small file.

    Args:
        path: The file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    async def load(self) -> Seen:
        """See `Memory`."""
        return await asyncio.to_thread(self._load)

    async def save(self, seen: Seen) -> None:
        """See `Memory`."""
        try:
            await asyncio.to_thread(write_atomic, self._path, json.dumps(asdict(seen)).encode())
        except OSError as error:
            # Taken without being remembered, an older one could be taken next time.
            raise FeedRefused(FeedProblem.NOT_KEPT, detail=str(error)) from error

    def _load(self) -> Seen:
        try:
            values = json.loads(self._path.read_bytes())
            return Seen(float(values["looked_at"]), int(values["made_at"]), str(values["key"]))
        except (OSError, ValueError, TypeError, KeyError):
            return Seen()


def built_in_place(file: Path) -> FeedPlace:
    """The feed that whoever made this build has named in it, or none; `packaging/feed.py` writes the file."""
    try:
        values = json.loads(file.read_bytes())
        return FeedPlace(str(values["address"]), str(values["key"]))
    except (OSError, ValueError, TypeError, KeyError):
        return FeedPlace()
