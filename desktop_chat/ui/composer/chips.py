"""The chips below the editor: what holds for the next turn besides the text."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.theme.apply import Theme

if TYPE_CHECKING:
    from desktop_chat.core.session import Session

GAP_PX = 8


class Chips(QWidget):
    """Shows only settings that are set and tools that are on; each leads to where it is changed."""

    settings_asked = Signal()

    def __init__(
        self, settings: SettingsStore, tool_names: Callable[[], Sequence[str]], theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._tool_names = tool_names
        self._theme = theme
        self._session: Session | None = None
        self._build()
        theme.changed.connect(self.refresh)

    def show_session(self, session: "Session | None") -> None:
        """Show the settings of another conversation."""
        self._session = session
        self.refresh()

    def refresh(self) -> None:
        """Look again at what is set."""
        session = self._session
        settings = session.conversation.settings if session is not None else None
        words = {self._temperature: "", self._tokens: "", self._prompt: "", self._tools: ""}
        if settings is not None:
            if settings.temperature is not None:
                number = QLocale().toString(settings.temperature, "g", 3)
                words[self._temperature] = self.tr("Temp {number}").format(number=number)
            if settings.max_tokens is not None:
                number = count_text(settings.max_tokens)
                words[self._tokens] = self.tr("Max {number} tokens").format(number=number)
            if settings.system_prompt:
                words[self._prompt] = self.tr("System prompt")
            if self._offered():
                count = sum(map(settings.offers, self._offered()))
                words[self._tools] = self.tr("Tools · {count}").format(count=count) if count else self.tr("Tools off")
        for chip, text in words.items():
            chip.setText(text)
            chip.setAccessibleName(text or chip.toolTip())
        self.updateGeometry()
        self._arrange()

    def sizeHint(self) -> QSize:
        shown = [chip.sizeHint() for chip in self._chips if chip.text()]
        gap = self._theme.px(GAP_PX)
        return QSize(sum(s.width() + gap for s in shown), max((s.height() for s in shown), default=0))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _build(self) -> None:
        self._tools = self._chip(self.tr("Choose the tools the model may call here"))
        self._temperature, self._tokens, self._prompt = (
            self._chip(self.tr("Settings of this conversation")) for _ in range(3)
        )
        self._chips = (self._tools, self._temperature, self._tokens, self._prompt)
        for chip in (self._temperature, self._tokens, self._prompt):
            chip.clicked.connect(self.settings_asked)
        self._tools.clicked.connect(self._on_tools_clicked)

    def _chip(self, tip: str) -> QPushButton:
        chip = QPushButton(self)
        chip.setProperty("look", "chip")
        chip.setToolTip(tip)
        return chip

    def _arrange(self) -> None:
        """Place the chips in one line; those without room are not shown."""
        gap, x = self._theme.px(GAP_PX), 0
        for chip in self._chips:
            size = chip.sizeHint()
            fits = bool(chip.text()) and x + size.width() <= self.width()
            chip.setVisible(fits)
            if fits:
                left = self.width() - x - size.width() if self.isRightToLeft() else x
                chip.setGeometry(left, self.height() - size.height(), size.width(), size.height())
                x += size.width() + gap

    def _offered(self) -> list[str]:
        off = self._settings.values.tools_off
        return [name for name in self._tool_names() if name not in off]

    def _on_tools_clicked(self) -> None:
        if self._session is None:
            return
        menu = ToolsMenu(self._session, self._offered(), self)
        menu.popup(self._tools.mapToGlobal(QPoint(0, -menu.sizeHint().height() - self._theme.px(4))))


class ToolsMenu(QMenu):
    """Ticks for the tools of one conversation. Stays open while they are set."""

    def __init__(self, session: "Session", names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._names = tuple(names)
        for name in self._names:
            self._add(name, name)
        self.addSeparator()
        self._add(self.tr("No tools in this conversation"), "")
        self._show_ticks()
        self.triggered.connect(self._on_triggered)
        self.aboutToHide.connect(self.deleteLater)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and action is not None:
            action.trigger()
        else:
            super().keyPressEvent(event)

    def _add(self, title: str, name: str) -> None:
        action = self.addAction(title.replace("&", "&&"))
        action.setCheckable(True)
        action.setData(name)

    def _show_ticks(self) -> None:
        settings = self._session.conversation.settings
        for action in self.actions():
            name = action.data()
            action.setChecked(settings.offers(name) if name else not settings.uses_tools)

    def _on_triggered(self, action: QAction) -> None:
        name, settings = action.data(), self._session.conversation.settings
        if not name:
            self._session.edit_settings(uses_tools=not action.isChecked())
        elif action.isChecked():
            off = settings.tools_off if settings.uses_tools else frozenset(self._names)
            self._session.edit_settings(uses_tools=True, tools_off=off - {name})
        else:
            self._session.edit_settings(tools_off=settings.tools_off | {name})
        self._show_ticks()
