"""What every installer says of the program, each fact in one place.

The version is read from the package, the time from the commit. Who publishes a build may
name an address and a home page in the environment; without them none is invented.
"""

import ast
import datetime
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "packaging"
BUILD = ROOT / "build"
FROZEN = ROOT / "dist" / "desktop-chat"
OUTPUT = ROOT / "dist" / "installers"

NAME = "desktop-chat"
TITLE = "Desktop Chat"
SUMMARY = "Chat with any OpenAI-compatible endpoint"
DESCRIPTION = (
    "A native desktop client for OpenAI-compatible endpoints. Answers stream into rich text, token by token.",
    "Keys stay in the keyring of the system and conversations on the disk, readable with no network.",
    "Model servers on this computer are found by themselves; a built-in demo needs neither key nor network.",
)
COPYRIGHT = "Copyright the Desktop Chat authors"
LICENCE = "MIT"
APP_ID = "io.github.desktop_chat.DesktopChat"
BUNDLE_ID = APP_ID.replace("_", "-")
ICON = ROOT / "resources" / "icons" / "desktop-chat.svg"


def version() -> str:
    """The version of the package, read without importing it."""
    tree = ast.parse((ROOT / "desktop_chat" / "__init__.py").read_text(encoding="utf-8"))
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__version__":
            return str(ast.literal_eval(statement.value))
    raise SystemExit("desktop_chat/__init__.py has no __version__")


def version_numbers(text: str, count: int) -> tuple[int, ...]:
    """The numbers of a version, for systems that take nothing else.

    Args:
        text: Such as `1.2.0rc1`.
        count: How many numbers are wanted; what is missing is 0.
    """
    begin = re.match(r"\d+(\.\d+)*", text)
    numbers = [int(part) for part in begin[0].split(".")] if begin else []
    return tuple([*numbers, *[0] * count][:count])


def epoch() -> int:
    """Seconds since 1970 that everything built is dated with: those of the commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    answer = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(answer.stdout.strip() or "0")


def date() -> str:
    """The day of the build, e.g. `2026-11-21`."""
    return datetime.datetime.fromtimestamp(epoch(), datetime.UTC).date().isoformat()


def maintainer() -> str:
    """Who stands for this build, with an address."""
    return os.environ.get("DESKTOP_CHAT_MAINTAINER", "The Desktop Chat authors <packages@desktop-chat.invalid>")


def homepage() -> str:
    """Where the project is at home, or an empty text."""
    return os.environ.get("DESKTOP_CHAT_HOMEPAGE", "")


def machine() -> str:
    """The processor as most systems call it: `x86_64` or `arm64`."""
    wanted = os.environ.get("TARGET_ARCH") or platform.machine().lower()
    return {"amd64": "x86_64", "aarch64": "arm64"}.get(wanted, wanted)


def system() -> str:
    """`linux`, `windows` or `macos`."""
    return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")


def artefact(suffix: str) -> Path:
    """Where an installer goes; its name says version, system and processor."""
    return OUTPUT / f"{NAME}-{version()}-{system()}-{machine()}{suffix}"


def releases(changelog: str) -> list[tuple[str, str, list[str]]]:
    """The versions of a changelog, newest first: number, day and what was added, changed, mended.

    A version that is not released yet has the day of this build.
    """
    found: list[tuple[str, str, list[str]]] = []
    for line in changelog.splitlines():
        heading = re.match(r"## \[(\d[^\]]*)\] - (\S+)", line)
        if heading:
            day = heading[2] if re.fullmatch(r"\d{4}-\d\d-\d\d", heading[2]) else date()
            found.append((heading[1], day, []))
        elif found and line.startswith("- "):
            found[-1][2].append(line[2:].strip())
        elif found and found[-1][2] and re.match(r"  \S", line):
            found[-1][2][-1] += " " + line.strip()
    return found


def changelog() -> str:
    """The changelog as it stands in the checkout."""
    return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
