"""Sets everything up on a fresh machine, then starts the app or runs its checks.

    python3 packaging/bootstrap.py run [ARGUMENT...]     set up, then start Desktop Chat
    python3 packaging/bootstrap.py test [ARGUMENT...]    set up, then ruff, mypy and pytest
    python3 packaging/bootstrap.py setup                 set up only

Needs nothing but Python 3.11 or newer and pip. The environment is `.venv` beside this
checkout; what is installed there is pinned with hashes in `packaging/requirements/`.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - older versions must read this sentence, not a SyntaxError
    sys.exit("Desktop Chat needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])  # noqa: UP031

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "packaging" / "requirements"

# Shared libraries that Qt needs from a Linux system, and the Debian packages that have them.
# A tuple of packages is a list of names the same library has had: the first known one is taken.
LIBRARIES = {
    "libGL.so.1": ("libgl1",),
    "libEGL.so.1": ("libegl1",),
    "libglib-2.0.so.0": ("libglib2.0-0t64", "libglib2.0-0"),
    "libdbus-1.so.3": ("libdbus-1-3",),
    "libfontconfig.so.1": ("libfontconfig1",),
    "libfreetype.so.6": ("libfreetype6",),
    "libX11.so.6": ("libx11-6",),
    "libxkbcommon.so.0": ("libxkbcommon0",),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2",),
    "libzstd.so.1": ("libzstd1",),
    "libbrotlidec.so.1": ("libbrotli1",),
}
SCREEN_LIBRARIES = {
    "libxcb-cursor.so.0": ("libxcb-cursor0",),
    "libxcb-icccm.so.4": ("libxcb-icccm4",),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1",),
    "libxcb-shape.so.0": ("libxcb-shape0",),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0",),
}


class SetupError(Exception):
    """Something is missing that we cannot bring; the text says what to do."""


def missing_packages(libraries: dict[str, tuple[str, ...]]) -> list[str]:
    """Debian packages of the libraries that cannot be loaded here."""
    wanted = []
    for soname, packages in libraries.items():
        try:
            ctypes.CDLL(soname)
        except OSError:
            wanted.append(known_package(packages))
    return wanted


def known_package(packages: tuple[str, ...]) -> str:
    """The first of these names that this system's package lists know."""
    for package in packages[:-1]:
        if shutil.which("apt-cache") is None:
            break
        answer = subprocess.run(["apt-cache", "show", package], capture_output=True, check=False)
        if answer.returncode == 0:
            return package
    return packages[-1]


def bring_libraries(*, screen: bool) -> None:
    """Install the system libraries that Qt needs, or say in one sentence how.

    Raises:
        SetupError: They are missing, and we may not or cannot install them.
    """
    if not sys.platform.startswith("linux"):
        return
    libraries = LIBRARIES | (SCREEN_LIBRARIES if screen else {})
    wanted = missing_packages(libraries)
    if not wanted:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends"]
    if shutil.which("apt-get") is None:
        sonames = ", ".join(s for s, names in libraries.items() if set(names) & set(wanted))
        raise SetupError(
            f"Qt needs libraries that are not installed: {sonames}. Install them with your system's tools."
        )
    if os.geteuid() != 0:
        raise SetupError(f"Qt needs a few system packages. Please run:\n  sudo {' '.join([*command[:2], *wanted])}")
    say(f"installing {len(wanted)} system packages that Qt needs")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if subprocess.run([*command, "-q", *wanted], env=environment, stdout=sys.stderr, check=False).returncode != 0:
        # Package lists may be old or missing altogether, as on a fresh image.
        subprocess.run(["apt-get", "update", "-q"], env=environment, stdout=sys.stderr, check=False)
        wanted = missing_packages(libraries)
        if subprocess.run([*command, "-q", *wanted], env=environment, stdout=sys.stderr, check=False).returncode != 0:
            raise SetupError(f"These system packages could not be installed: {' '.join(wanted)}.")


def python_of(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip_command(python: Path) -> list[str]:
    """A pip that installs into the environment of this interpreter.

    Raises:
        SetupError: There is none on this machine.
    """
    if subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode == 0:
        return [str(python), "-m", "pip"]
    if importlib.util.find_spec("pip") is not None:
        # Works for a venv although the system's Python is managed by the system.
        return [sys.executable, "-m", "pip", "--python", str(python)]
    if importlib.util.find_spec("ensurepip") is not None:
        subprocess.run([python, "-m", "ensurepip", "--default-pip"], check=True, stdout=sys.stderr)
        return [str(python), "-m", "pip"]
    raise SetupError("pip is missing. On Debian and Ubuntu: sudo apt-get install python3-pip")


def stamp_of(files: list[Path]) -> str:
    """Changes whenever a requirement file or the interpreter does."""
    digest = hashlib.sha256(f"{sys.version} {sys.executable}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def bring_packages(names: list[str], folder: Path = VENV) -> Path:
    """Make an environment and install what is pinned, unless that has been done already.

    Args:
        names: The files of requirements.
        folder: The environment.

    Returns:
        Its interpreter.

    Raises:
        SetupError: pip is missing or failed.
    """
    python = python_of(folder)
    files = [REQUIREMENTS / f"{name}.txt" for name in names]
    stamps = folder / "desktop-chat-stamps"
    stamp = stamp_of(files)
    if python.exists() and (stamps / stamp).exists():
        return python
    fits = python.exists() and python_version(python) == f"{sys.version_info[0]}.{sys.version_info[1]}"
    if not fits:
        say(f"creating {folder.relative_to(ROOT)}")
        venv.EnvBuilder(with_pip=False, clear=folder.exists(), symlinks=os.name != "nt").create(folder)
    say(f"installing pinned packages{' (about 110 MB the first time)' if 'app' in names else ''}")
    command = [*pip_command(python), "install", "--quiet", "--disable-pip-version-check", "--no-warn-script-location"]
    command += ["--require-hashes", "--only-binary", ":all:"]
    for file in files:
        command += ["-r", str(file)]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode != 0:
        raise SetupError("pip could not install the packages; what it said stands above. Is there a network?")
    stamps.mkdir(exist_ok=True)
    (stamps / stamp).touch()
    return python


def python_version(python: Path) -> str:
    """Major and minor version of an interpreter, or an empty text if it does not run."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        return subprocess.run([python, "-c", code], capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def has_display() -> bool:
    """Whether a window could be shown."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def needs_window(arguments: list[str]) -> bool:
    """Whether these arguments of the app open a window."""
    return not {"ask", "--version", "--help", "-h", "--self-test"} & set(arguments[:1])


def run(arguments: list[str]) -> int:
    """Set up and start the app."""
    if needs_window(arguments) and not has_display():
        print(
            "Desktop Chat needs a display: start it from a desktop session, under a virtual screen "
            "(xvfb-run python3 packaging/bootstrap.py run), or chat in the terminal with: "
            "python3 packaging/bootstrap.py run ask PROMPT",
            file=sys.stderr,
        )
        return 2
    bring_libraries(screen=needs_window(arguments))
    python = bring_packages(["app"])
    return call([python, "-m", "desktop_chat", *arguments])


def test(arguments: list[str]) -> int:
    """Set up and run all checks; arguments go to pytest."""
    bring_libraries(screen=False)
    python = bring_packages(["app", "checks"])
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    checks = [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "--quiet", "."],
        ["mypy"],
        ["pytest", *arguments],
    ]
    results = {}
    for check in checks:
        say(" ".join(check))
        results[check[0] if check[1:2] != ["format"] else "format"] = call([python, "-m", *check])
    failed = [name for name, code in results.items() if code != 0]
    if failed:
        say(f"failed: {', '.join(failed)}")
        return 1
    say("all checks passed")
    return 0


def call(command: list[object]) -> int:
    """Run a command in the checkout; its exit code. Ctrl+C ends it as it ends us."""
    try:
        return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130


def say(text: str) -> None:
    """Tell the person what goes on, apart from what the program prints."""
    print(f"[bootstrap] {text}", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Do what the first argument says."""
    tasks = {"run": run, "test": test}
    try:
        if arguments[:1] == ["setup"]:
            bring_libraries(screen=has_display())
            bring_packages(["app", "checks"])
            return 0
        if arguments[:1] and arguments[0] in tasks:
            return tasks[arguments[0]](arguments[1:])
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
