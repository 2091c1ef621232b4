"""Writes a file whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def write_atomic(path: Path, content: bytes) -> None:
    """Exchange the content of a file so that a crash leaves the old or the new one, never a part.

    Raises:
        OSError: It cannot be written; the old content is untouched.
    """
    with exchanging(path) as file:
        file.write(content)


@contextlib.contextmanager
def exchanging(path: Path) -> Iterator[BinaryIO]:
    """A file to be written to, which takes the place of the one at the path when the context ends without an error.

    It is readable by its owner alone. A symbolic link stays one; its target is exchanged.

    Raises:
        OSError: It cannot be written; the old content is untouched.
    """
    path = path.resolve()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".written-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    sync_folder(path.parent)


def set_aside(path: Path, reason: str) -> Path:
    """Rename a file that cannot be used, so that a new one can take its place.

    Args:
        path: The file; it must exist.
        reason: A word for the new name, e.g. `damaged`.

    Returns:
        Its new path, which did not exist before.
    """
    number = 1
    while True:
        target = path.with_name(f"{path.stem}.{reason}-{number}{path.suffix}")
        if not target.exists():
            path.rename(target)
            return target
        number += 1


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    # Some network file systems refuse to sync a folder, and some folders are only written to; the rename still happened.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
