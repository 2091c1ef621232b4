"""Exports on disk: each file whole or not at all, never over another one, and stopped on demand.

A file is written beside its place and put there when it is complete; until then nothing of
that name is touched.
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import ExportFailed
from desktop_chat.domain.ids import PictureId
from desktop_chat.exporting.bundle import PICTURES, ExportedFile, beside
from desktop_chat.exporting.format import Format, Options
from desktop_chat.runtime.atomic import exchanging


class Stopped(Exception):
    """Somebody did not want to wait any longer; what was not complete is gone."""


def save(path: Path, chunks: Iterable[bytes], is_stopped: Callable[[], bool] = lambda: False) -> None:
    """Write a file; one of this name is exchanged, so ask before. A device or a pipe is written to.

    Raises:
        ExportFailed: The system refuses.
        Stopped: `is_stopped` said so.
    """
    try:
        _save(path, chunks, is_stopped)
    except OSError as error:
        raise ExportFailed(path.name, error.strerror or str(error)) from error


def save_with_pictures(
    path: Path,
    conversations: Iterable[Conversation],
    format_: Format,
    options: Options,
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Write one conversation; pictures that are no part of the file go into a folder beside it, `NAME pictures`.

    Raises:
        ExportFailed: The system refuses; nothing of it stays.
        Stopped: `is_stopped` said so; nothing of it stays.
    """
    if not format_.has_files_beside or is_stream(path):
        save(path, format_.write(conversations, options), is_stopped)
        return
    folder = path.with_name(f"{path.stem} {PICTURES}")
    for conversation in conversations:
        places: dict[PictureId, str] = {}
        with _taken_back(folder) as made:
            for picture in beside(conversation, options, folder.name, places):
                place = path.parent / picture.name
                if place.exists():
                    continue  # Of an earlier export: the name says what is in it.
                _make_beside(folder)
                save(place, picture.chunks, is_stopped)
                made.append(place)
            save(path, format_.write((conversation,), replace(options, place=places.get)), is_stopped)


@contextlib.contextmanager
def _taken_back(folder: Path) -> Iterator[list[Path]]:
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        with contextlib.suppress(OSError):
            for one in made:
                one.unlink()
            folder.rmdir()  # Unless there is something else in it.
        raise


def save_all(
    folder: Path, exported: Iterable[ExportedFile], is_stopped: Callable[[], bool] = lambda: False
) -> list[Path]:
    """Write files into a folder, under names that are free there; returns what was written.

    Raises:
        ExportFailed: The system refuses; the files before it stay.
        Stopped: `is_stopped` said so; the files before it stay.
    """
    written = []
    for file in exported:
        path = folder / file.name
        if file.is_shared:
            if path.exists():
                continue
            _make_beside(path.parent)
        else:
            path = free_path(path)
        save(path, file.chunks, is_stopped)
        written.append(path)
    return written


def _make_beside(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise ExportFailed(folder.name, error.strerror or str(error)) from error


def save_in_folder(
    path: Path, exported: Iterable[ExportedFile], is_stopped: Callable[[], bool] = lambda: False
) -> Path:
    """Write files into a new folder of this name, or of the next name that is free; returns the folder.

    Raises:
        ExportFailed: The system refuses; the files before it stay.
        Stopped: `is_stopped` said so; the files before it stay.
    """
    folder = make_folder(path)
    try:
        save_all(folder, exported, is_stopped)
    except BaseException:
        with contextlib.suppress(OSError):
            folder.rmdir()  # Unless there is something in it already.
        raise
    return folder


def make_folder(path: Path) -> Path:
    """Make a folder of this name, or of the next name that is free.

    Raises:
        ExportFailed: The system refuses.
    """
    while True:
        free = free_path(path)
        try:
            free.mkdir()
        except FileExistsError:
            continue  # Somebody else was faster.
        except OSError as error:
            raise ExportFailed(free.name, error.strerror or str(error)) from error
        return free


def is_stream(path: Path) -> bool:
    """True for a device or a pipe: what is written there goes on, and nothing stands beside it."""
    return path.exists() and not path.is_file() and not path.is_dir()


def free_path(path: Path) -> Path:
    """The path, with a number if something has its name."""
    free, number = path, 1
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free


def _save(path: Path, chunks: Iterable[bytes], is_stopped: Callable[[], bool]) -> None:
    with path.open("wb") if is_stream(path) else exchanging(path) as file:
        for chunk in chunks:
            if is_stopped():
                raise Stopped
            file.write(chunk)
