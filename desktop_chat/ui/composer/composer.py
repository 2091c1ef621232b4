"""The composer: the editor, what holds for the next turn, and Send or Stop.

It gives its text away only once the conversation says that the message stands in it, so a
refused send loses nothing.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_chat.domain.changes import Change, ConversationEdited, MessageAdded, TurnEnded, TurnStarted
from desktop_chat.domain.message import Role
from desktop_chat.settings.schema import Preferences
from desktop_chat.settings.store import SettingsStore
from desktop_chat.ui.bridge import DELTAS, Bridge
from desktop_chat.ui.composer.chips import Chips
from desktop_chat.ui.composer.editor import Editor
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import SIZE_PX, dress
from desktop_chat.ui.theme.tokens import BIG_RADIUS_PX, COLUMN_PX, COMPOSER_PX
from desktop_chat.ui.widgets.cursor_rest import CursorRest

if TYPE_CHECKING:
    from desktop_chat.core.session import Session

KEEP_MS = 300
"""How long a change of the text waits before it is handed on to be kept."""
SHADOW_PX, SHADOW_ALPHA = 12, 2


class Composer(QWidget):
    """Writes to one conversation at a time."""

    submitted = Signal(str)
    held_back = Signal()
    """Sending was asked for while a reply is written; the text stays."""
    stop_asked = Signal()
    edit_last_asked = Signal()
    """The person wants to edit the last message they sent."""
    settings_asked = Signal()
    unsent_changed = Signal(str, int)
    """What is written but not sent, and the cursor; soon after each change. The session has it already."""

    def __init__(
        self,
        theme: Theme,
        settings: SettingsStore,
        tool_names: Callable[[], Sequence[str]] = tuple,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._session: Session | None = None
        self._bridge: Bridge | None = None
        self._sent: str | None = None
        self._is_keeping = False
        self._column_px = settings.values.column_px
        self._build(settings, tool_names)
        self._connect(settings)
        self._on_settings_changed(settings.values)
        self._follow_theme()
        self._refresh()

    def show_session(self, session: "Session | None") -> None:
        """Write to another conversation; what was written here stays with the one before."""
        if session is self._session:
            return
        self.keep_now()
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None
        self._session = session
        self._sent = None
        unsent = session.unsent if session is not None else None
        self._put(unsent.text if unsent else "", unsent.cursor if unsent else None)
        if session is not None:
            self._bridge = Bridge(session.changes, self, without=DELTAS)
            self._bridge.changed.connect(self._on_session_changed)
        self._chips.show_session(session)
        self._refresh()

    def set_text(self, text: str) -> None:
        """Offer a text to be sent; undo does not bring back what was there."""
        self._editor.set_text(text)
        self.focus_editor()

    def focus_editor(self) -> None:
        """Let the person type."""
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_with(self, text: str) -> None:
        """Go on with what the person began to type while something else had the keyboard."""
        self.focus_editor()
        self._editor.insert_text(text)

    def submit(self) -> None:
        """Hand the text on to be sent, as the Send button does."""
        if self._session is None or self._editor.is_blank or self._editor.is_composing:
            return
        if self._session.is_running:
            self.held_back.emit()
            return
        self._sent = self._editor.text
        self.submitted.emit(self._sent)

    def refresh(self) -> None:
        """Look again at the endpoint, the model and the tools of the next turn."""
        self._refresh()

    def keep_now(self) -> None:
        """Have the session remember what is written, without waiting."""
        if self._keep.isActive():
            self._keep.stop()
            self._remember()

    @property
    def has_text(self) -> bool:
        """True if there is something to send."""
        return not self._editor.is_blank

    @property
    def text(self) -> str:
        """What is written."""
        return self._editor.text

    def _build(self, settings: SettingsStore, tool_names: Callable[[], Sequence[str]]) -> None:
        self._card = QFrame(self)
        self._card.setProperty("look", "composer")
        self._editor = Editor(self._theme, self._card)
        self._editor.setAccessibleName(self.tr("Message"))
        self._chips = Chips(settings, tool_names, self._theme, self._card)
        self._button = QPushButton(self._card)
        self._button.setObjectName("sendOrStop")
        self._foot = QHBoxLayout()
        self._foot.addWidget(self._chips, 1)
        self._foot.addWidget(self._button, 0, Qt.AlignmentFlag.AlignBottom)
        self._inside = QVBoxLayout(self._card)
        self._inside.addWidget(self._editor)
        self._inside.addLayout(self._foot)
        self._row = QHBoxLayout(self)
        self._row.addStretch(1)
        self._row.addWidget(self._card, 1000)
        self._row.addStretch(1)
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(KEEP_MS)
        self.cursor_rest = CursorRest(self)

    def _connect(self, settings: SettingsStore) -> None:
        self._editor.send_pressed.connect(self.submit)
        self._editor.edit_last_pressed.connect(self.edit_last_asked)
        self._editor.edited.connect(self._on_editor_edited)
        self._editor.edited.connect(self.cursor_rest.wake)
        self._editor.focus_changed.connect(self._on_editor_focus_changed)
        self._button.clicked.connect(self._on_button_clicked)
        self._chips.settings_asked.connect(self.settings_asked)
        self._keep.timeout.connect(self._on_keep_timeout)
        self._theme.changed.connect(self._follow_theme)
        Bridge(settings.changes, self).changed.connect(self._on_settings_changed)

    def _put(self, text: str, cursor: int | None) -> None:
        self._is_keeping = True
        self._editor.set_text(text, cursor)
        self._is_keeping = False

    def _refresh(self) -> None:
        session = self._session
        model = session.model if session is not None else ""
        hint = self.tr("Message {model}").format(model=model) if model else self.tr("Write a message")
        self._editor.set_hint(hint)
        self._editor.setEnabled(session is not None)
        self._chips.refresh()
        self._show_button()

    def _show_button(self) -> None:
        running = self._session is not None and self._session.is_running
        look = "dark" if running else "primary"
        words = self.tr("Stop") if running else self.tr("Send")
        if self._button.property("look") != look:
            self._button.setProperty("look", look)
            self._button.setText(words)
            self._button.setAccessibleName(words)
            dress(self._button, "stop" if running else "send", self._theme, color="window" if running else "on_accent")
            self._theme.repolish(self._button)
        can_press = running or (self._session is not None and not self._editor.is_blank)
        if not can_press and self.window().focusWidget() is self._button:
            # Qt would take the keyboard to whatever comes next in the window.
            self.focus_editor()
        self._button.setEnabled(can_press)

    def _follow_theme(self) -> None:
        px = self._theme.px
        # In line with the text of the conversation, however wide that may be.
        self._card.setMaximumWidth(px(self._column_px + COMPOSER_PX - COLUMN_PX))
        self._row.setContentsMargins(px(12), 0, px(12), px(16))
        self._inside.setContentsMargins(px(14), px(12), px(14), px(12))
        self._inside.setSpacing(px(12))
        self._foot.setSpacing(px(8))
        self._button.setIconSize(QSize(px(SIZE_PX), px(SIZE_PX)))
        self.update()

    def _on_editor_edited(self) -> None:
        if not self._is_keeping and not self._keep.isActive():
            self._keep.start()
        self._show_button()

    def _on_keep_timeout(self) -> None:
        text, cursor = self._remember()
        self.unsent_changed.emit(text, cursor)

    def _remember(self) -> tuple[str, int]:
        text, cursor = self._editor.text, self._editor.position
        if self._session is not None:
            self._session.keep_unsent(text, cursor)
        return text, cursor

    def _on_editor_focus_changed(self, has_focus: bool) -> None:
        self._card.setProperty("focused", has_focus)
        self._theme.repolish(self._card)

    def _on_button_clicked(self) -> None:
        if self._session is not None and self._session.is_running:
            self.stop_asked.emit()
        else:
            self.submit()

    def _on_settings_changed(self, values: Preferences) -> None:
        self._editor.send_key = values.send_key
        if self._column_px != values.column_px:
            self._column_px = values.column_px
            self._follow_theme()
        self._refresh()

    def _on_session_changed(self, change: Change) -> None:
        match change:
            case MessageAdded(message_id):
                self._let_go_of_sent(message_id)
            case TurnStarted() | TurnEnded():
                self._show_button()
            case ConversationEdited():
                self._refresh()
            case _:
                pass

    def _let_go_of_sent(self, message_id: str) -> None:
        session, sent = self._session, self._sent
        if session is None or sent is None:
            return
        message = next((m for m in reversed(session.conversation.path()) if m.id == message_id), None)
        if message is None or message.role is not Role.USER:
            return
        self._sent = None
        if self._editor.text.startswith(sent):
            self._put_rest(len(sent))
        self._keep.stop()
        self._remember()
        self._show_button()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shadow of the card, unless only the card itself is painted (its cursor blinks)."""
        card = self._card.geometry()
        inside = card.adjusted(BIG_RADIUS_PX, BIG_RADIUS_PX, -BIG_RADIUS_PX, -BIG_RADIUS_PX)
        if inside.contains(event.rect()):
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            # Many faint layers rather than an effect: an effect draws the whole card anew for every letter.
            shade = self._theme.color("side" if self._theme.is_dark else "text")
            shade.setAlpha(SHADOW_ALPHA * (4 if self._theme.is_dark else 1))
            painter.setBrush(shade)
            for spread in range(SHADOW_PX, 0, -1):
                radius = self._theme.px(BIG_RADIUS_PX) + spread
                painter.drawRoundedRect(card.adjusted(-spread, -spread + 3, spread, spread + 3), radius, radius)

    def _put_rest(self, length: int) -> None:
        self._is_keeping = True
        self._editor.remove_beginning(length)
        self._is_keeping = False
