"""Editing a message where it stands: a text field laid over it."""

from math import ceil
from time import perf_counter

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Role
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.words import tr
from desktop_chat.ui.utf16 import units
from desktop_chat.ui.widgets.composing import CONTROL_ENTER, ComposingEdit
from desktop_chat.ui.widgets.enter_button import ENTER_KEYS

LEAST_LINES = 3
"""Of the field, however short the message is."""
MOST_OF_PAGE = 0.8
SPARE_PX = 8
"""Without it a field that shows all of its lines still offers to scroll."""
LEAST_HINT_PX = 120
BIT = 10_000
"""Characters that are put into the field at once."""
FILLING_S = 0.006
FILLING_PAUSE_MS = 2
_WRITING = (QEvent.Type.KeyPress, QEvent.Type.InputMethod, QEvent.Type.Drop, QEvent.Type.MouseButtonPress)


class MessageEditor(QFrame):
    """A field with Save and Cancel. The key that sends saves, Esc cancels; whoever opened it puts it away.

    Args:
        theme: For the measures.
        parent: The page it lies over.
    """

    committed = Signal(str, str)
    """Id of the message, and its new text; it stays open until that is the message's."""
    cancelled = Signal()
    edited = Signal()
    grew = Signal()
    """What was typed needs more room, or less."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.message_id: MessageId | None = None
        self._original = ""
        self._is_question = True
        self.setProperty("look", "accent")
        self._build()
        self.hide()

    @property
    def text(self) -> str:
        """As it was typed."""
        return self._field.filled_with or self._field.toPlainText()

    @property
    def position(self) -> int:
        """Where the person types, in characters from the beginning."""
        # Qt counts what is beyond the first plane twice.
        before = QTextCursor(self._field.textCursor())
        before.setPosition(0, QTextCursor.MoveMode.KeepAnchor)
        return len(before.selectedText())

    @property
    def is_changed(self) -> bool:
        """True if the text is another one than that of the message."""
        return not self._field.filled_with and self.text != self._original

    @property
    def has_keyboard(self) -> bool:
        """True if the person types here."""
        return self.isAncestorOf(self.window().focusWidget())

    def focus(self) -> None:
        """Let the person type."""
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_for(self, message_id: MessageId, role: Role, text: str, *, is_typed_in: bool = False) -> None:
        """Begin to edit a message, in place of any other.

        Args:
            message_id: Which message.
            role: Whose it is.
            text: Its text.
            is_typed_in: Takes the keyboard.
        """
        self.message_id = message_id
        self.show()
        self.raise_()
        if is_typed_in:
            # Before it is filled: a screen reader that hears of its cursor first does not say where it is.
            self.focus()
        self._field.fill(text)
        self._is_question = role is Role.USER
        self._save.setText(tr("Save and send") if self._is_question else tr("Save"))
        self._tell_key()

    def take_send_key(self, send_key: str) -> None:
        """Save with the key that sends a message."""
        self._field.send_key = send_key
        self._tell_key()

    def go_on_with(self, text: str, cursor: int) -> None:
        """Have what was typed before; undo leads back to the text of the message."""
        self._field.fill_now()
        self._exchange(text)
        place = self._field.textCursor()
        place.setPosition(units(text[:cursor]))
        self._field.setTextCursor(place)

    def undo_leads_to(self, text: str) -> None:
        """Have undo bring back what was typed and dropped."""
        self._field.fill_now()
        message = self._original
        self._field.setPlainText(text)
        self._exchange(message)

    def finish_word(self) -> None:
        """Take what an input method shows."""
        self._field.commit_composed()

    def put_away(self) -> None:
        """Be gone."""
        self.message_id = None
        self.hide()

    def wanted_height(self, page_height: int) -> int:
        """As tall as its text, but never taller than most of the page."""
        # The layout of a plain text counts lines, not pixels.
        lines = max(LEAST_LINES, round(self._field.document().size().height()))
        text = lines * ceil(QFontMetricsF(self._field.font()).lineSpacing()) + 2 * round(
            self._field.document().documentMargin()
        )
        hint = self._hint.heightForWidth(max(LEAST_HINT_PX, self._hint.width()))
        row = max(hint, self._save.sizeHint().height())
        margins = self._column.contentsMargins()
        around = margins.top() + margins.bottom() + self._column.spacing() + row + 2 * self.frameWidth()
        return min(text + around + SPARE_PX, int(page_height * MOST_OF_PAGE))

    def place(self, message: QRect, page: QRect) -> None:
        """Lie over the message, and leave the page with it."""
        height = self.wanted_height(page.height())
        top = message.top()
        if message.intersects(page):
            top = max(page.top() + 8, min(top, page.bottom() - height - 8))
        self.setGeometry(message.left(), top, message.width(), height)

    def save(self) -> None:
        """Take the text as the new version."""
        self.finish_word()
        if self.message_id is not None and self.text.strip():
            self.committed.emit(self.message_id, self.text)

    def cancel(self) -> None:
        """Leave everything as it was."""
        if self.message_id is not None:
            self.cancelled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif self.window().focusWidget() is self._field and self._field.is_sending(event):
            self.save()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self._field = _Field(self)
        self._field.setProperty("look", "plain")
        self._field.setAccessibleName(tr("Text of the message"))
        self._field.setTabChangesFocus(True)
        self._field.textChanged.connect(self.edited)
        self._field.textChanged.connect(self._tell_blank)
        self._field.composed.connect(self._tell_blank)
        self._field.filled.connect(self._on_field_filled)
        self._field.document().documentLayout().documentSizeChanged.connect(lambda _: self.grew.emit())
        self._hint = QLabel(self)
        self._hint.setProperty("look", "small")
        self._hint.setWordWrap(True)
        cancel = QPushButton(tr("Cancel"), self)
        cancel.clicked.connect(self.cancel)
        self._save = QPushButton(self)
        self._save.setProperty("look", "primary")
        self._save.clicked.connect(self.save)
        row = QHBoxLayout()
        row.addWidget(self._hint, 1)
        row.addWidget(cancel)
        row.addWidget(self._save)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.addWidget(self._field, 1)
        self._column.addLayout(row)

    def _tell_key(self) -> None:
        key = tr("Ctrl+Enter") if self._field.send_key == CONTROL_ENTER else tr("Enter")
        self._hint.setText(
            tr("{key} sends. The old version stays; the answer is written anew.", key=key)
            if self._is_question
            else tr("{key} saves. The old version stays.", key=key)
        )

    def _tell_blank(self) -> None:
        # Line by line, for the text may be huge: the first with a word decides.
        line = self._field.document().begin()
        while line.isValid() and not line.text().strip():
            line = line.next()
        self._save.setEnabled(line.isValid() or self._field.is_composing)

    def _on_field_filled(self) -> None:
        self._original = self._field.toPlainText()
        self._tell_blank()
        self._field.moveCursor(QTextCursor.MoveOperation.End)

    def _exchange(self, text: str) -> None:
        whole = self._field.textCursor()
        whole.select(QTextCursor.SelectionType.Document)
        whole.insertText(text)


class _Field(ComposingEdit):
    """Leaves Esc and the key that sends to the editor around it, unless they belong to an input method.

    Args:
        parent: The editor.
    """

    filled = Signal()
    """All of a text is in it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.filled_with = ""
        """A text of which only the beginning is in it so far."""
        self._at = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._fill_more)

    def fill(self, text: str) -> None:
        """Have a text and nothing to undo; a long one comes bit by bit, so that the window is not held."""
        self._timer.stop()
        self.setPlainText("")
        self.document().setUndoRedoEnabled(False)
        self.blockSignals(True)
        self.filled_with, self._at = text, 0
        self._fill_more()

    def fill_now(self) -> None:
        """Have all of the text."""
        while self.filled_with:
            self._fill_more()

    def _fill_more(self) -> None:
        text, until = self.filled_with, perf_counter() + FILLING_S
        end = QTextCursor(self.document())
        while self._at < len(text) and perf_counter() < until:
            # A line is not cut: each bit of it would have all of it laid out anew.
            stop = text.find("\n", self._at + BIT) + 1 or len(text)
            end.movePosition(QTextCursor.MoveOperation.End)
            end.insertText(text[self._at : stop])
            self._at = stop
        if self._at < len(text):
            self._timer.start(FILLING_PAUSE_MS)
            return
        self._timer.stop()
        self.filled_with = ""
        self.document().setUndoRedoEnabled(True)
        self.blockSignals(False)
        self.filled.emit()

    def event(self, event: QEvent) -> bool:
        if self.filled_with and event.type() in _WRITING:
            self.fill_now()
        is_asked = event.type() == QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            # Otherwise the Esc of the window, which stops a reply, would take it first.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape or self.is_sending(event):
            # An input method commits or takes back what it shows by an event of its own.
            event.setAccepted(self.is_composing)
        elif event.key() in ENTER_KEYS and not self.is_composing:
            self.begin_line()
        else:
            super().keyPressEvent(event)
