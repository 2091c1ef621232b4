"""A column of rows, walked with the keys, whose cost does not grow with its length."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop_chat.ui.widgets.enter_button import ENTER_KEYS

OWN_KEYS = (*ENTER_KEYS, Qt.Key.Key_Delete, Qt.Key.Key_F2)
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


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
        self._held = Qt.KeyboardModifier.NoModifier
        self.is_choice_by_key = False
        """Whether what was chosen last was chosen with Enter."""
        self._build()
        self.clicked.connect(self._on_clicked)

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

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a row into sight, and the head right above it."""
        super().scrollTo(index, hint)
        head = self.model().index(index.row() - 1, 0) if index.isValid() else QModelIndex()
        is_head = head.isValid() and not head.flags() & Qt.ItemFlag.ItemIsEnabled
        if is_head and self.visualRect(head).top() < 0 and self._has_room():
            super().scrollTo(head)

    def resizeEvent(self, event: QResizeEvent) -> None:
        had_room = self._has_room(event.oldSize().height())
        super().resizeEvent(event)
        if not had_room and self._has_room():
            # Scrolled to while the window was not laid out yet: as if it had been this high.
            self.scrollToTop()
            if self.currentIndex().isValid():
                self.scrollTo(self.currentIndex())

    def event(self, event: QEvent) -> bool:
        # These keys mean the row here, whatever they mean elsewhere in the window.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._is_own_key(event):
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        stood = self.currentIndex().isValid()  # Qt would take whatever row is the first.
        super().focusInEvent(event)
        if not stood:
            self._go_to_first()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.modifiers()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.modifiers() in PLAIN and index.isValid() and self.state() != QAbstractItemView.State.EditingState:
            if event.key() in ENTER_KEYS:
                self.is_choice_by_key = True
                self.chosen.emit(index)
                return
            if event.key() == Qt.Key.Key_Delete:
                self.delete_pressed.emit(index)
                return
            if event.key() == Qt.Key.Key_Up and index == self._first():
                self.left_at_top.emit()
                return
        if _is_text(event):
            event.ignore()  # Letters are meant for the message, not for a search by the first one.
            return
        super().keyPressEvent(event)

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Where a key leads: never to a head, and Home and End to the ends of the list."""
        move = QAbstractItemView.CursorAction
        if action == move.MoveHome:
            return self._first()
        if action == move.MoveEnd:
            return self._nearest(self.model().rowCount() - 1, -1)
        index = super().moveCursor(action, modifiers)
        if index.isValid() and not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            step = -1 if action in (move.MovePageUp, move.MoveUp) else 1
            found = self._nearest(index.row(), step)
            return found if found.isValid() else self._nearest(index.row(), -step)
        return index

    def _is_own_key(self, event: QKeyEvent) -> bool:
        return event.key() in OWN_KEYS and not event.modifiers()

    def _on_clicked(self, index: QModelIndex) -> None:
        # With Ctrl or Shift it only selects.
        if self._held in PLAIN and index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.is_choice_by_key = False
            self.chosen.emit(index)

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

    def _has_room(self, height: int | None = None) -> bool:
        """Whether a row and its head can both be seen."""
        return (self.viewport().height() if height is None else height) >= 2 * self.rowHeight(0)

    def _go_to_first(self) -> None:
        first = self._first()
        if first.isValid():
            self.setCurrentIndex(first)

    def _first(self) -> QModelIndex:
        return self._nearest(0, 1)

    def _nearest(self, row: int, step: int) -> QModelIndex:
        model = self.model()
        while 0 <= row < model.rowCount():
            index = model.index(row, 0)
            if index.flags() & Qt.ItemFlag.ItemIsEnabled:
                return index
            row += step
        return QModelIndex()


def _is_text(event: QKeyEvent) -> bool:
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    return bool(event.text().strip()) and event.text().isprintable() and not held
