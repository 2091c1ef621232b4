"""Puts the parts of the window in place; no behaviour.

Sidebar, conversation and inspector stand side by side. Where the window is too narrow for
all three, the inspector makes room first and the sidebar next; they come back with the room.
A side that is asked for gets the room before the other one, and some of the conversation's.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QMoveEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QSizePolicy,
    QSpacerItem,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_chat.ui.actions.build import build_menus
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.composer.composer import Composer
from desktop_chat.ui.header import Header
from desktop_chat.ui.inspector.dock import InspectorDock
from desktop_chat.ui.messages import Explanation
from desktop_chat.ui.sidebar.sidebar import Sidebar
from desktop_chat.ui.state import WindowState
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import app_icon
from desktop_chat.ui.transcript.view import TranscriptView
from desktop_chat.ui.welcome import WelcomePage
from desktop_chat.ui.widgets.dropped import dropped_paths
from desktop_chat.ui.widgets.enter_button import press_focused
from desktop_chat.ui.widgets.menu_key import ask_for_menu
from desktop_chat.ui.widgets.side_by_side import SideBySide
from desktop_chat.ui.widgets.tab_order import tab_in_reading_order
from desktop_chat.ui.widgets.toast import BOTTOM_PX, Toast

CENTRE_PX = 380
"""The narrowest a conversation gets before a side makes room."""
LEAST_CENTRE_PX = 240
"""What is left of a conversation beside a side that was asked for."""
SMALLEST = QSize(420, 360)
TITLE_BAR_PX = 24
"""What a window manager adds above, at least."""
TOAST_MS = 8000
NOTICE_GAP_PX = 8
"""Between two notices, and above a standing one."""
APP_NAME = "Desktop Chat"


@dataclass(frozen=True, slots=True)
class Panes:
    """The parts of the window, made elsewhere."""

    sidebar: Sidebar
    header: Header
    transcript: TranscriptView
    composer: Composer
    inspector: InspectorDock
    make_welcome: Callable[[], WelcomePage]
    """Only a person without an endpoint ever sees it."""


class MainWindow(QMainWindow):
    """The window.

    The panes are made with their places as parents (`split`, `pages`, `conversation`), then
    handed to `put`: a widget that changes its parent is styled anew with all that is in it.

    Attributes:
        split: Holds the sidebar, `pages` and the inspector.
        pages: Holds `conversation` and the welcome page.
        conversation: Holds header, transcript and composer.
    """

    close_asked = Signal()
    """The person closes the window; whoever listens decides what follows."""
    quit_asked = Signal()
    """The person wants the program to end."""
    arranged = Signal()
    """Size, place, a side or the conversation changed: worth remembering."""

    files_dropped = Signal(list)
    """Paths that were dragged here from a file manager; whoever listens imports them."""

    sides_changed = Signal()
    """A side came or went."""

    panes: Panes
    menus: list[QMenu]

    def __init__(self, theme: Theme, state: WindowState) -> None:
        super().__init__()
        self._theme = theme
        self._state = state
        self._may_close = False
        self._menu: QMenu | None = None
        self._welcome: WelcomePage | None = None
        self._asked: QWidget | None = None
        self._build()

    def put(self, panes: Panes) -> None:
        """Put the panes in place; called once, before anything else."""
        self.panes = panes
        self._column.addWidget(panes.header)
        self._column.addWidget(panes.transcript, 1)
        self._column.addSpacerItem(self._notice_room)
        self._column.addWidget(panes.composer)
        self.pages.addWidget(self.conversation)
        for position, pane in enumerate((panes.sidebar, self.pages, panes.inspector)):
            self.split.insertWidget(position, pane)
            self.split.setStretchFactor(position, 1 if pane is self.pages else 0)
            # Screen readers meet panes in the order in which they lie on each other.
            pane.raise_()
        for position in range(1, self.split.count()):
            self.split.handle(position).raise_()
        self.trouble = Toast(self.pages, self._composer_height)
        self.toast = Toast(self.pages, self._height_below_toast)
        for notice in (self.trouble, self.toast):
            notice.changed.connect(self._settle_toasts)
        panes.composer.installEventFilter(self)
        tab_in_reading_order(self.split)
        panes.sidebar.arrange(sort=self._state.sort, collapsed=self._state.collapsed)
        self._restore()
        self._theme.changed.connect(self._on_theme_changed)

    def take_actions(self, actions: Mapping[ActionId, QAction]) -> None:
        """Fill the menus."""
        self._menu = QMenu(self)
        self._menu.setAccessibleName(self.tr("Menu"))
        self.menus = build_menus(self, actions)
        side_by_side = SideBySide(self._menu)
        for menu in self.menus:
            self._menu.addMenu(menu)
            menu.installEventFilter(side_by_side)
            # macOS has a menu bar of its own; elsewhere F10 opens the same menus.
            if sys.platform == "darwin":
                self.menuBar().addMenu(menu)

    def open_menu(self) -> None:
        """Show all actions as a menu, below the right end of the header."""
        if self._menu is not None:
            below = QPoint(self.pages.width() - self._menu.sizeHint().width(), self.panes.header.height())
            self._menu.popup(self.pages.mapToGlobal(below))

    def show_welcome(self, welcome: bool) -> None:
        """Show the welcome page or the conversation."""
        self.pages.setCurrentWidget(self.welcome if welcome else self.conversation)
        self._settle_toasts()  # The page that comes is put above everything.

    @property
    def welcome(self) -> WelcomePage:
        """The welcome page; made when it is first asked for."""
        if self._welcome is None:
            self._welcome = self.panes.make_welcome()
            self.pages.addWidget(self._welcome)
        return self._welcome

    @property
    def shows_welcome(self) -> bool:
        """True while the welcome page is shown."""
        return self.pages.currentWidget() is not self.conversation

    @property
    def sidebar_is_shown(self) -> bool:
        """True unless it is switched off or has no room."""
        return not self.panes.sidebar.isHidden()

    @property
    def inspector_is_shown(self) -> bool:
        """True unless it is switched off or has no room."""
        return not self.panes.inspector.isHidden()

    def show_sidebar(self, shown: bool) -> None:
        """Show the sidebar now, or as soon as there is room."""
        self._state = replace(self._state, shows_sidebar=shown)
        self._ask_for(self.panes.sidebar, shown)

    def show_inspector(self, shown: bool) -> None:
        """Show the inspector now, or as soon as there is room."""
        self._state = replace(self._state, shows_inspector=shown)
        self._ask_for(self.panes.inspector, shown)

    def show_title(self, title: str) -> None:
        """Name the conversation in the title bar."""
        self.setWindowTitle(f"{title} — {APP_NAME}" if title else APP_NAME)

    def say_problem(self, explanation: Explanation, action: QAction | None = None) -> None:
        """Tell of an error in one line, with at most one thing to do about it."""
        button = action.text().rstrip("…") if action is not None else ""
        self.toast.say(explanation.text, button=button, act=action.trigger if action is not None else None, ms=TOAST_MS)

    def state(self, conversation_id: str = "") -> WindowState:
        """What is worth remembering of the window, with the conversation it shows."""
        scale = self._theme.scale
        sizes = self.split.sizes()
        inside = self.normalGeometry() if self.isMaximized() else self.geometry()
        # A place is that of the frame, a size that of what is inside it: so `move` and `resize` take them.
        corner = inside.topLeft() - self.geometry().topLeft() + self.frameGeometry().topLeft()
        state = replace(
            self._state,
            is_maximized=self.isMaximized(),
            x=corner.x(),
            y=corner.y(),
            width=inside.width(),
            height=inside.height(),
            conversation_id=conversation_id,
            sort=self.panes.sidebar.sort,
            collapsed=self.panes.sidebar.collapsed,
        )
        if self.panes.sidebar.isVisible() and sizes[0]:
            state = replace(state, sidebar_px=round(sizes[0] / scale))
        if self.panes.inspector.isVisible() and sizes[2]:
            state = replace(state, inspector_px=round(sizes[2] / scale))
        return state

    def allow_closing(self) -> None:
        """From now on closing the window is not refused."""
        self._may_close = True

    def end(self) -> None:
        """Close for good, without asking anybody."""
        self.allow_closing()
        self.close()

    def _build(self) -> None:
        self.setWindowIcon(app_icon())
        self.show_title("")
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.split.splitterMoved.connect(self._on_splitter_moved)
        self.setCentralWidget(self.split)
        self.pages = QStackedWidget(self.split)
        self.conversation = QWidget(self.pages)
        self.conversation.setProperty("look", "window")
        self.conversation.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self.conversation)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._notice_room = QSpacerItem(0, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def _settle_toasts(self) -> None:
        standing = 0
        for notice in (self.trouble, self.toast):
            notice.settle()
            if notice.standing_px:
                standing += notice.standing_px + NOTICE_GAP_PX
        room = standing + BOTTOM_PX if standing else 0
        if self._notice_room.sizeHint().height() != room:
            self._notice_room.changeSize(0, room, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            self._column.invalidate()

    def _composer_height(self) -> int:
        return 0 if self.shows_welcome else self.panes.composer.height()

    def _height_below_toast(self) -> int:
        standing = self.trouble.standing_px
        return self._composer_height() + (standing + NOTICE_GAP_PX if standing else 0)

    def _restore(self) -> None:
        state = self._state
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        rect = QRect(state.x or 0, state.y or 0, state.width, state.height)
        # The screen it was on may be gone, or smaller now.
        room = max(screens, key=lambda screen: _area(screen.intersected(rect)))
        inside = room.size() - QSize(0, TITLE_BAR_PX)
        size = rect.size().expandedTo(SMALLEST).boundedTo(inside)
        self.resize(size)
        if state.x is not None and _area(room.intersected(rect)):
            spare = room.size() - size
            left = min(max(rect.x(), room.x()), room.x() + spare.width())
            top = min(max(rect.y(), room.y()), room.y() + max(0, spare.height() - TITLE_BAR_PX))
            self.move(left, top)
        if state.is_maximized:
            self.setWindowState(Qt.WindowState.WindowMaximized)
        self._fit()

    def _ask_for(self, side: QWidget, shown: bool) -> None:
        self._asked = side if shown else None
        self._fit()
        if shown and side.isHidden():
            self.toast.say(self.tr("There is no room for it: make the window wider."), ms=TOAST_MS)
        self.arranged.emit()

    def _fit(self) -> None:
        px, state, panes = self._theme.px, self._state, self.panes
        widths = {panes.sidebar: px(state.sidebar_px), panes.inspector: px(state.inspector_px)}
        wanted = {panes.sidebar: state.shows_sidebar, panes.inspector: state.shows_inspector}
        taken, seen = 0, set[QWidget]()
        for side in sorted(widths, key=lambda side: side is not self._asked):
            centre = px(LEAST_CENTRE_PX if side is self._asked else CENTRE_PX)
            if wanted[side] and self.width() >= taken + widths[side] + centre:
                seen.add(side)
                taken += widths[side]
        changed = any((side in seen) == side.isHidden() for side in widths)
        for side in widths:
            side.setVisible(side in seen)
        if changed:
            self.sides_changed.emit()
        if changed or not self.isVisible():
            left, right = (widths[side] * (side in seen) for side in (panes.sidebar, panes.inspector))
            self.split.setSizes([left, max(1, self.width() - left - right), right])

    def _on_theme_changed(self) -> None:
        # Larger text takes more room, smaller text leaves some.
        self._fit()
        self._settle_toasts()

    def _on_splitter_moved(self) -> None:
        self._state = self.state()
        self.arranged.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A message of many lines makes the composer grow.
        if event.type() == QEvent.Type.Resize and watched is self.panes.composer:
            self._settle_toasts()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self.arranged.emit()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.arranged.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Letters that nobody here wants are meant for the message.
        text, composer = event.text(), self.panes.composer
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if text.strip() and text.isprintable() and not held and not self.shows_welcome:
            composer.begin_with(text)
        elif not press_focused(self, event) and not ask_for_menu(self, event):
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := dropped_paths(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.files_dropped.emit(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.close_asked.emit()


def _area(rect: QRect) -> int:
    return max(0, rect.width()) * max(0, rect.height())
