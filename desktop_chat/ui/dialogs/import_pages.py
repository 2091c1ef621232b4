"""The pages of the import dialog: what to import, what is in it, and how it went."""

import asyncio
from collections.abc import Collection
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_chat.domain.errors import ExportFailed
from desktop_chat.domain.ids import ConversationId
from desktop_chat.exporting.saving import save
from desktop_chat.importing import READERS
from desktop_chat.importing.reading import Preview
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.dialogs.found_list import FoundList, FoundModel
from desktop_chat.ui.dialogs.import_words import contents_text, here_text, problem_lines, problems_title
from desktop_chat.ui.dialogs.import_work import Report
from desktop_chat.ui.dialogs.parts import label, tr
from desktop_chat.ui.inspector.text_panel import TextPanel
from desktop_chat.ui.numbers import count_text
from desktop_chat.ui.preferences.form import Note
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import pixmap
from desktop_chat.ui.widgets.buttons import button, button_row

PICTURE_PX = 40


class ChoosePage(QWidget):
    """Where a file or folder is chosen, or dropped."""

    file_asked = Signal()
    folder_asked = Signal()
    cancelled = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        place = QFrame(self)
        place.setProperty("look", "drop")
        self._picture = label("", "text", place)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._picture.setAccessibleName(tr("Import"))
        words = label(tr("Drop a file, a folder or a zip archive here"), "title", place)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        names = ", ".join(reader.title for reader in READERS)
        known = label(tr("It can come from {names}.").format(names=names), "small", place)
        known.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.file_button = button(tr("Choose a &file…"), "primary")
        self.folder_button = button(tr("Choose a f&older…"))
        self.cancel_button = button(tr("Cancel"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.file_button)
        buttons.addWidget(self.folder_button)
        buttons.addStretch(1)
        inner = QVBoxLayout(place)
        inner.setContentsMargins(theme.px(48), theme.px(24), theme.px(48), theme.px(24))
        inner.setSpacing(theme.px(12))
        inner.addStretch(1)
        for widget in (self._picture, words, known):
            inner.addWidget(widget)
        inner.addSpacing(theme.px(8))
        inner.addLayout(buttons)
        inner.addStretch(1)
        self._problem = Note(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(place, 1)
        layout.addWidget(self._problem)
        layout.addLayout(button_row(None, self.cancel_button))
        self.file_button.clicked.connect(self.file_asked)
        self.folder_button.clicked.connect(self.folder_asked)
        self.cancel_button.clicked.connect(self.cancelled)
        theme.changed.connect(self._draw)
        self._draw()
        self.focus_first()

    def show_problem(self, text: str) -> None:
        """Say why the last one could not be used."""
        self._problem.show_note(f"✗ {text}" if text else "", "bad")

    def focus_first(self) -> None:
        """Let the person choose with the keyboard."""
        self.file_button.setFocus()

    def _draw(self) -> None:
        edge = self._theme.px(PICTURE_PX)
        self._picture.setPixmap(pixmap("folder", self._theme.color("faint"), edge, self.devicePixelRatioF()))


class PreviewPage(QWidget):
    """What an import would bring, to choose from."""

    import_asked = Signal()
    back_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model: FoundModel | None = None
        self.title = label("", "title", self)
        self.contents = label("", "text", self)
        self.here = Note(self)
        self.list = FoundList(theme, self)
        self.all_button = button(tr("&All"), "link")
        self.all_button.setAccessibleName(tr("Check all"))
        self.none_button = button(tr("&None"), "link")
        self.none_button.setAccessibleName(tr("Check none"))
        self.problems = ProblemPanel(theme, self)
        self._problem = Note(self)
        self.back_button = button(tr("&Back"))
        self.import_button = button("", "primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.title, self.contents, self.here):
            layout.addWidget(widget)
        layout.addWidget(self.list, 3)
        layout.addLayout(button_row(self.all_button, self.none_button, None))
        layout.addWidget(self.problems)
        layout.addWidget(self._problem)
        layout.addLayout(button_row(self.back_button, None, self.import_button))
        self.all_button.clicked.connect(lambda: self._check(True))
        self.none_button.clicked.connect(lambda: self._check(False))
        self.back_button.clicked.connect(self.back_asked)
        self.import_button.clicked.connect(self.import_asked)

    @property
    def chosen(self) -> frozenset[ConversationId]:
        """What is to be imported."""
        return self._model.checked if self._model is not None else frozenset()

    def show_preview(self, preview: Preview, known: Collection[ConversationId], name: str) -> None:
        """Show what was found in a file of this name."""
        self.title.setText(f"{preview.reader.title} · {name}")
        self.contents.setText(contents_text(preview))
        self.here.show_note(here_text(len(known), len(preview.found)))
        before, self._model = self._model, FoundModel(preview.found, known, self)
        self._model.checked_changed.connect(self._count)
        self.list.show_model(self._model)
        if before is not None:
            before.deleteLater()
        self.problems.show_problems(
            problems_title(preview.problem_count), problem_lines(preview.problems, preview.problem_count)
        )
        self.show_problem("")
        self._count()

    def show_problem(self, text: str) -> None:
        """Say why it could not be done."""
        self._problem.show_note(f"✗ {text}" if text else "", "bad")

    def focus_first(self) -> None:
        """Let the person go on with Enter."""
        (self.import_button if self.chosen else self.back_button).setFocus()

    def _check(self, is_on: bool) -> None:
        if self._model is not None:
            self._model.check_all(is_on)

    def _count(self) -> None:
        count = len(self.chosen)
        words = tr("&Import 1 conversation") if count == 1 else tr("&Import {n} conversations")
        self.import_button.setText(words.format(n=count_text(count)))
        self.import_button.setEnabled(bool(count))


class ReportPage(QWidget):
    """How an import went."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = label("", "title", self)
        self.details = label("", "text", self)
        self.problems = ProblemPanel(theme, self, most_lines=16, is_open=True)
        self.close_button = button(tr("&Close"), "primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.title)
        layout.addWidget(self.details)
        layout.addWidget(self.problems)
        layout.addStretch(1)
        layout.addLayout(button_row(None, self.close_button))
        self.close_button.clicked.connect(self.closed)

    def show_report(self, report: Report) -> None:
        """Say what came in and what did not."""
        taken = report.taken
        self.title.setText(tr("Import stopped") if taken.is_cancelled else tr("Import finished"))
        lines = [
            tr("{n} new conversations").format(n=count_text(taken.added)),
            tr("{n} that were here got new messages").format(n=count_text(taken.extended)) if taken.extended else "",
            tr("{n} were here already as they are").format(n=count_text(taken.unchanged)) if taken.unchanged else "",
            tr("{n} of these are in the trash, where they stay").format(n=count_text(taken.in_trash))
            if taken.in_trash
            else "",
            tr("{n} new messages").format(n=count_text(taken.messages)),
        ]
        self.details.setText("\n".join(filter(None, lines)))
        self.problems.show_problems(
            problems_title(report.problem_count), problem_lines(report.problems, report.problem_count)
        )

    def focus_first(self) -> None:
        """Let the person close it with Enter."""
        self.close_button.setFocus()


class ProblemPanel(QWidget):
    """What could not be taken over: a line that opens into a list, to be copied or saved."""

    def __init__(self, theme: Theme, parent: QWidget, *, most_lines: int = 8, is_open: bool = False) -> None:
        super().__init__(parent)
        self._text, self._title = "", ""
        self._is_open = is_open
        self.toggle = button("", "link")
        self.save_button = button(tr("&Save list…"), "link")
        self.panel = TextPanel(theme, tr("Not taken over"), most_lines=most_lines, parent=self)
        self._saved = Note(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(button_row(self.toggle, None, self.save_button))
        layout.addWidget(self.panel)
        layout.addWidget(self._saved)
        self.toggle.clicked.connect(self._on_toggle_clicked)
        self.save_button.clicked.connect(self._on_save_clicked)

    def show_problems(self, title: str, text: str) -> None:
        """Show the list; nothing is shown if it is empty."""
        self._text, self._title = text, title
        self.panel.show_text(text)
        self._saved.show_note("")
        self.setVisible(bool(text))
        self._show_open()

    def _show_open(self) -> None:
        self.toggle.setText(f"{'▾' if self._is_open else '▸'} {self._title}")
        self.toggle.setAccessibleName(self._title)
        self.panel.setVisible(self._is_open)
        self.save_button.setVisible(self._is_open)

    def _on_toggle_clicked(self) -> None:
        self._is_open = not self._is_open
        self._show_open()

    def _on_save_clicked(self) -> None:
        dialog = QFileDialog(self, tr("Save list"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(tr("Not imported") + ".txt")
        dialog.fileSelected.connect(lambda path: spawn(self.save(Path(path)), owner=self))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def save(self, path: Path) -> None:
        """Write the list to a file."""
        try:
            await asyncio.to_thread(partial(save, path, [f"{self._text}\n".encode("utf-8", "replace")]))
        except ExportFailed as error:
            self._saved.show_note(f"✗ {error}", "bad")
        else:
            self._saved.show_note(tr("Saved as {name}").format(name=path.name))
