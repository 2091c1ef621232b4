"""Enter presses the button that has the keyboard, and no other one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QPushButton, QToolButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from desktop_chat.ui.sidebar.operator_help import OperatorHelp
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.enter_button import EnterToolButton


def test_enter_on_a_sign_of_a_dialog_does_not_press_the_default_button(qtbot: QtBot) -> None:
    dialog, pressed = QDialog(), []
    qtbot.addWidget(dialog)
    column = QVBoxLayout(dialog)
    field, sign, default = QLineEdit(dialog), EnterToolButton(dialog), QPushButton("Close", dialog)
    default.setDefault(True)
    for widget in (field, sign, default):
        column.addWidget(widget)
    sign.clicked.connect(lambda: pressed.append("sign"))
    default.clicked.connect(lambda: pressed.append("default"))
    dialog.show()

    for widget in (sign, field):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Return)

    assert pressed == ["sign", "default"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_an_example_is_taken_by_key(qtbot: QtBot, theme: Theme, key: Qt.Key) -> None:
    parent = QToolButton()
    qtbot.addWidget(parent)
    popup = OperatorHelp(theme, parent)
    chosen: list[str] = []
    popup.chosen.connect(chosen.append)
    popup.open_below(parent)
    button = popup.focusWidget()

    QTest.keyClick(button, key)

    assert len(chosen) == 1
