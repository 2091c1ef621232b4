"""The Storage page: where everything is kept, and which keyring has the keys."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_chat.runtime.paths import HOME_VARIABLE, Paths
from desktop_chat.settings.schema import Page
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.preferences.form import PAGE_MARGIN_PX, Note, add_row, button, make_form, tr
from desktop_chat.ui.preferences.schema_page import SchemaPage
from desktop_chat.ui.theme.apply import Theme


class PathField(QWidget):
    """A path to read, select, copy, and open in the file manager."""

    def __init__(self, path: Path, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self.line = QLineEdit(str(path), self)
        self.line.setReadOnly(True)
        self.line.setFont(theme.font("code"))
        self.line.setCursorPosition(0)
        self.line.setAccessibleName(title)
        self.line.setToolTip(str(path))
        self.copy_button = button(tr("Copy"), name=tr("Copy the path: {what}").format(what=title))
        self.open_button = button(tr("Open folder"), name=tr("Open the folder: {what}").format(what=title))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.copy_button)
        row.addWidget(self.open_button)
        self.setFocusProxy(self.line)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.open_button.clicked.connect(self._on_open_clicked)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(str(self._path))

    def _on_open_clicked(self) -> None:
        folder = self._path.parent if self._path.suffix else self._path
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class StoragePage(QWidget):
    """Where things are."""

    def __init__(self, settings: SettingsStore, paths: Paths, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = make_form()
        self.fields: list[PathField] = []
        for title, path in (
            (tr("Conversations"), paths.store),
            (tr("Preferences"), paths.settings),
            (tr("Log"), paths.log_file),
            (tr("Cache"), paths.cache),
        ):
            field = PathField(path, title, theme, self)
            add_row(form, title, field, buddy=field.line)
            self.fields.append(field)
        self.keyring = QLabel(self)
        self.keyring.setWordWrap(True)
        self.keyring.setTextFormat(Qt.TextFormat.PlainText)
        self.keyring.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._keyring_note = Note(self)
        add_row(form, tr("Keys"), self.keyring, self._keyring_note)
        self.show_keyring(tr("Looking for the keyring …"))
        note = Note(self)
        note.show_note(
            tr("Set {variable} to keep all of this in one folder, for example on a stick.").format(
                variable=HOME_VARIABLE
            )
        )
        problems = Note(self)
        problems.show_note("\n".join(settings.problems), "warn")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(problems)
        # What the schema has for this page; nothing today.
        schema = SchemaPage(Page.STORAGE, settings, self)
        schema.setVisible(bool(schema.fields))
        layout.addWidget(schema)
        layout.addStretch(1)

    def show_keyring(self, text: str, note: str = "") -> None:
        """Say which keyring has the keys."""
        self.keyring.setText(text)
        self.keyring.setAccessibleName(text)
        self._keyring_note.show_note(note)
