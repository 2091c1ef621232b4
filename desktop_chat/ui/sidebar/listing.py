"""A column of rows of one height, walked with the keys, whose cost does not grow with its length."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
OWN_KEYS = (*ENTER_KEYS, Qt.Key.Key_Delete, Qt.Key.Key_F2)


class Listing(QTableView):
    """A list of one column.

    A table, because QListView lays every row out again when one of them changes: 60 ms with
    20,000 rows, where a table with fixed rows takes a tenth of one.
    """

    chosen = Signal(QModelIndex)
    """A row was clicked, or Enter pressed on it."""
    delete_pressed = Signal(QModelIndex)
    left_at_top = Signal()
    """The Up key was pressed on the first row."""

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "plain")
        self.setModel(model)
        self._build()
        self.clicked.connect(self.chosen)

    def set_row_height(self, pixels: int) -> None:
        """Give every row the same height."""
        header = self.verticalHeader()
        header.setMinimumSectionSize(pixels)
        header.setDefaultSectionSize(pixels)

    def enter_from_above(self) -> None:
        """Take the keyboard, with the first row that can be chosen as the current one."""
        self.setFocus(Qt.FocusReason.TabFocusReason)
        if not self.currentIndex().isValid():
            self._go_to_first()

    def event(self, event: QEvent) -> bool:
        # These keys mean the row here, whatever they mean elsewhere in the window.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() in OWN_KEYS and not event.modifiers():
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: object) -> None:
        super().focusInEvent(event)  # type: ignore[arg-type]  # Qt hands a QFocusEvent
        if not self.currentIndex().isValid():
            self._go_to_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and index.isValid() and self.state() != QAbstractItemView.State.EditingState:
            if event.key() in ENTER_KEYS:
                self.chosen.emit(index)
                return
            if event.key() == Qt.Key.Key_Delete:
                self.delete_pressed.emit(index)
                return
            if event.key() == Qt.Key.Key_Up and index == self._first():
                self.left_at_top.emit()
                return
        super().keyPressEvent(event)

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setMinimumSectionSize(1)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _go_to_first(self) -> None:
        first = self._first()
        if first.isValid():
            self.setCurrentIndex(first)

    def _first(self) -> QModelIndex:
        model = self.model()
        for row in range(min(2, model.rowCount())):
            index = model.index(row, 0)
            if index.flags() & Qt.ItemFlag.ItemIsEnabled:
                return index
        return QModelIndex()
