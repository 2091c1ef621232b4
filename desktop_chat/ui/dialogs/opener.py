"""Opens the dialogs of the window, each of them once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.session import Session
from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.ids import CallId, EndpointId
from desktop_chat.runtime.paths import Paths
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.main_window import MainWindow
from desktop_chat.ui.messages import Explanation
from desktop_chat.ui.picker import Picker
from desktop_chat.ui.theme.apply import Theme

if TYPE_CHECKING:
    from desktop_chat.ui.preferences.dialog import PreferencesDialog

# Dialogs are imported when they are opened for the first time: none of them is needed to
# paint the window, and together they cost a tenth of its start.


@dataclass(frozen=True, slots=True)
class DialogNeeds:
    """What dialogs are made of."""

    settings: SettingsStore
    endpoints: Endpoints
    toolbox: Toolbox
    paths: Paths
    theme: Theme


class Opener(QObject):
    """Keeps at most one dialog of a kind open; asking again brings it to the front."""

    def __init__(self, needs: DialogNeeds, window: MainWindow) -> None:
        super().__init__(window)
        self._needs = needs
        self._window = window
        self._open: dict[str, QDialog] = {}

    def preferences(self, page: str = "") -> None:
        """Preferences, at a page."""
        from desktop_chat.settings.schema import Page

        self._preferences().open_at(Page(page) if page else Page.GENERAL)

    def add_endpoint(self) -> None:
        """Preferences, ready to type a new endpoint."""
        dialog = self._preferences()
        dialog.open_at("endpoints")
        dialog.endpoints_page.add()

    def _preferences(self) -> "PreferencesDialog":
        from desktop_chat.ui.preferences.dialog import PreferencesDialog

        n = self._needs
        dialog = self._open.get("preferences")
        if not isinstance(dialog, PreferencesDialog) or not isValid(dialog):
            dialog = PreferencesDialog(n.settings, n.endpoints, n.toolbox, n.paths, n.theme, self._window)
            self._open["preferences"] = dialog
        return dialog

    def conversation_settings(self, session: Session) -> None:
        """Settings of one conversation."""
        from desktop_chat.ui.dialogs.conversation_settings import ConversationSettingsDialog

        n = self._needs
        self._show(
            f"settings {session.conversation.id}",
            lambda: ConversationSettingsDialog(session, n.theme, self._tool_names, self._window),
        )

    def _tool_names(self) -> list[str]:
        return [spec.name for spec in self._needs.toolbox.specs()]

    def about(self) -> None:
        """What this program is."""
        from desktop_chat.ui.dialogs.about import AboutDialog

        self._show("about", lambda: AboutDialog(self._needs.theme, self._window))

    def error_details(self, explanation: Explanation) -> None:
        """All that is known of an error."""
        from desktop_chat.ui.dialogs.error_details import ErrorDetailsDialog

        self._close("error")
        self._show("error", lambda: ErrorDetailsDialog(explanation, self._needs.theme, self._window))

    def answer(self, session: Session, call_id: CallId) -> None:
        """Have the person type the result of a function of their own."""
        from desktop_chat.ui.dialogs.function_answer import FunctionAnswerDialog

        self._show(
            f"answer {call_id}",
            lambda: FunctionAnswerDialog(session, call_id, self._needs.theme, self._window),
        )

    def print_out(self, session: Session) -> None:
        """Have the person choose a printer for a conversation."""
        from desktop_chat.ui.dialogs.paper import PaperDialogs

        PaperDialogs(self._window, self._needs.theme).print_out(session)

    def save_pdf(self, session: Session) -> None:
        """Have the person choose where a conversation is written as PDF."""
        from desktop_chat.ui.dialogs.paper import PaperDialogs

        PaperDialogs(self._window, self._needs.theme).save_pdf(session)

    def pick_model(self, session: Session, below: QWidget, take: Callable[[EndpointId, str], None]) -> None:
        """Have the person choose an endpoint and a model for something."""
        picker = Picker(session, self._needs.endpoints, self._needs.theme, self._window, take=take)
        picker.endpoints_asked.connect(lambda: self.preferences("endpoints"))
        picker.open_below(below)

    def _show(self, name: str, make: Callable[[], QDialog]) -> None:
        dialog = self._open.get(name)
        if dialog is None or not isValid(dialog):
            dialog = self._open[name] = make()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _close(self, name: str) -> None:
        dialog = self._open.pop(name, None)
        if dialog is not None and isValid(dialog):
            dialog.close()
