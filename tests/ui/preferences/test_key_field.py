import pytest
from PySide6.QtWidgets import QLineEdit

from desktop_chat.core.endpoints import KeyState
from desktop_chat.core.ports import KeyPlace
from desktop_chat.domain.errors import KeyringDenied, KeyringLocked, NoKeyring
from desktop_chat.ui.preferences.key_field import KeyField

KEPT = KeyState(KeyPlace.KEYRING, "3fQ9", None, "Secret Service")


@pytest.fixture
def field(qtbot, theme):
    made = KeyField()
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_kept_key_is_masked_and_left_alone(field):
    field.show_state(KEPT)

    assert field.line.text() == "••••••••••••3fQ9"
    assert field.line.isReadOnly()
    assert field.typed_key is None
    assert field.has_key
    assert field.note.text() == "Kept in the system keyring (Secret Service), never in a file."


def test_a_new_key_is_typed_unseen(field, qtbot):
    field.show_state(KeyState(KeyPlace.NOWHERE, keyring="Secret Service"))

    qtbot.keyClicks(field.line, "sk-new ")

    assert field.typed_key == "sk-new"
    assert field.line.echoMode() is QLineEdit.EchoMode.Password


def test_replace_takes_another_key_and_can_be_taken_back(field, qtbot):
    field.show_state(KEPT)

    field.replace_button.click()
    qtbot.keyClicks(field.line, "sk-other")
    assert field.typed_key == "sk-other"

    field.undo_button.click()
    assert field.typed_key is None
    assert field.line.text().endswith("3fQ9")


def test_forget_deletes_on_saving(field):
    field.show_state(KEPT)

    field.forget_button.click()

    assert field.typed_key == ""
    assert not field.has_key
    assert field.note.text() == "The key is deleted when you save."


@pytest.mark.parametrize(
    ("problem", "why"),
    [
        (NoKeyring(), "this computer offers no keyring"),
        (KeyringLocked(), "the keyring is locked"),
        (KeyringDenied(), "the keyring refused it"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_a_key_of_this_run_says_why(field, problem, why):
    field.show_state(KeyState(KeyPlace.THIS_RUN, "3fQ9", problem))

    assert field.note.text() == f"Kept for this run only, because {why}. It is never written to a file."


def test_a_locked_keyring_is_said_to_be_locked(field):
    field.show_state(KeyState(KeyPlace.KEYRING, "", KeyringLocked()))

    assert "locked now" in field.note.text()


def test_the_key_of_the_environment_cannot_be_changed_here(field):
    field.show_state(KeyState(KeyPlace.ENVIRONMENT, "3fQ9"))

    assert not field.replace_button.isVisible()
    assert not field.forget_button.isVisible()
