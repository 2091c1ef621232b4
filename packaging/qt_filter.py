"""Which files of Qt and of the system go into a frozen build: pure rules over file lists.

Destinations are as PyInstaller names them, relative to the folder of the build; sources
are absolute paths. The rules were found by trying: what is dropped is not loaded by the
self-test or by the window, what comes from the target system would do harm if bundled.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping

EXCLUDED_MODULES = (
    # Parts of Python and of test frameworks that nothing here imports at run time.
    *("tkinter", "unittest", "pydoc", "doctest", "pdb", "lib2to3", "ensurepip", "distutils", "setuptools", "pip"),
    *("pytest", "_pytest", "hypothesis", "mypy", "numpy", "pandas", "IPython", "trio", "curio", "uvloop", "aiohttp"),
    # Loaded by every start of a frozen program if it is there.
    "multiprocessing",
    *("pydantic.v1", "pydantic.mypy", "sounddevice", "websockets", "gi", "dbus"),
    # Parts of Qt that the window does not use.
    *("PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL", "PySide6.QtSql", "PySide6.QtTest"),
)

PLUGINS = {
    "platforms": r"(lib)?q(xcb|wayland.*|offscreen|windows|cocoa)\b.*",
    "platforminputcontexts": r"lib(compose|ibus).*",
    "platformthemes": r".*",
    "imageformats": r"(lib)?q(jpeg|svg|webp|gif|ico|icns)\b.*",
    "iconengines": r".*",
    "styles": r".*",
    "wayland-shell-integration": r"lib(xdg-shell).*",
    "wayland-decoration-client": r".*",
    "printsupport": r".*",
}

DROPPED_LIBRARIES = re.compile(
    r"(lib)?Qt6?(EglFS|EglFs|OpenGL|Qml|Quick|VirtualKeyboard|Network|Pdf|Sql|Test|Designer|Help|UiTools|Labs|Lottie|3D)\w*\b"
    r"|(lib)?pyside6qml\b"
    r"|opengl32sw|qdirect2d|d3dcompiler",
    re.IGNORECASE,
)

# Libraries that every desktop brings and that must match it: the C++ runtime, X11, GTK, Mesa, D-Bus, fonts.
FROM_THE_SYSTEM = re.compile(
    r"lib(stdc\+\+|gcc_s|X11|X11-xcb|xcb|xcb-glx|Xau|Xdmcp|Xext|Xrender|Xi|Xcursor|Xfixes|Xrandr|Xcomposite|Xdamage"
    r"|Xinerama|Xtst|gtk-3|gdk-3|gdk_pixbuf-2\.0|glib-2\.0|gobject-2\.0|gio-2\.0|gmodule-2\.0|gthread-2\.0|pango.*|cairo.*"
    r"|atk.*|atspi|epoxy|fribidi|graphite2|thai|datrie|fontconfig|freetype|harfbuzz.*|png16|jpeg|tiff|dbus-1|systemd"
    r"|cap|gcrypt|gpg-error|lz4|lzma|zstd|krb5.*|k5crypto|gssapi_krb5|com_err|keyutils|resolv|z|expat|uuid|bsd|md"
    r"|mount|blkid|selinux|cups|avahi-.*|gnutls|nettle|hogweed|gmp|idn2|unistring|tasn1|p11-kit|pcre2?-.*|pixman-1|wayland-.*|drm|gbm|GL|GLX|GLdispatch|EGL|OpenGL|brotli.*|ffi)\.so(\..*)?"
)

SYSTEM_FOLDERS = ("/lib", "/usr/lib")
NEEDED_THOUGH_SYSTEM = re.compile(
    r"libffi\.so.*|liblzma\.so.*|libbz2\.so.*|libsqlite3\.so.*|libssl\.so.*|libcrypto\.so.*"
)


def keeps(destination: str, source: str) -> bool:
    """Whether this file belongs into the build.

    Args:
        destination: Path in the build, with `/` or `\\`.
        source: Where it comes from.
    """
    path = slashed(destination)
    name = path.rsplit("/", 1)[-1]
    if "PySide6/" in path:
        return keeps_of_qt(path, name)
    if source.startswith(SYSTEM_FOLDERS):
        return not FROM_THE_SYSTEM.fullmatch(name) or bool(NEEDED_THOUGH_SYSTEM.fullmatch(name))
    return not DROPPED_LIBRARIES.match(name)


def keeps_of_qt(path: str, name: str) -> bool:
    """The rule for what lies under PySide6: wanted plug-ins, no translations, no unused libraries."""
    if "/translations/" in path or "/qml/" in path:
        return False
    if any(DROPPED_LIBRARIES.match(part) for part in path.split("/")):
        return False  # On macOS a library is a folder, and none of it may stay behind.
    folder = re.search(r"/plugins/([^/]+)/", path)
    if folder is None:
        return True
    wanted = PLUGINS.get(folder[1])
    return wanted is not None and re.fullmatch(wanted, name) is not None


def is_strippable(destination: str) -> bool:
    """Whether `strip` makes it smaller: Qt's and pydantic's wheels are stripped already."""
    path = slashed(destination)
    return not path.startswith(("PySide6/", "shiboken6/", "pydantic_core/")) and ".so" in path.rsplit("/", 1)[-1]


def kept(entries: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """What belongs into the build, of PyInstaller's list of (destination, source, kind).

    A link stays only with the file it leads to; PyInstaller puts links to the libraries of
    packages at the top of the build.
    """
    entries = list(entries)
    wanted = [entry for entry in entries if entry[2] == "SYMLINK" or keeps(entry[0], entry[1])]
    links = {slashed(name): target_of(name, target) for name, target, kind in wanted if kind == "SYMLINK"}
    there = {part for name, _, kind in wanted if kind != "SYMLINK" for part in with_folders(slashed(name))}
    return [entry for entry in wanted if entry[2] != "SYMLINK" or end_of(slashed(entry[0]), links) in there]


def with_folders(path: str) -> list[str]:
    """A path and the folders above it: links of macOS lead to folders too."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def target_of(destination: str, target: str) -> str:
    """Where a link of the build leads to; its target is relative to the folder it lies in."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(slashed(destination)), slashed(target)))


def end_of(path: str, links: Mapping[str, str]) -> str:
    """Where a path leads in the end, over links in any part of it; itself if they go round in a circle."""
    for _ in range(len(links) + 1):
        link = next((part for part in with_folders(path) if part in links), None)
        if link is None:
            return path
        path = links[link] + path[len(link) :]
    return path


def slashed(path: str) -> str:
    """A path of any system with `/`."""
    return path.replace("\\", "/")


def is_build_trace(destination: str) -> bool:
    """Whether a file of a library's metadata only tells how it came to the machine of the build.

    Licence texts are counted in: they are collected in a folder of their own.
    """
    path = slashed(destination)
    name = path.rsplit("/", 1)[-1]
    return ".dist-info/" in path and ("/licenses/" in path or name not in ("METADATA", "entry_points.txt"))
