"""A text field that knows what an input method shows in it before it is written."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFocusEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit


class ComposingEdit(QPlainTextEdit):
    """What is being composed is kept when the keyboard goes elsewhere."""

    _composing = ""

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

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.commit_composed()
        super().focusOutEvent(event)
