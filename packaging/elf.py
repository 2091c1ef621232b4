"""What a Linux build asks of the system it runs on: libraries and the version of glibc.

The texts come from `readelf`; the rules over them are pure.
"""

import re
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import tree

MAGIC = b"\x7fELF"

ALLOWED = {
    # The C and C++ run time.
    "libc.so.6": "libc6",
    "libm.so.6": "libc6",
    "libdl.so.2": "libc6",
    "libpthread.so.0": "libc6",
    "librt.so.1": "libc6",
    "ld-linux-x86-64.so.2": "libc6",
    "ld-linux-aarch64.so.1": "libc6",
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    # What every desktop brings and what must match it.
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libuuid.so.1": "libuuid1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
"""Libraries that may come from the system, and Debian's packages that have them."""

OPTIONAL = frozenset({"libqgtk3.so", "libcupsprintersupport.so"})
"""Plug-ins that Qt leaves out quietly where what they ask for is missing."""


def needed(text: str) -> set[str]:
    """The libraries a file asks for, from the words of `readelf --dynamic`."""
    return set(re.findall(r"\(NEEDED\)\s+Shared library: \[([^\]]+)\]", text))


def soname(text: str) -> str:
    """The name by which others ask for a file, or an empty text."""
    found = re.search(r"\(SONAME\)\s+Library soname: \[([^\]]+)\]", text)
    return found[1] if found else ""


def glibc(text: str) -> tuple[int, int]:
    """The newest glibc a file asks for, from the words of `readelf --version-info`."""
    versions = [(int(major), int(minor)) for major, minor in re.findall(r"\bGLIBC_(\d+)\.(\d+)", text)]
    return max(versions, default=(2, 0))


def from_system(dynamic: Mapping[str, str]) -> dict[str, set[str]]:
    """The libraries that the build does not bring, and which of its files ask for each.

    Args:
        dynamic: What `readelf --dynamic` says, by the path of the file in the build.
    """
    brought = {path.rsplit("/", 1)[-1] for path in dynamic} | {soname(text) for text in dynamic.values()}
    asked: dict[str, set[str]] = {}
    for path, text in dynamic.items():
        if path.rsplit("/", 1)[-1] in OPTIONAL:
            continue
        for library in needed(text) - brought:
            asked.setdefault(library, set()).add(path)
    return asked


def unexpected(asked: Mapping[str, Iterable[str]]) -> list[str]:
    """Sentences about libraries that nothing provides; empty if all is well."""
    return [
        f"{library} is neither brought nor on the list of system libraries; asked for by {', '.join(sorted(paths))}"
        for library, paths in sorted(asked.items())
        if library not in ALLOWED
    ]


def depends(asked: Iterable[str], floor: tuple[int, int]) -> list[str]:
    """The packages of Debian that have these libraries.

    Args:
        asked: Names of libraries; each is in `ALLOWED`.
        floor: The version of glibc.
    """
    packages = {ALLOWED[library] for library in asked} - {"libc6"}
    return [f"libc6 (>= {floor[0]}.{floor[1]})", *sorted(packages)]


def files(folder: Path) -> list[Path]:
    """The programs and libraries in a build."""
    found = []
    for path in tree.entries(folder):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == MAGIC:
                    found.append(path)
    return found


def look(folder: Path) -> tuple[dict[str, set[str]], tuple[int, int]]:
    """What a build asks of the system: libraries, each with its askers, and the version of glibc."""
    found = files(folder)
    dynamic = {path.relative_to(folder).as_posix(): readelf("--dynamic", path) for path in found}
    floor = max((glibc(readelf("--version-info", path)) for path in found), default=(2, 0))
    return from_system(dynamic), floor


def readelf(option: str, path: Path) -> str:
    """What readelf says; it comes with binutils."""
    return subprocess.run(["readelf", "--wide", option, path], capture_output=True, text=True, check=True).stdout
