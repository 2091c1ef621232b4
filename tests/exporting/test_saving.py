"""Exports reach the disk whole, under free names, or leave no trace."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desktop_chat.domain.errors import ExportFailed
from desktop_chat.exporting.bundle import ExportedFile
from desktop_chat.exporting.format import Options
from desktop_chat.exporting.markdown import MARKDOWN
from desktop_chat.exporting.saving import Stopped, free_path, make_folder, save, save_all, save_with_pictures
from tests.exporting.conversations import PICTURE, PNG, all_blocks


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


def test_a_file_is_written_whole_and_alone(place: Path) -> None:
    save(place / "a.md", iter([b"one ", b"two"]))

    assert (place / "a.md").read_bytes() == b"one two"
    assert os.listdir(place) == ["a.md"]


def test_stopping_leaves_what_was_there(place: Path) -> None:
    (place / "a.md").write_bytes(b"before")
    looks = iter([False, True])

    with pytest.raises(Stopped):
        save(place / "a.md", iter([b"one", b"two"]), lambda: next(looks))

    assert (place / "a.md").read_bytes() == b"before"
    assert os.listdir(place) == ["a.md"]


def test_an_error_while_it_is_made_leaves_nothing(place: Path) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"one"
        raise ValueError

    with pytest.raises(ValueError):
        save(place / "a.md", chunks())

    assert os.listdir(place) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_pipe_is_written_to_and_stays(place: Path) -> None:
    os.mkfifo(place / "pipe")
    (place / "link").symlink_to("pipe")
    with ThreadPoolExecutor() as reader:
        read = reader.submit((place / "pipe").read_bytes)
        conversation = all_blocks()
        save_with_pictures(place / "link", [conversation], MARKDOWN, Options(picture={PICTURE: PNG}.get))

    assert read.result() == b"".join(MARKDOWN.write([conversation], Options(picture={PICTURE: PNG}.get)))
    assert sorted(os.listdir(place)) == ["link", "pipe"]
    assert (place / "pipe").is_fifo()


def test_a_folder_that_is_not_there_is_named(place: Path) -> None:
    with pytest.raises(ExportFailed) as caught:
        save(place / "gone" / "a.md", [b"x"])

    assert caught.value.name == "a.md"
    assert caught.value.reason


def test_in_a_folder_nothing_is_overwritten(place: Path) -> None:
    (place / "a.md").write_bytes(b"mine")

    paths = save_all(place, [ExportedFile("a.md", iter([b"x"]), 0), ExportedFile("b.md", iter([b"y"]), 0)])

    assert [path.name for path in paths] == ["a (2).md", "b.md"]
    assert (place / "a.md").read_bytes() == b"mine"


def test_a_link_to_nothing_also_takes_a_name(place: Path) -> None:
    (place / "a.md").symlink_to(place / "nowhere")

    assert free_path(place / "a.md").name == "a (2).md"


def test_a_folder_gets_the_next_free_name(place: Path) -> None:
    assert [make_folder(place / "Export").name for _ in range(3)] == ["Export", "Export (2)", "Export (3)"]


def test_a_markdown_file_has_its_pictures_in_a_folder_beside_it(place: Path) -> None:
    options = Options(picture={PICTURE.picture: PNG}.get)
    path = place / "Schlösser (alt).md"

    for _ in range(2):  # Again over the same file: nothing is doubled.
        save_with_pictures(path, [all_blocks()], MARKDOWN, options)

    folder = place / "Schlösser (alt) pictures"
    (picture,) = folder.iterdir()
    assert picture.read_bytes() == PNG
    assert f"](Schlösser%20%28alt%29%20pictures/{picture.name})" in path.read_text(encoding="utf-8")
    assert sorted(one.name for one in place.iterdir()) == sorted([path.name, folder.name])


def test_a_markdown_file_without_pictures_is_alone(place: Path) -> None:
    save_with_pictures(place / "a.md", [all_blocks()], MARKDOWN, Options())

    assert [one.name for one in place.iterdir()] == ["a.md"]


def test_a_stopped_export_takes_its_pictures_back(place: Path) -> None:
    options = Options(picture={PICTURE.picture: PNG}.get)
    asked = iter([False, True])

    with pytest.raises(Stopped):
        save_with_pictures(place / "a.md", [all_blocks()], MARKDOWN, options, lambda: next(asked))

    assert list(place.iterdir()) == []
