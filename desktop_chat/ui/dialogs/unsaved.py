"""Asks before the program ends while something could not be saved."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_chat.ui.messages import Explanation

WIDTH_PX = 420


class UnsavedDialog(QDialog):
    """`accepted` means: end all the same."""

    def __init__(self, problem: Explanation, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Not everything is saved"))
        text = QLabel(f"{problem.text} {self.tr('If you quit now, the latest changes are lost.')}", self)
        text.setWordWrap(True)
        leave = QPushButton(self.tr("Quit anyway"), self)
        leave.setProperty("look", "danger")
        stay = QPushButton(self.tr("Keep open"), self)
        stay.setProperty("look", "primary")
        stay.setDefault(True)
        leave.clicked.connect(self.accept)
        stay.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(stay)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addLayout(buttons)
        self.setMinimumWidth(WIDTH_PX)
