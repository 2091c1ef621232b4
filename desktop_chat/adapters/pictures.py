"""Loads one picture over HTTP because a person asked for it, and says as little as possible about them.

A request has no cookies, no key and no referrer, follows redirects only within one host, and
ends when it has taken too long or brought too much. The HTTP library is loaded in a worker,
with the first picture.
"""

import asyncio
import ssl
from contextlib import aclosing
from types import ModuleType
from typing import Any

from desktop_chat import __version__
from desktop_chat.adapters.proxies import proxy_for
from desktop_chat.domain.errors import PictureFailed, PictureProblem

MAX_BYTES = 20 * 1024 * 1024
LIMIT_S = 20.0
MOST_REDIRECTS = 5
TYPES = frozenset({"image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "image/bmp"})
"""What is drawn. Not SVG: it is a program for a drawing and not a picture."""
_HEADERS = {
    "User-Agent": f"desktop-chat/{__version__}",
    "Accept": "image/png, image/jpeg, image/webp, image/gif, image/bmp",
    # What is packed may be of any size when it is unpacked.
    "Accept-Encoding": "identity",
}


class HttpPictures:
    """Loads pictures; see `ports.Pictures`.

    Args:
        limit_s: How long one may take.
    """

    def __init__(self, *, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._trust: ssl.SSLContext | None = None

    async def load(self, url: str) -> bytes:
        """Get a picture. Raises `PictureFailed`."""
        library = await asyncio.to_thread(_library)
        if self._trust is None:
            self._trust = await asyncio.to_thread(library.create_ssl_context)
        try:
            async with asyncio.timeout(self._limit_s):
                return await self._load(library, url)
        except TimeoutError as error:
            raise PictureFailed(PictureProblem.TOO_SLOW) from error
        except library.InvalidURL as error:
            raise PictureFailed(PictureProblem.ADDRESS, detail=str(error)) from error
        except library.HTTPError as error:
            detail = f"{type(error).__name__}: {error}"
            raise PictureFailed(PictureProblem.UNREACHABLE, detail=detail) from error
        except (UnicodeError, ValueError) as error:
            raise PictureFailed(PictureProblem.ADDRESS, detail=str(error)) from error
        except ImportError as error:  # The system names a SOCKS proxy.
            raise PictureFailed(PictureProblem.UNREACHABLE, detail=str(error)) from error

    async def _load(self, library: ModuleType, address: str) -> bytes:
        url = library.URL(address)
        for _ in range(MOST_REDIRECTS + 1):
            if url.scheme not in ("http", "https") or not url.host or url.userinfo:
                raise PictureFailed(PictureProblem.ADDRESS, address=str(url))
            # A client of its own for each request: nothing is remembered between two of them.
            async with library.AsyncClient(
                verify=self._trust,
                trust_env=False,
                proxy=await asyncio.to_thread(proxy_for, url) or None,
                timeout=None,
                follow_redirects=False,
            ) as client:
                client.headers.clear()
                async with client.stream("GET", url, headers=_HEADERS) as response:
                    if not response.has_redirect_location:
                        return await _body(response)
                    there = url.join(response.headers["location"])
            is_safe = there.scheme == url.scheme or there.scheme == "https"
            if there.host != url.host or not is_safe:
                raise PictureFailed(PictureProblem.ELSEWHERE, address=str(there))
            url = there
        raise PictureFailed(PictureProblem.UNREACHABLE, detail="too many redirects")


async def _body(response: Any) -> bytes:
    if response.status_code != 200:
        raise PictureFailed(PictureProblem.REFUSED, detail=str(response.status_code))
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TYPES:
        raise PictureFailed(PictureProblem.NO_PICTURE, detail=kind)
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MAX_BYTES:
        raise PictureFailed(PictureProblem.TOO_LARGE)
    data = bytearray()
    async with aclosing(response.aiter_raw()) as chunks:
        async for chunk in chunks:
            data += chunk
            if len(data) > MAX_BYTES:
                raise PictureFailed(PictureProblem.TOO_LARGE)
    return bytes(data)


def _library() -> ModuleType:
    import httpx2  # Here, in a worker: it is heavy, and few ever load a picture.

    return httpx2
