"""What the dialogs have in common: words, labels and margins."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

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


def column(dialog: QDialog) -> QVBoxLayout:
    """The layout of a dialog, with its margins."""
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
    layout.setSpacing(12)
    return layout
