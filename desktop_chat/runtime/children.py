"""The environment of programs we start, and our own after a frozen start.

The loader of a frozen build points the library path and Qt's plug-in path into the build.
Programs that are started from it (a browser, a script) must not load our libraries.
"""

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path

_OURS = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH", "PYTHONHOME", "PYTHONPATH")
_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")


def child_env(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for a program that is not ours."""
    cleaned = dict(environment)
    restore_library_paths(cleaned)
    for name in list(cleaned):
        if name in _OURS or name.startswith("_PYI_"):
            del cleaned[name]
    return cleaned


def forget_own_paths(environment: MutableMapping[str, str] = os.environ) -> None:
    """Take what is for us alone out of our environment, once Qt has read it: it is handed on to what we start."""
    if _build_folder(environment):
        for name in set(environment) - set(child_env(environment)):
            del environment[name]


def restore_library_paths(environment: MutableMapping[str, str] = os.environ) -> None:
    """Undo what the loader of a frozen build did; our own libraries are found without it."""
    build = _build_folder(environment)
    for name in _LIBRARY_PATHS:
        before = environment.pop(f"{name}_ORIG", None)
        if before is not None:
            environment[name] = before
        elif build and environment.get(name, "").startswith(build):
            del environment[name]


def _build_folder(environment: Mapping[str, str]) -> str:
    """The folder of a frozen build, or an empty text; the loader tells it in one of two ways."""
    program = environment.get("_PYI_ARCHIVE_FILE", "")
    return str(Path(program).parent) if program else environment.get("_PYI_APPLICATION_HOME_DIR", "")
