"""The log, and what never gets into it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_chat.runtime import log
from desktop_chat.runtime.log import last_lines, masked, never_write, start_log, stop_log, topic


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    stop_log()
    log._known_secrets.clear()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("key sk-proj-abcdefghijklmnop1234 is wrong", "is wrong"),
        ("Authorization: Bearer abc.def-ghi", "Bearer"),
        ('{"api_key": "hunter2hunter2"}', "api_key"),
        ("https://me:pa55word@example.org/v1", "@example.org/v1"),
        ("gsk_abcdefghijklmnop1234", ""),
    ],
    ids=["key of OpenAI", "header", "JSON", "address with a password", "key of another service"],
)
def test_what_looks_like_a_key_is_masked(text: str, kept: str) -> None:
    shown = masked(text)

    assert "•••" in shown
    assert kept in shown
    for secret in ("abcdefghijklmnop1234", "abc.def-ghi", "hunter2", "pa55word"):
        assert secret not in shown


@pytest.mark.parametrize("text", ["asked for task-12 and got risk-free", "skipped 3 tokens: 14", "a bearer of news"])
def test_ordinary_words_stay(text: str) -> None:
    assert masked(text) == text


def test_a_registered_secret_is_masked_wherever_it_turns_up(tmp_path: Path) -> None:
    never_write("plain words as key")
    start_log(tmp_path / "a.log")

    topic("wire").warning("got %s", "plain words as key")
    try:
        raise ValueError("plain words as key")
    except ValueError:
        topic("wire").exception("failed")

    content = (tmp_path / "a.log").read_text()
    assert "plain words as key" not in content
    assert "ValueError: •••" in content


def test_details_are_written_only_for_topics_that_were_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_log(tmp_path / "a.log", verbose=["turn"])

    topic("turn").debug("detail of a turn")
    topic("store").debug("detail of the store")
    topic("store").info("the store is open")

    content = (tmp_path / "a.log").read_text()
    assert "detail of a turn" in content
    assert "detail of the store" not in content
    assert "the store is open" in content
    assert "detail of a turn" in capsys.readouterr().err


def test_a_topic_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="wires"):
        start_log(tmp_path / "a.log", verbose=["wires"])


def test_a_folder_that_cannot_be_written_does_not_stop_the_program(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    start_log(tmp_path / "file" / "a.log")
    topic("ui").error("nobody reads this")

    assert last_lines(tmp_path / "file" / "a.log") == []


def test_the_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    start_log(tmp_path / "a.log")

    for _ in range(40):
        topic("ui").error("x" * 100_000)

    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 3_400_000
    assert logging.getLogger("desktop_chat").handlers
