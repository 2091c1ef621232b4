"""The editor over a message: what is typed there stays with its conversation until it is saved or dropped.

The message is as tall as the editor while that is open, so nothing is covered. Whoever goes
elsewhere, regenerates a reply or ends the program finds the text again on coming back.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.transcript.reading.places import Places

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

KEEP_MS = 150
"""How long a change of the text waits before it is handed on to be kept."""


class Editing(QObject):
    """Opens the editor, keeps it over its message, and hands on what is typed.

    Args:
        view: The page.
        places: Where messages are.
    """

    def __init__(self, view: "TranscriptView", places: Places) -> None:
        super().__init__(view)
        self._view = view
        self._places = places
        self._edited: MessageId | None = None
        self._dropped: tuple[MessageId, str] | None = None
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(KEEP_MS)
        self._keep.timeout.connect(self._hand_on)
        view.editor.edited.connect(self._on_editor_edited)
        view.editor.committed.connect(self._on_editor_committed)
        view.editor.cancelled.connect(self._on_editor_cancelled)
        view.editor.grew.connect(self.follow)

    def open(self, message_id: MessageId) -> None:
        """Edit a message that is on the page, or go on with the one that is being edited."""
        if self._edited != message_id:
            self.put_away()
            self._begin(message_id, is_typed_in=True)
        self._view.editor.focus()

    def keep_now(self) -> None:
        """Have the conversation remember what is typed, without waiting."""
        if self._keep.isActive():
            self._keep.stop()
            self._hand_on()

    def put_away(self) -> None:
        """Something else is shown; what was typed stays with the conversation."""
        self._view.editor.finish_word()
        self.keep_now()
        self._close()

    def look_again(self) -> None:
        """Other messages are shown: have the editor where there is something to go on with."""
        column, session = self._view.column, self._view.session
        if column is None or session is None:
            return
        if self._edited is not None and self._edited not in column.row_of:
            self.put_away()
        if self._edited is None:
            begun = [message_id for message_id in session.edits if message_id in column.row_of]
            if begun:
                self._begin(begun[-1])

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

    def _begin(self, message_id: MessageId, *, is_typed_in: bool = False) -> None:
        session, editor = self._view.session, self._view.editor
        if session is None:
            return
        message = session.conversation.messages[message_id]
        begun = session.edits.get(message_id)
        self._edited = message_id
        editor.open_for(message_id, message.role, message.text, is_typed_in=is_typed_in)
        if begun is not None:
            editor.go_on_with(begun.text, begun.cursor)
        elif self._dropped is not None and self._dropped[0] == message_id:
            editor.undo_leads_to(self._dropped[1])
        self._keep.stop()
        self.follow()

    def _hand_on(self) -> None:
        session, editor = self._view.session, self._view.editor
        if session is None or self._edited is None:
            return
        if editor.is_changed:
            session.keep_edit(self._edited, editor.text, editor.position)
        elif self._edited in session.edits:
            session.keep_edit(self._edited, "", 0)

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

    def _close(self) -> None:
        edited, self._edited = self._edited, None
        if edited is None:
            return
        had_keyboard = self._view.editor.has_keyboard
        self._keep.stop()
        self._view.editor.put_away()
        self._reserve(edited, 0)
        if had_keyboard:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_editor_edited(self) -> None:
        if self._edited is not None and not self._keep.isActive():
            self._keep.start()

    def _on_editor_committed(self, message_id: str, text: str) -> None:
        # It may be refused. The editor closes when its message is not shown any more.
        self.keep_now()
        self._view.edit_committed.emit(message_id, text)

    def _on_editor_cancelled(self) -> None:
        session, editor, edited = self._view.session, self._view.editor, self._edited
        if session is None or edited is None:
            return
        text, cursor, is_changed = editor.text, editor.position, editor.is_changed
        self._close()
        if edited in session.edits:
            session.keep_edit(edited, "", 0)
        if is_changed:
            self._dropped = (edited, text)
            self._view.edit_dropped.emit(edited, text, cursor)
