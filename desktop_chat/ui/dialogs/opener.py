"""Opens the dialogs of the window, each of them once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from desktop_chat.core.backups import Backups
from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.folders import named_path
from desktop_chat.core.intake import Intake
from desktop_chat.core.library import Library
from desktop_chat.core.session import Session
from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.errors import StoreRecovered
from desktop_chat.domain.ids import CallId, ConversationId, EndpointId
from desktop_chat.runtime.paths import Paths
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.main_window import TOAST_MS, MainWindow
from desktop_chat.ui.messages import Explanation, tr
from desktop_chat.ui.picker import Picker
from desktop_chat.ui.theme.apply import Theme

if TYPE_CHECKING:
    from desktop_chat.core.updates import MakeUpdates, Release
    from desktop_chat.ui.preferences.dialog import PreferencesDialog

# Dialogs are imported when they are opened for the first time: none of them is needed to
# paint the window, and together they cost a tenth of its start.


@dataclass(frozen=True, slots=True)
class DialogNeeds:
    """What dialogs are made of."""

    library: Library
    settings: SettingsStore
    endpoints: Endpoints
    toolbox: Toolbox
    paths: Paths
    theme: Theme
    intake: Intake
    backups: Backups
    make_updates: "MakeUpdates"


class Opener(QObject):
    """Keeps at most one dialog of a kind open; asking again brings it to the front."""

    restored = Signal()
    """Another library is in use: what is shown has to be opened again."""
    import_asked = Signal()
    export_asked = Signal()

    def __init__(self, needs: DialogNeeds, window: MainWindow) -> None:
        super().__init__(window)
        self._needs = needs
        self._window = window
        self._open: dict[str, QDialog] = {}
        self._export_folder = ""

    def preferences(self, page: str = "") -> None:
        """Preferences, at a page."""
        from desktop_chat.settings.schema import Page

        self._preferences().open_at(Page(page) if page else Page.GENERAL)

    def update(self, release: "Release") -> None:
        """Preferences, with what is known of a newer version."""
        dialog = self._preferences()
        dialog.open_at("updates")
        dialog.updates_page.show_release(release)

    def endpoints(self, endpoint_id: EndpointId | None = None) -> None:
        """Preferences, at an endpoint."""
        dialog = self._preferences()
        dialog.open_at("endpoints")
        if endpoint_id is not None:
            dialog.endpoints_page.choose(endpoint_id)

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
            dialog = PreferencesDialog(
                n.settings, n.endpoints, n.toolbox, n.backups, n.make_updates, n.paths, n.theme, self._window
            )
            storage = dialog.storage_page
            storage.backups.restored.connect(self.restored)
            storage.import_asked.connect(dialog.accept)
            storage.import_asked.connect(self.import_asked)
            storage.export_asked.connect(dialog.accept)
            storage.export_asked.connect(self.export_asked)
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

    def recovered(self, problem: StoreRecovered) -> None:
        """Tell what became of a damaged file."""
        from desktop_chat.ui.dialogs.recovered import RecoveredDialog

        self._close("recovered")
        dialog = self._open["recovered"] = RecoveredDialog(problem, self._needs.theme, self._window)
        dialog.open()

    def answer(self, session: Session, call_id: CallId) -> None:
        """Have the person type the result of a function of their own."""
        from desktop_chat.ui.dialogs.function_answer import FunctionAnswerDialog

        self._show(
            f"answer {call_id}",
            lambda: FunctionAnswerDialog(session, call_id, self._needs.theme, self._window),
        )

    def export(self, session: Session, ids: Sequence[ConversationId] = ()) -> None:
        """Have the person choose how these, the shown one or all conversations are exported."""
        from desktop_chat.ui.dialogs.export_dialog import Choices, ExportDialog
        from desktop_chat.ui.dialogs.paper import pdf_of

        n, conversation = self._needs, session.conversation
        choices = Choices(
            shown=conversation.id if conversation.messages else None,
            shown_title=conversation.title,
            selected=tuple(one for one in ids if n.library.row(one) is not None),
            all=tuple(row.id for row in n.library.rows if not row.is_temporary),
        )
        highlight = self._window.panes.transcript.colors.for_language
        dialog = ExportDialog(
            choices,
            n.library.read,
            lambda conversation: pdf_of(conversation, n.toolbox, highlight, n.library.picture),
            n.theme,
            self._window,
            self._export_folder,
            n.library.picture,
            lambda folder_id: named_path(n.library.folders, folder_id),
        )
        dialog.exported.connect(self._on_exported)
        dialog.finished.connect(dialog.deleteLater)
        self._close("export")
        self._open["export"] = dialog
        dialog.open()

    def import_from(self, *paths: Path) -> None:
        """Have the person choose what is imported, or look into the files and folders they chose."""
        from desktop_chat.ui.dialogs.import_dialog import ImportDialog

        n = self._needs
        dialog = self._open.get("import")
        if not isinstance(dialog, ImportDialog) or not isValid(dialog) or not dialog.isVisible():
            self._close("import")
            dialog = ImportDialog(n.intake, lambda one: n.library.row(one) is not None, n.theme, self._window)
            dialog.finished.connect(dialog.deleteLater)
            self._open["import"] = dialog
            dialog.open()
        if paths:
            dialog.look_into(*paths)

    def _on_exported(self, told: str, folder: str, place: str) -> None:
        self._export_folder = place

        def open_folder() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(folder))

        self._window.toast.say(told, button=tr("Open folder"), act=open_folder, ms=TOAST_MS)

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
