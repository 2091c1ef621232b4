"""A line of text that appears above a window for a while, with at most one button."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QEnterEvent, QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

BOTTOM_PX = 24
SIDE_PX = 16


class Toast(QFrame):
    """Says something without asking for anything.

    Args:
        host: It floats above this widget, centred, near the lower edge.
        above: How many pixels to keep free below it.
    """

    acted = Signal()
    """Its button was pressed."""
    changed = Signal()
    """It came, went, or may have another height."""

    def __init__(self, host: QWidget, above: Callable[[], int] = lambda: 0) -> None:
        super().__init__(host)
        self._host = host
        self._above = above
        self._act: Callable[[], None] | None = None
        self._stays = False
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    def say(self, text: str, *, button: str = "", act: Callable[[], None] | None = None, ms: int = 0) -> None:
        """Show a line; an earlier one makes room.

        Args:
            text: One short sentence.
            button: What can be done about it; empty for nothing.
            act: Is called when the button is pressed.
            ms: How long it stays; 0 means until `hide`.
        """
        self._act = act
        self._label.setText(text)
        self._button.setText(button)
        self._button.setAccessibleName(button)
        self._button.setVisible(bool(button))
        self._stays = ms == 0
        self._timer.stop()
        if ms:
            self._timer.start(ms)
        self.show()
        self._place()
        self.raise_()
        self.changed.emit()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def settle(self) -> None:
        """What it floats above is another one, or has another height."""
        if self.isVisible():
            self._place()
            self.raise_()

    @property
    def text(self) -> str:
        """What it says, empty while it is hidden."""
        return self._label.text() if self.isVisible() else ""

    @property
    def standing_px(self) -> int:
        """How high it is, if it stays until somebody reads it: the page makes room for it; else 0."""
        return self.height() if self._stays and not self.isHidden() else 0

    def press(self) -> None:
        """Do what the button does."""
        self._on_button_clicked()

    def _build(self) -> None:
        self.setProperty("look", "toast")
        self._label = QLabel(self)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QPushButton(self)
        self._button.clicked.connect(self._on_button_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 12, 8)
        row.addWidget(self._label, 1)
        row.addWidget(self._button)

    def _place(self) -> None:
        room = self._host.width() - 2 * SIDE_PX
        self._label.setMinimumWidth(0)
        wanted = self._label.fontMetrics().horizontalAdvance(self._label.text()) + 2
        button = self._button.sizeHint().width() if self._button.isVisibleTo(self) else 0
        width = max(80, min(room, wanted + button + 48))
        self.setFixedWidth(width)
        self.adjustSize()
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        self.resize(width, height)
        self.move((self._host.width() - width) // 2, self._host.height() - height - BOTTOM_PX - self._above())

    def _on_button_clicked(self) -> None:
        act, self._act = self._act, None
        self.hide()
        self.acted.emit()
        if act is not None:
            act()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)
        if self.isHidden():
            self.changed.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        # Nobody loses a button because it is about to be pressed.
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if not self._stays and self.isVisible():
            self._timer.start(self._timer.interval())
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
            self.changed.emit()
        return super().eventFilter(watched, event)
