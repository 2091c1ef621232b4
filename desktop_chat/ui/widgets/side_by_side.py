"""Lets the arrow keys go from one submenu of a menu to the next, as in a bar of menus."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu


class SideBySide(QObject):
    """Install it as an event filter on the submenus.

    Args:
        menu: Holds them.
    """

    def __init__(self, menu: QMenu) -> None:
        super().__init__(menu)
        self._menu = menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_right = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Right
        if is_right and event.type() == QEvent.Type.KeyPress and isinstance(watched, QMenu):
            chosen = watched.activeAction()
            if chosen is None or chosen.menu() is None:
                self._go_on_from(watched)
                return True
        return False

    def _go_on_from(self, submenu: QMenu) -> None:
        actions: list[QAction] = [action for action in self._menu.actions() if action.menu() is not None]
        places = [place for place, action in enumerate(actions) if action.menu() is submenu]
        if not places:
            return
        submenu.hide()
        self._menu.setActiveAction(actions[(places[0] + 1) % len(actions)])
        # As if pressed there: it opens the next one at its first entry.
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(self._menu, QKeyEvent(kind, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier))
