"""What happens to errors nobody expected: they are logged, and a dialog says so once."""

import asyncio
import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from desktop_chat.domain.errors import ChatError
from desktop_chat.runtime.log import last_lines, topic
from desktop_chat.ui.theme.apply import Theme

LOG_LINES = 60
MOST_DIALOGS = 3
"""After as many the log is enough: a bug in a paint event would bury the window."""
_OVERRIDES = re.compile(r"^(?:Error calling Python override of [\w:]+\(\): )+")
"""What PySide writes before the text of an error, once for each override it went through."""


class Crashes:
    """Catches what escapes: from slots, tasks, callbacks and threads.

    Args:
        log_file: Its last lines go into the report.
        theme: Colours and fonts of the dialog.
        quit_program: Ends the program in an orderly way.
    """

    def __init__(self, log_file: Path, theme: Theme, quit_program: Callable[[], None]) -> None:
        self.window: QWidget | None = None
        self.tell: Callable[[ChatError], None] | None = None
        """Takes expected errors that nobody else took."""
        self._log_file = log_file
        self._theme = theme
        self._quit = quit_program
        self._shown = 0
        self._dialog: QDialog | None = None
        """Kept here: there may be no window yet that could own it."""

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to catch."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        loop.set_exception_handler(self._on_loop_exception)
        self._loop = loop

    def uninstall(self) -> None:
        """Stop catching."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        self._loop.set_exception_handler(None)

    def report(self, error: BaseException) -> None:
        """Log an error and show it, if it is not one of many."""
        # Loaded here: nobody should need it at the start.
        from desktop_chat.ui.dialogs.crash import CrashDialog, describe, make_report

        topic("ui").critical("unexpected error\n%s", describe(error))
        if self._dialog is not None or self._shown >= MOST_DIALOGS:
            return
        self._shown += 1
        report = make_report(error, last_lines(self._log_file, LOG_LINES))
        self._dialog = CrashDialog(report, self._theme, self._quit, self.window)
        self._dialog.finished.connect(self._on_dialog_finished)
        self._dialog.show()

    def _on_dialog_finished(self) -> None:
        self._dialog = None

    def _take(self, error: BaseException) -> None:
        _take_back_prefixes(error)
        if isinstance(error, KeyboardInterrupt | SystemExit):
            self._quit()
        elif isinstance(error, ChatError) and self.tell is not None:
            topic("ui").warning("%s: %s", type(error).__name__, error)
            self.tell(error)
        else:
            self.report(error)

    def _on_exception(self, _kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
        self._take(error)

    def _on_thread_exception(self, given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, given.exc_value)

    def _on_loop_exception(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is None:
            topic("ui").error("%s", context.get("message", "unknown trouble in the loop"))
        else:
            self._take(error)


def _take_back_prefixes(error: BaseException) -> None:
    # The frames say where it was; what was raised is said as it was raised.
    if error.args and isinstance(error.args[0], str):
        error.args = (_OVERRIDES.sub("", error.args[0]), *error.args[1:])
