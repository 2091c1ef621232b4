"""Lets the text cursor stop blinking, lit, when nobody has written for a while.

In a window that rests, the blinking is the only thing that wakes the processor, twice a
second for ever. It begins anew with the next letter or when the focus moves.
"""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

REST_AFTER_MS = 10_000
SYSTEM = -1
"""As the system says."""


class CursorRest(QObject):
    """Stops the blinking in all fields of the program.

    Args:
        parent: Owns it.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_AFTER_MS)
        self._timer.timeout.connect(self.rest)
        app.focusObjectChanged.connect(self.wake)
        self._is_resting = False

    def wake(self) -> None:
        """Somebody writes, or is about to."""
        if self._is_resting:
            self._is_resting = False
            QApplication.setCursorFlashTime(SYSTEM)
        self._timer.start()

    def rest(self) -> None:
        """Nobody has written for a while."""
        self._timer.stop()
        self._is_resting = True
        QApplication.setCursorFlashTime(0)
