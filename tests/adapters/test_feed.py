"""The notice of new versions, over TLS from a server on this machine."""

import asyncio
import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_chat.adapters.feed import FeedMemory, HttpsFeed, built_in_place
from desktop_chat.core.updates import MAX_BYTES, WEEK_S, FeedPlace, Release, Seen, Updates
from desktop_chat.domain.errors import FeedProblem, FeedRefused
from desktop_chat.settings.store import SettingsStore
from tests.feeds import DAY_S, FeedServer, Publisher, envelope, feed_server


class FixedClock:
    """Stands at a time; sleeping moves it, and ends the test's watch after a while."""

    def __init__(self) -> None:
        self.time = 2000.0
        self.sleeps = 0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.sleeps += 1
        if self.sleeps > 24 * 15:
            raise asyncio.CancelledError


@dataclass
class Desk:
    """All that looks, and all that is looked at."""

    updates: Updates
    server: FeedServer
    publisher: Publisher
    clock: FixedClock
    settings: SettingsStore
    folder: Path

    def check(self) -> Release | None:
        return asyncio.run(self.updates.check())

    def refused(self) -> FeedProblem:
        with pytest.raises(FeedRefused) as caught:
            self.check()
        return caught.value.problem


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with feed_server(tmp_path) as (server, trust):
        publisher, clock = Publisher(), FixedClock()
        settings = SettingsStore(tmp_path / "settings.json")
        settings.load()
        settings.change(updates_address=server.address, updates_key=publisher.key)
        memory = FeedMemory(tmp_path / "updates.json")
        updates = Updates(settings, HttpsFeed(trust), memory, clock, version="1.2.0", built_in=FeedPlace())
        server.body = publisher.notice()
        yield Desk(updates, server, publisher, clock, settings, tmp_path)
        asyncio.run(settings.close())


def test_a_newer_version_is_found_and_nothing_is_told_of_the_person(desk: Desk) -> None:
    release = desk.check()

    assert release is not None and release.version == "9.0.0" and release.page == "https://example.org/releases/9"
    assert [set(asked) for asked in desk.server.asked] == [
        {"path", "host", "user-agent", "accept", "accept-encoding", "connection"}
    ]
    assert desk.server.asked[0]["user-agent"] == "desktop-chat" and desk.server.asked[0]["path"] == "/feed.json"


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "garbage::::", "gopher://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used_is_no_bug(monkeypatch: pytest.MonkeyPatch, desk: Desk, proxy: str) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    desk.settings.change(updates_address="https://far.invalid/feed.json")

    assert desk.refused() is FeedProblem.UNREACHABLE


@pytest.mark.parametrize(
    ("version", "is_newer"),
    [("1.2.0", False), ("1.2", False), ("1.1.9", False), ("1.2.1", True), ("1.10", True), ("1.2.0rc9", False)],
)
def test_only_what_is_newer_is_told(desk: Desk, version: str, is_newer: bool) -> None:
    desk.server.body = desk.publisher.notice(version)

    assert (desk.check() is not None) is is_newer


def test_one_changed_letter_is_refused(desk: Desk) -> None:
    outer = json.loads(desk.publisher.notice("1.2.0"))
    message = base64.b64decode(outer["signed"]).replace(b"1.2.0", b"9.9.9")
    desk.server.body = envelope(message, base64.b64decode(outer["signature"]))

    assert desk.refused() is FeedProblem.NOT_SIGNED


def test_another_key_is_refused(desk: Desk) -> None:
    desk.server.body = Publisher().notice()

    assert desk.refused() is FeedProblem.NOT_SIGNED


def test_a_signature_of_something_else_is_refused(desk: Desk) -> None:
    message = base64.b64decode(json.loads(desk.publisher.notice())["signed"])
    desk.server.body = desk.publisher.signed(message, behind=b"")

    assert desk.refused() is FeedProblem.NOT_SIGNED


def test_an_older_notice_is_refused_once_a_newer_one_was_seen(desk: Desk) -> None:
    old, new = desk.publisher.notice("1.3", made_at=1000), desk.publisher.notice("1.4", made_at=1500)
    desk.server.body = new
    assert desk.check() is not None

    desk.server.body = old
    assert desk.refused() is FeedProblem.OLDER

    desk.server.body = new
    assert desk.check() is not None, "the same one is no older one"


def test_another_publisher_begins_anew(desk: Desk) -> None:
    assert desk.check() is not None
    other = Publisher()
    desk.settings.change(updates_key=other.key)
    desk.server.body = other.notice(made_at=10)

    assert desk.check() is not None


def test_an_expired_notice_is_refused(desk: Desk) -> None:
    desk.clock.time = 1000 + 91 * DAY_S

    assert desk.refused() is FeedProblem.EXPIRED


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 5_000_000])
def test_too_much_is_refused(desk: Desk, size: int) -> None:
    desk.server.body = b" " * size

    assert desk.refused() is FeedProblem.TOO_LARGE


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b'{"signed": 1, "signature": 2}', b'{"signed": "AA==", "signature": "!"}', b"[" * 60_000],
    ids=["nothing", "a page", "a list", "numbers", "no base64", "deep"],
)
def test_what_is_no_notice_is_refused(desk: Desk, body: bytes) -> None:
    desk.server.body = body

    assert desk.refused() is FeedProblem.NO_NOTICE


@pytest.mark.parametrize(
    "changed",
    [{"product": "other"}, {"format": 2}, {"page": "http://example.org"}, {"version": "new"}, {"day": "soon"}],
    ids=["of another program", "of another form", "a page without https", "no version", "no day"],
)
def test_a_signed_notice_of_something_else_is_refused(desk: Desk, changed: dict[str, object]) -> None:
    desk.server.body = desk.publisher.notice(**changed)

    assert desk.refused() is FeedProblem.NO_NOTICE


@pytest.mark.parametrize("key", ["x", "AAAA", "!"])
def test_what_is_no_key_is_refused(desk: Desk, key: str) -> None:
    desk.settings.change(updates_key=key)

    assert desk.refused() is FeedProblem.NO_KEY


def test_without_a_feed_nobody_is_asked(desk: Desk) -> None:
    desk.settings.change(updates_address="", updates_key="")

    assert desk.refused() is FeedProblem.NO_FEED
    assert desk.server.asked == []


def test_a_server_that_is_not_trusted_is_not_read(desk: Desk) -> None:
    desk.updates._source = HttpsFeed()

    assert desk.refused() is FeedProblem.UNREACHABLE


def test_an_answer_that_is_none_is_refused(desk: Desk) -> None:
    desk.server.status = 404

    assert desk.refused() is FeedProblem.UNREACHABLE


def test_plain_http_is_not_asked(desk: Desk, tmp_path: Path) -> None:
    with feed_server(tmp_path, tls=False) as (plain, _):
        desk.settings.change(updates_address=plain.address)
        assert desk.refused() is FeedProblem.NOT_HTTPS
        assert plain.asked == []


def test_being_sent_on_to_plain_http_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    with feed_server(tmp_path, tls=False) as (plain, _):
        desk.server.status, desk.server.headers = 302, {"location": plain.address}
        assert desk.refused() is FeedProblem.NOT_HTTPS
        assert plain.asked == []


def test_being_sent_on_over_https_is_followed(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    desk.server.status, desk.server.headers = 302, {"location": "/elsewhere", "set-cookie": "id=1"}

    assert desk.refused() is FeedProblem.UNREACHABLE, "a circle"
    assert len(desk.server.asked) == 4 and not any("cookie" in asked for asked in desk.server.asked)


def test_it_looks_once_a_week_and_only_if_that_is_wanted(desk: Desk) -> None:
    told: list[Release] = []
    desk.updates.found.subscribe(told.append)

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(desk.updates.watch())
    assert desk.server.asked == [] and told == []

    desk.clock.sleeps = 0
    desk.clock.time = 2000.0
    desk.settings.change(updates_weekly=True)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(desk.updates.watch())
    assert len(desk.server.asked) == 2, "in fifteen days"
    assert len(told) == 1, "each version once"


def test_a_feed_that_cannot_be_read_disturbs_nobody(desk: Desk) -> None:
    desk.settings.change(updates_weekly=True)
    desk.server.status = 500

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(desk.updates.watch())


def test_what_was_seen_is_kept(tmp_path: Path) -> None:
    memory, seen = FeedMemory(tmp_path / "updates.json"), Seen(WEEK_S, 7, "key")
    assert asyncio.run(memory.load()) == Seen()

    asyncio.run(memory.save(seen))

    assert asyncio.run(FeedMemory(tmp_path / "updates.json").load()) == seen


def test_a_build_names_its_feed_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "feed.json"
    assert built_in_place(file) == FeedPlace()

    file.write_text('{"address": "https://example.org/feed.json", "key": "abc"}')

    assert built_in_place(file) == FeedPlace("https://example.org/feed.json", "abc")
