"""The notice that the driver signs is one that the program takes."""

import asyncio
import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

import feed
from desktop_chat.adapters.feed import FeedMemory, HttpsFeed, built_in_place
from desktop_chat.core import updates
from desktop_chat.core.clock import SystemClock
from desktop_chat.settings.store import SettingsStore
from tests.feeds import feed_server

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not there")


def new_secret() -> str:
    command = ["openssl", "genpkey", "-algorithm", "ed25519"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    made = new_secret()
    monkeypatch.setenv(feed.SECRET, made)
    monkeypatch.setenv(feed.PAGE, "https://example.org/releases/v0")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(SystemClock().now())))
    return made


@needs_openssl
@pytest.mark.usefixtures("secret")
def test_the_program_takes_what_the_driver_signs(tmp_path: Path) -> None:
    said = feed.make(tmp_path / "out")
    settings = SettingsStore(tmp_path / "settings.json")

    async def look() -> updates.Release | None:
        place = updates.FeedPlace(server.address, str(said["key"]))
        memory = FeedMemory(tmp_path / "updates.json")
        return await updates.Updates(
            settings, HttpsFeed(trust), memory, SystemClock(), version="0.0.1", built_in=place
        ).check()

    with feed_server(tmp_path) as (server, trust):
        server.body = (tmp_path / "out" / feed.FILE).read_bytes()
        release = asyncio.run(look())

    assert release is not None and release.page == "https://example.org/releases/v0"
    assert updates.SIGNED_AS == feed.SIGNED_AS


@needs_openssl
@pytest.mark.usefixtures("secret")
def test_the_same_commit_gives_the_same_notice(tmp_path: Path) -> None:
    for name in ("one", "two"):
        feed.make(tmp_path / name)

    assert (tmp_path / "one" / feed.FILE).read_bytes() == (tmp_path / "two" / feed.FILE).read_bytes()


def test_without_a_secret_there_is_no_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(feed.SECRET, raising=False)

    assert "skipped" in feed.make(tmp_path / "out") and not (tmp_path / "out").exists()


@needs_openssl
@pytest.mark.usefixtures("secret")
def test_a_page_without_https_and_another_key_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(feed.KEY, base64.b64encode(bytes(32)).decode())
    with pytest.raises(SystemExit, match="belongs to the key"):
        feed.make(tmp_path)
    monkeypatch.setenv(feed.PAGE, "http://example.org")
    with pytest.raises(SystemExit, match="https"):
        feed.make(tmp_path)


def test_a_build_is_told_of_its_feed_or_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(feed.ADDRESS, raising=False)
    monkeypatch.delenv(feed.KEY, raising=False)
    assert feed.place_file(tmp_path) == []

    key = base64.b64encode(bytes(32)).decode()
    monkeypatch.setenv(feed.ADDRESS, "https://example.org/feed.json")
    monkeypatch.setenv(feed.KEY, key)
    [(destination, source, _)] = feed.place_file(tmp_path)

    assert destination == "resources/feed.json"
    assert built_in_place(Path(source)) == updates.FeedPlace("https://example.org/feed.json", key)
    assert json.loads(Path(source).read_bytes())["key"] == key
    monkeypatch.setenv(feed.ADDRESS, "http://example.org/feed.json")
    with pytest.raises(SystemExit, match="https"):
        feed.place_file(tmp_path)
