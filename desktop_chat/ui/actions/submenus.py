"""Menus inside the menus of the window: they say what the menus of the sidebar say, filled when they open."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from desktop_chat.ui.actions.conversations import ConversationActions
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.main_window import MainWindow


class Submenus(QObject):
    """Gives three actions their menus: the folders to move to, one folder, the list as a whole."""

    def __init__(
        self, actions: Mapping[ActionId, QAction], conversations: ConversationActions, window: MainWindow
    ) -> None:
        super().__init__(window)
        self._conversations = conversations
        self._window = window
        sidebar = window.panes.sidebar
        self._add(actions[ActionId.CONVERSATION_MOVE], self._fill_folders)
        self._add(actions[ActionId.FOLDER_MENU], sidebar.fill_folder_menu)
        self._add(actions[ActionId.VIEW_SORT], sidebar.fill_list_menu)

    def _add(self, action: QAction, fill: Callable[[QMenu], None]) -> None:
        menu = QMenu(self._window)
        menu.aboutToShow.connect(partial(_fill_anew, menu, fill))
        action.setMenu(menu)

    def _fill_folders(self, menu: QMenu) -> None:
        self._window.panes.sidebar.fill_move_menu(menu, self._conversations.meant)


def _fill_anew(menu: QMenu, fill: Callable[[QMenu], None]) -> None:
    menu.clear()
    for old in menu.findChildren(QMenu):
        old.deleteLater()
    fill(menu)
