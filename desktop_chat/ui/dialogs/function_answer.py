"""Asks the person for the result of a function of their own.

The window stands beside the conversation and does not block it. Closing it decides nothing:
the call goes on waiting, and what was typed is there when it is opened again. It goes away
by itself once the call is settled elsewhere.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from desktop_chat.core.session import Session
from desktop_chat.domain.changes import CallChanged, CallState, Change
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.dialogs.parts import column, label, tr
from desktop_chat.ui.inspector.text_panel import TextPanel
from desktop_chat.ui.inspector.tools_tab import pretty
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button, button_row

WIDTH_PX = 520
ANSWER_LINES = 7


class FunctionAnswerDialog(QDialog):
    """Shows a call with its arguments and takes the result. Show it with `show()`.

    Args:
        session: The conversation; told of the result.
        call_id: Of the call, arguments whole.
        theme: Colours and fonts.
    """

    def __init__(self, session: Session, call_id: CallId, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._call = session.calls[call_id].call
        self._theme = theme
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setWindowTitle(tr("Result of {name}").format(name=self._call.name))
        self.setModal(False)
        self.setMinimumWidth(self._theme.px(WIDTH_PX))
        self.arguments = TextPanel(self._theme, tr("Arguments"), most_lines=10, parent=self)
        shown, _is_valid = pretty(self._call.arguments_json, is_complete=True)
        self.arguments.show_text(shown, copied=self._call.arguments_json)
        answer_label = label(tr("&Result"), "secondary", self)
        self.answer = QPlainTextEdit(self)
        self.answer.setFont(self._theme.font("code"))
        self.answer.setTabChangesFocus(True)
        self.answer.setPlaceholderText(tr("Type or paste what the function returns, as text or JSON"))
        self.answer.setAccessibleName(tr("Result of {name}").format(name=self._call.name))
        line_px = QFontMetricsF(self._theme.font("code")).lineSpacing()
        self.answer.setMinimumHeight(round(line_px * ANSWER_LINES) + self._theme.px(20))
        # Selectable text would swallow the shortcut of its field.
        answer_label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        answer_label.setBuddy(self.answer)
        self.send_button = button(tr("&Send result"), "primary")
        self.send_button.setToolTip(tr("Ctrl+Enter"))
        self.send_button.setEnabled(False)
        self.cancel_button = button(tr("&Cancel the call"))
        self.cancel_button.setToolTip(tr("The model is told that there is no result."))
        layout = column(self)
        layout.addWidget(label(tr("The model calls {name}").format(name=self._call.name), "title", self))
        layout.addWidget(label(tr("This is a function of yours: you say what it returns."), "secondary", self))
        layout.addWidget(self.arguments)
        layout.addWidget(answer_label)
        layout.addWidget(self.answer, 1)
        layout.addLayout(button_row(self.cancel_button, None, self.send_button))
        self.answer.setFocus()

    def _connect(self) -> None:
        self.answer.textChanged.connect(self._on_answer_text_changed)
        self.send_button.clicked.connect(self._on_send_clicked)
        self.cancel_button.clicked.connect(self._on_cancel_clicked)
        self._bridge = Bridge(self._session.changes, self)
        self._bridge.changed.connect(self._on_session_changed)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.send_button.click)

    def _on_answer_text_changed(self) -> None:
        self.send_button.setEnabled(bool(self.answer.toPlainText().strip()))

    def _on_send_clicked(self) -> None:
        self._end()
        self._session.answer(self._call.call_id, self.answer.toPlainText())

    def _on_cancel_clicked(self) -> None:
        self._end()
        self._session.cancel_call(self._call.call_id)

    def _on_session_changed(self, change: Change) -> None:
        # Decided elsewhere: stopped, cancelled, or answered in the conversation.
        is_ours = isinstance(change, CallChanged) and change.call_id == self._call.call_id
        if is_ours and self._session.calls[self._call.call_id].state is not CallState.ANSWERING:
            self._end()

    def _end(self) -> None:
        self._bridge.close()
        self.close()
        self.deleteLater()
