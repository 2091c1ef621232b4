"""The settings of one conversation: system prompt, temperature, length, and its tools.

Whatever is unset is not sent, so that an endpoint's own defaults hold. Each change takes
effect at once, with the next turn; there is nothing to confirm.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop_chat.domain.changes import Change, ConversationEdited
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.screen_fit import fitting

if TYPE_CHECKING:
    from desktop_chat.core.session import Session

WIDTH_PX, HEIGHT_PX, PROMPT_PX = 480, 620, 130
PAUSE_MS = 400
"""Without a key before the system prompt is taken over."""
LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE, USUAL_TEMPERATURE = 0.0, 2.0, 0.7
MOST_TOKENS, USUAL_TOKENS = 1_000_000, 1024


class ConversationSettingsDialog(QDialog):
    """Changes the settings of a session through `edit_settings`. Show it with `show()`."""

    def __init__(
        self,
        session: "Session",
        theme: Theme,
        tool_names: Callable[[], Sequence[str]] = tuple,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._theme = theme
        self._names = tuple(tool_names())
        self._is_showing = False
        self._build()
        self._connect()
        self._refresh()

    def _build(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        px = self._theme.px
        inside = QWidget(self)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(px(20), px(20), px(20), px(12))
        self._column.setSpacing(px(8))
        self._build_prompt()
        self._build_numbers()
        self._build_tools()
        self._column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setAccessibleName(self.tr("Settings of this conversation"))
        area.setWidget(inside)
        close = QPushButton(self.tr("Close"), self)
        close.setAccessibleName(self.tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(20), px(8), px(20), px(16))
        foot.addStretch(1)
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        self.resize(fitting(self, QSize(px(WIDTH_PX), px(HEIGHT_PX))))

    def _build_prompt(self) -> None:
        self._column.addWidget(self._title(self.tr("System prompt")))
        self._prompt = QPlainTextEdit(self)
        self._prompt.setAccessibleName(self.tr("System prompt"))
        self._prompt.setPlaceholderText(self.tr("Not sent. Write here how the model should answer."))
        self._prompt.setTabChangesFocus(True)
        self._prompt.setMinimumHeight(self._theme.px(PROMPT_PX))
        self._column.addWidget(self._prompt)

    def _build_numbers(self) -> None:
        self._sends_temperature = QCheckBox(self.tr("Temperature"), self)
        self._temperature = QDoubleSpinBox(self)
        self._temperature.setRange(LOWEST_TEMPERATURE, HIGHEST_TEMPERATURE)
        self._temperature.setSingleStep(0.1)
        self._temperature.setDecimals(2)
        self._temperature.setValue(USUAL_TEMPERATURE)
        self._temperature.setAccessibleName(self.tr("Temperature"))
        self._sends_tokens = QCheckBox(self.tr("Most tokens of a reply"), self)
        self._tokens = QSpinBox(self)
        self._tokens.setRange(1, MOST_TOKENS)
        self._tokens.setSingleStep(256)
        self._tokens.setGroupSeparatorShown(True)
        self._tokens.setValue(USUAL_TOKENS)
        self._tokens.setAccessibleName(self.tr("Most tokens of a reply"))
        self._not_sent = []
        for check, number in ((self._sends_temperature, self._temperature), (self._sends_tokens, self._tokens)):
            check.setAccessibleName(self.tr("Send: {name}").format(name=check.text()))
            row = QHBoxLayout()
            row.addWidget(check, 1)
            unset = QLabel(self.tr("not sent"), self)
            unset.setProperty("look", "faint")
            self._not_sent.append(unset)
            row.addWidget(unset)
            number.setMinimumWidth(self._theme.px(110))
            row.addWidget(number)
            self._column.addLayout(row)

    def _build_tools(self) -> None:
        self._uses_tools = QCheckBox(self.tr("Let the model call tools"), self)
        self._ticks: dict[str, QCheckBox] = {}
        self._allowed_title = self._title(self.tr("Tools that run here without asking"))
        self._allowed = QVBoxLayout()
        self._nobody = QLabel(self.tr("None. Each call asks you first."), self)
        self._nobody.setProperty("look", "small")
        if not self._names:
            for widget in (self._uses_tools, self._allowed_title, self._nobody):
                widget.hide()
            return
        self._column.addWidget(self._title(self.tr("Tools")))
        self._column.addWidget(self._uses_tools)
        for name in self._names:
            tick = QCheckBox(name.replace("&", "&&"), self)
            tick.setAccessibleName(self.tr("Tool {name}").format(name=name))
            indent = QHBoxLayout()
            indent.setContentsMargins(self._theme.px(24), 0, 0, 0)
            indent.addWidget(tick)
            self._column.addLayout(indent)
            self._ticks[name] = tick
        self._column.addWidget(self._allowed_title)
        self._column.addWidget(self._nobody)
        self._column.addLayout(self._allowed)

    def _title(self, words: str) -> QLabel:
        label = QLabel(words, self)
        label.setProperty("look", "title")
        label.setContentsMargins(0, self._theme.px(8), 0, 0)
        return label

    def _connect(self) -> None:
        self._prompt.textChanged.connect(self._on_prompt_changed)
        self._pause.timeout.connect(self._take_prompt)
        self._sends_temperature.toggled.connect(self._on_temperature_changed)
        self._temperature.valueChanged.connect(self._on_temperature_changed)
        self._sends_tokens.toggled.connect(self._on_tokens_changed)
        self._tokens.valueChanged.connect(self._on_tokens_changed)
        self._uses_tools.toggled.connect(self._on_tools_changed)
        for tick in self._ticks.values():
            tick.toggled.connect(self._on_tools_changed)
        Bridge(self._session.changes, self).changed.connect(self._on_session_changed)

    def _refresh(self) -> None:
        settings = self._session.conversation.settings
        self._is_showing = True
        title = self._session.conversation.title
        # The window stays open beside other conversations: it says which one it is about.
        words = (
            self.tr("Settings of “{title}”").format(title=title) if title else self.tr("Settings of this conversation")
        )
        self.setWindowTitle(words)
        if self._prompt.toPlainText() != settings.system_prompt and not self._pause.isActive():
            self._prompt.setPlainText(settings.system_prompt)
        self._sends_temperature.setChecked(settings.temperature is not None)
        if settings.temperature is not None:
            self._temperature.setValue(settings.temperature)
        self._sends_tokens.setChecked(settings.max_tokens is not None)
        if settings.max_tokens is not None:
            self._tokens.setValue(settings.max_tokens)
        self._temperature.setVisible(settings.temperature is not None)
        self._tokens.setVisible(settings.max_tokens is not None)
        for label, value in zip(self._not_sent, (settings.temperature, settings.max_tokens), strict=True):
            label.setVisible(value is None)
        self._uses_tools.setChecked(settings.uses_tools)
        for name, tick in self._ticks.items():
            tick.setChecked(name not in settings.tools_off)
            tick.setEnabled(settings.uses_tools)
        self._show_allowed(sorted(settings.allowed_tools))
        self._is_showing = False

    def _show_allowed(self, names: list[str]) -> None:
        while (item := self._allowed.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._nobody.setVisible(not names and bool(self._names))
        self._allowed_title.setVisible(bool(names) or bool(self._names))
        for name in names:
            self._allowed.addWidget(self._allowed_row(name))

    def _allowed_row(self, name: str) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        words = QLabel(name, row)
        words.setTextFormat(Qt.TextFormat.PlainText)
        revoke = QPushButton(self.tr("Ask again"), row)
        revoke.setAccessibleName(self.tr("Ask again before {name} runs").format(name=name))
        revoke.setAutoDefault(False)
        revoke.setProperty("tool", name)
        revoke.clicked.connect(self._on_revoke_clicked)
        line.addWidget(words, 1)
        line.addWidget(revoke)
        return row

    def _on_prompt_changed(self) -> None:
        if not self._is_showing:
            self._pause.start()

    def _take_prompt(self) -> None:
        self._pause.stop()
        text = self._prompt.toPlainText()
        if text != self._session.conversation.settings.system_prompt:
            self._session.edit_settings(system_prompt=text)

    def _on_temperature_changed(self) -> None:
        if not self._is_showing:
            value = round(self._temperature.value(), 2) if self._sends_temperature.isChecked() else None
            self._session.edit_settings(temperature=value)

    def _on_tokens_changed(self) -> None:
        if not self._is_showing:
            self._session.edit_settings(max_tokens=self._tokens.value() if self._sends_tokens.isChecked() else None)

    def _on_tools_changed(self) -> None:
        if not self._is_showing:
            # Tools that are off everywhere now have no tick here; what was said of them stays.
            others = self._session.conversation.settings.tools_off - self._ticks.keys()
            off = {name for name, tick in self._ticks.items() if not tick.isChecked()}
            self._session.edit_settings(uses_tools=self._uses_tools.isChecked(), tools_off=frozenset(others | off))

    def _on_revoke_clicked(self) -> None:
        button = self.sender()
        if button is not None:
            allowed = self._session.conversation.settings.allowed_tools - {button.property("tool")}
            self._session.edit_settings(allowed_tools=allowed)

    def _on_session_changed(self, change: Change) -> None:
        if isinstance(change, ConversationEdited):
            self._refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._take_prompt()
        super().closeEvent(event)

    def reject(self) -> None:
        """Esc: what was typed holds, as it does with Close."""
        self._take_prompt()
        super().reject()
