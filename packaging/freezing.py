"""Freezes the app with PyInstaller, in an environment that holds nothing but what is shipped."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import bootstrap
import elf
import mac
import project
import tree

ENVIRONMENT = project.BUILD / "environment"
TOOLS = project.BUILD / "tools"
ICONS = project.BUILD / "icons"


def frozen() -> Path:
    """What was frozen: a folder, on macOS the bundle."""
    bundle = project.ROOT / "dist" / mac.APP_NAME
    return bundle if project.system() == "macos" else project.FROZEN


def set_up() -> Path:
    """Bring the environment of the build; its Python."""
    bootstrap.bring_libraries(screen=True)
    return bootstrap.bring_packages(["app", "freeze"], ENVIRONMENT)


def draw_icons(python: Path) -> Path:
    """Draw the icons anew."""
    tree.fresh(ICONS)
    subprocess.run([python, project.HERE / "icons.py", ICONS], check=True)
    return ICONS


def freeze() -> dict[str, object]:
    """Make `dist/desktop-chat` anew; the same commit gives the same bytes."""
    python = set_up()
    began = time.monotonic()
    draw_icons(python)
    for folder in (project.FROZEN, project.ROOT / "dist" / mac.APP_NAME):
        shutil.rmtree(folder, ignore_errors=True)
    # Modules compiled by somebody else may hold another path or time.
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SOURCE_DATE_EPOCH": str(project.epoch()),
        "QT_QPA_PLATFORM": "offscreen",
        "PYINSTALLER_CONFIG_DIR": str(project.BUILD / "pyinstaller"),
    }
    if project.system() == "macos":
        environment.setdefault("MACOSX_DEPLOYMENT_TARGET", mac.FLOOR)
    command: list[str | Path] = [python, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", "dist", "--workpath", "build/freeze", "packaging/desktop_chat.spec"]
    subprocess.run(command, cwd=project.ROOT, env=environment, check=True)
    return {
        "step": "freeze",
        "seconds": round(time.monotonic() - began, 1),
        "frozen_mb": tree.size_mb(project.FROZEN),
        "sha256": tree.digest(project.FROZEN),
        **look(),
    }


def look() -> dict[str, object]:
    """What the frozen tree asks of a Linux system.

    Raises:
        SystemExit: A library that is neither brought nor on the list, or a link to nowhere.
    """
    dangling = [str(path) for path in tree.entries(project.FROZEN) if path.is_symlink() and not path.exists()]
    if dangling:
        raise SystemExit(f"links that lead nowhere: {', '.join(dangling)}")
    if project.system() != "linux":
        return {}
    asked, floor = elf.look(project.FROZEN)
    if problems := elf.unexpected(asked):
        raise SystemExit("\n".join(problems))
    return {"glibc": f"{floor[0]}.{floor[1]}", "system_libraries": sorted(asked)}
