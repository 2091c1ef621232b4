"""The menus of the sidebar: of conversations, of a folder, of the list itself.

Loaded when the first one opens. A menu dies when it closes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop_chat.core.ports import Folder, Row
from desktop_chat.domain.ids import ConversationId, FolderId
from desktop_chat.ui.actions.catalog import SPECS
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.actions.naming import action_title, titles_about
from desktop_chat.ui.sidebar.arrangement import SortBy
from desktop_chat.ui.sidebar.model import ConversationModel
from desktop_chat.ui.sidebar.wishes import Wishes
from desktop_chat.ui.sidebar.words import count_text, tr

LONGEST_NAME = 40
INDENT = "    "


@dataclass(frozen=True, slots=True)
class MenuNeeds:
    """What menus act on.

    Attributes:
        edit: Lets the title of the current row be edited in its place.
        tag: Opens the tags of some conversations.
    """

    model: ConversationModel
    wishes: Wishes
    edit: Callable[[], None]
    tag: Callable[[list[ConversationId]], None]


def conversation_menu(rows: Sequence[Row], needs: MenuNeeds, parent: QWidget) -> QMenu:
    """What can be done with one conversation, or with several at once."""
    menu, wishes, ids = _menu(parent), needs.wishes, [row.id for row in rows]
    first, is_one = rows[0], len(rows) == 1
    if is_one:
        _add(menu, action_title(ActionId.CONVERSATION_OPEN), lambda: wishes.open_asked.emit(first.id), "Enter")
        _act(menu, ActionId.CONVERSATION_RENAME, needs.edit)
        if first.is_temporary:
            _act(menu, ActionId.CONVERSATION_KEEP, lambda: wishes.keep_asked.emit(first.id))
    else:
        _add_title(menu, count_text(len(rows)))
    pin = not all(row.pinned for row in rows)
    if not all(row.archived for row in rows):
        _act(menu, ActionId.CONVERSATION_PIN, lambda: wishes.pin_asked.emit(ids, pin), rows)
        menu.addMenu(folder_menu(rows, needs, menu))
    _act(menu, ActionId.CONVERSATION_TAGS, lambda: needs.tag(ids))
    archive = not all(row.archived for row in rows)
    _act(menu, ActionId.CONVERSATION_ARCHIVE, lambda: wishes.archive_asked.emit(ids, archive), rows)
    menu.addSeparator()
    _act(menu, ActionId.CONVERSATION_EXPORT, lambda: wishes.export_asked.emit(ids))
    menu.addSeparator()
    _act(menu, ActionId.CONVERSATION_TRASH, lambda: wishes.trash_asked.emit(ids), rows)
    return menu


def trash_menu(rows: Sequence[Row], needs: MenuNeeds, parent: QWidget) -> QMenu:
    """What can be done with conversations in the trash."""
    menu, ids = _menu(parent), [row.id for row in rows]
    restore = action_title(ActionId.CONVERSATION_RESTORE)
    _add(menu, restore, lambda: needs.wishes.restore_asked.emit(ids), "Enter")
    _act(menu, ActionId.CONVERSATION_EXPORT, lambda: needs.wishes.export_asked.emit(ids))
    return menu


def folder_menu(rows: Sequence[Row], needs: MenuNeeds, parent: QWidget) -> QMenu:
    """All folders, to put conversations into one of them."""
    menu = QMenu(action_title(ActionId.CONVERSATION_MOVE), parent)
    fill_move_menu(menu, rows, needs)
    return menu


def fill_move_menu(menu: QMenu, rows: Sequence[Row], needs: MenuNeeds) -> None:
    """Offer all folders, to put conversations into one of them."""
    wishes, ids = needs.wishes, [row.id for row in rows]
    homes = {row.folder_id for row in rows}
    group = QActionGroup(menu)

    def offer(title: str, folder_id: FolderId | None) -> None:
        action = _add(menu, title, lambda: wishes.move_asked.emit(ids, folder_id))
        action.setCheckable(True)
        action.setChecked(homes == {folder_id})
        group.addAction(action)

    offer(tr("No folder"), None)
    arrangement = needs.model.arrangement
    for folder in arrangement.folders.values():
        offer(INDENT * arrangement.depth(folder) + _shortened(folder.name), folder.id)
    menu.addSeparator()
    _act(menu, ActionId.FOLDER_NEW, lambda: wishes.folder_asked.emit(None, ids))


def menu_of_folder(folder: Folder, needs: MenuNeeds, parent: QWidget) -> QMenu:
    """What can be done with a folder."""
    menu = _menu(parent)
    fill_folder_menu(menu, folder, needs)
    return menu


def fill_folder_menu(menu: QMenu, folder: Folder, needs: MenuNeeds) -> None:
    """Offer what can be done with a folder."""
    wishes, model = needs.wishes, needs.model
    is_collapsed = folder.id in model.collapsed
    title = tr("Expand") if is_collapsed else tr("Collapse")
    _add(menu, title, lambda: model.fold(folder.id, not is_collapsed), "Enter")
    _add(menu, tr("New conversation here"), lambda: wishes.new_in_folder_asked.emit(folder.id))
    _add(menu, tr("New folder inside"), lambda: wishes.folder_asked.emit(folder.id, []))
    menu.addSeparator()
    _act(menu, ActionId.CONVERSATION_RENAME, needs.edit)
    menu.addMenu(_move_menu(folder, needs, menu))
    ids = model.ids_inside(folder.id)
    export = _add(menu, action_title(ActionId.CONVERSATION_EXPORT), lambda: wishes.export_asked.emit(ids))
    export.setEnabled(bool(ids))
    menu.addSeparator()
    _add(menu, tr("Remove folder"), lambda: wishes.folder_removed.emit(folder.id), "Del")


def list_menu(needs: MenuNeeds, parent: QWidget) -> QMenu:
    """What concerns the list as a whole."""
    menu = _menu(parent)
    fill_list_menu(menu, needs)
    return menu


def fill_list_menu(menu: QMenu, needs: MenuNeeds) -> None:
    """Offer what concerns the list as a whole."""
    wishes, model = needs.wishes, needs.model
    _act(menu, ActionId.FOLDER_NEW, lambda: wishes.folder_asked.emit(None, []))
    _act(menu, ActionId.CONVERSATION_NEW_TEMPORARY, wishes.new_temporary_asked.emit)
    menu.addSeparator()
    _add_sorting(menu, model)
    folders = model.arrangement.folders
    if folders:
        menu.addSeparator()
        _add(menu, tr("Expand all folders"), lambda: model.arrange(collapsed=()))
        _add(menu, tr("Collapse all folders"), lambda: model.arrange(collapsed=tuple(folders)))


def _add_sorting(menu: QMenu, model: ConversationModel) -> None:
    _add_title(menu, tr("Sort by"))
    group = QActionGroup(menu)
    titles = {
        SortBy.CHANGED: tr("Latest change"),
        SortBy.CREATED: tr("Time of creation"),
        SortBy.TITLE: tr("Title"),
    }

    def offer(sort: SortBy, title: str) -> None:
        action = _add(menu, title, lambda: model.arrange(sort=sort))
        action.setCheckable(True)
        action.setChecked(model.sorting is sort)
        group.addAction(action)

    for sort, title in titles.items():
        offer(sort, title)


def _move_menu(folder: Folder, needs: MenuNeeds, parent: QWidget) -> QMenu:
    # The keyboard's way to what dragging does.
    menu, moved, arrangement = QMenu(tr("Move"), parent), needs.wishes.folder_moved, needs.model.arrangement
    siblings = [one for one in arrangement.folders.values() if one.parent_id == folder.parent_id]
    at = siblings.index(folder)
    up = _add(menu, tr("Up"), lambda: moved.emit(folder.id, folder.parent_id, at - 1))
    up.setEnabled(at > 0)
    down = _add(menu, tr("Down"), lambda: moved.emit(folder.id, folder.parent_id, at + 1))
    down.setEnabled(at + 1 < len(siblings))
    menu.addSeparator()

    def offer(title: str, parent_id: FolderId | None) -> None:
        last = sum(one.parent_id == parent_id for one in arrangement.folders.values())
        action = _add(menu, title, lambda: moved.emit(folder.id, parent_id, last))
        action.setEnabled(parent_id != folder.parent_id and folder.id not in arrangement.around(parent_id))

    offer(tr("Out of all folders"), None)
    for other in arrangement.folders.values():
        if other.id != folder.id:
            offer(INDENT * arrangement.depth(other) + _shortened(other.name), other.id)
    return menu


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _add(menu: QMenu, title: str, act: Callable[[], object], keys: str = "") -> QAction:
    action = QAction(title, menu)
    action.setShortcut(QKeySequence(keys))
    # Shown only: the list itself acts on these keys.
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(lambda: act())
    menu.addAction(action)
    return action


def _act(menu: QMenu, action: ActionId, act: Callable[[], object], rows: Sequence[Row] = ()) -> None:
    # As in the menus of the window: the same words, and the key that does it.
    title = titles_about(rows)[action] if rows else action_title(action)
    _add(menu, title, act, next(iter(SPECS[action].keys), ""))


def _add_title(menu: QMenu, title: str) -> None:
    # No section: style sheets draw those without their text.
    action = QAction(title, menu)
    action.setEnabled(False)
    menu.addAction(action)


def _shortened(name: str) -> str:
    short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    return short.replace("&", "&&")
