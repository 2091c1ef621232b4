"""The one toolbar of the page: real buttons, moved to the message they act on."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Role
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.icons import dress
from desktop_chat.ui.transcript.words import tr

ICON_PX = 16


class MessageToolbar(QFrame):
    """Copy, edit, regenerate, branch, delete, and the versions of one message.

    Args:
        theme: For the icons.
        parent: The page it floats over.
    """

    pressed = Signal(object, object)
    """An `ActionId` and the id of the message."""
    keyboard_left = Signal()
    """One of its buttons had the keyboard; another one or something else has it now."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.message_id: MessageId | None = None
        self.setProperty("look", "toolbar")
        self.setAccessibleName(tr("What can be done with this message"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._build()
        self.hide()

    def show_for(self, message_id: MessageId, role: Role, version: int, versions: int, *, is_busy: bool) -> None:
        """Take over a message.

        Args:
            message_id: The message.
            role: Who wrote it.
            version: Which of its versions is shown, from 1.
            versions: How many there are.
            is_busy: A reply is being written, so only copying and beginning to edit make sense.
        """
        self.message_id = message_id
        self._versions.setText(f"{version}/{versions}")
        self._versions.setAccessibleName(tr("Version {n} of {of}", n=version, of=versions))
        for widget in (self._previous, self._versions, self._next):
            widget.setVisible(versions > 1)
        self._previous.setEnabled(version > 1 and not is_busy)
        self._next.setEnabled(version < versions and not is_busy)
        for button in (self._regenerate, self._with, self._branch, self._delete):
            button.setVisible(not is_busy)
        self._inspect.setVisible(role is Role.ASSISTANT)
        self.adjustSize()
        self.show()
        self.raise_()

    def place(self, corner: QPoint) -> None:
        """Put the upper right corner here."""
        self.move(corner.x() - self.width(), corner.y())

    def dismiss(self) -> None:
        """Leave the message."""
        self.message_id = None
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.keyboard_left.emit()
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self._previous = self._button("chevron-left", tr("Previous version"), ActionId.MESSAGE_PREVIOUS_VERSION)
        self._versions = QLabel(self)
        self._versions.setProperty("look", "small")
        self._next = self._button("chevron-right", tr("Next version"), ActionId.MESSAGE_NEXT_VERSION)
        self._copy = self._button("copy", tr("Copy"), ActionId.MESSAGE_COPY)
        self._edit = self._button("edit", tr("Edit"), ActionId.MESSAGE_EDIT)
        self._regenerate = self._button("regenerate", tr("Regenerate"), ActionId.MESSAGE_REGENERATE)
        self._with = self._button("server", tr("Reply again with…"), ActionId.MESSAGE_REPLY_WITH)
        self._branch = self._button("branch", tr("Branch from here"), ActionId.MESSAGE_BRANCH)
        self._inspect = self._button("inspector", tr("Show in inspector"), ActionId.MESSAGE_INSPECT)
        self._delete = self._button("trash", tr("Delete"), ActionId.MESSAGE_DELETE)
        for widget in (
            self._previous,
            self._versions,
            self._next,
            self._copy,
            self._edit,
            self._regenerate,
            self._with,
            self._branch,
            self._inspect,
            self._delete,
        ):
            row.addWidget(widget)

    def _button(self, icon: str, label: str, action: ActionId) -> QToolButton:
        button = QToolButton(self)
        dress(button, icon, self._theme)
        button.setToolTip(label)
        button.setAccessibleName(label)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(self._teller(action))
        button.installEventFilter(self)
        return button

    def _teller(self, action: ActionId) -> Callable[[], None]:
        def tell() -> None:
            if self.message_id is not None:
                self.pressed.emit(action, self.message_id)

        return tell
