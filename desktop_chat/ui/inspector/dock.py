"""The inspector: a bar of tabs, and the tab that is looked at.

Only the tab on screen works, and only while it is on screen. While a reply is written it is
brought up to date four times a second, whatever comes in between; when nothing runs there
is no timer, and a change is shown once. Hidden, the inspector does not even listen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop_chat.domain.changes import Change
from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.bridge import DELTAS, Bridge
from desktop_chat.ui.inspector import BRANCHES, TABS, TURN
from desktop_chat.ui.inspector.tab_bar import BETWEEN_PX, TabBar
from desktop_chat.ui.inspector.units import tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.tokens import INSPECTOR_PX

if TYPE_CHECKING:
    from desktop_chat.core.session import Session

TICK_MS = 250
SIDE_PX = 16


class Tab(Protocol):
    """What the inspector asks of a tab, which is a QWidget made with (theme, parent)."""

    fills_height: bool
    """True if it scrolls its own contents."""

    def show_session(self, session: Session | None) -> None:
        """Show another conversation, or none."""

    def refresh(self) -> None:
        """Show what changed in the conversation since."""


class InspectorDock(QWidget):
    """The pane on the right.

    Args:
        theme: Colours and fonts.
        parent: The window.
    """

    message_chosen = Signal(str)
    """Message id: the person wants to see it in the conversation."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session: Session | None = None
        self._bridge: Bridge | None = None
        self._stale: set[int] = set()
        self._tabs: dict[int, Tab] = {}
        """Those that were looked at; the others are made when they are."""
        self._places: list[QWidget] = []
        self._timer = QTimer(self)
        self._build()
        self._connect()

    def show_session(self, session: Session | None) -> None:
        """Show how this conversation runs, or that there is none."""
        self._session = session
        self._forget_bridge()
        self._stale = set(range(len(TABS)))
        if self.isVisible():
            self._begin()

    def show_tab(self, at: int) -> None:
        """Bring a tab to the front; `at` is its place in `TABS`."""
        self.bar.setCurrentIndex(at)

    def show_message(self, message_id: MessageId) -> None:
        """Bring the turn of a reply to the front."""
        from desktop_chat.ui.inspector.turn_tab import TurnTab  # as in `TABS`

        at = TABS.index(TURN)
        self.show_tab(at)
        tab = self._tab(at)
        if at in self._stale:
            self._stale.discard(at)
            tab.show_session(self._session)
        if isinstance(tab, TurnTab):
            tab.show_message(message_id)

    @property
    def is_ticking(self) -> bool:
        """True while figures are brought up to date by the clock."""
        return self._timer.isActive() and not self._timer.isSingleShot()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(INSPECTOR_PX), 400)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._stale = set(range(len(TABS)))
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._forget_bridge()
        self._timer.stop()

    def _build(self) -> None:
        self.setAccessibleName(tr("Inspector"))
        self.setProperty("look", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.bar = TabBar(self._theme, self)
        self.bar.setAccessibleName(tr("Inspector"))
        self._stack = QStackedWidget(self)
        for kind in TABS:
            self.bar.addTab(kind.title())
            place = QWidget(self._stack)
            QVBoxLayout(place).setContentsMargins(0, 0, 0, 0)
            self._stack.addWidget(place)
            self._places.append(place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        # The words of the tabs begin where the figures below begin.
        head.setContentsMargins(SIDE_PX - BETWEEN_PX // 2, 0, 0, 0)
        head.addWidget(self.bar, 1)
        line = QFrame(self)
        line.setProperty("look", "line")
        layout.addLayout(head)
        layout.addWidget(line)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.bar.currentChanged.connect(self._on_bar_current_changed)
        self._timer.timeout.connect(self._on_timer_timeout)

    def _begin(self) -> None:
        if self._session is not None and self._bridge is None:
            self._bridge = Bridge(self._session.changes, self, without=DELTAS)
            self._bridge.changed.connect(self._on_session_changed)
        self._refresh()
        self._keep_time()

    def _keep_time(self) -> None:
        if self._session is not None and self._session.is_running:
            if not self.is_ticking:
                self._timer.setSingleShot(False)
                self._timer.start(TICK_MS)
        elif self.is_ticking:
            self._timer.stop()

    def _refresh(self) -> None:
        at = self._stack.currentIndex()
        tab = self._tab(at)
        if at in self._stale:
            self._stale.discard(at)
            tab.show_session(self._session)
        else:
            tab.refresh()

    def _tab(self, at: int) -> Tab:
        if at not in self._tabs:
            place, kind = self._places[at], TABS[at].load()
            # Made where it stays: a widget that changes its parent is styled anew.
            area = None if kind.fills_height else QScrollArea(place)
            tab = kind(self._theme, place if area is None else area.viewport())
            layout = place.layout()
            assert layout is not None
            layout.addWidget(tab if area is None else _scrolling(tab, area))
            if TABS[at] is BRANCHES:
                self._pass_choice_on(tab)
            self._tabs[at] = tab
        return self._tabs[at]

    def _pass_choice_on(self, tab: Tab) -> None:
        from desktop_chat.ui.inspector.branches_tab import BranchesTab  # as in `TABS`

        assert isinstance(tab, BranchesTab)
        tab.message_chosen.connect(self.message_chosen)

    def _forget_bridge(self) -> None:
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None

    def _on_session_changed(self, _change: Change) -> None:
        if self._timer.isActive():
            self._keep_time_if_ended()
            return
        # Several changes come at once when a turn begins or ends: one look at them all.
        self._timer.setSingleShot(True)
        self._timer.start(0)

    def _keep_time_if_ended(self) -> None:
        if self.is_ticking and (self._session is None or not self._session.is_running):
            self._timer.setSingleShot(True)
            self._timer.start(0)

    def _on_timer_timeout(self) -> None:
        self._refresh()
        self._keep_time()

    def _on_bar_current_changed(self, at: int) -> None:
        self._stack.setCurrentIndex(at)
        # What happened while another tab was shown was not followed.
        self._stale.add(at)
        if self.isVisible():
            self._refresh()


def _scrolling(tab: QWidget, area: QScrollArea) -> QScrollArea:
    area.setWidget(tab)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    area.setAccessibleName(tab.accessibleName())
    # `setWidget` has it filled with the window's ground; the ground here is the inspector's.
    area.viewport().setAutoFillBackground(False)
    tab.setAutoFillBackground(False)
    return area
