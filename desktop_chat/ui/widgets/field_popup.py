"""A popup with a field over a list: what is typed filters, the arrows go through the list, Enter takes."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QVBoxLayout, QWidget

from desktop_chat.ui.widgets.enter_button import ENTER_KEYS

LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
MARGIN_PX, GAP_PX = 8, 6


class FieldPopup(QFrame):
    """The popup; the keyboard stays in the field.

    Attributes:
        field: What is typed into.
    """

    entered = Signal()
    """Enter was pressed in the field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "popup")
        self.field = QLineEdit(self)
        self.field.installEventFilter(self)
        self._view: QAbstractItemView | None = None

    def arrange(self, view: QAbstractItemView, foot: QWidget, width: int, px: Callable[[float], int]) -> None:
        """Put them below the field; called once.

        Args:
            view: The list.
            foot: What stands below it.
            width: Of the popup.
            px: From pixels of the design to those of the screen.
        """
        self._view = view
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        margin = px(MARGIN_PX)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(px(GAP_PX))
        for widget in (self.field, view, foot):
            column.addWidget(widget)
        self.setFixedWidth(px(width))

    def open_at(self, where: QPoint) -> None:
        """Show it at a place of the screen, inside of it."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        left = min(where.x(), room.right() - self.width())
        self.move(max(room.left(), left), max(room.top(), min(where.y(), room.bottom() - self.height())))
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in LIST_KEYS and self._view is not None:
                self._view.event(event)
                return True
            if event.key() in ENTER_KEYS:
                self.entered.emit()
                return True
        return super().eventFilter(watched, event)
