"""The Updates page: the version that runs, a look for a newer one, and where that look goes."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_chat.core.updates import MakeUpdates, Release, Updates
from desktop_chat.settings.schema import Page
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui import aio
from desktop_chat.ui.messages import explain
from desktop_chat.ui.preferences.form import PAGE_MARGIN_PX, Note, add_row, make_form, tr
from desktop_chat.ui.preferences.schema_page import SchemaPage
from desktop_chat.ui.widgets.buttons import button


class UpdatesPage(QWidget):
    """Is there a newer version?

    Args:
        settings: Whether and where to look.
        make_updates: Makes what looks; asked when the page is first shown or used.
    """

    def __init__(self, settings: SettingsStore, make_updates: MakeUpdates, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_updates = make_updates
        self._made: Updates | None = None
        self._page = ""
        self._build(settings)
        self.check_button.clicked.connect(self.check)
        self.open_button.clicked.connect(self._on_open_clicked)

    def check(self) -> None:
        """Look now, and say what was found."""
        self.check_button.setEnabled(False)
        self.open_button.hide()
        self.result.show_note(tr("Looking …"))
        aio.spawn(self._look(), owner=self, on_error=self._on_failed)

    def show_release(self, release: Release) -> None:
        """Say that there is a newer version."""
        self._page = release.page
        host = QUrl(release.page).host()
        text = tr("Version {version} of {day} is there.").format(version=release.version, day=release.day.isoformat())
        self.result.show_note(text, "ok")
        self.open_button.setText(tr("Open {host}").format(host=host))
        self.open_button.setAccessibleName(tr("Open the page of the new version in the browser"))
        self.open_button.setToolTip(release.page)
        self.open_button.show()

    async def _look(self) -> None:
        release = await self._updates().check()
        self.check_button.setEnabled(True)
        if release is None:
            self.result.show_note(tr("This is the newest version."), "ok")
        else:
            self.show_release(release)

    def _on_failed(self, error: Exception) -> None:
        self.check_button.setEnabled(True)
        explanation = explain(error)
        self.result.show_note(f"✗ {explanation.text}", "bad")
        self.result.setToolTip(explanation.detail)

    def _on_open_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl(self._page))

    def _updates(self) -> Updates:
        if self._made is None:
            self._made = self._make_updates()
        return self._made

    def _build(self, settings: SettingsStore) -> None:
        form = make_form()
        self.version = QLabel(self)
        self.version.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.check_button = button(tr("Check now"), name=tr("Look for a newer version now"))
        self.open_button = button("", name=tr("Open the page of the new version in the browser"))
        self.open_button.hide()
        self.result = Note(self)
        row = QWidget(self)
        beside = QHBoxLayout(row)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        beside.addWidget(self.version)
        beside.addStretch(1)
        beside.addWidget(self.open_button)
        beside.addWidget(self.check_button)
        title = add_row(form, tr("Version"), row, self.result)
        self.schema = SchemaPage(Page.UPDATES, settings, self)
        # Two forms, one column of titles.
        title.setMinimumWidth(max(one.sizeHint().width() for one in self.schema.findChildren(QLabel) if one.buddy()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX, PAGE_MARGIN_PX)
        layout.setSpacing(0)
        layout.addLayout(form)
        self.schema.layout().setContentsMargins(0, PAGE_MARGIN_PX, 0, 0)  # type: ignore[union-attr]  # a page has one
        layout.addWidget(self.schema)
        layout.addStretch(1)
        self.version.setText(self._updates().version)
