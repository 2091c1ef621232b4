"""What is shown when the program meets a fault of its own: a report to read and copy.

The report has versions, the places in our code, and the last lines of the log. It has no
text of conversations: of the error only its kind is taken, because its message may quote
what was being worked on.
"""

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from desktop_chat.ui.dialogs.parts import column, label, tr
from desktop_chat.ui.dialogs.versions import version_lines
from desktop_chat.ui.inspector.text_panel import TextPanel
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button, button_row

WIDTH_PX = 620


class CrashDialog(QDialog):
    """Says that something went wrong inside, and what can be done. Show it with `show()`.

    Args:
        report: As `make_report` made it.
        theme: Colours and fonts.
        quit_program: Ends the program in an orderly way.
    """

    def __init__(
        self, report: str, theme: Theme, quit_program: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._quit = quit_program
        self.setWindowTitle(tr("Desktop Chat"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(WIDTH_PX))
        self.panel = TextPanel(theme, tr("Report"), most_lines=16, parent=self)
        self.panel.show_text(report)
        self.close_button = button(tr("&Go on"), "primary")
        self.quit_button = button(tr("&Quit"))
        self.copy_button = button(tr("&Copy the report"))
        self.copy_button.clicked.connect(self.panel.copy_button.click)
        self.quit_button.clicked.connect(self._on_quit_clicked)
        self.close_button.clicked.connect(self.accept)
        layout = column(self)
        layout.addWidget(label(tr("Something went wrong in Desktop Chat"), "title", self))
        layout.addWidget(label(_words(), "text", self))
        layout.addWidget(self.panel)
        layout.addStretch(1)
        layout.addLayout(button_row(self.copy_button, None, self.quit_button, self.close_button))
        # No button: it comes unasked, and what is being typed elsewhere must not press any.
        self.panel.view.setFocus()

    def _on_quit_clicked(self) -> None:
        self.reject()
        self._quit()


def _words() -> str:
    return tr(
        "What was received so far is saved, and you can go on. If something looks wrong, quit and start the program "
        "anew. The report helps to mend the fault; it contains no text of your conversations."
    )


def make_report(error: BaseException, log_lines: Sequence[str] = ()) -> str:
    """Put a report together.

    Args:
        error: What escaped.
        log_lines: The last lines of the log, keys already masked.
    """
    lines = [*version_lines(), "", describe(error)]
    if log_lines:
        lines += ["", *(line.rstrip() for line in log_lines)]
    return "\n".join(lines)


def describe(error: BaseException) -> str:
    """The kind of an error and where it came from, with those behind it, without their messages."""
    lines: list[str] = []
    for link in _chain(error):
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}")
        frames = traceback.extract_tb(link.__traceback__)
        lines += [f"  {_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join(lines)


def _chain(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and step not in links:
        links.append(step)
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return links


def _short(filename: str) -> str:
    """The end of a path: whose computer it is on is nobody's business."""
    parts = Path(filename).parts
    for root in ("desktop_chat", "site-packages"):
        if root in parts:
            at = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[at + (root == "site-packages") :])
    return parts[-1] if parts else filename
