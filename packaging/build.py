"""Freezes the app and proves that what came out works.

    python3 packaging/build.py freeze     a folder with the app in dist/desktop-chat (PyInstaller, Linux)
    python3 packaging/build.py smoke      run its --version and --self-test without Python on the PATH

Each step prints one JSON object: what was made or measured.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bootstrap

ROOT = bootstrap.ROOT
FROZEN = ROOT / "dist" / "desktop-chat"
PROGRAM = FROZEN / ("desktop-chat.exe" if os.name == "nt" else "desktop-chat")


def freeze() -> dict[str, object]:
    """Make `dist/desktop-chat` anew; the same commit gives the same bytes."""
    bootstrap.bring_libraries(screen=True)
    bootstrap.bring_packages(["app", "freeze"])
    shutil.rmtree(FROZEN, ignore_errors=True)
    began = time.monotonic()
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or commit_time(),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [bootstrap.PYTHON, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", "dist", "--workpath", "build/freeze", "packaging/desktop_chat.spec"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return {"step": "freeze", "seconds": round(time.monotonic() - began, 1), "installed_mb": size_mb(FROZEN)}


def smoke() -> dict[str, object]:
    """Run the frozen app as a machine without Python would."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: os.environ[name] for name in ("HOME", "LANG", "SYSTEMROOT", "TEMP") if name in os.environ}
        environment |= {"PATH": folder, "DESKTOP_CHAT_HOME": folder, "QT_QPA_PLATFORM": "offscreen"}
        version = subprocess.run(
            [PROGRAM, "--version"], cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        test = subprocess.run(
            [PROGRAM, "--self-test"],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    if test.returncode != 0:
        sys.stderr.write(test.stderr + test.stdout)
        raise SystemExit(f"the frozen app's self-test failed with {test.returncode}")
    return {"step": "smoke", "version": version.stdout.strip(), "self_test": json.loads(test.stdout)}


def commit_time() -> str:
    """Seconds since 1970 of the commit that is built."""
    answer = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or "0"


def size_mb(folder: Path) -> float:
    """Apparent size of all files, links not followed, in MB of 10^6 bytes."""
    return round(sum(p.lstat().st_size for p in folder.rglob("*") if not p.is_dir()) / 1e6, 1)


def main(arguments: list[str]) -> int:
    """Do the steps that are named, in order."""
    steps = {"freeze": freeze, "smoke": smoke}
    if not arguments or not set(arguments) <= set(steps):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        for name in arguments:
            print(json.dumps(steps[name]()), flush=True)
    except bootstrap.SetupError as error:
        bootstrap.say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
