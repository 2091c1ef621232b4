"""Makes SQLite's own file layer fail on demand: writes find no room or break, syncs do not happen.

The functions through which every connection of this process writes are exchanged for ones
that ask `Faults` first, so that what fails is what fails on a bad disk, below everything of ours.
"""

import ctypes
import ctypes.util
import sqlite3  # noqa: F401 - its library is the one that is changed
from typing import Any

FULL, IOERR_WRITE, IOERR_FSYNC, IOERR_TRUNCATE = 13, 778, 1034, 1546

_METHODS = (
    *("xClose", "xRead", "xWrite", "xTruncate", "xSync", "xFileSize", "xLock", "xUnlock", "xCheckReservedLock"),
    *("xFileControl", "xSectorSize", "xDeviceCharacteristics", "xShmMap", "xShmLock", "xShmBarrier", "xShmUnmap"),
    *("xFetch", "xUnfetch"),
)


class _Io(ctypes.Structure):
    _fields_ = [("iVersion", ctypes.c_int), *((name, ctypes.c_void_p) for name in _METHODS)]


class _File(ctypes.Structure):
    _fields_ = [("pMethods", ctypes.POINTER(_Io))]


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("iVersion", ctypes.c_int),
        ("szOsFile", ctypes.c_int),
        ("mxPathname", ctypes.c_int),
        ("pNext", ctypes.c_void_p),
        ("zName", ctypes.c_char_p),
        ("pAppData", ctypes.c_void_p),
        ("xOpen", ctypes.c_void_p),
    ]


# The name stays an address: SQLite goes on using it for as long as the file is open.
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)


class Faults:
    """What fails now: a result code of SQLite, 0 for none. One for the process, for ever."""

    def __init__(self) -> None:
        self.write = self.sync = self.truncate = 0
        self.happened = 0
        self._held: list[Any] = []
        self._changed: dict[int, Any] = {}
        library = ctypes.CDLL(ctypes.util.find_library("sqlite3"))
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        vfs = library.sqlite3_vfs_find(None).contents
        real = _OPEN(vfs.xOpen)

        def opened(vfs_: int, name: int, file: int, flags: int, out: int) -> int:
            result = real(vfs_, name, file, flags, out)
            handle = _File.from_address(file)
            if result == 0 and handle.pMethods:
                handle.pMethods = ctypes.pointer(self._failing(handle.pMethods.contents))
            return result

        mine = _OPEN(opened)
        self._held += [mine, real]
        vfs.xOpen = ctypes.cast(mine, ctypes.c_void_p).value

    def _failing(self, methods: _Io) -> _Io:
        address = ctypes.addressof(methods)
        if address not in self._changed:
            changed = _Io.from_buffer_copy(methods)
            write, sync, cut = _WRITE(methods.xWrite), _SYNC(methods.xSync), _TRUNCATE(methods.xTruncate)
            mine = (
                _WRITE(lambda *given: self._fail(self.write) or write(*given)),
                _SYNC(lambda *given: self._fail(self.sync) or sync(*given)),
                _TRUNCATE(lambda *given: self._fail(self.truncate) or cut(*given)),
            )
            names = ("xWrite", "xSync", "xTruncate")
            for name, function in zip(names, mine, strict=True):
                setattr(changed, name, ctypes.cast(function, ctypes.c_void_p).value)
            self._held += [write, sync, cut, *mine]
            self._changed[address] = changed
        return self._changed[address]

    def _fail(self, code: int) -> int:
        self.happened += code != 0
        return code
