"""Proves of each installer that it installs, works and goes away again, on the system it is for."""

import os
import plistlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import deb
import linux
import mac
import project
import rpm
import smoke
import tree
import verify_deb
import verify_windows

ROOT = Path("/")


def verify(root: Path | None, previous: Path | None) -> Iterator[dict[str, object]]:
    """Verify what lies in the folder of installers.

    Args:
        root: Where packages are installed; `None` leaves installing out.
        previous: An older installer, to upgrade from.
    """
    if project.system() == "windows":
        yield verify_windows.verify_portable(project.artefact("-portable.zip"))
        if root is not None:
            yield verify_windows.verify_installer(project.artefact("-setup.exe"), previous)
    elif project.system() == "macos":
        yield verify_image(project.artefact(".dmg"))
    else:
        yield verify_tar(project.artefact(".tar.gz"))
        yield verify_squash(project.artefact(".squashfs"))
        yield verify_rpm(project.OUTPUT / rpm.file_name())
        if root is not None:
            yield verify_deb.verify(project.OUTPUT / deb.file_name(), root, previous)


def verify_tar(archive: Path) -> dict[str, object]:
    """Unpack it somewhere and ask the program."""
    with tempfile.TemporaryDirectory(prefix="desktop-chat-verify-") as folder:
        subprocess.run(["tar", "-xzf", archive, "-C", folder], check=True)
        unpacked = Path(folder) / archive.name.removesuffix(".tar.gz")
        if tree.digest(unpacked) != tree.digest(project.FROZEN):
            raise SystemExit(f"{archive.name} does not hold what was frozen")
        return {"step": "verify", "artefact": archive.name, **smoke.ask_tree(unpacked)}


def verify_squash(image: Path) -> dict[str, object]:
    """Unpack the image and run it from there, as an AppImage does from its mount."""
    with tempfile.TemporaryDirectory(prefix="desktop-chat-verify-") as folder:
        unpacked = Path(folder) / "AppDir"
        subprocess.run(["unsquashfs", "-no-progress", "-d", unpacked, image], check=True, stdout=subprocess.DEVNULL)
        environment = {**smoke.bare_environment(Path(folder)), "PATH": "/usr/bin:/bin"}
        return {"step": "verify", "artefact": image.name, **smoke.ask([unpacked / "AppRun"], environment)}


def verify_rpm(package: Path) -> dict[str, object]:
    """Read the header, ask the program in the payload, install into an empty root and remove again."""
    said: dict[str, object] = {"step": "verify", "artefact": package.name}
    if shutil.which("rpm") is None or shutil.which("rpm2cpio") is None or shutil.which("cpio") is None:
        return {**said, "skipped": "rpm and cpio are not there"}
    header = query(package, "%{NAME} %{VERSION} %{LICENSE}")
    if header.split() != [project.NAME, project.version(), project.LICENCE]:
        raise SystemExit(f"the header of {package.name} says {header!r}")
    with tempfile.TemporaryDirectory(prefix="desktop-chat-verify-") as folder:
        payload = subprocess.run(["rpm2cpio", package], capture_output=True, check=True).stdout
        subprocess.run(["cpio", "-idm", "--quiet", "--no-absolute-filenames"], cwd=folder, input=payload, check=True)
        if tree.digest(Path(folder) / "usr") != tree.digest(project.BUILD / "linux" / "usr"):
            raise SystemExit(f"{package.name} does not hold the tree that was made")
        said |= smoke.ask_tree(Path(folder) / linux.PLACE)
    if os.geteuid() == 0:
        said["left_behind"] = install_rpm(package)
    return {**said, "requires": query(package, "[%{REQUIRENAME} ]")}


def install_rpm(package: Path) -> int:
    """Install into an empty root and remove again; what is left of it but folders.

    Raises:
        SystemExit: Something is left.
    """
    with tempfile.TemporaryDirectory(prefix="desktop-chat-verify-") as folder:
        rpm_there = ["rpm", "--root", folder, "--nosignature"]
        subprocess.run([*rpm_there, "--initdb"], check=True, stderr=subprocess.DEVNULL)
        subprocess.run([*rpm_there, "--install", "--nodeps", package], check=True, stderr=subprocess.DEVNULL)
        if not (Path(folder) / "usr/bin" / project.NAME).exists():
            raise SystemExit(f"{package.name} was installed and is not there")
        subprocess.run([*rpm_there, "--erase", project.NAME], check=True, stderr=subprocess.DEVNULL)
        left = [path for path in tree.entries(Path(folder) / "usr") if not path.is_dir()]
        own = Path(folder) / linux.PLACE
        if left or own.exists():
            raise SystemExit(f"left behind: {', '.join(map(str, [*left, own]))}")
        return len(left)


def query(package: Path, form: str) -> str:
    """What the header of a package says."""
    command: list[str | Path] = ["rpm", "--query", "--package", "--nosignature", "--queryformat", form, package]
    return str(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def verify_image(image: Path) -> dict[str, object]:
    """Mount the disk image and run the program from inside it."""
    answer = subprocess.run(
        ["hdiutil", "attach", "-plist", "-nobrowse", "-readonly", image], capture_output=True, check=True
    )
    volumes = [each.get("mount-point") for each in plistlib.loads(answer.stdout)["system-entities"]]
    mounted = next(volume for volume in volumes if volume)
    try:
        return {"step": "verify", "artefact": image.name, **smoke.ask_tree(Path(mounted) / mac.APP_NAME)}
    finally:
        for _ in range(mac.RETRIES):
            if subprocess.run(["hdiutil", "detach", mounted], check=False).returncode == 0:
                break
            time.sleep(mac.BUSY_S)
