"""Finds the files of `resources/`, in a checkout, an installed wheel and a frozen build.

A wheel carries them inside the package; in a checkout and in a frozen build they lie
beside it.
"""

import sys
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def resources_folder() -> Path:
    """The folder `resources` of this installation.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    frozen = getattr(sys, "_MEIPASS", None)
    places = [_PACKAGE / "resources", _PACKAGE.parent / "resources"]
    if frozen:
        places.insert(0, Path(frozen) / "resources")
    for place in places:
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the program's resources are missing; looked in {', '.join(map(str, places))}")


def resource(name: str) -> Path:
    """A file of `resources/` by its path in it, e.g. `icons/send.svg`.

    Raises:
        FileNotFoundError: There is no such file.
    """
    path = resources_folder() / name
    if not path.is_file():
        raise FileNotFoundError(f"no resource {name!r} in {resources_folder()}")
    return path
