"""A page of a dialog that shows how far something is, with a way to end it."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from desktop_chat.ui.dialogs.parts import label, tr
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button, button_row

STEPS = 1000


class ProgressPage(QWidget):
    """A title, a bar, what is at work, and Cancel."""

    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.title = label("", "title", self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, STEPS)
        self.bar.setFixedHeight(theme.px(6))
        self.count = label("", "secondary", self)
        self.at_work = label("", "small", self)
        self.at_work.setWordWrap(False)
        self.cancel_button = button(tr("Cancel"))
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self.cancel_button.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(10))
        layout.addStretch(1)
        layout.addWidget(self.title)
        layout.addWidget(self.bar)
        layout.addWidget(self.count)
        layout.addWidget(self.at_work)
        layout.addStretch(1)
        layout.addLayout(button_row(None, self.cancel_button))

    def begin(self, title: str) -> None:
        """Show that something has begun, how much is not known yet."""
        self.title.setText(title)
        self.setAccessibleName(title)
        self.bar.setAccessibleName(title)
        # A bar without a range moves all the time.
        self.bar.setRange(0, 0 if self._theme.motion_ms else STEPS)
        self.count.setText("")
        self.at_work.setText("")
        self.cancel_button.setEnabled(True)
        # Not Cancel: whoever pressed Enter twice to begin would end it.
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_count(self, done: int, total: int, at_work: str = "") -> None:
        """Show how many of how many are through."""
        words = tr("{n} of {all}").format(n=count_text(done), all=count_text(total))
        self.show_share(done / total if total else 0.0, words, at_work)

    def show_share(self, share: float, words: str, at_work: str = "") -> None:
        """Show which part is done, and say it in words."""
        self.bar.setRange(0, STEPS)
        self.bar.setValue(round(min(1.0, share) * STEPS))
        self.count.setText(words)
        self.bar.setAccessibleDescription(words)
        room = max(self.width(), self._theme.px(120))
        self.at_work.setText(self.at_work.fontMetrics().elidedText(at_work, Qt.TextElideMode.ElideRight, room))

    def _on_cancel_clicked(self) -> None:
        # It ends at the next step; pressing again changes nothing.
        self.cancel_button.setEnabled(False)
        self.count.setText(tr("Stopping …"))
        self.cancelled.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The second half of a double click on the button that began, in whose place Cancel is now.
        is_second = watched is self.cancel_button and event.type() == QEvent.Type.MouseButtonDblClick
        return is_second or super().eventFilter(watched, event)
