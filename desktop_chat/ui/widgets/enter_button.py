"""Buttons that Enter presses while the keyboard is on them, and at no other time.

Qt has Enter press a button only where it may become the default one of a dialog; then Enter in
a field presses the first of them by chance, and in a window that is no dialog it presses none.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EnterButton(QPushButton):
    """Never the default one by itself."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS:
            self.click()
        else:
            super().keyPressEvent(event)


class EnterToolButton(QToolButton):
    """A button with a sign, for dialogs: there Enter would press the default button instead."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not press_focused(self, event):
            super().keyPressEvent(event)


def press_focused(window: QWidget, event: QKeyEvent) -> bool:
    """Have Enter press the button that has the keyboard; tells whether it did.

    For windows that are no dialogs: what nobody in them wants comes to the window itself.
    """
    button = window.window().focusWidget()
    is_enter = event.key() in ENTER_KEYS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if not is_enter or not isinstance(button, QPushButton | QToolButton):
        return False
    if not event.isAutoRepeat():
        button.click()
    return True
