"""The header above the transcript: title, endpoint and model, and what opens beside it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from desktop_chat.domain.changes import Change, ConversationEdited, TurnEnded, TurnStarted
from desktop_chat.ui.bridge import DELTAS, Bridge
from desktop_chat.ui.picker import Picker
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import SIZE_PX, dress
from desktop_chat.ui.theme.tokens import HEADER_PX

if TYPE_CHECKING:
    from desktop_chat.core.endpoints import Endpoints
    from desktop_chat.core.session import Session

LEAST_PX = 300
"""Room for the shortest title, a shortened model and the buttons."""
SHARE_OF_PILL = 0.6
"""At most this much of the room goes to the endpoint; the title has the rest."""
ARROW = " ▾"
TITLE_PADDING_PX = 5
"""Between the title and the ring around it."""
EDIT_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Header(QWidget):
    """Shows what the next turn will use, and lets it be changed."""

    title_committed = Signal(str)
    settings_asked = Signal()
    endpoints_asked = Signal()
    """The person wants to manage endpoints."""
    inspector_toggled = Signal(bool)

    def __init__(self, theme: Theme, endpoints: "Endpoints", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._endpoints = endpoints
        self._session: Session | None = None
        self._bridge: Bridge | None = None
        self._menu: QToolButton | None = None
        self._words = ""
        self._build()
        self._connect()
        self._follow_theme()

    def show_session(self, session: "Session | None") -> None:
        """Show another conversation."""
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None
        self._session = session
        if session is not None:
            self._bridge = Bridge(session.changes, self, without=DELTAS)
            self._bridge.changed.connect(self._on_session_changed)
        self._title.stop_editing()
        self.refresh()

    def rename(self) -> None:
        """Let the person edit the title in its place."""
        if self._session is not None:
            self._title.edit()

    def open_picker(self) -> None:
        """Let the person choose endpoint and model."""
        if self._session is None:
            return
        picker = Picker(self._session, self._endpoints, self._theme, self)
        picker.endpoints_asked.connect(self.endpoints_asked)
        # Whoever was writing goes on writing; who came with the keyboard is back at the button.
        before = self.window().focusWidget() or self._pill
        picker.closed.connect(before.setFocus)
        picker.open_below(self._pill)

    def use_inspector_action(self, action: QAction) -> None:
        """Have the button follow an action that can be switched, and trigger it."""
        self._inspector.toggled.disconnect(self.inspector_toggled)
        self._inspector.setDefaultAction(action)
        self._inspector.setAccessibleName(self.tr("Inspector"))

    def use_menu_action(self, action: QAction) -> None:
        """Give the menu of the window a button."""
        self._menu = self._button(self.tr("Menu"), "dots")
        self._menu.setDefaultAction(action)
        self._menu.setAccessibleName(self.tr("Menu"))
        self._row.addWidget(self._menu)
        self.setTabOrder(self._inspector, self._menu)
        self._follow_theme()

    def refresh(self) -> None:
        """Look again at title, endpoint and model."""
        session = self._session
        for widget in (self._title, self._pill, self._settings):
            widget.setVisible(session is not None)
        self._badge.setVisible(session is not None and session.is_temporary)
        if session is not None:
            self._title.set_title(session.conversation.title or self.tr("New conversation"))
            self._words = self._endpoint_words(session)
            self._pill.setAccessibleName(self.tr("Endpoint and model: {words}").format(words=self._words))
            self._fit_pill()

    def _build(self) -> None:
        self.setProperty("look", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = Title(self._theme, self)
        self._pill = QPushButton(self)
        self._pill.setProperty("look", "pill")
        self._pill.setToolTip(self.tr("Choose endpoint and model"))
        # A click leaves the keyboard with whoever writes.
        self._pill.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._badge = QLabel(self.tr("Temporary"), self)
        self._badge.setProperty("look", "badge")
        self._badge.setToolTip(
            self.tr("Never written to disk: it is gone when the program ends. “Keep this conversation” keeps it.")
        )
        self._badge.setAccessibleDescription(self._badge.toolTip())
        self._badge.hide()
        self._settings = self._button(self.tr("Settings of this conversation"), "settings")
        self._inspector = self._button(self.tr("Inspector"), "inspector")
        self._inspector.setCheckable(True)
        self._row = QHBoxLayout(self)
        # The words of the pill follow the width, not the other way round.
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._row.addWidget(self._title)
        self._row.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self._pill)
        self._row.addStretch(1)
        self._row.addWidget(self._settings)
        self._row.addWidget(self._inspector)

    def _button(self, name: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(name)
        dress(button, icon, self._theme)
        return button

    def _connect(self) -> None:
        self._title.committed.connect(self.title_committed)
        self._pill.clicked.connect(self.open_picker)
        self._settings.clicked.connect(self.settings_asked)
        self._inspector.toggled.connect(self.inspector_toggled)
        self._theme.changed.connect(self._follow_theme)
        Bridge(self._endpoints.changes, self).changed.connect(self.refresh)

    def _endpoint_words(self, session: "Session") -> str:
        settings, endpoint = session.conversation.settings, session.endpoint
        if endpoint is None and settings.endpoint_id is not None:
            gone = self.tr("(gone) – choose another")
            return f"{settings.model} · {gone}" if settings.model else gone
        if endpoint is None:
            return self.tr("Choose where answers come from")
        if not session.model:
            # An endpoint with one model needs no choice; whether it has is asked when a message is sent.
            if not self._endpoints.known_models(endpoint.id):
                return endpoint.name
            return self.tr("Choose a model · {endpoint}").format(endpoint=endpoint.name)
        return f"{session.model} · {endpoint.name}"

    def _follow_theme(self) -> None:
        px = self._theme.px
        self.setFixedHeight(px(HEADER_PX))
        self._row.setContentsMargins(px(16) - TITLE_PADDING_PX, 0, px(12), 0)
        self._row.setSpacing(px(8))
        for button in (self._settings, self._inspector, self._menu):
            if button is not None:
                button.setIconSize(QSize(px(SIZE_PX), px(SIZE_PX)))
        self.refresh()

    def _fit_pill(self) -> None:
        room = self.width() - self._settings.sizeHint().width() * 3 - self._theme.px(16 + 12 + 8 * 5)
        if self._badge.isVisibleTo(self):
            room -= self._badge.sizeHint().width() + self._theme.px(8)
        most = max(self._theme.px(60), round(room * SHARE_OF_PILL), room - self._title.sizeHint().width())
        self._pill.ensurePolished()
        self._pill.setText(ARROW)
        metrics = self._pill.fontMetrics()
        inside = most - self._pill.sizeHint().width() - self._theme.px(4)
        # Where both have no room, the model is what tells conversations apart.
        words = self._words if metrics.horizontalAdvance(self._words) <= inside else self._words.split(" · ")[0]
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, max(0, inside))
        self._pill.setText(shown.replace("&", "&&") + ARROW)
        self._pill.setMaximumWidth(most)

    def _on_session_changed(self, change: Change) -> None:
        if isinstance(change, ConversationEdited | TurnStarted | TurnEnded):
            self.refresh()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(LEAST_PX), self._theme.px(HEADER_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._session is not None:
            self._fit_pill()


class Title(QStackedWidget):
    """A title that turns into a field: on double click, F2 or Enter."""

    committed = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_editing = False
        self._before: QWidget | None = None
        self._label = ElidedLabel(self)
        self._label.setContentsMargins(TITLE_PADDING_PX, 0, TITLE_PADDING_PX, 0)
        self._label.setProperty("look", "title")
        self._label.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._label.setToolTip(self.tr("Double-click to rename"))
        self._field = QLineEdit(self)
        self._field.setProperty("look", "rename")
        self._field.setAccessibleName(self.tr("Title of the conversation"))
        self.addWidget(self._label)
        self.addWidget(self._field)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._label.installEventFilter(self)
        self._field.installEventFilter(self)
        self._field.editingFinished.connect(self._on_editing_finished)
        theme.changed.connect(self.updateGeometry)

    def set_title(self, title: str) -> None:
        """Show a title."""
        self._label.setText(title)
        self._label.setAccessibleName(title)
        self.updateGeometry()

    def edit(self) -> None:
        """Turn into a field."""
        self._is_editing = True
        self._before = self.window().focusWidget()
        self.setCurrentWidget(self._field)
        # Before anything changes in it: a screen reader that hears of its cursor first does not say where it is.
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._field.setText(self._label.text())
        self._field.selectAll()

    def stop_editing(self) -> None:
        """Turn back and forget what was typed."""
        self._is_editing = False
        had_keyboard, before = self._field.hasFocus(), self._before
        self.setCurrentWidget(self._label)
        if had_keyboard:
            # Whoever was writing goes on writing.
            (before if before is not None and isValid(before) else self._label).setFocus()

    def sizeHint(self) -> QSize:
        hint = self._label.sizeHint()
        if self.currentWidget() is self._field:
            return QSize(max(hint.width() + 40, 240), self._field.sizeHint().height())
        return QSize(hint.width(), max(hint.height(), self._field.sizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._label:
            if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonDblClick:
                self.edit()
                return True
            is_press = event.type() == QEvent.Type.KeyPress
            if is_press and isinstance(event, QKeyEvent) and event.key() in EDIT_KEYS:
                self.edit()
                return True
        elif watched is self._field and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            # Taken before a window-wide Esc (Stop) sees it.
            if event.type() == QEvent.Type.KeyPress:
                self.stop_editing()
            event.accept()
            return True
        return False

    def _on_editing_finished(self) -> None:
        if not self._is_editing:
            return
        title = " ".join(self._field.text().split())
        self.stop_editing()
        if title and title != self._label.text():
            self.committed.emit(title)


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis where it has no room."""

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            room = self.contentsRect()
            shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
            if self.hasFocus():
                painter.setPen(self.palette().color(self.palette().ColorRole.Accent))
                painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, super().minimumSizeHint().height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
