"""Questions the preferences ask before something is lost, each with what the answer does."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from desktop_chat.ui.preferences.form import set_look, tr


def ask_to_save(
    parent: QWidget, name: str, *, may_save: bool, on_save: Callable[[], None], on_discard: Callable[[], None]
) -> QMessageBox:
    """Ask what becomes of changes that were not saved; cancelling does nothing.

    Args:
        parent: The dialog they were made in.
        name: Of what was changed.
        may_save: False where the values cannot be used as they are.
        on_save: Called if they are to be kept.
        on_discard: Called if they are to be dropped.
    """
    kinds = QMessageBox.StandardButton
    buttons = kinds.Discard | kinds.Cancel
    if may_save:
        buttons |= kinds.Save
    text = tr("Save the changes to “{name}”?") if may_save else tr("Drop the changes to “{name}”?")
    box = _box(parent, text.format(name=name), buttons)
    if may_save:
        set_look(box.button(kinds.Save), "primary")
    if not may_save:
        box.setInformativeText(tr("They cannot be saved as they are."))
    box.setDefaultButton(kinds.Save if may_save else kinds.Cancel)

    def answer(result: int) -> None:
        if result == kinds.Save:
            on_save()
        elif result == kinds.Discard:
            on_discard()

    box.finished.connect(answer)
    box.open()
    return box


def ask_to_remove(parent: QWidget, text: str, consequence: str, *, on_remove: Callable[[], None]) -> QMessageBox:
    """Ask before something is removed.

    Args:
        parent: The dialog it is removed in.
        text: The question.
        consequence: What else will be gone.
        on_remove: Called if it is to be removed.
    """
    box = _box(parent, text, QMessageBox.StandardButton.Cancel)
    box.setInformativeText(consequence)
    remove = box.addButton(tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
    set_look(remove, "danger")
    return _opened(box, remove, on_remove)


def ask_to_restore(parent: QWidget, when: str, contents: str, *, on_restore: Callable[[], None]) -> QMessageBox:
    """Ask before the library of now makes room for an earlier one.

    Args:
        parent: The dialog it is asked in.
        when: When the copy was made.
        contents: How much is in it.
        on_restore: Called if that is wanted.
    """
    box = _box(parent, tr("Go back to this backup?"), QMessageBox.StandardButton.Cancel)
    box.setInformativeText(
        tr(
            "It is from {when} and has {contents}. It takes the place of what is in use now, which is backed up "
            "first, so that you can come back to it. Replies that are being written are stopped."
        ).format(when=when, contents=contents)
    )
    restore = box.addButton(tr("Restore"), QMessageBox.ButtonRole.AcceptRole)
    set_look(restore, "primary")
    return _opened(box, restore, on_restore)


def _box(parent: QWidget, text: str, buttons: QMessageBox.StandardButton) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.NoIcon, tr("Preferences"), text, buttons, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    return box


def _opened(box: QMessageBox, yes: QPushButton, on_yes: Callable[[], None]) -> QMessageBox:
    """Ask; Enter and Escape cancel, only the button itself means yes."""
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)

    def answer() -> None:
        if box.clickedButton() is yes:
            on_yes()

    box.finished.connect(answer)
    box.open()
    return box
