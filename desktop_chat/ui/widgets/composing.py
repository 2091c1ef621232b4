"""A text field that knows which Enter sends, and what an input method shows in it before it is written."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop_chat.ui.widgets.enter_button import ENTER_KEYS

CONTROL_ENTER = "ctrl_enter"


class ComposingEdit(QPlainTextEdit):
    """What is being composed is kept when the keyboard goes elsewhere."""

    composed = Signal()
    """An input method shows something else; `textChanged` tells only of what is written."""

    send_key = "enter"
    """As the preferences name it."""
    _composing = ""

    def is_sending(self, event: QKeyEvent) -> bool:
        """Whether this is the key that sends; Ctrl+Enter always is."""
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control = modifiers == Qt.KeyboardModifier.ControlModifier
        plain = modifiers == Qt.KeyboardModifier.NoModifier
        return event.key() in ENTER_KEYS and (control or (plain and self.send_key != CONTROL_ENTER))

    def begin_line(self) -> None:
        """What an Enter does that sends nothing: not the separator that Qt writes for Shift+Enter."""
        self.textCursor().insertBlock()
        self.ensureCursorVisible()

    @property
    def is_composing(self) -> bool:
        """True while an input method has not committed what it shows."""
        return bool(self._composing)

    def commit_composed(self) -> None:
        """Write what the input method shows, and have it begin anew."""
        if not self._composing:
            return
        # Not `QInputMethod.commit`: it would write where the keyboard is by then.
        written = QInputMethodEvent()
        written.setCommitString(self._composing)
        QApplication.sendEvent(self, written)
        QGuiApplication.inputMethod().reset()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._composing:
            # Esc takes back what is composed; it does not stop a reply.
            event.accept()
            return True
        return super().event(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = event.preeditString()
        super().inputMethodEvent(event)
        self.composed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.commit_composed()
        super().focusOutEvent(event)
