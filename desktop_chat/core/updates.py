"""Says whether there is a newer version; looks only where and when the person wants it.

Whoever publishes a version writes a small notice and signs it (Ed25519); `packaging/feed.py`
makes it. The notice is read over https and says nothing but a version, a day and a page: no
program is fetched, and the page is opened by the person. The request carries nothing that
tells one person from another.

A notice is refused unless the key that the person trusts has signed it, if it has expired,
and if it is older than one that was seen: so nobody on the way can hide a version for long.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from desktop_chat.core.ports import Clock
from desktop_chat.domain.errors import FeedProblem, FeedRefused
from desktop_chat.domain.feed import Feed
from desktop_chat.settings.store import SettingsStore

WEEK_S = 7 * 24 * 3600.0
LOOK_EVERY_S = 3600.0
"""How often the program that keeps running asks itself whether a week is over."""
SIGNED_AS = b"desktop-chat feed 1\n"
"""Stands before what is signed, so that a signature of something else can never be taken for one of a notice."""
PRODUCT = "desktop-chat"
MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class FeedPlace:
    """Where notices come from and who signs them."""

    address: str = ""
    key: str = ""
    """The public key, 32 bytes in base64."""


@dataclass(frozen=True, slots=True)
class Release:
    """A version that can be had."""

    version: str
    day: date
    page: str
    """Says more, and has the installers; https."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of earlier looks."""

    looked_at: float = 0.0
    """Seconds since 1970 of the last look that got an answer."""
    made_at: int = 0
    """When the newest notice was made that was taken."""
    key: str = ""
    """Whose notice that was; another publisher begins anew."""


class FeedSource(Protocol):
    """Reads addresses and checks signatures."""

    async def read(self, address: str, *, max_bytes: int) -> bytes:
        """What is there.

        Raises:
            FeedRefused: It is not https, not there, or longer.
        """

    async def is_signed(self, message: bytes, signature: bytes, key: bytes) -> bool:
        """Whether the owner of this Ed25519 key has signed this message.

        Raises:
            FeedRefused: That is no key.
        """


class Memory(Protocol):
    """Keeps `Seen`."""

    async def load(self) -> Seen:
        """What was kept last, or nothing."""

    async def save(self, seen: Seen) -> None:
        """Keep it."""


class Updates:
    """Looks for newer versions.

    Args:
        settings: Whether and where the person wants it to look.
        source: The way to the feed.
        memory: What was seen before.
        clock: The time.
        version: The one that runs.
        built_in: The feed of whoever made this build, if they have one.
    """

    def __init__(
        self,
        settings: SettingsStore,
        source: FeedSource,
        memory: Memory,
        clock: Clock,
        *,
        version: str,
        built_in: FeedPlace,
    ) -> None:
        self._settings = settings
        self._source = source
        self._memory = memory
        self._clock = clock
        self._told = ""
        self.version = version
        self.built_in = built_in
        self.found: Feed[Release] = Feed()
        """A newer version was found by `watch`; each is told once."""

    @property
    def place(self) -> FeedPlace:
        """Where it looks: what the person typed, or else that of this build."""
        values = self._settings.values
        if values.updates_address or values.updates_key:
            return FeedPlace(values.updates_address, values.updates_key)
        return self.built_in

    async def check(self) -> Release | None:
        """Look now.

        Returns:
            The newer version, or `None` if this is the newest.

        Raises:
            FeedRefused: There is no feed, or no notice that can be trusted.
        """
        place = self.place
        if not place.address or not place.key:
            raise FeedRefused(FeedProblem.NO_FEED)
        text = await self._source.read(place.address, max_bytes=MAX_BYTES)
        message, signature = _envelope(text)
        if not await self._source.is_signed(SIGNED_AS + message, signature, _key(place.key)):
            raise FeedRefused(FeedProblem.NOT_SIGNED)
        made_at, expires_at, release = _notice(message)
        seen = await self._memory.load()
        now = self._clock.now()
        if now > expires_at:
            raise FeedRefused(FeedProblem.EXPIRED)
        if seen.key == place.key and made_at < seen.made_at:
            raise FeedRefused(FeedProblem.OLDER)
        await self._memory.save(replace(seen, looked_at=now, made_at=made_at, key=place.key))
        return release if _rank(release.version) > _rank(self.version) else None

    async def watch(self) -> None:
        """Look once a week for as long as the person wants it; ends when cancelled."""
        while True:
            if self._settings.values.updates_weekly and await self._is_due():
                await self._look_quietly()
            await self._clock.sleep(LOOK_EVERY_S)

    async def _is_due(self) -> bool:
        since = self._clock.now() - (await self._memory.load()).looked_at
        return not 0 <= since < WEEK_S

    async def _look_quietly(self) -> None:
        try:
            release = await self.check()
        except FeedRefused:
            # Nobody waits for it; the page of the preferences says why when it is asked.
            return
        if release is not None and release.version != self._told:
            self._told = release.version
            self.found.publish(release)


def _envelope(text: bytes) -> tuple[bytes, bytes]:
    try:
        outer = json.loads(text)
        message, signature = (base64.b64decode(outer[name], validate=True) for name in ("signed", "signature"))
        return message, signature
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise FeedRefused(FeedProblem.NO_NOTICE, detail=str(error)) from error


def _key(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise FeedRefused(FeedProblem.NO_KEY, detail=str(error)) from error


def _notice(message: bytes) -> tuple[int, int, Release]:
    """When it was made, when it expires, and what it says.

    Raises:
        FeedRefused: It is signed, but it is not a notice of this program.
    """
    try:
        notice: dict[str, Any] = json.loads(message)
        if notice["product"] != PRODUCT or notice["format"] != 1 or not str(notice["page"]).startswith("https://"):
            raise ValueError(f"a notice of {notice['product']!r}, form {notice['format']!r}, page {notice['page']!r}")
        _rank(notice["version"])
        release = Release(notice["version"], date.fromisoformat(notice["day"]), notice["page"])
        return int(notice["made_at"]), int(notice["expires_at"]), release
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise FeedRefused(FeedProblem.NO_NOTICE, detail=str(error)) from error


_VERSION = re.compile(r"(\d{1,6}(?:\.\d{1,6}){0,3})(?:(a|b|rc)(\d{1,6}))?")
_STAGES: dict[str | None, int] = {"a": 0, "b": 1, "rc": 2, None: 3}


def _rank(version: str) -> tuple[tuple[int, ...], int, int]:
    """What versions are compared by; `1.2rc1` comes before `1.2`.

    Raises:
        ValueError: That is no version.
    """
    match = _VERSION.fullmatch(version)
    if match is None:
        raise ValueError(f"no version: {version!r}")
    numbers = tuple(int(part) for part in match[1].split("."))
    return (*numbers, 0, 0, 0)[:4], _STAGES[match[2]], int(match[3] or 0)


MakeUpdates = Callable[[], Updates]
"""Makes it when it is first needed: a start does without."""
