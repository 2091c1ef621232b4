"""The Storage page: where everything is kept, how large it is, its backups, and which keyring has the keys."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from desktop_chat.core.backups import Backups
from desktop_chat.runtime.paths import HOME_VARIABLE, Paths
from desktop_chat.settings.schema import Page
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.preferences.backups_panel import BackupsPanel, size_text
from desktop_chat.ui.preferences.form import PAGE_MARGIN_PX, Note, add_row, make_form, tr
from desktop_chat.ui.preferences.schema_page import SchemaPage
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress
from desktop_chat.ui.widgets.buttons import button, button_row
from desktop_chat.ui.widgets.enter_button import EnterToolButton


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
        self.copy_button = self._button("copy", tr("Copy the path"), title, theme)
        self.open_button = self._button("folder", tr("Open the folder"), title, theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(self.copy_button)
        row.addWidget(self.open_button)
        self.setFocusProxy(self.line)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.open_button.clicked.connect(self._on_open_clicked)

    def _button(self, icon: str, words: str, title: str, theme: Theme) -> QToolButton:
        # A sign takes little room: the path has to be read.
        made = EnterToolButton(self)
        made.setToolTip(words)
        made.setAccessibleName(f"{words}: {title}")
        dress(made, icon, theme)
        return made

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(str(self._path))

    def _on_open_clicked(self) -> None:
        folder = self._path.parent if self._path.suffix else self._path
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class StoragePage(QWidget):
    """Where things are, and how to keep them safe."""

    import_asked = Signal()
    export_asked = Signal()

    def __init__(
        self,
        settings: SettingsStore,
        paths: Paths,
        backups: Backups,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._paths = paths
        self.backups = BackupsPanel(backups, theme, self)
        self.import_button = button(tr("&Import…"), name=tr("Import conversations"))
        self.export_button = button(tr("&Export…"), name=tr("Export conversations"))
        self.import_button.clicked.connect(self.import_asked)
        self.export_button.clicked.connect(self.export_asked)
        problems, where = Note(self), Note(self)
        problems.show_note("\n".join(settings.problems), "warn")
        words = tr("Set {variable} to keep all of this in one folder, for example on a stick.")
        where.show_note(words.format(variable=HOME_VARIABLE))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        layout.setSpacing(12)
        layout.addWidget(problems)
        layout.addWidget(_heading(tr("Backups"), self))
        layout.addWidget(self.backups)
        layout.addSpacing(12)
        layout.addWidget(_heading(tr("Take along"), self))
        layout.addLayout(button_row(self.import_button, self.export_button, None))
        layout.addSpacing(12)
        layout.addWidget(_heading(tr("Where it is kept"), self))
        layout.addLayout(self._make_form(theme))
        layout.addWidget(where)
        # What the schema has for this page; nothing today.
        schema = SchemaPage(Page.STORAGE, settings, self)
        schema.setVisible(bool(schema.fields))
        layout.addWidget(schema)
        layout.addStretch(1)
        self.show_keyring(tr("Looking for the keyring …"))

    def _make_form(self, theme: Theme) -> QFormLayout:
        form, paths = make_form(), self._paths
        self._size = Note(self)
        self.fields: list[PathField] = []
        for title, path in (
            (tr("Conversations"), paths.store),
            (tr("Preferences"), paths.settings),
            (tr("Log"), paths.log_file),
            (tr("Cache"), paths.cache),
        ):
            field = PathField(path, title, theme, self)
            below = (self._size,) if path == paths.store else ()
            add_row(form, title, field, *below, buddy=field.line)
            self.fields.append(field)
        self.keyring = QLabel(self)
        self.keyring.setWordWrap(True)
        self.keyring.setTextFormat(Qt.TextFormat.PlainText)
        self.keyring.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._keyring_note = Note(self)
        add_row(form, tr("Keys"), self.keyring, self._keyring_note)
        return form

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        spawn(self._weigh(), owner=self)

    async def _weigh(self) -> None:
        size = await asyncio.to_thread(_size_of, self._paths.store)
        self._size.show_note(size_text(size) if size else "")

    def show_keyring(self, text: str, note: str = "") -> None:
        """Say which keyring has the keys."""
        self.keyring.setText(text)
        self.keyring.setAccessibleName(text)
        self._keyring_note.show_note(note)


def _heading(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("look", "title")
    return label


def _size_of(store: Path) -> int:
    """The database with what is beside it, in bytes; 0 if there is none yet."""
    sizes = 0
    for ending in ("", "-wal"):
        try:
            sizes += store.with_name(store.name + ending).stat().st_size
        except OSError:
            continue  # Not there, or not for us.
    return sizes
