"""Buttons of dialogs and of the pages in them, and rows of them."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop_chat.ui.widgets.enter_button import EnterButton


def button(text: str, look: str = "", *, name: str = "") -> QPushButton:
    """A button with a look of the style sheet, that Enter presses where the keyboard is on it, and never by chance.

    Args:
        text: What stands on it.
        look: Of the style sheet; empty for the usual one.
        name: Said instead of the text to those who do not see it.
    """
    made = EnterButton(text)
    if look:
        made.setProperty("look", look)
    if name:
        made.setAccessibleName(name)
    return made


def button_row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets in a row; `None` is where the room goes."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
