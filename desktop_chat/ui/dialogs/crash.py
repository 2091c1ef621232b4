"""Says that the program met a bug, and gives the person a report to pass on.

The report has versions and the last lines of the log. It has no text of any conversation,
unless the person writes some into it.
"""

import platform
import sys
import traceback
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from desktop_chat import __version__
from desktop_chat.runtime.log import masked
from desktop_chat.ui.theme.apply import Theme

SPEAKING = (ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, NameError, TypeError)
"""Errors of programming: their text names things of the program, not of a conversation."""
LONGEST_TEXT = 200
SIZE = QSize(620, 440)


class CrashDialog(QDialog):
    """Shown beside the window, which goes on if it can.

    Args:
        report: What `make_report` gave.
        theme: Colours and fonts.
        quit_program: Ends the program in an orderly way.
        parent: The window, if there is one.
    """

    def __init__(self, report: str, theme: Theme, quit_program: Callable[[], None], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Something went wrong"))
        self._quit = quit_program
        self._build(report, theme)

    def _build(self, report: str, theme: Theme) -> None:
        text = QLabel(
            self.tr(
                "Desktop Chat met a problem it did not expect. Your conversations are saved. "
                "You can go on, but if something looks wrong, quit and start again."
            ),
            self,
        )
        text.setWordWrap(True)
        self._report = QPlainTextEdit(report, self)
        self._report.setFont(theme.font("code"))
        self._report.setAccessibleName(self.tr("Report"))
        hint = QLabel(self.tr("The report has no text of your conversations. You can add to it before copying."), self)
        hint.setProperty("look", "small")
        hint.setWordWrap(True)
        copy = QPushButton(self.tr("Copy report"), self)
        leave = QPushButton(self.tr("Quit"), self)
        stay = QPushButton(self.tr("Continue"), self)
        stay.setProperty("look", "primary")
        stay.setDefault(True)
        copy.clicked.connect(self._on_copy_clicked)
        leave.clicked.connect(self._on_leave_clicked)
        stay.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(stay)
        column = QVBoxLayout(self)
        for widget in (text, self._report, hint):
            column.addWidget(widget, 1 if widget is self._report else 0)
        column.addLayout(buttons)
        self.resize(SIZE * theme.scale)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())

    def _on_leave_clicked(self) -> None:
        self.accept()
        self._quit()


def describe(error: BaseException) -> str:
    """The error and where it happened, without its text where that could be a person's."""
    lines = traceback.format_exception(error.with_traceback(error.__traceback__))
    kept = []
    for part in lines:
        name, colon, said = part.partition(": ")
        is_last = colon and "\n" not in name and not part.startswith(" ")
        if is_last and not isinstance(error, SPEAKING):
            part = f"{name}\n"
        elif is_last:
            part = f"{name}: {said.strip()[:LONGEST_TEXT]}\n"
        kept.append(part)
    return masked("".join(kept))


def make_report(error: BaseException, log_lines: Sequence[str]) -> str:
    """What helps to find the bug."""
    facts = (
        f"Desktop Chat {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
        f"{QCoreApplication.applicationName()} {'frozen' if getattr(sys, 'frozen', False) else 'from source'}",
    )
    return "\n".join((*facts, "", describe(error), "", *log_lines))
