"""The preferences: pages by name on the left, the chosen one on the right.

Changes hold at once, except on the pages that edit a whole thing at a time (an endpoint, a
function): those have Save, and nothing typed there is dropped without a question.
"""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_chat.core.backups import Backups
from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.keys import KeyState
from desktop_chat.core.toolbox import Toolbox
from desktop_chat.core.updates import MakeUpdates
from desktop_chat.domain.ids import EndpointId, new_endpoint_id
from desktop_chat.runtime.paths import Paths
from desktop_chat.settings.schema import Page
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.messages import explain
from desktop_chat.ui.preferences.endpoint_work import EndpointWork
from desktop_chat.ui.preferences.endpoints_page import EndpointsPage
from desktop_chat.ui.preferences.form import scrolling, tr
from desktop_chat.ui.preferences.schema_page import SchemaPage
from desktop_chat.ui.preferences.storage_page import StoragePage
from desktop_chat.ui.preferences.tools_page import ToolsPage
from desktop_chat.ui.preferences.updates_page import UpdatesPage
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.screen_fit import fitting
from desktop_chat.ui.widgets.tab_order import tab_in_reading_order

WIDTH_PX, HEIGHT_PX = 880, 600
NAV_PX = 150
ROW_PX = 34


class PreferencesDialog(QDialog):
    """Show it with `open_at`; it is never run with a loop of its own.

    Args:
        settings: What the person chose.
        endpoints: Where answers come from.
        toolbox: Names and descriptions of the built-in tools.
        backups: Copies of the conversations.
        make_updates: Makes what looks for newer versions.
        paths: Where things are.
        theme: Colours and fonts.
        parent: The window.
    """

    def __init__(
        self,
        settings: SettingsStore,
        endpoints: Endpoints,
        toolbox: Toolbox,
        backups: Backups,
        make_updates: MakeUpdates,
        paths: Paths,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._may_close = False
        self._keyring_work = EndpointWork(endpoints, self)
        self.endpoints_page = EndpointsPage(endpoints, theme, self)
        self.tools_page = ToolsPage(settings, toolbox, theme, self)
        self.storage_page = StoragePage(settings, paths, backups, theme, self)
        self.updates_page = UpdatesPage(settings, make_updates, self)
        self.general_page = SchemaPage(Page.GENERAL, settings, self)
        self.appearance_page = SchemaPage(Page.APPEARANCE, settings, self)
        self._build()
        self.navigation.currentRowChanged.connect(self._on_navigation_changed)
        self._keyring_work.key_state_came.connect(self._on_keyring_came)

    def open_at(self, page: Page | str = Page.GENERAL) -> None:
        """Show the dialog with one of its pages."""
        self._go(list(Page).index(Page(page)))
        self._may_close = False
        self.open()
        self.raise_()

    def add_endpoint(self) -> None:
        """Show the dialog, ready to type a new endpoint."""
        self.open_at(Page.ENDPOINTS)
        self.endpoints_page.add()

    def sizeHint(self) -> QSize:
        return fitting(self, QSize(self._theme.px(WIDTH_PX), self._theme.px(HEIGHT_PX)))

    def done(self, result: int) -> None:
        """Close, unless something typed would be lost: then that is asked first."""
        if self._may_close:
            self.endpoints_page.stop()
            super().done(result)
            return
        self._leave_all(lambda: self._close(result))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close or not (self.endpoints_page.is_dirty or self.tools_page.is_dirty):
            self._may_close = True
            super().closeEvent(event)
            return
        event.ignore()
        self._leave_all(lambda: self._close(0))

    def _build(self) -> None:
        self.setWindowTitle(tr("Preferences"))
        self.setSizeGripEnabled(False)
        self.navigation = QListWidget(self)
        self.navigation.setProperty("look", "nav")
        self.navigation.setAccessibleName(tr("Pages of the preferences"))
        self.stack = QStackedWidget(self)
        for page, title in _titles().items():
            self.navigation.addItem(QListWidgetItem(title))
            widget = self._page(page)
            widget.setAccessibleName(title)
            grows_itself = page in (Page.ENDPOINTS, Page.TOOLS)
            self.stack.addWidget(widget if grows_itself else scrolling(widget, title))
        side = QFrame(self)
        side.setProperty("look", "navigation")
        inner = QVBoxLayout(side)
        inner.setContentsMargins(8, 12, 8, 8)
        inner.addWidget(self.navigation)
        self._side = side
        self._fit_side()
        self._theme.changed.connect(self._fit_side)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addWidget(self.stack, 1)
        self.navigation.setCurrentRow(0)
        self.resize(self.sizeHint())
        tab_in_reading_order(self)

    def _page(self, page: Page) -> QWidget:
        match page:
            case Page.GENERAL:
                return self.general_page
            case Page.ENDPOINTS:
                return self.endpoints_page
            case Page.TOOLS:
                return self.tools_page
            case Page.APPEARANCE:
                return self.appearance_page
            case Page.STORAGE:
                return self.storage_page
            case Page.UPDATES:
                return self.updates_page

    def _fit_side(self) -> None:
        self._side.setFixedWidth(self._theme.px(NAV_PX))
        for row in range(self.navigation.count()):
            self.navigation.item(row).setSizeHint(QSize(0, self._theme.px(ROW_PX)))

    def _go(self, row: int) -> None:
        self.stack.setCurrentIndex(row)
        self.navigation.blockSignals(True)
        self.navigation.setCurrentRow(row)
        self.navigation.blockSignals(False)
        if list(Page)[row] is Page.STORAGE:
            # Which keyring there is does not depend on an endpoint; an unknown id asks for no key.
            self._keyring_work.ask_key_state(new_endpoint_id())

    def _leave_all(self, then: Callable[[], None]) -> None:
        self.endpoints_page.leave(lambda: self.tools_page.leave(then))

    def _close(self, result: int) -> None:
        self._may_close = True
        self.done(result)

    def _on_navigation_changed(self, row: int) -> None:
        before = self.stack.currentIndex()
        if row == before:
            return
        if self.endpoints_page.is_dirty or self.tools_page.is_dirty:
            self._go(before)
        self._leave_all(lambda: self._go(row))

    def _on_keyring_came(self, _endpoint_id: EndpointId, state: KeyState) -> None:
        if state.problem is None:
            self.storage_page.show_keyring(state.keyring, tr("Each key belongs to the server it was saved for."))
        else:
            words = explain(state.problem)
            self.storage_page.show_keyring(words.title, words.text)


def _titles() -> dict[Page, str]:
    return {
        Page.GENERAL: tr("General"),
        Page.ENDPOINTS: tr("Endpoints"),
        Page.TOOLS: tr("Tools"),
        Page.APPEARANCE: tr("Appearance"),
        Page.STORAGE: tr("Storage"),
        Page.UPDATES: tr("Updates"),
    }
