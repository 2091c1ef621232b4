"""The package for Fedora and openSUSE, made by nfpm, which needs no rpm on the machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import linux
import project
import tree

ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}  # nfpm takes Go's names and writes rpm's.
RPM_NAMES = {"x86_64": "x86_64", "arm64": "aarch64"}

DEPENDS = (
    *("libglvnd-glx", "libglvnd-egl", "libX11", "libX11-xcb", "libxcb", "fontconfig", "freetype", "glib2"),
    *("dbus-libs", "zlib", "libzstd", "libuuid", "libwayland-client", "libwayland-cursor", "ca-certificates"),
)
"""Fedora's names of what `deb.py` asks for."""

RECOMMENDS = ("gnome-keyring", "xdg-desktop-portal", "xdg-utils", "cups-libs")


def settings(staged: Path, *, floor: tuple[int, int]) -> dict[str, object]:
    """What nfpm is told of the package.

    Args:
        staged: The tree that `linux.stage` made.
        floor: The version of glibc.
    """
    version = project.version()
    numbers = ".".join(map(str, project.version_numbers(version, 3)))
    return {
        "name": project.NAME,
        "arch": ARCHITECTURES[project.machine()],
        "platform": "linux",
        "version": numbers,
        "version_schema": "none",
        "prerelease": version.removeprefix(numbers),
        "release": "1",
        "maintainer": project.maintainer(),
        "vendor": "The Desktop Chat authors",
        "homepage": project.homepage(),
        "license": project.LICENCE,
        "section": "Applications/Internet",
        "description": "\n".join([project.SUMMARY, *project.DESCRIPTION]),
        "contents": contents(staged),
        "overrides": {
            "rpm": {"depends": [f"glibc >= {floor[0]}.{floor[1]}", *DEPENDS], "recommends": list(RECOMMENDS)}
        },
        "rpm": {"summary": project.SUMMARY, "compression": "zstd", "buildhost": "localhost"},
    }


def contents(staged: Path) -> list[dict[str, str]]:
    """What the package owns: its own folders whole, in shared folders nothing but its files.

    A package that says how `/usr/bin` should be cannot be installed beside the one that owns it.
    """
    own = f"usr/share/doc/{project.NAME}"
    listed = [
        {"src": f"{staged}/{linux.PLACE}", "dst": f"/{linux.PLACE}", "type": "tree"},
        {"dst": f"/{own}", "type": "dir"},
    ]
    for path in tree.entries(staged):
        name = path.relative_to(staged).as_posix()
        if f"{name}/".startswith(f"{linux.PLACE}/"):
            continue
        if path.is_symlink():
            listed.append({"src": path.readlink().as_posix(), "dst": f"/{name}", "type": "symlink"})
        elif path.is_file():
            listed.append({"src": str(path), "dst": f"/{name}"})
    return listed


def build(staged: Path, output: Path, *, floor: tuple[int, int], nfpm: Path) -> Path:
    """Make the package.

    Args:
        staged: The tree that `linux.stage` made.
        output: The `.rpm` to write.
        floor: The version of glibc.
        nfpm: The program.
    """
    file = project.BUILD / "nfpm.json"
    file.write_text(json.dumps(settings(staged, floor=floor), indent=1), encoding="utf-8")
    output.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(project.epoch())}
    command: list[str | Path] = [nfpm, "package", "--config", file, "--packager", "rpm", "--target", output]
    subprocess.run(command, env=environment, check=True, stdout=sys.stderr)
    return output


def file_name() -> str:
    """As rpm names packages."""
    return f"{project.NAME}-{project.version()}-1.{RPM_NAMES[project.machine()]}.rpm"
