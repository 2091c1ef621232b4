"""One process writes a home."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from desktop_chat.runtime.lock import HomeLock, LockTaken

HOLDER = """
import sys, time
from pathlib import Path
from desktop_chat.runtime.lock import HomeLock
HomeLock(Path(sys.argv[1])).take()
print("taken", flush=True)
time.sleep(60)
"""


def test_a_second_lock_is_refused_and_names_the_process(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path / "data" / "lock")
    lock.take()

    with pytest.raises(LockTaken, match=str(os.getpid())):
        HomeLock(tmp_path / "data" / "lock").take()

    lock.release()


def test_a_released_lock_can_be_taken(tmp_path: Path) -> None:
    first, second = HomeLock(tmp_path / "lock"), HomeLock(tmp_path / "lock")
    first.take()
    first.release()

    second.take()

    assert second.is_taken
    second.release()


def test_taking_twice_is_harmless(tmp_path: Path) -> None:
    lock = HomeLock(tmp_path / "lock")
    lock.take()
    lock.take()

    assert lock.owner() == os.getpid()
    lock.release()
    lock.release()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path / "lock")], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    lock = HomeLock(tmp_path / "lock")
    with pytest.raises(LockTaken, match=str(process.pid)):
        lock.take()

    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    lock.take()
    assert lock.is_taken
    lock.release()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs rights that can be taken away")
def test_a_home_that_cannot_be_written_has_a_lock_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch(mode=0o400)
    lock = HomeLock(path)

    lock.take()

    with pytest.raises(LockTaken):
        HomeLock(path).take()
    lock.release()


def test_a_full_disk_does_not_keep_the_lock_from_being_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    lock = HomeLock(tmp_path / "lock")

    lock.take()

    assert lock.is_taken
    lock.release()


@pytest.mark.skipif(sys.platform == "win32", reason="rights of folders are another matter there")
def test_a_home_that_was_copied_to_where_nobody_can_write_needs_no_lock() -> None:
    is_root = os.geteuid() == 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        if is_root:
            os.seteuid(65534)
        try:
            first, second = HomeLock(folder / "lock"), HomeLock(folder / "lock")
            first.take()
            second.take()
            first.release()
            second.release()
        finally:
            if is_root:
                os.seteuid(0)
            folder.chmod(0o755)

        assert list(folder.iterdir()) == []
