"""Brings the plain dict of an older settings file to the shape of today.

To rename, move or reinterpret a preference: write `mNNN_what(data) -> data` that takes and
returns a plain dict, put it at the end of `MIGRATIONS`, and add a file of the shape
before it to `tests/old_files/settings/`. A new preference needs none: its default is used.
"""

from collections.abc import Callable
from typing import Any

Migration = Callable[[dict[str, Any]], dict[str, Any]]


def m001_version(data: dict[str, Any]) -> dict[str, Any]:
    """The first shape has a version; a file without one is taken for it."""
    return data


MIGRATIONS: tuple[Migration, ...] = (m001_version,)

VERSION = len(MIGRATIONS)


def migrate(data: dict[str, Any]) -> dict[str, Any]:
    """Run what is missing; the version of the result is `VERSION` or what a newer program wrote."""
    found = data.get("version", 0)
    version = found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else 0
    for migration in MIGRATIONS[version:]:
        data = migration(dict(data))
    return {**data, "version": max(version, VERSION)}
