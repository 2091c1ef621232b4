"""A folder as it travels with conversations: its id, its name, and the folder it is in."""

from collections.abc import Mapping
from dataclasses import dataclass

from desktop_chat.domain.ids import FolderId

DEEPEST = 500
"""Levels that are followed upwards; nobody has as many, but a file may say so."""


@dataclass(frozen=True, slots=True)
class NamedFolder:
    """What another library needs to have the same folder."""

    id: FolderId
    name: str
    parent_id: FolderId | None = None


def path_in(known: Mapping[FolderId, NamedFolder], folder_id: FolderId | None) -> tuple[NamedFolder, ...]:
    """A folder and those it is in, the outermost first; empty if it is not known."""
    path: dict[FolderId, NamedFolder] = {}
    while folder_id is not None and folder_id not in path and len(path) < DEEPEST:
        folder = known.get(folder_id)
        if folder is None:
            break
        path[folder_id] = folder
        folder_id = folder.parent_id
    return tuple(path.values())[::-1]
