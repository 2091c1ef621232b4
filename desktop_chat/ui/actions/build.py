"""Makes QActions and menus of the catalog."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop_chat.ui.actions.catalog import CATALOG, MENU_TITLES, ActionSpec, Menu
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress

ROLES = {
    ActionId.APP_PREFERENCES: QAction.MenuRole.PreferencesRole,
    ActionId.APP_ABOUT: QAction.MenuRole.AboutRole,
    ActionId.APP_QUIT: QAction.MenuRole.QuitRole,
}
"""Where macOS puts them."""


def build_actions(owner: QWidget, theme: Theme, run: Callable[[ActionId], None]) -> dict[ActionId, QAction]:
    """Make all actions and give their shortcuts to a window.

    Args:
        owner: The window whose shortcuts they are.
        theme: Colours their icons.
        run: Is called with the id of the action that was triggered.
    """
    actions = {spec.id: _build(spec, owner, theme) for spec in CATALOG}
    for action_id, action in actions.items():
        action.triggered.connect(partial(_triggered, run, action_id))
    owner.addActions(list(actions.values()))
    return actions


def build_menus(owner: QWidget, actions: Mapping[ActionId, QAction]) -> list[QMenu]:
    """The menus of the window, filled."""
    menus = []
    for name in Menu:
        menu = QMenu(_title(MENU_TITLES[name]), owner)
        for spec in CATALOG:
            if spec.menu is name:
                if spec.begins_group:
                    menu.addSeparator()
                menu.addAction(actions[spec.id])
        menus.append(menu)
    return menus


def set_enabled(actions: Mapping[ActionId, QAction], enabled: Iterable[ActionId]) -> None:
    """Switch every action on or off."""
    on = set(enabled)
    for action_id, action in actions.items():
        if action.isEnabled() != (action_id in on):
            action.setEnabled(action_id in on)


def shortcut_text(spec: ActionSpec) -> str:
    """Its first shortcut, as this system writes it."""
    return QKeySequence(spec.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if spec.keys else ""


def _build(spec: ActionSpec, owner: QWidget, theme: Theme) -> QAction:
    title = _title(spec.title)
    action = QAction(title, owner)
    action.setObjectName(spec.id.value)
    action.setCheckable(spec.checkable)
    if spec.keys:
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    keys = shortcut_text(spec)
    action.setToolTip(f"{title.rstrip('…')} ({keys})" if keys else title.rstrip("…"))
    action.setMenuRole(ROLES.get(spec.id, QAction.MenuRole.NoRole))
    action.setIconVisibleInMenu(False)
    if spec.icon:
        dress(action, spec.icon, theme)
    return action


def _triggered(run: Callable[[ActionId], None], action_id: ActionId, _checked: bool = False) -> None:
    run(action_id)


def _title(text: str) -> str:
    return QCoreApplication.translate("actions", text)
