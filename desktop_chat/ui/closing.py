"""Ends the program when the person wants it, without cutting off what is being written or losing what is not saved."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog
from shiboken6 import isValid

from desktop_chat.core.library import Library
from desktop_chat.ui.main_window import MainWindow
from desktop_chat.ui.messages import explain

LOOK_MS = 200
"""Between two looks at whether a hidden window still has something to wait for."""


class Closing(QObject):
    """What follows when the window is closed, and when the program is to quit.

    Runs belong to conversations: a window that closes stops none. It goes out of sight, and the
    program ends with the last reply, or is back as it was when it is started again meanwhile.

    Args:
        window: Is closed.
        library: Knows what is being written.
        unsaved: What could not be saved and would be lost now, if anything.
        end: Ends the program; what still runs is stopped and kept as far as it came.
    """

    def __init__(
        self,
        window: MainWindow,
        library: Library,
        unsaved: Callable[[], Exception | None],
        end: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._library = library
        self._unsaved = unsaved
        self._end = end
        self._put_away: list[QDialog] = []
        """Dialogs that went out of sight with the window, and come back with it."""
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        window.close_asked.connect(self.close)
        window.quit_asked.connect(self.quit)

    def close(self) -> None:
        """The window is to go, at once; the program when it has nothing to write any more."""
        if self._library.writing:
            self._end_later()
        else:
            self._leave()

    def quit(self) -> None:
        """The program is to end; the person says what becomes of what is being written."""
        if not (count := len(self._library.writing)):
            self._leave()
            return
        # Loaded here, as below: most replies are over long before somebody leaves.
        from desktop_chat.ui.dialogs.still_writing import StillWritingDialog

        dialog = StillWritingDialog(count, self._window)
        dialog.finish_asked.connect(self._end_later)
        dialog.stop_asked.connect(self._leave)
        dialog.open()

    def _leave(self) -> None:
        problem = self._unsaved()
        if problem is None:
            self._end()
            return
        from desktop_chat.ui.dialogs.unsaved import UnsavedDialog

        self._window.show()
        dialog = UnsavedDialog(explain(problem), self._window)
        dialog.accepted.connect(self._end)
        dialog.open()

    def _end_later(self) -> None:
        self._put_away = [dialog for dialog in self._window.findChildren(QDialog) if dialog.isVisible()]
        for widget in (*self._put_away, self._window):
            widget.hide()
        self._timer.start()

    def _look(self) -> None:
        if self._window.isVisible():  # It was started again.
            self._timer.stop()
            for dialog in filter(isValid, self._put_away):
                dialog.show()
        elif not self._library.writing:
            self._timer.stop()
            self._leave()
