"""Builds what people install, and proves that it works.

    python3 packaging/build.py [OPTION...] STEP...

Steps, done in the order they are named:

    setup         the environment of the build, pinned by hashes
    freeze        the app in one folder, dist/desktop-chat
    smoke         its --version and --self-test, without Python on the PATH
    installers    what this system can make, in dist/installers
    verify        unpack each and run it; with --root or --here also install, upgrade, remove
    sbom          what the build holds, in CycloneDX form
    feed          the signed notice of this version, where there is a key to sign it with
    checksums     SHA256SUMS

Each step prints one JSON object a line: what was made or measured.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import appdir
import bootstrap
import checksums
import deb
import elf
import feed
import freezing
import linux
import mac
import project
import rpm
import sbom
import smoke
import tree
import verify
import windows

STEPS = ("setup", "freeze", "smoke", "installers", "verify", "sbom", "feed", "checksums")


def setup() -> dict[str, object]:
    """Bring everything that the other steps need from outside."""
    python = freezing.set_up()
    if project.system() == "linux":
        bootstrap.bring_packages(["installers"], freezing.TOOLS)
    return {"step": "setup", "python": python.relative_to(project.ROOT).as_posix()}


def installers(arguments: argparse.Namespace) -> Iterator[dict[str, object]]:
    """Make what this system can make."""
    if not project.FROZEN.exists():
        raise SystemExit("there is no frozen app; first: build.py freeze")
    if project.system() == "windows":
        for name in (windows.WINDOW_PROGRAM, windows.CONSOLE_PROGRAM):
            windows.sign(project.FROZEN / f"{name}.exe")
        icon = freezing.ICONS / "desktop-chat.ico"
        setup_program = windows.compile_installer(project.FROZEN, project.artefact("-setup.exe"), icon)
        windows.sign(setup_program)
        yield made(setup_program)
        yield made(windows.make_portable(project.FROZEN, project.artefact("-portable.zip")))
    elif project.system() == "macos":
        bundle = project.ROOT / "dist" / mac.APP_NAME
        yield made(mac.make_image(bundle, project.artefact(".dmg")))
    else:
        yield from linux_installers(arguments)


def linux_installers(arguments: argparse.Namespace) -> Iterator[dict[str, object]]:
    """Archive, packages and image."""
    staged = linux.stage(project.BUILD / "linux", project.FROZEN, freezing.ICONS)
    archive = project.artefact(".tar.gz")
    below = archive.name.removesuffix(".tar.gz")
    tree.make_tar_gz(project.FROZEN, archive, below=below, seconds=project.epoch())
    yield made(archive)
    yield {**made(deb.build(staged, project.OUTPUT / deb.file_name())), "installed_mb": tree.size_mb(staged)}
    nfpm = bootstrap.bring_packages(["installers"], freezing.TOOLS).parent / "nfpm"
    _, floor = elf.look(staged)
    yield made(rpm.build(staged, project.OUTPUT / rpm.file_name(), floor=floor, nfpm=nfpm))
    image = appdir.squash(appdir.stage(project.BUILD / "AppDir", staged), project.artefact(".squashfs"))
    yield made(image)
    if arguments.stub is not None:
        output = project.artefact(".AppImage")
        yield made(appdir.join(arguments.stub, image, output, sha256=arguments.stub_sha256))


def made(path: Path) -> dict[str, object]:
    """What is said of a file that was made."""
    return {"step": "installers", "file": path.name, "mb": tree.size_mb(path), "sha256": tree.digest(path)}


def do(step: str, arguments: argparse.Namespace) -> Iterator[dict[str, object]]:
    """Do one step; what it says."""
    match step:
        case "setup":
            yield setup()
        case "freeze":
            yield freezing.freeze()
        case "smoke":
            yield {"step": "smoke", **smoke.ask_tree(freezing.frozen())}
        case "installers":
            yield from installers(arguments)
        case "verify":
            yield from verify.verify(Path("/") if arguments.here else arguments.root, arguments.previous)
        case "sbom":
            yield sbom.write(freezing.frozen())
        case "feed":
            yield feed.make(project.OUTPUT)
        case "checksums":
            yield checksums.write(project.OUTPUT)


def parser() -> argparse.ArgumentParser:
    """What can be said on the command line."""
    found = argparse.ArgumentParser(
        prog="build.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    found.add_argument("steps", nargs="+", choices=STEPS, metavar="STEP")
    where = found.add_mutually_exclusive_group()
    where.add_argument("--root", type=Path, metavar="DIR", help="verify: install in this root, which has no Python")
    where.add_argument("--here", action="store_true", help="verify: install on this machine, and remove again")
    found.add_argument("--previous", type=Path, metavar="FILE", help="verify: an older installer, to upgrade from")
    found.add_argument("--stub", type=Path, metavar="FILE", help="installers: the run time of AppImages")
    found.add_argument("--stub-sha256", default="", metavar="DIGEST", help="installers: what that file must be")
    return found


def main(words: list[str]) -> int:
    """Do the steps that are named, in order."""
    arguments = parser().parse_args(words)
    os.umask(0o022)
    try:
        for step in arguments.steps:
            for said in do(step, arguments):
                print(json.dumps(said), flush=True)
    except bootstrap.SetupError as error:
        bootstrap.say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
