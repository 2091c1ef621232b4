"""Asks what becomes of replies that are being written when the program is to quit."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop_chat.ui.dialogs.parts import column, label, tr
from desktop_chat.ui.widgets.buttons import button, button_row

WIDTH_PX = 460


class StillWritingDialog(QDialog):
    """Rejected, it leaves everything as it is.

    Args:
        count: Replies that are being written.
        parent: The window.
    """

    finish_asked = Signal()
    """Quit when they are written."""
    stop_asked = Signal()
    """Quit now."""

    def __init__(self, count: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        title = tr("A reply is being written") if count == 1 else tr("{n} replies are being written")
        self.setWindowTitle(title.format(n=count))
        self.setMinimumWidth(WIDTH_PX)
        finish = button(tr("Finish, then quit"), "primary")
        stop = button(tr("Stop and quit"), "danger")
        cancel = button(tr("Cancel"))
        finish.setDefault(True)
        finish.clicked.connect(self._finish)
        stop.clicked.connect(self._stop)
        cancel.clicked.connect(self.reject)
        words = column(self)
        words.addWidget(label(self.windowTitle(), "heading", self))
        words.addWidget(
            label(
                tr(
                    "This can be finished out of sight: the window goes now, and the program ends afterwards. "
                    "What you stop is kept as far as it came, and can be continued later."
                ),
                "text",
                self,
            )
        )
        words.addLayout(button_row(None, cancel, stop, finish))
        finish.setFocus()

    def _finish(self) -> None:
        self.accept()
        self.finish_asked.emit()

    def _stop(self) -> None:
        self.accept()
        self.stop_asked.emit()
