"""What actions are called, also where that depends on what they are about."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop_chat.core.ports import Row
from desktop_chat.ui.actions.catalog import SPECS
from desktop_chat.ui.actions.ids import ActionId


def action_title(action: ActionId) -> str:
    """Its name, translated."""
    return _tr(SPECS[action].title)


def titles_about(rows: Sequence[Row]) -> dict[ActionId, str]:
    """The names of what would be done with some conversations."""
    is_pinned = bool(rows) and all(row.pinned for row in rows)
    is_archived = bool(rows) and all(row.archived for row in rows)
    several = len(rows) > 1
    return {
        ActionId.CONVERSATION_PIN: _tr("Unpin") if is_pinned else _tr("Pin"),
        ActionId.CONVERSATION_ARCHIVE: _tr("Unarchive") if is_archived else _tr("Archive"),
        ActionId.CONVERSATION_TRASH: _tr("Delete conversations") if several else _tr("Delete conversation"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)
