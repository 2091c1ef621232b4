"""Printing a conversation, and saving it as PDF: the dialogs of the system, then the work in slices."""

import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QDir, QIODevice, QObject, QStandardPaths
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from desktop_chat.core.calls import Calls, CallStatus
from desktop_chat.core.session import Session
from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.changes import Change, RetryScheduled
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.main_window import MainWindow
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.code_lines import MakeHighlight
from desktop_chat.ui.transcript.paper.printing import draw_on, pdf_writer, write_pdf
from desktop_chat.ui.transcript.pictures.kept import KeptOf
from desktop_chat.ui.transcript.pictures.pictures import PictureStore

NAME_CHARACTERS = 80
SAID_MS = 6000


class PaperDialogs(QObject):
    """Asks where to, then writes.

    Args:
        window: Owns the dialogs and says how it went.
        theme: Of the program.
    """

    def __init__(self, window: MainWindow, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme

    def print_out(self, session: Session) -> None:
        """Print a conversation."""
        printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        printer.setDocName(session.conversation.title)
        dialog = QPrintDialog(printer, self._window)
        dialog.accepted.connect(lambda: spawn(self._print(printer, session), owner=self._window))
        self._open(dialog)

    def save_pdf(self, session: Session) -> None:
        """Save a conversation as PDF."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog = QFileDialog(self._window, tr("Save as PDF"), folder, tr("PDF documents (*.pdf)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix("pdf")
        dialog.selectFile(f"{file_name(session.conversation.title)}.pdf")
        dialog.fileSelected.connect(lambda path: spawn(self._save(Path(path), session), owner=self._window))
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        # The dialog for printing has an `open` of its own that wants a slot by its name.
        QDialog.open(dialog)

    async def _print(self, printer: QPrinter, session: Session) -> None:
        try:
            transcript = self._window.panes.transcript
            await draw_on(printer, session, _app(), transcript.colors.for_language, transcript.gallery.start())
        except OSError:
            self._window.toast.say(tr("The printer could not be used."))

    async def _save(self, path: Path, session: Session) -> None:
        try:
            transcript = self._window.panes.transcript
            await write_pdf(path, session, _app(), transcript.colors.for_language, transcript.gallery.start())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._window.toast.say(tr("The PDF could not be saved: {reason}").format(reason=reason))
            return
        name = QDir.toNativeSeparators(str(path))
        self._window.toast.say(tr("Saved as {name}").format(name=name), ms=SAID_MS)


class Still:
    """A conversation in which nothing happens, as a page reads it."""

    def __init__(self, conversation: Conversation, toolbox: Toolbox) -> None:
        self.conversation = conversation
        self.changes: Feed[Change] = Feed()
        self.is_running = False
        self.draft: Draft | None = None
        self.waiting: RetryScheduled | None = None
        self.elapsed_ms = 0
        calls = Calls(toolbox, lambda _: False, self.changes.publish)
        for message in conversation.messages.values():
            calls.rebuild(message)
        self.calls: dict[CallId, CallStatus] = calls.statuses


async def pdf_of(
    conversation: Conversation, toolbox: Toolbox, make_highlight: MakeHighlight, kept: KeptOf | None = None
) -> bytes:
    """Draw the shown path of a conversation that need not be open.

    Raises:
        OSError: Nothing can be drawn.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = pdf_writer(buffer, conversation.title)
    pictures = PictureStore()
    pictures.kept = kept
    await draw_on(writer, Still(conversation, toolbox), _app(), make_highlight, pictures)
    return bytes(buffer.data().data())


def file_name(title: str) -> str:
    """A title as the name of a file that every system takes."""
    plain = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", title)
    return " ".join(plain.split())[:NAME_CHARACTERS].strip(" .") or tr("Conversation")


def tr(text: str) -> str:
    """Translate a phrase of these dialogs."""
    return QCoreApplication.translate("Paper", text)


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
