"""The list by which whoever downloads an installer can tell that it is whole."""

from pathlib import Path

import tree

FILE = "SHA256SUMS"


def lines(folder: Path) -> list[str]:
    """One line a file, as `sha256sum --check` reads it."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != FILE)
    return [f"{tree.digest(path)}  {path.name}" for path in files]


def write(folder: Path) -> dict[str, object]:
    """Write the list into the folder."""
    found = lines(folder)
    tree.write(folder / FILE, "\n".join(found) + "\n")
    return {"step": "checksums", "file": FILE, "files": len(found)}
