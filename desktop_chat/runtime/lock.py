"""One process writes a home; this lock says which, and ends with the process.

The system holds the lock, not the existence of the file, so a crash leaves nothing that has
to be cleaned up. The file has the number of the process in it, for people.
"""

import contextlib
import errno
import os
import sys
import tempfile
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NO_ACCESS = {errno.EACCES, errno.EPERM, errno.EROFS}
_LOCKED_BYTE = 1 << 30
"""Windows forbids reading a locked range, so the byte that is locked is far behind the text."""


class LockTaken(Exception):
    """Another process holds the lock."""


class HomeLock:
    """The lock of one home.

    Args:
        path: The file that is locked; its folder is made if need be.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def is_taken(self) -> bool:
        """True while this object holds the lock."""
        return self._handle is not None

    def take(self) -> None:
        """Take the lock; harmless if it is ours already.

        Raises:
            LockTaken: Another process holds it.
            OSError: The file is not there and cannot be made.
        """
        if self._handle is not None:
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = self._open()
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError) as error:
            os.close(handle)
            raise LockTaken(f"process {self.owner() or 'unknown'} uses {self._path.parent}") from error
        except OSError:
            os.close(handle)
            raise
        with contextlib.suppress(OSError):  # On a full disk the lock holds all the same.
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
        self._handle = handle

    def release(self) -> None:
        """Give it back; harmless if it is not ours."""
        if self._handle is not None:
            # The file stays: removing it would let two processes lock two files of one name.
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None

    def _open(self) -> int:
        flags = getattr(os, "O_CLOEXEC", 0)
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT | flags, 0o600)
        except OSError as error:
            # What is there in a home that cannot be written can be read, by one process at a time.
            with contextlib.suppress(OSError):
                return os.open(self._path, os.O_RDONLY | flags)
            if error.errno not in NO_ACCESS or self._path.exists():
                raise
            # A home that was copied to where nobody can write: there is nothing to lock.
            with tempfile.TemporaryFile() as file:
                return os.dup(file.fileno())

    def owner(self) -> int | None:
        """Number of the process that took the lock last, if it wrote one."""
        try:
            return int(self._path.read_text())
        except (OSError, ValueError):
            return None


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
