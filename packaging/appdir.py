"""One folder that runs wherever it lies, squeezed into one file; with a stub in front it is an AppImage.

The stub comes from no package registry: whoever releases names a file that was checked.
"""

import os
import shutil
import subprocess
from pathlib import Path

import linux
import project
import tree


def stage(folder: Path, staged: Path) -> Path:
    """Make the folder anew.

    Args:
        folder: The AppDir.
        staged: The tree that `linux.stage` made.
    """
    tree.fresh(folder)
    tree.copy(staged / "usr", folder / "usr")
    tree.write(folder / "AppRun", (linux.TEMPLATES / "AppRun").read_bytes(), mode=0o755)
    tree.write(folder / f"{project.NAME}.desktop", linux.desktop_file())
    shutil.copy2(folder / f"usr/share/icons/hicolor/256x256/apps/{project.NAME}.png", folder / f"{project.NAME}.png")
    tree.link(folder / ".DirIcon", f"{project.NAME}.png")
    tree.settle(folder, project.epoch())
    return folder


def squash(folder: Path, output: Path) -> Path:
    """Squeeze the folder into one image.

    Raises:
        SystemExit: mksquashfs is missing.
    """
    if shutil.which("mksquashfs") is None:
        raise SystemExit("mksquashfs is missing (Debian: apt-get install squashfs-tools)")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.unlink(missing_ok=True)
    command: list[str | Path] = ["mksquashfs", folder, output, "-root-owned", "-noappend", "-no-progress", "-quiet"]
    command += ["-comp", "zstd", "-Xcompression-level", "19", "-b", "1M"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(project.epoch())}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return output


def join(stub: Path, image: Path, output: Path, *, sha256: str) -> Path:
    """Put the stub in front of the image: that is an AppImage.

    Raises:
        SystemExit: The stub is not the one that was checked.
    """
    if tree.digest(stub) != sha256.lower():
        raise SystemExit(f"{stub} is not the file whose digest was named")
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("wb") as file:
        for part in (stub, image):
            with part.open("rb") as content:
                shutil.copyfileobj(content, file, 1 << 20)
    output.chmod(0o755)
    return output
