"""Collects the licence of everything a build holds, and says what the licence of Qt asks to be said.

Each library of Python brings its text in its metadata; for libraries of the system Debian
has a file beside its package; those of Qt, of fonts and of who brings none lie in `packaging/licences`.
"""

import importlib.metadata
import platform
import subprocess
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

import project
import tree

LICENCE_NAMES = ("licen", "copying", "notice")

NOTICE = """\
{title} {version}
{line}
{copyright}
Licence: MIT, see LICENSE.txt.

Qt and PySide6
--------------
This program uses Qt {qt} and PySide6 {qt}, which are under the GNU Lesser General Public
License, version 3 (qt/LGPL-3.0.txt, with qt/GPL-3.0.txt that it builds on). Qt is a
trademark of The Qt Company Ltd. and is copyright The Qt Company Ltd. and other contributors.

They are separate libraries, linked when the program starts. You may replace them with
versions of your own that have the same interface: put yours in the place of the files in

    {place}

You may take the program apart to find faults in such changes. Nothing in it checks which
version it runs with.

Their complete sources, of exactly these versions, are published by the Qt Project:

    download.qt.io/official_releases/qt/        (Qt {qt})
    download.qt.io/official_releases/QtForPython/    (PySide6 and Shiboken {qt})

Qt holds code of others; what that asks to be said is listed for each module in Qt's
documentation, doc.qt.io/qt-6/licenses-used-in-qt.html. ICU, which comes with Qt on Linux, is
under the Unicode licence.

What else is in this build
--------------------------
{table}

The texts stand in the folders beside this file.
"""

PLACES = {
    "linux": "_internal/PySide6/Qt/lib and _internal/PySide6",
    "windows": "_internal\\PySide6",
    "macos": "Contents/Frameworks/PySide6/Qt/lib and Contents/Frameworks/PySide6",
}


def is_licence(name: str) -> bool:
    """Whether a file of a distribution's metadata holds its licence or a notice."""
    return name.rsplit("/", 1)[-1].lower().startswith(LICENCE_NAMES)


def texts_of(name: str) -> dict[str, str]:
    """The licence files of an installed distribution by their names."""
    found = {}
    for file in importlib.metadata.distribution(name).files or ():
        if ".dist-info/" in file.as_posix() and is_licence(file.as_posix()):
            found[file.name] = Path(str(file.locate())).read_text(encoding="utf-8", errors="replace")
    return found


def known_text(name: str) -> dict[str, str]:
    """The licence that its authors publish elsewhere than in the distribution."""
    file = project.HERE / "licences" / f"{name.lower()}.txt"
    return {"LICENSE.txt": file.read_text(encoding="utf-8")} if file.exists() else {}


def package_of(library: str) -> str:
    """The package of Debian that a file of the system belongs to, or an empty text."""
    for name in (library, str(Path(library).resolve()), library.removeprefix("/usr")):
        try:
            answer = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            return ""
        if answer.returncode == 0:
            return answer.stdout.partition(":")[0]
    return ""


def notice(libraries: Iterable[tuple[str, str, str]], qt: str) -> str:
    """The first page of the folder.

    Args:
        libraries: Name, version and licence of each library.
        qt: The version of Qt.
    """
    rows = [f"{name} {version}".ljust(40) + licence for name, version, licence in libraries]
    title = f"{project.TITLE} {project.version()}"
    return NOTICE.format(
        title=project.TITLE,
        version=project.version(),
        line="=" * len(title),
        copyright=project.COPYRIGHT,
        qt=qt,
        place=PLACES[project.system()],
        table="\n".join(rows),
    )


def collect(folder: Path, shipped: Mapping[str, str], system_libraries: Iterable[str]) -> Path:
    """Make the folder of licences anew.

    Args:
        folder: Where it goes.
        shipped: Names of the distributions in the build, and their licences in short.
        system_libraries: Paths of libraries that were taken from the system.

    Raises:
        SystemExit: A library has no licence text and none is known for it.
    """
    tree.fresh(folder)
    tree.write(folder / "LICENSE.txt", (project.ROOT / "LICENSE").read_text(encoding="utf-8"))
    rows = []
    for name, licence in shipped.items():
        rows.append((name, importlib.metadata.version(name), licence))
        texts = texts_of(name) or known_text(name)
        if not texts and not licence.startswith("LGPL"):
            raise SystemExit(f"{name} brings no licence text")
        for file, text in texts.items():
            tree.write(folder / name.lower() / file, text)
    for shared in sorted((project.HERE / "licences").glob("*/*.txt")):
        tree.write(folder / shared.parent.name / shared.name, shared.read_bytes())
    rows += [("STIX Two Math", "", "OFL-1.1"), ("DejaVu Sans", "", "Bitstream-Vera")]
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    if not python.exists():  # Debian keeps it elsewhere, Windows beside the interpreter.
        places = [
            "/usr/share/doc/python3/copyright",
            str(Path(sysconfig.get_config_var("base") or "/") / "LICENSE.txt"),
        ]
        python = next((Path(place) for place in places if Path(place).exists()), python)
    tree.write(folder / "python" / "LICENSE.txt", python.read_bytes())
    rows.append(("Python", platform.python_version(), "PSF-2.0"))
    for package in sorted({package_of(library) for library in system_libraries} - {""}):
        rights = Path(f"/usr/share/doc/{package}/copyright")
        if rights.exists():
            tree.write(folder / "system" / f"{package}.txt", rights.read_bytes())
            rows.append((package, "", f"system/{package}.txt"))
    qt = importlib.metadata.version("PySide6-Essentials")
    tree.write(folder / "README.txt", notice(rows, qt))
    return folder
