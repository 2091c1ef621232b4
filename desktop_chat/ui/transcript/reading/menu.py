"""The context menu of the page: what can be done with what is under the pointer."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Role
from desktop_chat.ui.actions.catalog import SPECS
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.transcript.boxes.box import Link
from desktop_chat.ui.transcript.boxes.text import ToNote
from desktop_chat.ui.transcript.copying.copied import Form
from desktop_chat.ui.transcript.reading.leaf_menu import add_entries
from desktop_chat.ui.transcript.words import tr

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.reading.reading import Reading
    from desktop_chat.ui.transcript.view import TranscriptView

INSIDE_PX = 2
"""So far inside of what the menu is about, where the keyboard asks for it."""


def open_menu(view: "TranscriptView", point: QPoint) -> QMenu | None:
    """Open the menu at a point of the viewport; it closes by itself.

    Args:
        view: The page.
        point: In the viewport. What is there is what the menu is about.
    """
    column, session, reading = view.column, view.session, view.reading
    if column is None or session is None or not column.rows:
        return None
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def add(title: str, act: Callable[[], object], *, is_enabled: bool = True, keys: str = "") -> None:
        entry = menu.addAction(title)
        entry.setEnabled(is_enabled)
        entry.setShortcut(QKeySequence(keys))
        # Shown only: the page and the window act on these keys.
        entry.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        entry.triggered.connect(lambda: act())

    spot = reading.places.spot_at(QPointF(point))
    if spot is not None and isinstance(spot.hot.act, Link) and not isinstance(spot.hot.act, ToNote):
        href = spot.hot.act.href
        add(tr("Open link"), lambda: view.link_asked.emit(href))
        add(tr("Copy link address"), lambda: QGuiApplication.clipboard().setText(href))
        menu.addSeparator()
    seen = reading.places.seen_at(point.y())
    if seen is not None and add_entries(view, seen, QPointF(point.x() - view.column_left, point.y() - seen.y), add):
        menu.addSeparator()
    add(tr("Copy"), reading.copy_selection, is_enabled=not reading.selection.is_empty, keys="Ctrl+C")
    row = reading.places.row_at(point.y())
    _add_forms(menu, reading, column.rows[row] if row is not None else None)
    if row is not None:
        message_id = column.rows[row]
        add(tr("Copy message"), lambda: reading.copy_message(message_id), keys=_keys(ActionId.MESSAGE_COPY))

        def ask(title: str, action: ActionId) -> None:
            add(title, lambda: view.action_asked.emit(action, message_id), keys=_keys(action))

        menu.addSeparator()
        if session.draft is None or session.draft.message_id != message_id:
            add(tr("Edit"), lambda: reading.edit(message_id))
        if not session.is_running:
            ask(tr("Regenerate"), ActionId.MESSAGE_REGENERATE)
            ask(tr("Reply again with…"), ActionId.MESSAGE_REPLY_WITH)
            ask(tr("Branch from here"), ActionId.MESSAGE_BRANCH)
        if session.conversation.messages[message_id].role is Role.ASSISTANT:
            ask(tr("Show in inspector"), ActionId.MESSAGE_INSPECT)
        if not session.is_running:
            menu.addSeparator()
            ask(tr("Delete"), ActionId.MESSAGE_DELETE)
    menu.addSeparator()
    add(tr("Select all"), reading.select_all, keys="Ctrl+A")
    menu.popup(view.viewport().mapToGlobal(point))
    return menu


def menu_point(view: "TranscriptView") -> QPoint | None:
    """Where the menu opens that is asked for by key: at what has the keyboard; `None` if there is nothing."""
    column, reading, page = view.column, view.reading, view.viewport().rect()
    if column is None or not column.rows:
        return None
    spot = reading.focused_spot
    for row, index in reading.keyboard_places:
        if row >= len(column.rows) or index >= len(column.item(row).boxes):
            continue
        box = column.item(row).boxes[index]
        spots = box.hot_spots() if spot is not None and spot[:2] == (row, index) else ()
        inside = QPointF(box.content_left, box.content_top)
        if spot is not None and spot[2] < len(spots):
            inside = spots[spot[2]].rects[0].center()
        top = column.place_of(row, index) - column.scroll_y
        point = QPoint(round(view.column_left + inside.x()) + INSIDE_PX, round(top + inside.y()) + INSIDE_PX)
        if page.contains(point):
            return point
    row = reading.focused_row if reading.focused_row is not None else len(column.rows) - 1
    shown = reading.places.message_rect(min(row, len(column.rows) - 1)).intersected(page)
    return shown.topLeft() + QPoint(INSIDE_PX, INSIDE_PX) if not shown.isEmpty() else page.center()


def _keys(action: ActionId) -> str:
    return next(iter(SPECS[action].keys), "")


def _add_forms(menu: QMenu, reading: "Reading", message_id: MessageId | None) -> None:
    forms = menu.addMenu(tr("Copy as…"))
    forms.setEnabled(message_id is not None or not reading.selection.is_empty)
    for title, form in ((tr("Markdown"), Form.MARKDOWN), (tr("Plain text"), Form.PLAIN), (tr("HTML"), Form.HTML)):
        forms.addAction(title).triggered.connect(partial(_copy_as, reading, form, message_id))


def _copy_as(reading: "Reading", form: Form, message_id: MessageId | None, _checked: bool = False) -> None:
    reading.copy_as(form, message_id)
