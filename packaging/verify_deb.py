"""Installs the Debian package for real, uses it, upgrades it, and removes it to the last file.

In a root of its own without Python (`--root`, as debootstrap makes it), or, where the whole
machine is thrown away afterwards, on the machine itself (`--here`).
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import project
import screens
import smoke
import tree

UNWATCHED = (
    "proc",
    "sys",
    "dev",
    "tmp",
    "run",
    "var/cache",
    "var/log",
    "var/lib/apt",
    "var/lib/dpkg",
    "var/tmp",
    "root",
    "home",
)
OURS = (f"usr/lib/{project.NAME}", f"usr/bin/{project.NAME}", f"usr/share/doc/{project.NAME}")
MODEL = "pace-0-40"

ENTER = """\
set -e
root=$1; shared=$2; shift 2
mount -t proc proc "$root/proc"
mkdir -p "$root$shared" "$root/tmp/.X11-unix"
mount --bind "$shared" "$root$shared"
if [ -d /tmp/.X11-unix ]; then mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"; fi
exec chroot "$root" "$@"
"""


@dataclass(frozen=True)
class Place:
    """Where a package is installed."""

    root: Path
    """`/`, or the folder that is made the root."""
    shared: Path
    """A folder with the same path inside and outside."""

    @property
    def is_apart(self) -> bool:
        """Whether it is not the machine itself."""
        return self.root != Path("/")

    @property
    def home(self) -> Path:
        """The home of the person who tests, as seen from inside."""
        return Path("/root") if self.is_apart or os.geteuid() == 0 else Path.home()

    @property
    def store(self) -> Path:
        """The database of the person who tests, as seen from outside."""
        return self.root / self.home.relative_to("/") / ".local/share/desktop-chat/conversations.sqlite"

    def command(self, words: list[str], environment: Mapping[str, str]) -> list[str]:
        """The words that run a program there with exactly this environment."""
        clean = ["env", "-i", *(f"{name}={value}" for name, value in environment.items()), *words]
        if not self.is_apart:
            is_for_root = words[0] in ("apt-get", "dpkg") and os.geteuid() != 0
            return ["sudo", *clean] if is_for_root else clean
        # Mounts in a namespace of their own end with the program.
        return ["unshare", "--mount", "sh", "-c", ENTER, "sh", str(self.root), str(self.shared), *clean]

    def run(self, *words: str) -> str:
        """Run a program there; what it prints.

        Raises:
            SystemExit: It fails.
        """
        command = self.command(list(words), self.environment())
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode != 0:
            sys.stderr.write(answer.stdout + answer.stderr)
            raise SystemExit(f"{' '.join(words)} failed with {answer.returncode}")
        return answer.stdout

    def environment(self) -> dict[str, str]:
        """What a person's session has, and no more."""
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
        }

    def files(self) -> set[str]:
        """Every path there that a package could leave behind; of the machine itself, those of ours."""
        if not self.is_apart:
            return {path for path in OURS if Path("/", path).exists()}
        found = set()
        for folder, folders, files in os.walk(self.root):
            below = Path(folder).relative_to(self.root)
            folders[:] = [name for name in folders if (below / name).as_posix() not in UNWATCHED]
            found |= {(below / name).as_posix() for name in [*folders, *files]}
        return found


def verify(package: Path, root: Path, previous: Path | None) -> dict[str, object]:
    """Do all of it.

    Args:
        package: The `.deb`.
        root: `/`, or the folder that is made the root; it must hold apt's settings.
        previous: An older `.deb`, to upgrade from.

    Raises:
        SystemExit: Something is not as it should be.
    """
    with shared_folder(package, previous) as shared:
        place = Place(root, shared)
        if place.is_apart and (root / "usr/bin/python3").exists():
            raise SystemExit(f"{root} has Python; the test needs a system without")
        before = prepare(place, package)
        said: dict[str, object] = {"step": "verify", "artefact": package.name}
        if previous is not None:
            install(place, shared / previous.name)
            said["upgraded_from"] = place.run(project.NAME, "--version").split()[1]
            converse(place, "What stays?")
        install(place, shared / package.name)
        said |= look(place)
        said["picture"] = use_window(place)
        converse(place, "And now?")
        titles = conversations(place)
        wanted = {"And now?"} | ({"What stays?"} if previous is not None else set())
        expect(wanted <= set(titles), f"the stored conversations are {titles}")
        place.run("dpkg", "--purge", project.NAME)
        left = place.files() - before
        expect(not left, f"left behind: {', '.join(sorted(left)[:10])}")
        expect(place.store.exists(), "the person's data are gone")
        return {**said, "conversations": titles, "left_behind": len(left)}


def prepare(place: Place, package: Path) -> set[str]:
    """Bring what the package depends on; the files that are there then."""
    answer = subprocess.run(["dpkg-deb", "-f", package, "Depends"], capture_output=True, text=True, check=True)
    place.run("apt-get", "update", "-q")
    place.run("apt-get", "satisfy", "-q", "-y", "--no-install-recommends", answer.stdout.strip())
    return place.files()


def install(place: Place, package: Path) -> None:
    """Install or upgrade a package by its file."""
    place.run("apt-get", "install", "-q", "-y", "--no-install-recommends", "--allow-downgrades", str(package))


def look(place: Place) -> dict[str, object]:
    """Ask the installed program on every kind of screen; which took how long."""
    said: dict[str, object] = {"offscreen": smoke.ask(place.command([project.NAME], place.environment()))}
    for name, screen in (("x11", screens.x11), ("wayland", screens.wayland)):
        with screen() as variables:
            # The folder of a compositor must have the same path inside.
            here = Place(place.root, Path(variables.get("XDG_RUNTIME_DIR", place.shared)))
            chosen = {"DESKTOP_CHAT_SELF_TEST_PLATFORM": variables["QT_QPA_PLATFORM"]}
            said[name] = smoke.ask(here.command([project.NAME], {**place.environment(), **variables, **chosen}))
    return said


def use_window(place: Place) -> str:
    """Open the window as a person does, start the program a second time, end it; the name of a picture of it.

    Raises:
        SystemExit: It does not open, a second window opens, or it does not end in order.
    """
    with screens.x11() as variables:
        command = place.command([project.NAME], {**place.environment(), **variables})
        first = screens.start(command)
        try:
            screens.wait((place.store.parent / "handover.json").exists, project.NAME)
            second = smoke.run(command)
            expect(second.returncode == 0, f"a second start ended with {second.returncode}: {second.stderr}")
            expect(first.poll() is None, "the first window is gone")
            picture = screens.picture(variables, project.ROOT / "dist" / "installed.png")
        finally:
            first.terminate()
            code = first.wait(screens.PATIENCE_S)
        expect(code == 0, f"the window ended with {code}")
        return picture


def converse(place: Place, question: str) -> None:
    """Have a conversation in the terminal, with a model server on this machine."""
    with model_server() as address:
        answer = place.run(project.NAME, "ask", "--base-url", address, "--model", MODEL, question)
        expect("Reading a stream" in answer, f"the answer was {answer[:80]!r}")


def conversations(place: Place) -> list[str]:
    """The titles of the stored conversations."""
    with contextlib.closing(sqlite3.connect(f"file:{place.store}?mode=ro", uri=True)) as connection:
        return sorted(row[0] for row in connection.execute("SELECT title FROM conversations"))


@contextmanager
def model_server() -> Iterator[str]:
    """The paced server of the benchmarks; its base URL."""
    command = [sys.executable, "-m", "tests.benchmarks.server"]
    with subprocess.Popen(
        command, cwd=project.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        process.stdin.close()


@contextmanager
def shared_folder(*packages: Path | None) -> Iterator[Path]:
    """A folder with copies of the packages that apt's own user may read."""
    folder = Path("/var/tmp/desktop-chat-verify")
    tree.fresh(folder)
    folder.chmod(0o755)
    for package in packages:
        if package is not None:
            shutil.copy2(package, folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def expect(claim: bool, otherwise: str) -> None:
    """Fail unless the claim holds."""
    if not claim:
        raise SystemExit(otherwise)
