"""What a drag in the list carries, as Qt hands it from where it begins to where it ends."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData

from desktop_chat.core.ports import Folder, Row
from desktop_chat.domain.ids import ConversationId, FolderId

MIME = "application/x-desktop-chat-rows"


@dataclass(frozen=True, slots=True)
class Carried:
    """What is dragged: conversations, or one folder."""

    conversations: tuple[ConversationId, ...] = ()
    folder: FolderId | None = None


def pack(rows: Sequence[Row], folders: Sequence[Folder]) -> QMimeData:
    """Put what is selected into a drag. A folder is dragged alone; beside conversations it stays."""
    data = QMimeData()
    if rows:
        data.setData(MIME, json.dumps([row.id for row in rows]).encode())
    elif len(folders) == 1:
        data.setData(MIME, json.dumps(folders[0].id).encode())
    return data


def unpack(data: QMimeData) -> Carried | None:
    """Read what a drag carries; `None` if it is not ours."""
    if not data.hasFormat(MIME):
        return None
    values = json.loads(bytes(data.data(MIME).data()))
    if isinstance(values, str):
        return Carried(folder=FolderId(values))
    return Carried(tuple(ConversationId(one) for one in values))
