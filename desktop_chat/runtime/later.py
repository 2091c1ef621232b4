"""Puts off loading modules that others import at the start and nobody uses before the first paint.

The event loop imports TLS, the dataclasses the inspection of source code, the log the pickling
of records: a tenth of the start, for nothing yet. Such a module is in its place from the
beginning, empty; the first look at something in it loads it. Nobody notices but the clock.

`fetch` ends all this once the window is there, before other threads have anything to do.
"""

import sys
import threading
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # It brings what is put off here.
    from importlib.abc import Loader

PUT_OFF = (
    *("ssl", "asyncio.sslproto"),
    *("inspect", "pickle", "random", "secrets", "shutil", "tempfile", "traceback", "urllib.request", "zipfile"),
)
"""Modules of the standard library which those that import them use in functions only."""


class _Waiting(ModuleType):
    """A module that is not loaded yet."""

    def __getattr__(self, name: str) -> object:
        # Asked only for what is not there yet; while it is being loaded, others wait for the thread that does it.
        with _lock:
            _load(self)
            return ModuleType.__getattribute__(self, name)


class _Waits:
    """Makes a module without running it."""

    def __init__(self, real: "Loader") -> None:
        self.real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self.real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__class__ = _Waiting


class _Finder:
    """Finds the modules that are put off."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in PUT_OFF:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Waits(spec.loader)  # type: ignore[assignment]  # a loader by its methods
        return spec


_finder = _Finder()
_lock = threading.RLock()


def put_off() -> None:
    """From now on these modules wait to be used."""
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)


def fetch() -> Iterator[None]:
    """Load what still waits, one module after each step; nothing is put off any more."""
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
    for module in [sys.modules[name] for name in PUT_OFF if name in sys.modules]:
        if isinstance(module, _Waiting):
            yield
            with _lock:
                _load(module)


def waiting() -> list[str]:
    """The modules that were imported and not looked at yet."""
    return [name for name in PUT_OFF if isinstance(sys.modules.get(name), _Waiting)]


def _load(module: ModuleType) -> None:
    spec = module.__spec__
    waits: object = spec.loader if spec is not None else None
    if spec is not None and isinstance(waits, _Waits):
        spec.loader = module.__loader__ = waits.real
        waits.real.exec_module(module)
        module.__class__ = ModuleType
