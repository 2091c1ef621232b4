"""Folders that come out the same every time: sizes, modes, times, archives, digests."""

import gzip
import hashlib
import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

ZIP_BEGIN = 315532800  # 1980-01-01, the first day a zip file can name


def entries(folder: Path) -> Iterator[Path]:
    """Everything below a folder in one order on every machine; links are not followed."""
    for path in sorted(folder.rglob("*"), key=lambda each: each.relative_to(folder).as_posix()):
        if not any(parent.is_symlink() for parent in path.parents if parent.is_relative_to(folder)):
            yield path


def size_mb(path: Path) -> float:
    """Apparent size of a file, or of all files of a folder, in MB of 10^6 bytes."""
    if path.is_file():
        return round(path.stat().st_size / 1e6, 2)
    return round(sum(each.lstat().st_size for each in entries(path) if not each.is_dir()) / 1e6, 1)


def copy(source: Path, target: Path) -> None:
    """Copy a folder with its links as links; the target must not exist."""
    shutil.copytree(source, target, symlinks=True)


def fresh(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def write(path: Path, text: str | bytes, *, mode: int = 0o644) -> None:
    """Write a file with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(data)
    path.chmod(mode)


def link(path: Path, target: str) -> None:
    """Make a symbolic link with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def squeeze(data: bytes) -> bytes:
    """Compress with gzip, without a time or a name in it."""
    return gzip.compress(data, 9, mtime=0)


def settle(folder: Path, seconds: int) -> None:
    """Give everything the same time, and modes that do not depend on who builds."""
    for path in [*entries(folder), folder]:
        if not path.is_symlink():
            path.chmod(mode_of(path))
        os.utime(path, (seconds, seconds), follow_symlinks=False)


def mode_of(path: Path) -> int:
    """755 for folders and programs, 644 for the rest; libraries need not be executable."""
    if path.is_dir():
        return 0o755
    is_library = ".so" in path.suffixes or path.name.endswith((".pyc", ".zip"))
    return 0o755 if path.stat().st_mode & stat.S_IXUSR and not is_library else 0o644


def make_tar_gz(folder: Path, archive: Path, *, below: str, seconds: int) -> None:
    """Pack a folder; the same bytes for the same files.

    Args:
        folder: What is packed.
        archive: Where to.
        below: Name of the one folder that everything lies in.
        seconds: The time of every entry.
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    with (
        archive.open("wb") as file,
        gzip.GzipFile("", "wb", 9, file, mtime=seconds) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        for path in [folder, *entries(folder)]:
            name = "/".join([below, *path.relative_to(folder).parts])
            info = tar.gettarinfo(path, name)
            info.uid = info.gid = 0
            info.uname = info.gname = "root"
            info.mtime = seconds
            if not path.is_symlink():
                info.mode = mode_of(path)
            if info.isreg():
                with path.open("rb") as content:
                    tar.addfile(info, content)
            else:
                tar.addfile(info)


def make_zip(folder: Path, archive: Path, *, below: str, seconds: int, extra: Iterable[tuple[str, bytes]] = ()) -> None:
    """Pack a folder for Windows; the same bytes for the same files.

    Args:
        folder: What is packed; it must hold no links.
        archive: Where to.
        below: Name of the one folder that everything lies in.
        seconds: The time of every entry.
        extra: Names and contents of files that are not in the folder.
    """
    archive.parent.mkdir(parents=True, exist_ok=True)
    when = zip_time(seconds)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for path in entries(folder):
            if path.is_symlink():
                raise SystemExit(f"{path} is a link, which zip files cannot keep")
            if path.is_file():
                info = zipfile.ZipInfo(f"{below}/{path.relative_to(folder).as_posix()}", when)
                info.external_attr = (stat.S_IFREG | mode_of(path)) << 16
                info.compress_type = zipfile.ZIP_DEFLATED
                file.writestr(info, path.read_bytes())
        for name, data in extra:
            info = zipfile.ZipInfo(f"{below}/{name}", when)
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            file.writestr(info, data)


def zip_time(seconds: int) -> tuple[int, int, int, int, int, int]:
    """A time as zip files know it: not before 1980, in steps of two seconds."""
    import time

    moment = time.gmtime(max(seconds, ZIP_BEGIN))
    return (moment.tm_year, moment.tm_mon, moment.tm_mday, moment.tm_hour, moment.tm_min, moment.tm_sec & ~1)


def digest(path: Path) -> str:
    """SHA-256 of a file; of a folder: of names, modes, link targets and contents in it."""
    total = hashlib.sha256()
    if path.is_file():
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                total.update(block)
        return total.hexdigest()
    for each in entries(path):
        name = each.relative_to(path).as_posix()
        if each.is_symlink():
            total.update(f"link {name} {each.readlink().as_posix()}\n".encode())
        elif each.is_dir():
            total.update(f"folder {name}\n".encode())
        else:
            total.update(f"file {name} {mode_of(each):o} {digest(each)}\n".encode())
    return total.hexdigest()
