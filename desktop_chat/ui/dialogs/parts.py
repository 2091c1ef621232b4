"""What the dialogs have in common: words, labels, and a row of buttons."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_chat.ui.widgets.enter_button import EnterButton

MARGIN_PX = 20


def tr(text: str) -> str:
    """Translate in the context of the dialogs."""
    return QCoreApplication.translate("Dialogs", text)


def label(text: str, look: str = "text", parent: QWidget | None = None) -> QLabel:
    """Plain text that wraps and can be selected."""
    made = QLabel(text, parent)
    made.setProperty("look", look)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def button(text: str, look: str = "") -> QPushButton:
    """A button that Enter presses where the keyboard is on it, and never by chance."""
    made = EnterButton(text)
    if look:
        made.setProperty("look", look)
    return made


def column(dialog: QDialog) -> QVBoxLayout:
    """The layout of a dialog, with its margins."""
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
    layout.setSpacing(12)
    return layout


def button_row(*buttons: QPushButton | None) -> QHBoxLayout:
    """Buttons in a row; `None` is where the room goes."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for made in buttons:
        if made is None:
            row.addStretch(1)
        else:
            row.addWidget(made)
    return row
