"""The view of the branch map: arrow keys walk and fold, Enter and a click choose."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class MapView(QListView):
    """A list in which Right opens a run and Left closes it."""

    chosen = Signal(QModelIndex)
    fold_asked = Signal(QModelIndex, bool)
    """The run at, or around, an index; whether it is to be open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "nav")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in ENTER and index.isValid():
            self.chosen.emit(index)
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left) and index.isValid():
            self.fold_asked.emit(index, event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)
