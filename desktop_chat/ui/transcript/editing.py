"""The editor over a message: the message is as tall as the editor while that is open, so nothing is covered."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.transcript.places import Places

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView


class Editing(QObject):
    """Opens the editor, and keeps it over its message.

    Args:
        view: The page.
        places: Where messages are.
    """

    def __init__(self, view: "TranscriptView", places: Places) -> None:
        super().__init__(view)
        self._view = view
        self._places = places
        self._edited: MessageId | None = None
        view.editor.closed.connect(self._on_editor_closed)
        view.editor.grew.connect(self.follow)

    def open(self, message_id: MessageId) -> None:
        """Edit a message that is on the page."""
        session = self._view.session
        if session is not None:
            self._edited = message_id
            message = session.conversation.messages[message_id]
            self._view.editor.open_for(message_id, message.role, message.text)
            self.follow()

    def follow(self) -> None:
        """The page moved, or the editor grew."""
        view, column = self._view, self._view.column
        if column is None or self._edited is None or view.editor.message_id != self._edited:
            return
        row = column.row_of.get(self._edited)
        if row is None:
            return
        page = view.viewport().rect()
        self._reserve(self._edited, view.editor.wanted_height(page.height()))
        view.editor.place(self._places.message_rect(row), page)

    def _reserve(self, message_id: MessageId, height: float) -> None:
        view, column = self._view, self._view.column
        if column is None or message_id not in column.row_of:
            return
        row = column.row_of[message_id]
        item = column.item(row)
        gap = item.boxes[0].place.gap if item.boxes and height else 0
        if item.least == height + gap:
            return
        anchor = None if column.sticks else column.anchor()
        item.least = height + gap
        column.heights[row] = item.height
        column.restore(anchor)
        view.viewport().update()
        view.flusher.ask()

    def _on_editor_closed(self) -> None:
        edited, self._edited = self._edited, None
        if edited is not None:
            self._reserve(edited, 0)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
