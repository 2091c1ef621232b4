"""What letting go of something that is dragged means at a place of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QModelIndex

from desktop_chat.core.ports import Folder, Row
from desktop_chat.domain.ids import ConversationId, FolderId
from desktop_chat.ui.sidebar.arrangement import PINNED
from desktop_chat.ui.sidebar.cargo import Carried
from desktop_chat.ui.sidebar.model import FOLDER_ROLE, ROW_ROLE, ConversationModel
from desktop_chat.ui.sidebar.wishes import Wishes

EDGE = 0.28
"""This part of a folder's row, above and below, means before and after it."""


class Kind(Enum):
    """What letting go means."""

    INTO = auto()
    """Into `folder_id`; `None`: out of all folders."""
    BEFORE = auto()
    """Before or after the row that is pointed at, beside it."""
    AFTER = auto()
    PIN = auto()
    UNPIN = auto()


@dataclass(frozen=True, slots=True)
class Drop:
    """What letting go at a place means."""

    kind: Kind
    folder_id: FolderId | None = None
    """The folder that it ends in."""
    position: int = 0
    """For a folder: its place among its new neighbours."""
    beside: FolderId | None = None
    """For `BEFORE` and `AFTER`: the neighbour."""


def drop_at(model: ConversationModel, carried: Carried, index: QModelIndex, fraction: float) -> Drop | None:
    """What letting go at a row means.

    Args:
        model: The list.
        carried: What is dragged.
        index: The row that is pointed at; invalid below the last one.
        fraction: How far down in the row: 0 to 1.

    Returns:
        `None` if nothing would change, or nothing can be done there.
    """
    if carried.folder is not None:
        return _drop_folder(model, carried.folder, index, fraction)
    return _drop_conversations(model, carried.conversations, index)


def carry_out(wishes: Wishes, carried: Carried, drop: Drop) -> None:
    """Ask for what a drop means."""
    ids = list(carried.conversations)
    match drop.kind:
        case Kind.PIN | Kind.UNPIN:
            wishes.pin_asked.emit(ids, drop.kind is Kind.PIN)
        case _ if carried.folder is not None:
            wishes.folder_moved.emit(carried.folder, drop.folder_id, drop.position)
        case _:
            wishes.move_asked.emit(ids, drop.folder_id)


def _drop_conversations(
    model: ConversationModel, conversation_ids: Sequence[ConversationId], index: QModelIndex
) -> Drop | None:
    rows = [row for one in conversation_ids if (row := model.row(one))]
    folder, row = index.data(FOLDER_ROLE), index.data(ROW_ROLE)
    target: FolderId | None = None
    if isinstance(folder, Folder):
        target = folder.id
    elif isinstance(row, Row):
        target = model.arrangement.folder_of(row)
    among_pinned = target is None and _is_among_pinned(model, index)
    if among_pinned and rows and not all(one.pinned for one in rows):
        return Drop(Kind.PIN)
    # Pinned ones that stand in folders come out of them.
    if any(model.arrangement.folder_of(one) != target for one in rows):
        return Drop(Kind.INTO, target)
    can_unpin = target is None and rows and all(one.pinned for one in rows) and not among_pinned
    return Drop(Kind.UNPIN) if can_unpin else None


def _drop_folder(model: ConversationModel, moved_id: FolderId, index: QModelIndex, fraction: float) -> Drop | None:
    moved = model.arrangement.folders.get(moved_id)
    if moved is None:
        return None
    folder, row = index.data(FOLDER_ROLE), index.data(ROW_ROLE)
    if isinstance(folder, Folder):
        return _drop_at_folder(model, moved, folder, fraction)
    inside = row.folder_id if isinstance(row, Row) and row.folder_id in model.arrangement.folders else None
    if inside is not None and moved_id in model.arrangement.around(inside):
        return None
    if inside == moved.parent_id:
        return None
    return Drop(Kind.INTO, inside, len(_children(model, inside)))


def _drop_at_folder(model: ConversationModel, moved: Folder, folder: Folder, fraction: float) -> Drop | None:
    if moved.id in model.arrangement.around(folder.id):
        return None  # Into itself, or into what is in it.
    is_open = _shows_content(model, folder)
    if EDGE <= fraction <= 1 - EDGE or (fraction > 1 - EDGE and is_open):
        if moved.parent_id == folder.id:
            return None
        return Drop(Kind.INTO, folder.id, len(_children(model, folder.id)))
    neighbours = [one for one in _children(model, folder.parent_id) if one.id != moved.id]
    after = fraction > 1 - EDGE
    position = neighbours.index(folder) + after
    before_it = [one.id for one in _children(model, folder.parent_id)]
    if moved.parent_id == folder.parent_id and before_it.index(moved.id) == position:
        return None
    return Drop(Kind.AFTER if after else Kind.BEFORE, folder.parent_id, position, folder.id)


def _children(model: ConversationModel, parent_id: FolderId | None) -> list[Folder]:
    return [folder for folder in model.arrangement.folders.values() if folder.parent_id == parent_id]


def _shows_content(model: ConversationModel, folder: Folder) -> bool:
    at = model.index_of_folder(folder.id).row()
    below = model.item(model.index(at + 1)) if at >= 0 else None
    return below is not None and model.arrangement.depth(below) > model.arrangement.depth(folder)


def _is_among_pinned(model: ConversationModel, index: QModelIndex) -> bool:
    return index.isValid() and model.section_of(index) == PINNED
