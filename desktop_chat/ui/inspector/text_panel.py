"""A panel of text to read and copy: a head with a title and a Copy button, code below."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop_chat.ui.inspector.units import tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.enter_button import EnterButton

LONGEST_SHOWN = 200_000
"""Characters; more would stall the view. Copy always gives all."""


class TextPanel(QFrame):
    """Shows text that may still grow.

    Args:
        theme: Colours and fonts.
        title: Stands in the head and names the text for a screen reader.
        most_lines: The panel grows with its text up to this.
    """

    def __init__(self, theme: Theme, title: str, *, most_lines: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._most_lines = most_lines
        self._shown = ""
        self._whole = ""
        self._build(title)
        theme.changed.connect(self._on_theme_changed)

    @property
    def shown_text(self) -> str:
        """What stands in the panel."""
        return self._shown

    def show_text(self, text: str, *, copied: str | None = None) -> None:
        """Show a text; `copied` is what the button copies, if that is not the same."""
        self._whole = text if copied is None else copied
        self.copy_button.setEnabled(bool(self._whole))
        if len(text) > LONGEST_SHOWN:
            text = text[:LONGEST_SHOWN] + "\n" + tr("… cut here; Copy takes all of it")
        if text == self._shown:
            return
        if self._shown and text.startswith(self._shown):
            cursor = QTextCursor(self.view.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(text[len(self._shown) :])
        else:
            self.view.setPlainText(text)
        self._shown = text
        self._fit()

    def set_title(self, title: str) -> None:
        """Exchange the title."""
        self._title.setText(title)
        self.view.setAccessibleName(title)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.setProperty("focused", event.type() == QEvent.Type.FocusIn)
            self._theme.repolish(self)
        elif watched is self.view and event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _build(self, title: str) -> None:
        self.setProperty("look", "panel")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        head = QFrame(self)
        head.setProperty("look", "panel_head")
        head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._title = QLabel(title, head)
        self._title.setProperty("look", "small")
        self.copy_button = EnterButton(tr("Copy"), head)
        self.copy_button.setProperty("look", "small_quiet")
        self.copy_button.setAccessibleName(tr("Copy: {what}").format(what=title))
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.copy_button.setEnabled(False)
        row = QHBoxLayout(head)
        row.setContentsMargins(10, 4, 4, 4)
        row.addWidget(self._title, 1)
        row.addWidget(self.copy_button)
        self.view = QPlainTextEdit(self)
        self.view.setReadOnly(True)
        self.view.setTabChangesFocus(True)
        self.view.setAccessibleName(title)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFont(self._theme.font("code"))
        self.view.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self.view, 1)
        self._fit()

    def _fit(self) -> None:
        # A plain text edit counts its document's height in lines, wrapped ones included.
        lines = min(self._most_lines, max(1, round(self.view.document().size().height())))
        line_px = QFontMetricsF(self.view.font()).lineSpacing()
        high = round(lines * line_px + 2 * self.view.document().documentMargin()) + self._theme.px(12)
        if high != self.view.height():
            self.view.setFixedHeight(high)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._whole)

    def _on_theme_changed(self) -> None:
        self.view.setFont(self._theme.font("code"))
        self._fit()
