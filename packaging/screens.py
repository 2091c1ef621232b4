"""Screens that exist only for a test: an X server and a Wayland compositor without a monitor."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 30.0
SETTLE_S = 2.0


@contextmanager
def x11() -> Iterator[dict[str, str]]:
    """A virtual X screen; the variables by which programs find it."""
    need("Xvfb", "xvfb")
    with tempfile.TemporaryDirectory(prefix="desktop-chat-x11-") as folder:
        said = Path(folder) / "display"
        with said.open("w") as file:
            command = ["Xvfb", "-displayfd", str(file.fileno()), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
            server = start(command, pass_fds=(file.fileno(),))
        try:
            wait(lambda: said.read_text().endswith("\n"), "Xvfb")
            yield {"DISPLAY": f":{said.read_text().strip()}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()
            server.wait()


@contextmanager
def wayland() -> Iterator[dict[str, str]]:
    """A headless Wayland compositor; the variables by which programs find it."""
    need("weston", "weston")
    with tempfile.TemporaryDirectory(prefix="desktop-chat-wayland-") as folder:
        Path(folder).chmod(0o700)
        environment = {**os.environ, "XDG_RUNTIME_DIR": folder}
        command = ["weston", "--backend=headless-backend.so", "--socket=test", "--idle-time=0", "--width=1400"]
        server = start([*command, "--height=900"], env=environment)
        try:
            wait((Path(folder) / "test").exists, "weston")
            yield {"WAYLAND_DISPLAY": "test", "XDG_RUNTIME_DIR": folder, "QT_QPA_PLATFORM": "wayland"}
        finally:
            server.terminate()
            server.wait()


def picture(variables: dict[str, str], path: Path) -> str:
    """Take a picture of an X screen, where there is a program for it; its name, or an empty text."""
    if shutil.which("scrot") is None:
        return ""
    time.sleep(SETTLE_S)
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["scrot", "--overwrite", path], env={**os.environ, **variables}, check=True)
    return path.name


def need(program: str, package: str) -> None:
    """Say what is missing.

    Raises:
        SystemExit: The program is not there.
    """
    if shutil.which(program) is None:
        raise SystemExit(f"{program} is missing (Debian: apt-get install {package})")


def start(command: list[str], **more: object) -> subprocess.Popen[bytes]:
    """Start a server and keep its words to itself."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, **quiet, **more)  # type: ignore[call-overload,no-any-return]


def wait(claim: Callable[[], bool], name: str) -> None:
    """Wait until a server is up.

    Raises:
        SystemExit: It does not come up.
    """
    until = time.monotonic() + PATIENCE_S
    while not claim():
        if time.monotonic() > until:
            raise SystemExit(f"{name} does not come up")
        time.sleep(0.05)
