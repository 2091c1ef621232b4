"""The export dialog: which conversations, in which format, with what in them; then how far it is.

Where it goes is asked with the dialog of the system, which also asks before a file is
exchanged; a folder is always a new one. Errors come back to the form, with everything as it
was chosen.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from desktop_chat.domain.errors import ChatError, ExportFailed
from desktop_chat.domain.folder import NamedFolder
from desktop_chat.domain.ids import ConversationId, FolderId
from desktop_chat.exporting import FORMATS
from desktop_chat.exporting.format import Format, Options
from desktop_chat.exporting.saving import Stopped
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.dialogs.export_words import about, shape_text, words
from desktop_chat.ui.dialogs.export_work import (
    ExportWork,
    LocalZone,
    PdfOf,
    Read,
    ReadPicture,
    Shape,
    Wish,
    no_picture,
    pdf_format,
)
from desktop_chat.ui.dialogs.paper import file_name
from desktop_chat.ui.dialogs.parts import MARGIN_PX, label, tr
from desktop_chat.ui.dialogs.progress import ProgressPage
from desktop_chat.ui.inspector.text_panel import TextPanel
from desktop_chat.ui.messages import explain
from desktop_chat.ui.numbers import conversations_text, count_text
from desktop_chat.ui.preferences.form import Note, add_row, make_form
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.buttons import button, button_row
from desktop_chat.ui.widgets.tab_order import tab_in_reading_order

WIDTH_PX, HEIGHT_PX = 560, 400
LOOK_MS = 100
LONGEST_TITLE = 48
TAKES_REASONING = ("markdown", "html", "plain", "pdf", "openai_messages")
TAKES_TOOLS = (*TAKES_REASONING, "openai_lines")
TAKES_TIMES = ("markdown", "html", "plain")


@dataclass(frozen=True, slots=True)
class Choices:
    """Which conversations there are to choose from."""

    shown: ConversationId | None = None
    """The one in the window, if there is something in it."""
    shown_title: str = ""
    selected: tuple[ConversationId, ...] = ()
    """Those that were asked for; chosen at first."""
    all: tuple[ConversationId, ...] = ()


class ExportDialog(QDialog):
    """Exports conversations. Show it with `open()`.

    Args:
        choices: Which conversations there are.
        read: Reads one as it is now.
        pdf_of: Draws one as PDF.
        theme: Colours and fonts.
        folder: Where the last export went; empty for the documents of the person.
        read_picture: Reads the bytes of a picture.
        folders: The folders that lead to one; called in a worker thread.
    """

    exported = Signal(str, str, str)
    """A sentence about it, the folder that has what was written, and the folder that was chosen."""

    def __init__(
        self,
        choices: Choices,
        read: Read,
        pdf_of: PdfOf,
        theme: Theme,
        parent: QWidget | None = None,
        folder: str = "",
        read_picture: ReadPicture = no_picture,
        folders: Callable[[FolderId], Sequence[NamedFolder]] = lambda _: (),
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        self._read = read
        self._read_picture = read_picture
        self._folders = folders
        self._pdf = pdf_format(self._ask, pdf_of)
        self._theme = theme
        self._folder = folder or QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._work: ExportWork | None = None
        self._shape: Shape | None = None
        """What the person chose, as long as they did."""
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._build()
        self._connect()
        self._refresh()

    def begin(self, path: Path) -> None:
        """Write to this place."""
        wish = self._wish(path)
        self._work = work = ExportWork(wish, self._read, self._read_picture)
        self._problem.show_note("")
        self._pages.setCurrentWidget(self.progress)
        self.progress.begin(tr("Exporting"))
        self._look.start()
        spawn(self._run(work, wish), owner=self)

    def done(self, result: int) -> None:
        """Close; what is being written is given up."""
        if self._work is not None:
            self._work.stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._work is not None:
            self._work.stop()
        super().closeEvent(event)

    def _build(self) -> None:
        self.setWindowTitle(tr("Export"))
        # As high as its fullest form: it does not jump when another format is chosen.
        self.setMinimumSize(self._theme.px(WIDTH_PX), self._theme.px(HEIGHT_PX))
        self._pages = QStackedWidget(self)
        self.progress = ProgressPage(self._theme, self)
        self._pages.addWidget(self._build_form())
        self._pages.addWidget(self.progress)
        self._pages.addWidget(self._build_report())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        layout.addWidget(self._pages)
        tab_in_reading_order(self)
        self.format.setFocus()

    def _build_form(self) -> QWidget:
        page = QWidget(self)
        self.which = QComboBox(page)
        # Kept here: Qt would copy tens of thousands of ids each time it is asked for them.
        self._scopes = self._which()
        self.which.addItems([text for text, _ in self._scopes])
        self.format = QComboBox(page)
        # What people read stands together.
        for format_ in (*FORMATS[:2], self._pdf, *FORMATS[2:]):
            self.format.addItem(format_.title, format_)
        self.shape = QComboBox(page)
        self.versions = QComboBox(page)
        self.versions.addItem(tr("All versions of every message"), False)
        self.versions.addItem(tr("Only what is shown"), True)
        self.reasoning, self.tools, self.times = (
            QCheckBox(text, page) for text in (tr("&Reasoning"), tr("&Tool calls"), tr("&When and how long"))
        )
        for check in (self.reasoning, self.tools, self.times):
            check.setChecked(True)
        self._about = Note(page)
        self._contents = QWidget(page)
        checks = QVBoxLayout(self._contents)
        checks.setContentsMargins(0, 4, 0, 0)
        checks.setSpacing(4)
        for check in (self.reasoning, self.tools, self.times):
            checks.addWidget(check)
        self._form = make_form()
        add_row(self._form, tr("&Conversations"), self.which)
        add_row(self._form, tr("&Format"), self.format, self._about)
        add_row(self._form, tr("&Into"), self.shape)
        add_row(self._form, tr("&Versions"), self.versions)
        add_row(self._form, tr("With"), self._contents, buddy=self.reasoning)
        self._problem = Note(page)
        self.export_button = button(tr("&Export…"), "primary")
        self.export_button.setDefault(True)
        self.cancel_button = button(tr("Cancel"))
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addLayout(self._form)
        layout.addStretch(1)
        layout.addWidget(self._problem)
        layout.addLayout(button_row(None, self.cancel_button, self.export_button))
        return page

    def _build_report(self) -> QWidget:
        page = QWidget(self)
        self._report_title = label("", "title", page)
        self._report = TextPanel(self._theme, tr("Could not be read"), most_lines=14, parent=page)
        self.report_button = button(tr("&Close"), "primary")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._report_title)
        layout.addWidget(self._report)
        layout.addStretch(1)
        layout.addLayout(button_row(None, self.report_button))
        return page

    def _connect(self) -> None:
        self.which.currentIndexChanged.connect(self._refresh)
        self.format.currentIndexChanged.connect(self._refresh)
        self.shape.activated.connect(self._on_shape_activated)
        self.export_button.clicked.connect(self._on_export_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.report_button.clicked.connect(self.accept)
        self.progress.cancelled.connect(self._on_cancelled)
        self._look.timeout.connect(self._show_progress)

    def _which(self) -> Sequence[tuple[str, tuple[ConversationId, ...]]]:
        found, choices = [], self._choices
        if len(choices.selected) == 1 and choices.selected[0] == choices.shown:
            pass  # It is the one that is shown.
        elif choices.selected:
            text = tr("1 selected conversation") if len(choices.selected) == 1 else tr("{n} selected conversations")
            found.append((text.format(n=count_text(len(choices.selected))), choices.selected))
        if choices.shown is not None:
            title = choices.shown_title or tr("Untitled")
            found.append((tr("This one: {title}").format(title=_shortened(title)), (choices.shown,)))
        if choices.all:
            found.append((tr("All: {what}").format(what=conversations_text(len(choices.all))), choices.all))
        return found

    @property
    def _ids(self) -> tuple[ConversationId, ...]:
        at = self.which.currentIndex()
        return self._scopes[at][1] if 0 <= at < len(self._scopes) else ()

    @property
    def _chosen(self) -> Format:
        chosen = self.format.currentData()
        assert isinstance(chosen, Format)
        return chosen

    @property
    def _chosen_shape(self) -> Shape:
        # Qt gives the plain text back.
        return Shape(self.shape.currentData())

    def _refresh(self) -> None:
        chosen, ids = self._chosen, self._ids
        self._about.show_note(about(chosen))
        before = self._shape
        self.shape.clear()
        for shape in _shapes(chosen, len(ids)):
            self.shape.addItem(shape_text(shape), shape)
        self.shape.setCurrentIndex(max(0, self.shape.findData(before)))
        self._form.setRowVisible(2, self.shape.count() > 1)
        self._form.setRowVisible(3, chosen.is_lossless)
        self._form.setRowVisible(4, chosen.code in TAKES_TOOLS)
        self.reasoning.setVisible(chosen.code in TAKES_REASONING)
        self.times.setVisible(chosen.code in TAKES_TIMES)
        self.export_button.setEnabled(bool(ids))

    def _ask(self, drawing: Coroutine[Any, Any, bytes]) -> bytes:
        # In the thread that writes.
        work = self._work
        if work is None:
            drawing.close()
            raise Stopped
        return work.ask(drawing)

    def _wish(self, path: Path) -> Wish:
        options = Options(
            reasoning=self.reasoning.isChecked(),
            tools=self.tools.isChecked(),
            times=self.times.isChecked(),
            zone=LocalZone(),
            folders=self._folders,
            words=words(),
        )
        only_shown = self._chosen.is_lossless and bool(self.versions.currentData())
        return Wish(self._ids, self._chosen, options, self._chosen_shape, path, only_shown)

    def _on_export_clicked(self) -> None:
        shape = self._chosen_shape
        dialog = QFileDialog(self, tr("Export"), self._folder)
        name = self._suggested_name()
        if shape is Shape.FOLDER:
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
            dialog.setLabelText(QFileDialog.DialogLabel.Accept, tr("Export here"))
            dialog.fileSelected.connect(lambda path: self.begin(Path(path) / name))
        else:
            suffix = ".zip" if shape is Shape.ZIP else self._chosen.suffix
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setFileMode(QFileDialog.FileMode.AnyFile)
            dialog.setDefaultSuffix(suffix[1:])
            dialog.setNameFilter(f"{self._chosen.title if suffix != '.zip' else 'Zip'} (*{suffix})")
            dialog.selectFile(name + suffix)
            dialog.fileSelected.connect(lambda path: self.begin(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _suggested_name(self) -> str:
        ids = self._ids
        if len(ids) == 1 and ids[0] == self._choices.shown and self._choices.shown_title:
            return file_name(self._choices.shown_title)
        return tr("Conversations")

    async def _run(self, work: ExportWork, wish: Wish) -> None:
        try:
            written = await work.run()
        except Stopped:
            self._back()
        except ChatError as error:
            self._back(_said(error))
        except OSError as error:
            # What draws a PDF speaks the language of the system.
            self._back(_said(ExportFailed(wish.path.name, error.strerror or str(error))))
        else:
            self._end(work, wish, written)

    def _end(self, work: ExportWork, wish: Wish, written: Path) -> None:
        self._look.stop()
        self._work = None
        told = _told(work.total - len(work.unreadable), work.total)
        folder = written if wish.shape is Shape.FOLDER else written.parent
        self.exported.emit(told, str(folder), str(written.parent))
        if not work.unreadable:
            self.accept()
            return
        self._report_title.setText(told)
        self._report.show_text("\n".join(f"{lost.id}: {lost.error}" for lost in work.unreadable))
        self._pages.setCurrentIndex(2)
        self.report_button.setFocus()

    def _back(self, problem: str = "") -> None:
        self._look.stop()
        self._work = None
        self._pages.setCurrentIndex(0)
        self._problem.show_note(f"✗ {problem}" if problem else "", "bad")
        self.export_button.setFocus()

    def _on_shape_activated(self) -> None:
        self._shape = self._chosen_shape

    def _on_cancelled(self) -> None:
        if self._work is not None:
            self._work.stop()

    def _show_progress(self) -> None:
        if self._work is not None:
            self.progress.show_count(self._work.done, self._work.total, self._work.title)


def _shapes(chosen: Format, many: int) -> Sequence[Shape]:
    if many == 1:
        return (Shape.FILE,)
    return (Shape.FILE, Shape.FOLDER, Shape.ZIP) if chosen.holds_many else (Shape.FOLDER, Shape.ZIP)


def _told(written: int, total: int) -> str:
    if written < total:
        return tr("{n} of {all} exported").format(n=count_text(written), all=conversations_text(total))
    return tr("Conversation exported") if total == 1 else tr("{n} conversations exported").format(n=count_text(total))


def _said(error: ChatError) -> str:
    explanation = explain(error)
    where = f"{error.name}: {error.reason}. " if isinstance(error, ExportFailed) else ""
    return f"{where}{explanation.text}"


def _shortened(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
