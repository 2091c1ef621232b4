"""The field of an API key: masked, replaced or forgotten, with a sentence on where it is.

A key that is kept is never put into the field, only its last characters. What is typed
leaves by `typed_key` and is cleared when it was saved.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_chat.core.keys import KeyState
from desktop_chat.core.ports import KeyPlace
from desktop_chat.domain.errors import KeyringDenied, KeyringLocked, NoKeyring
from desktop_chat.ui.preferences.form import Note, tr
from desktop_chat.ui.widgets.buttons import button

MASK = "••••••••••••"


class KeyField(QWidget):
    """Shows that there is a key, takes another one, or forgets it."""

    edited = Signal()
    """What `typed_key` says is another now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = KeyState(KeyPlace.NOWHERE)
        self._is_kept = False
        self._replaces = False
        self._forgets = False
        self._build()

    @property
    def typed_key(self) -> str | None:
        """What saving does: `None` leaves the key as it is, empty forgets it."""
        if self._forgets:
            return ""
        text = self.line.text().strip()
        return text if text and (self._replaces or not self._is_kept) else None

    @property
    def has_key(self) -> bool:
        """True if there will be a key after saving."""
        return bool(self.typed_key) or (self._is_kept and not self._forgets)

    def show_state(self, state: KeyState) -> None:
        """Show where the key is now; what was typed and not saved is dropped."""
        self._state = state
        self._is_kept = state.place is not KeyPlace.NOWHERE
        self._replaces = self._forgets = False
        self.line.clear()
        self._show()

    def show_unknown(self) -> None:
        """The keyring is being asked."""
        self.show_state(KeyState(KeyPlace.NOWHERE))
        self.note.show_note(tr("Asking the keyring …"))

    def _build(self) -> None:
        self.line = QLineEdit(self)
        self.line.setAccessibleName(tr("API key"))
        self.line.setContextMenuPolicy(Qt.ContextMenuPolicy.DefaultContextMenu)
        self.replace_button = button(tr("Replace"), "link", name=tr("Replace the API key"))
        self.forget_button = button(tr("Forget"), "link", name=tr("Forget the API key"))
        self.undo_button = button(tr("Keep the old key"), "link")
        self.note = Note(self)
        self.setFocusProxy(self.line)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        for made in (self.replace_button, self.forget_button, self.undo_button):
            row.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.note)
        self.line.textEdited.connect(self.edited)
        self.replace_button.clicked.connect(self._on_replace_clicked)
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.undo_button.clicked.connect(self._on_undo_clicked)
        self._show()

    def _show(self) -> None:
        is_masked = self._is_kept and not self._replaces and not self._forgets
        is_fixed = self._state.place is KeyPlace.ENVIRONMENT
        self.line.setReadOnly(is_masked or self._forgets)
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if is_masked else QLineEdit.EchoMode.Password)
        if is_masked:
            self.line.setText(MASK + self._state.tail)
        elif self._forgets:
            self.line.clear()
        self.line.setPlaceholderText(tr("Most servers on this computer need none"))
        if self._forgets:
            self.line.setPlaceholderText(tr("No key"))
        self.replace_button.setVisible(is_masked and not is_fixed)
        self.forget_button.setVisible(is_masked and not is_fixed)
        self.undo_button.setVisible(self._replaces or self._forgets)
        text, look = self._sentence()
        self.note.show_note(text, look)
        self.line.setAccessibleDescription(text)

    def _sentence(self) -> tuple[str, str]:
        if self._forgets:
            return tr("The key is deleted when you save."), "warn"
        state = self._state
        ring = state.keyring or tr("system keyring")
        if state.place is KeyPlace.ENVIRONMENT:
            return tr("Taken from OPENAI_API_KEY each time; never stored."), "small"
        if self._replaces or state.place is KeyPlace.NOWHERE:
            if state.problem is not None:
                return _for_this_run(state), "warn"
            return tr("Will be kept in the system keyring, never in a file."), "small"
        if state.place is KeyPlace.THIS_RUN:
            return _for_this_run(state), "warn"
        if isinstance(state.problem, KeyringLocked):
            return tr("In the system keyring, which is locked now. Unlock it to use this endpoint."), "warn"
        if state.problem is not None:
            return tr("In the system keyring, which does not give it out. Allow it, or replace the key."), "warn"
        return tr("Kept in the system keyring ({ring}), never in a file.").format(ring=ring), "small"

    def _on_replace_clicked(self) -> None:
        self._replaces = True
        self.line.clear()
        self._show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _on_forget_clicked(self) -> None:
        self._forgets = True
        self._show()
        self.undo_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _on_undo_clicked(self) -> None:
        self.show_state(self._state)
        self.replace_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()


def _for_this_run(state: KeyState) -> str:
    match state.problem:
        case NoKeyring():
            why = tr("this computer offers no keyring")
        case KeyringLocked():
            why = tr("the keyring is locked")
        case KeyringDenied():
            why = tr("the keyring refused it")
        case _:
            why = tr("the keyring could not be used")
    if state.place is KeyPlace.THIS_RUN:
        return tr("Kept for this run only, because {why}. It is never written to a file.").format(why=why)
    return tr("Will be kept for this run only, because {why}. It is never written to a file.").format(why=why)
