"""Real damage: every message whose pages are intact comes back, and the damaged file stays as it was."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.pages import Image
from desktop_chat.adapters.sqlite.recovery import recover
from desktop_chat.domain.errors import StoreError, StoreRecovered
from tests.adapters.sqlite.damage import (
    PAGE,
    Messages,
    break_pages,
    copied,
    filled,
    found_again,
    pages_of_messages,
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Messages]:
    """A store that nothing has happened to, and its messages."""
    path = tmp_path_factory.mktemp("sound") / "conversations.sqlite"
    return path, filled(path)


@pytest.fixture(scope="module")
def places(sound: tuple[Path, Messages]) -> dict:  # type: ignore[type-arg]
    """The pages of each message."""
    return pages_of_messages(sound[0])


def lost_by_damage(path: Path, sound: tuple[Path, Messages], places: dict, seed: int) -> list[str]:  # type: ignore[type-arg]
    """The messages that did not come back although the pages they are on are intact."""
    content = bytearray(sound[0].read_bytes())
    broken = break_pages(content, random.Random(seed))
    path.parent.mkdir(parents=True)
    path.write_bytes(content)

    found = recover(path)
    problems, messages = found_again(path)

    assert problems == []
    assert found.set_aside.read_bytes() == content
    assert found.report.read_text(encoding="utf-8").startswith(path.name)
    shutil.rmtree(path.parent)
    return [
        f"seed {seed}: {message_id}, pages {broken} are broken"
        for message_id, message in sound[1].items()
        if not places[message_id] & broken and messages.get(message_id) != message
    ]


@pytest.mark.parametrize("seed", range(8))
def test_every_message_whose_pages_are_intact_comes_back(tmp_path: Path, sound, places, seed: int) -> None:  # type: ignore[no-untyped-def]
    assert lost_by_damage(tmp_path / "data" / "conversations.sqlite", sound, places, seed) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_message_whose_pages_are_intact_comes_back_from_much_damage(tmp_path: Path, sound, places) -> None:  # type: ignore[no-untyped-def]
    for seed in range(1000, 1600):
        assert lost_by_damage(tmp_path / str(seed) / "conversations.sqlite", sound, places, seed) == []


def test_a_file_that_was_cut_off_gives_what_is_in_the_rest(tmp_path: Path, sound, places) -> None:  # type: ignore[no-untyped-def]
    content = sound[0].read_bytes()
    for share in (0.1, 0.5, 0.9):
        path = tmp_path / str(share) / "conversations.sqlite"
        path.parent.mkdir()
        kept = int(len(content) * share)
        path.write_bytes(content[:kept])

        problems, messages = found_again(path)

        assert [type(problem) for problem in problems] == [StoreRecovered]
        whole = {m for m, pages in places.items() if max(pages) <= kept // PAGE}
        assert whole
        assert {m for m in whole if messages.get(m) != sound[1][m]} == set()


def test_a_file_of_garbage_becomes_an_empty_store(tmp_path: Path) -> None:
    path = tmp_path / "conversations.sqlite"
    path.write_bytes(random.Random(1).randbytes(50 * PAGE))

    problems, messages = found_again(path)

    assert [type(problem) for problem in problems] == [StoreRecovered]
    assert messages == {}


def test_damage_that_is_met_later_is_mended_then(tmp_path: Path, sound, places) -> None:  # type: ignore[no-untyped-def]
    path = copied(sound[0], tmp_path / "conversations.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'messages'").fetchone()
    content = bytearray(path.read_bytes())
    content[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
    path.write_bytes(content)

    problems, messages = found_again(path)

    assert [type(problem) for problem in problems] == [StoreRecovered]
    assert messages == sound[1]
    assert (tmp_path / "conversations.damaged-1.sqlite").read_bytes() == content


@pytest.mark.parametrize("table", ["text_search_data", "title_search_data", "sqlite_autoindex_messages_1", "journal"])
def test_damage_beside_the_messages_costs_no_message(tmp_path: Path, sound, table: str) -> None:  # type: ignore[no-untyped-def]
    path = copied(sound[0], tmp_path / "conversations.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    content = bytearray(path.read_bytes())
    content[(root - 1) * PAGE : root * PAGE] = random.Random(3).randbytes(PAGE)
    path.write_bytes(content)

    recover(path)

    assert found_again(path) == ([], sound[1])


def test_a_wal_of_another_file_costs_no_message(tmp_path: Path, sound) -> None:  # type: ignore[no-untyped-def]
    path, other = copied(sound[0], tmp_path / "a" / "conversations.sqlite"), tmp_path / "b" / "conversations.sqlite"
    filled(other, 3, 4)
    with closing(sqlite3.connect(other, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE messages SET position = position + 1")
        shutil.copy(f"{other}-wal", f"{path}-wal")

    recovered = recover(path)
    _, messages = found_again(path)

    assert {m: messages.get(m) for m in sound[1]} == sound[1]
    assert recovered.set_aside.with_name(f"{recovered.set_aside.name}-wal").exists()


def test_what_stands_in_the_wal_alone_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "a" / "conversations.sqlite"
    messages = filled(path, 2, 4)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("UPDATE messages SET position = position + 7")
        copy = copied(path, tmp_path / "b" / "conversations.sqlite")
    with copy.open("rb+") as file:
        file.write(bytes(60))

    with Image(copy) as image:
        assert image.version is not None
    recover(copy)

    assert found_again(copy) == ([], messages)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT min(position) FROM messages").fetchone() == (7,)


@pytest.mark.parametrize(
    ("gone", "titles"),
    [("tbl_name = 'conversations' AND type = 'table'", {"Talk"}), ("tbl_name = 'conversations'", {"Recovered:"})],
    ids=["an index knows them", "nothing knows them"],
)
def test_messages_without_their_conversation_are_gathered(tmp_path: Path, gone: str, titles: set[str]) -> None:
    path = tmp_path / "conversations.sqlite"
    messages = filled(path, 3, 4)
    with closing(sqlite3.connect(path)) as connection:
        roots = connection.execute(f"SELECT rootpage FROM sqlite_schema WHERE {gone} AND rootpage > 0").fetchall()
    content = bytearray(path.read_bytes())
    for (root,) in roots:
        content[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
    path.write_bytes(content)

    problems, found = found_again(path)

    assert found == messages
    assert isinstance(problems[0], StoreRecovered)
    assert problems[0].conversations == 3
    with closing(sqlite3.connect(path)) as connection:
        assert {title.split()[0] for (title,) in connection.execute("SELECT title FROM conversations")} == titles


def test_a_program_that_ended_while_it_recovered_goes_on(tmp_path: Path, sound) -> None:  # type: ignore[no-untyped-def]
    path = copied(sound[0], tmp_path / "conversations.sqlite")
    path.rename(tmp_path / "conversations.recovered.sqlite")
    (tmp_path / "conversations.sqlite-wal").write_bytes(b"of the damaged one")

    assert found_again(path) == ([], sound[1])
    assert (tmp_path / "conversations.damaged-1.sqlite-wal").exists()


def test_what_remains_of_a_message_is_kept_in_its_place(tmp_path: Path, sound, places) -> None:  # type: ignore[no-untyped-def]
    path = copied(sound[0], tmp_path / "conversations.sqlite")
    message_id = max(places, key=lambda each: len(places[each]))
    first = next(iter(sound[1][message_id].text.split()))
    content = bytearray(path.read_bytes())
    broken = sorted(places[message_id])[3]
    content[(broken - 1) * PAGE : broken * PAGE] = bytes(PAGE)
    path.write_bytes(content)

    found = recover(path)
    problems, messages = found_again(path)

    assert messages[message_id].text.startswith(first)
    assert messages[message_id].parent_id == sound[1][message_id].parent_id
    assert any(message_id in line for line in found.lost)
    assert not any(isinstance(problem, StoreError) for problem in problems)
