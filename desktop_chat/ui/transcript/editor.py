"""Editing a message where it stands: a text field laid over it."""

from math import ceil

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Role
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.words import tr
from desktop_chat.ui.widgets.composing import ComposingEdit

LEAST_LINES = 3
"""Of the field, however short the message is."""
MOST_OF_PAGE = 0.8
SPARE_PX = 8
"""Without it a field that shows all of its lines still offers to scroll."""
LEAST_HINT_PX = 120


class MessageEditor(QFrame):
    """A field with Save and Cancel. Ctrl+Enter saves, Esc cancels.

    Args:
        theme: For the measures.
        parent: The page it lies over.
    """

    committed = Signal(str, str)
    """Id of the message, and its new text."""
    closed = Signal()
    grew = Signal()
    """What was typed needs more room, or less."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.message_id: MessageId | None = None
        self.setProperty("look", "accent")
        self._build()
        self.hide()

    @property
    def text(self) -> str:
        """As it was typed."""
        return self._field.toPlainText()

    def open_for(self, message_id: MessageId, role: Role, text: str) -> None:
        """Begin to edit a message; one that is being edited keeps what was typed."""
        if self.message_id is not None:
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.message_id = message_id
        self._field.setPlainText(text)
        self._field.moveCursor(QTextCursor.MoveOperation.End)
        is_question = role is Role.USER
        self._save.setText(tr("Save and send") if is_question else tr("Save"))
        self._hint.setText(
            tr("Ctrl+Enter sends. The old version stays; the answer is written anew.")
            if is_question
            else tr("Ctrl+Enter saves. The old version stays.")
        )
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

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
        self._field.commit_composed()
        message_id, text = self.message_id, self.text
        if message_id is None or not text.strip():
            return
        self.cancel()
        self.committed.emit(message_id, text)

    def cancel(self) -> None:
        """Leave everything as it was."""
        if self.message_id is not None:
            self.message_id = None
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and _has_control(event):
            self.save()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self._field = _Field(self)
        self._field.setProperty("look", "plain")
        self._field.setAccessibleName(tr("Text of the message"))
        self._field.setTabChangesFocus(True)
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


class _Field(ComposingEdit):
    """Leaves Esc and Ctrl+Enter to the editor around it, unless they belong to an input method."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (is_enter and _has_control(event)):
            # An input method commits or takes back what it shows by an event of its own.
            event.setAccepted(self.is_composing)
        else:
            super().keyPressEvent(event)


def _has_control(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
