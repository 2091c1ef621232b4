"""Files that are written whole or not at all."""

import os
from pathlib import Path

import pytest

from desktop_chat.runtime.atomic import set_aside, write_atomic


def test_the_new_content_replaces_the_old(tmp_path: Path) -> None:
    path = tmp_path / "home" / "file"
    path.write_bytes(b"old and longer")

    write_atomic(path, b"new")

    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_leaves_the_old_content_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "home" / "file"
    path.write_bytes(b"old")

    def fail(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_atomic(path, b"new")

    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_others_cannot_read_what_is_written(tmp_path: Path) -> None:
    write_atomic(tmp_path / "file", b"mine")

    assert (tmp_path / "file").stat().st_mode & 0o077 == 0


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")

    write_atomic(tmp_path / "link", b"new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_setting_aside_never_takes_a_name_that_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("1")
    first = set_aside(path, "damaged")
    path.write_text("2")

    second = set_aside(path, "damaged")

    assert (first.name, second.name) == ("a.damaged-1.json", "a.damaged-2.json")
    assert (first.read_text(), second.read_text()) == ("1", "2")
