"""An error with its technical detail, for the curious and for a question to the provider."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from desktop_chat.ui.dialogs.parts import column, label, tr
from desktop_chat.ui.inspector.text_panel import TextPanel
from desktop_chat.ui.messages import Explanation
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button, button_row

WIDTH_PX = 520


class ErrorDetailsDialog(QDialog):
    """What happened, and what the server or the system said of it. Show it with `open()`."""

    def __init__(self, explanation: Explanation, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(explanation.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(WIDTH_PX))
        self.panel = TextPanel(theme, tr("Details"), most_lines=14, parent=self)
        self.panel.show_text(explanation.detail or tr("Nothing more is known."), copied=explanation.detail)
        close_button = button(tr("&Close"), "primary")
        close_button.clicked.connect(self.accept)
        layout = column(self)
        layout.addWidget(label(explanation.title, "title", self))
        layout.addWidget(label(explanation.text, "text", self))
        layout.addWidget(self.panel)
        layout.addStretch(1)
        layout.addLayout(button_row(None, close_button))
        close_button.setFocus()
