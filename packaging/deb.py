"""The package for Debian and Ubuntu, made by dpkg-deb; the same bytes for the same tree."""

import datetime
import email.utils
import hashlib
import os
import subprocess
import textwrap
from collections.abc import Sequence
from pathlib import Path

import elf
import project
import tree

ARCHITECTURES = {"x86_64": "amd64", "arm64": "arm64"}
ALWAYS = ("ca-certificates",)
RECOMMENDS = ("gnome-keyring | kwalletmanager", "xdg-desktop-portal", "xdg-utils", "libcups2")

OVERRIDES = """\
# The program brings its own Python and Qt; this is what that looks like.
{name}: custom-library-search-path
{name}: duplicate-font-file
{name}: embedded-library
{name}: library-not-linked-against-libc
{name}: shared-library-lacks-prerequisites
{name}: unstripped-binary-or-object
{name}: hardening-no-pie
"""
LINE = 78


def control(*, version: str, architecture: str, depends: Sequence[str], size_kb: int) -> str:
    """What dpkg is told of the package.

    Args:
        version: As in Python; a sign of Debian's makes betas older than what follows them.
        architecture: Debian's name of the processor.
        depends: Packages, with versions where they matter.
        size_kb: What the tree takes on the disk.
    """
    folded = (textwrap.wrap(paragraph, LINE) for paragraph in project.DESCRIPTION)
    words = "\n .\n".join("\n".join(f" {line}" for line in lines) for lines in folded)
    homepage = f"Homepage: {project.homepage()}\n" if project.homepage() else ""
    return (
        f"Package: {project.NAME}\nVersion: {debian_version(version)}\nArchitecture: {architecture}\n"
        f"Maintainer: {project.maintainer()}\nInstalled-Size: {size_kb}\n"
        f"Depends: {', '.join(depends)}\nRecommends: {', '.join(RECOMMENDS)}\n"
        f"Section: net\nPriority: optional\n{homepage}"
        f"Description: {project.SUMMARY[0].lower()}{project.SUMMARY[1:]}\n{words}\n"
    )


def debian_version(version: str) -> str:
    """A version of Python so that dpkg sorts it right: `1.0rc1` comes before `1.0`."""
    for mark in ("a", "b", "rc", ".dev"):
        head, found, tail = version.partition(mark)
        if found and tail.isdigit():
            return f"{head}~{mark.lstrip('.')}{tail}"
    return version


def changelog(text: str) -> str:
    """The changelog in Debian's form.

    Args:
        text: As it stands in the checkout.
    """
    parts = []
    for version, day, items in project.releases(text):
        when = email.utils.format_datetime(datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        points = "\n".join(textwrap.fill(item, LINE, initial_indent="  * ", subsequent_indent="    ") for item in items)
        head = f"{project.NAME} ({debian_version(version)}) unstable; urgency=medium"
        parts.append(f"{head}\n\n{points}\n\n -- {project.maintainer()}  {when}\n")
    return "\n".join(parts)


def md5sums(folder: Path) -> str:
    """The list by which dpkg finds files that were changed."""
    lines = []
    for path in tree.entries(folder):
        if path.is_file() and not path.is_symlink():
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    return "".join(lines)


def build(staged: Path, output: Path) -> Path:
    """Make the package.

    Args:
        staged: The tree that `linux.stage` made.
        output: The `.deb` to write.

    Raises:
        SystemExit: The tree asks the system for a library that is on no list.
    """
    asked, floor = elf.look(staged)
    if problems := elf.unexpected(asked):
        raise SystemExit("\n".join(problems))
    root = project.BUILD / "deb"
    tree.fresh(root).rmdir()
    tree.copy(staged, root)
    tree.write(
        root / "usr/share/doc" / project.NAME / "changelog.gz", tree.squeeze(changelog(project.changelog()).encode())
    )
    tree.write(root / "usr/share/lintian/overrides" / project.NAME, OVERRIDES.format(name=project.NAME))
    depends = [*elf.depends(asked, floor), *ALWAYS]
    sums = md5sums(root)
    text = control(
        version=project.version(),
        architecture=ARCHITECTURES[project.machine()],
        depends=depends,
        size_kb=round(tree.size_mb(root) * 1e6 / 1024),
    )
    tree.write(root / "DEBIAN" / "control", text)
    tree.write(root / "DEBIAN" / "md5sums", sums)
    tree.settle(root, project.epoch())
    output.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(project.epoch())}
    command: list[str | Path] = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", root, output]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return output


def file_name() -> str:
    """As Debian names packages."""
    return f"{project.NAME}_{debian_version(project.version())}_{ARCHITECTURES[project.machine()]}.deb"
