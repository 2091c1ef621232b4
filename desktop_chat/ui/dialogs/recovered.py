"""Tells that the file of the conversations was damaged: what is there again, and what is not."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from desktop_chat.domain.errors import StoreRecovered
from desktop_chat.ui.dialogs.parts import column, label, tr
from desktop_chat.ui.inspector.text_panel import TextPanel
from desktop_chat.ui.numbers import conversations_text, count_text, messages_text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button, button_row

WIDTH_PX = 560


class RecoveredDialog(QDialog):
    """Show it with `open()`.

    Args:
        problem: What happened.
        theme: Colours and fonts.
    """

    def __init__(self, problem: StoreRecovered, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem = problem
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Conversations recovered"))
        self.setMinimumWidth(theme.px(WIDTH_PX))
        self.panel = TextPanel(theme, tr("Not recovered"), most_lines=10, parent=self)
        self.panel.show_text("\n".join(problem.lost))
        self.panel.setVisible(bool(problem.lost))
        self.report_button = button(tr("Show &report"))
        self.folder_button = button(tr("Open &folder"))
        self.close_button = button(tr("&Go on"), "primary")
        layout = column(self)
        layout.addWidget(label(tr("The file of the conversations was damaged"), "title", self))
        layout.addWidget(label(_recovered_text(problem), "text", self))
        layout.addWidget(label(_lost_text(problem), "text", self))
        layout.addWidget(self.panel)
        layout.addStretch(1)
        layout.addLayout(button_row(self.report_button, self.folder_button, None, self.close_button))
        self.report_button.clicked.connect(self._on_report_clicked)
        self.folder_button.clicked.connect(self._on_folder_clicked)
        self.close_button.clicked.connect(self.accept)
        self.close_button.setFocus()

    def _on_report_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._problem.report)))

    def _on_folder_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._problem.set_aside.parent)))


def _recovered_text(problem: StoreRecovered) -> str:
    return tr(
        "What could be read is here again, in a new file: {conversations} with {messages}. The damaged file was "
        "not changed; it is kept as {name}."
    ).format(
        conversations=conversations_text(problem.conversations),
        messages=messages_text(problem.messages),
        name=problem.set_aside.name,
    )


def _lost_text(problem: StoreRecovered) -> str:
    if not problem.lost:
        return tr("As far as can be seen, nothing is missing.")
    many = len(problem.lost)
    said = tr("1 thing is missing.") if many == 1 else tr("{n} things are missing.").format(n=count_text(many))
    way = tr("An earlier state may be among the backups in Preferences > Storage.")
    return f"{said} {way}"
