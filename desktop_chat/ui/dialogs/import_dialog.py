"""The import dialog: choose, look what is there, take it in, and hear how it went.

Nothing is written before the person has seen what will be, and a second import of the same
file adds nothing. What cannot be taken over is listed, to be copied or saved.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from desktop_chat.domain.errors import ChatError, ImportFailed
from desktop_chat.domain.ids import ConversationId
from desktop_chat.importing.reading import Preview
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.dialogs.import_pages import ChoosePage, PreviewPage, ReportPage
from desktop_chat.ui.dialogs.import_words import problem_lines
from desktop_chat.ui.dialogs.import_work import ImportWork, Stopped, UnknownFormat
from desktop_chat.ui.dialogs.parts import MARGIN_PX, tr
from desktop_chat.ui.dialogs.progress import ProgressPage
from desktop_chat.ui.messages import explain
from desktop_chat.ui.numbers import conversations_text
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.dropped import dropped_paths
from desktop_chat.ui.widgets.screen_fit import fitting

if TYPE_CHECKING:
    from desktop_chat.core.intake import Intake

WIDTH_PX, HEIGHT_PX = 640, 560
LOOK_MS = 100


class ImportDialog(QDialog):
    """Imports conversations. Show it with `open()`.

    Args:
        intake: Takes them into the library.
        is_known: True for a conversation that is here already.
        theme: Colours and fonts.
    """

    def __init__(
        self,
        intake: "Intake",
        is_known: Callable[[ConversationId], bool],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._intake = intake
        self._is_known = is_known
        self._theme = theme
        self._work: ImportWork | None = None
        self._is_taking = False
        self._name = ""
        self._waiting: list[Path] = []
        """Chosen together with what is looked at, and not looked into yet."""
        self._count = 0
        self._refused: list[str] = []
        """Why those before could not be used."""
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._build()
        self._connect()

    def look_into(self, path: Path, *more: Path) -> None:
        """Show what is in a file, a folder or an archive; and then, one after the other, in more of them."""
        self._waiting, self._count = [path, *more], 1 + len(more)
        self._refused.clear()
        self._go_on()

    def reject(self) -> None:
        """Esc; while conversations come in it cancels as the button does, and the report says which came."""
        if self._is_taking and self._work is not None:
            self._on_cancelled()
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Close; what is being done is given up."""
        self._leave_work()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave_work()
        super().closeEvent(event)

    def sizeHint(self) -> QSize:
        return fitting(self, QSize(self._theme.px(WIDTH_PX), self._theme.px(HEIGHT_PX)))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()) and self._pages.currentWidget() is not self.progress:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.look_into(*paths)

    def _build(self) -> None:
        self.setWindowTitle(tr("Import"))
        self.setAcceptDrops(True)
        self._pages = QStackedWidget(self)
        self.choose = ChoosePage(self._theme, self)
        self.progress = ProgressPage(self._theme, self)
        self.preview = PreviewPage(self._theme, self)
        self.report = ReportPage(self._theme, self)
        for page in (self.choose, self.progress, self.preview, self.report):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        layout.addWidget(self._pages)
        self.resize(self.sizeHint())

    def _connect(self) -> None:
        self.choose.file_asked.connect(lambda: self._ask(is_folder=False))
        self.choose.folder_asked.connect(lambda: self._ask(is_folder=True))
        self.choose.cancelled.connect(self.reject)
        self.progress.cancelled.connect(self._on_cancelled)
        self.preview.import_asked.connect(self._on_import_asked)
        self.preview.back_asked.connect(self._on_back_asked)
        self.report.closed.connect(self._on_report_closed)
        self._look.timeout.connect(self._show_progress)

    def _go_on(self) -> None:
        """To the next one that was chosen."""
        self._leave_work()
        path = self._waiting.pop(0)
        self._work = work = ImportWork(path)
        at = self._count - len(self._waiting)
        name = tr("{name} ({n} of {of})").format(name=path.name, n=at, of=self._count)
        self._name = name if self._count > 1 else path.name
        self.preview.back_button.setText(tr("&Skip") if self._waiting else tr("&Back"))
        self.report.close_button.setText(tr("&Next file") if self._waiting else tr("&Close"))
        self.choose.show_problem("")
        self._show_progress_page(tr("Reading {name}").format(name=self._name))
        spawn(self._look_into(work), owner=self)

    def _ask(self, *, is_folder: bool) -> None:
        dialog = QFileDialog(self, tr("Import"))
        if is_folder:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
            dialog.setNameFilters([tr("Exports (*.json *.jsonl *.ndjson *.zip)"), tr("All files (*)")])
        dialog.filesSelected.connect(lambda paths: self.look_into(*map(Path, paths)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def _look_into(self, work: ImportWork) -> None:
        try:
            preview = await work.look()
        except Stopped:
            self._leave(work)
        except UnknownFormat as error:
            lines = problem_lines(error.problems, len(error.problems))
            said = tr("{name} is none of the formats that can be read.").format(name=error.name)
            self._leave(work, f"{said}\n{lines}".rstrip())
        except ChatError as error:
            self._leave(work, _said(error))
        else:
            if work is self._work:
                self._show_preview(preview)

    def _show_preview(self, preview: Preview) -> None:
        self._look.stop()
        known = {found.id for found in preview.found if self._is_known(found.id)}
        self.preview.show_preview(preview, known, self._name)
        self.preview.show_problem("\n".join(self._refused))
        self._refused.clear()
        self._pages.setCurrentWidget(self.preview)
        self.preview.focus_first()

    def _on_import_asked(self) -> None:
        work = self._work
        if work is not None:
            chosen = self.preview.chosen
            self._show_progress_page(tr("Importing {what}").format(what=conversations_text(len(chosen))))
            spawn(self._take(work, chosen), owner=self)

    async def _take(self, work: ImportWork, chosen: frozenset[ConversationId]) -> None:
        self._is_taking = True
        try:
            report = await work.take(chosen, self._intake)
        except ChatError as error:
            self._look.stop()
            self.preview.show_problem(_said(error))
            self._pages.setCurrentWidget(self.preview)
            return
        finally:
            self._is_taking = False
        self._look.stop()
        work.leave()
        self.report.show_report(report)
        self._pages.setCurrentWidget(self.report)
        self.report.focus_first()

    def _on_cancelled(self) -> None:
        if self._work is not None:
            self._work.leave()

    def _show_progress_page(self, title: str) -> None:
        self._pages.setCurrentWidget(self.progress)
        self.progress.begin(title)
        self._look.start()

    def _show_progress(self) -> None:
        work = self._work
        if work is not None and not work.is_stopped:
            words = tr("{what} so far").format(what=conversations_text(work.found))
            self.progress.show_share(work.share, words)

    def _leave(self, work: ImportWork, problem: str = "") -> None:
        work.leave()
        if work is not self._work:
            return
        if problem:
            self._refused.append(problem)
        if problem and self._waiting:
            self._go_on()
            return
        self._go_back()
        self.choose.show_problem("\n".join(self._refused))

    def _on_back_asked(self) -> None:
        if self._waiting:
            self._go_on()
        else:
            self._go_back()

    def _on_report_closed(self) -> None:
        if self._waiting:
            self._go_on()
        else:
            self.accept()

    def _go_back(self) -> None:
        self._leave_work()
        self._waiting.clear()
        self._pages.setCurrentWidget(self.choose)
        self.choose.focus_first()

    def _leave_work(self) -> None:
        self._look.stop()
        if self._work is not None:
            self._work.leave()
            self._work = None


def _said(error: ChatError) -> str:
    text = explain(error).text
    return f"{text} {error}" if isinstance(error, ImportFailed) else text
