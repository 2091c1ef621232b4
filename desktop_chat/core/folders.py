"""The tree of folders as a tuple: parents before children, in the order in which they are shown.

Every function takes such a tuple and gives a new one; what cannot be done changes nothing. No
recursion: folders may be nested as deep as anybody likes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop_chat.core.ports import Folder
from desktop_chat.domain.conversation import name_from
from desktop_chat.domain.folder import NamedFolder
from desktop_chat.domain.ids import FolderId

Folders = tuple[Folder, ...]


def in_order(folders: Iterable[Folder]) -> Folders:
    """Make a tree of whatever was read.

    A folder whose parent is not there, or that stands below itself, becomes a first one;
    positions are counted anew.
    """
    known = {folder.id: folder for folder in folders}
    below = _below(folder for folder in known.values() if folder.parent_id in known or folder.parent_id is None)
    hanging = {folder.id for folder in _listed(below)}
    placed = (folder if folder.id in hanging else replace(folder, parent_id=None) for folder in known.values())
    return _listed(_below(placed))


def find(folders: Folders, folder_id: FolderId | None) -> Folder | None:
    """The folder of this id."""
    return next((folder for folder in folders if folder.id == folder_id), None)


def path_of(folders: Folders, folder_id: FolderId | None) -> list[Folder]:
    """A folder and those it is in, the outermost first; empty if it is not there."""
    known = {folder.id: folder for folder in folders}
    path = []
    while (folder := known.get(folder_id) if folder_id else None) is not None:
        path.append(folder)
        folder_id = folder.parent_id
    return path[::-1]


def added(folders: Folders, folder_id: FolderId, name: str, parent_id: FolderId | None) -> Folders:
    """With one more at the end of its parent; a parent that is not there counts as none."""
    if find(folders, parent_id) is None:
        parent_id = None
    return in_order((*folders, Folder(folder_id, name, parent_id, len(folders))))


def named_path(folders: Folders, folder_id: FolderId | None) -> tuple[NamedFolder, ...]:
    """As `path_of`, in the form in which folders travel."""
    return tuple(NamedFolder(one.id, one.name, one.parent_id) for one in path_of(folders, folder_id))


def with_missing(folders: Folders, wanted: Iterable[NamedFolder]) -> Folders:
    """With those that are not there yet, at the end of their parents; the others stay as they are."""
    known = {folder.id for folder in folders}
    news = {one.id: one for one in wanted if one.id not in known and name_from(one.name)}
    places = enumerate(news.values(), len(folders))
    added_ones = (Folder(one.id, name_from(one.name), one.parent_id, place) for place, one in places)
    return in_order((*folders, *added_ones)) if news else folders


def renamed(folders: Folders, folder_id: FolderId, name: str) -> Folders:
    """With another name for one."""
    return tuple(replace(folder, name=name) if folder.id == folder_id else folder for folder in folders)


def moved(folders: Folders, folder_id: FolderId, parent_id: FolderId | None, position: int) -> Folders:
    """With one folder, and all that is in it, below another parent.

    Args:
        folders: As they stand.
        folder_id: The one that moves.
        parent_id: Where to; not itself nor what is in it.
        position: Its place among the folders there, itself not counted.
    """
    folder = find(folders, folder_id)
    path = path_of(folders, parent_id)
    if folder is None or (parent_id is not None and not path) or folder in path:
        return folders
    below = _below(other for other in folders if other.id != folder_id)
    siblings = below.setdefault(parent_id, [])
    siblings.insert(max(0, min(position, len(siblings))), replace(folder, parent_id=parent_id))
    return _listed(below)


def removed(folders: Folders, folder_id: FolderId) -> Folders:
    """Without one; the folders in it stand where it stood."""
    folder = find(folders, folder_id)
    if folder is None:
        return folders
    below = _below(folders)
    siblings = below[folder.parent_id]
    place = siblings.index(folder)
    siblings[place : place + 1] = [replace(child, parent_id=folder.parent_id) for child in below.pop(folder_id, [])]
    return _listed(below)


def _below(folders: Iterable[Folder]) -> dict[FolderId | None, list[Folder]]:
    below: dict[FolderId | None, list[Folder]] = {}
    for folder in folders:
        below.setdefault(folder.parent_id, []).append(folder)
    for siblings in below.values():
        siblings.sort(key=lambda folder: folder.position)
    return below


def _listed(below: dict[FolderId | None, list[Folder]]) -> Folders:
    listed: list[Folder] = []
    waiting: list[Folder] = _numbered(below.get(None, ()))[::-1]
    while waiting:
        listed.append(folder := waiting.pop())
        waiting.extend(_numbered(below.get(folder.id, ()))[::-1])
    return tuple(listed)


def _numbered(siblings: Sequence[Folder]) -> list[Folder]:
    return [f if f.position == place else replace(f, position=place) for place, f in enumerate(siblings)]
