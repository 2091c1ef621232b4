"""Shift+F10 asks for the context menu, as the menu key does.

Windows says so itself. On X11 and Wayland nobody does, and most laptops have no menu key.
"""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget


def ask_for_menu(window: QWidget, event: QKeyEvent) -> bool:
    """Ask what has the keyboard for its menu, if these are the keys; tells whether they are.

    Args:
        window: Got the key because nobody in it wanted it.
        event: The key.
    """
    if event.key() != Qt.Key.Key_F10 or event.modifiers() != Qt.KeyboardModifier.ShiftModifier:
        return False
    asked = window.focusWidget()
    if asked is not None and asked.isEnabled() and not event.isAutoRepeat():
        # Some tell it in whole pixels, some do not.
        place = QPointF(asked.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center()).toPoint()
        by_key = QContextMenuEvent.Reason.Keyboard
        QApplication.sendEvent(asked, QContextMenuEvent(by_key, place, asked.mapToGlobal(place)))
    return True
