"""The cursor blinks while somebody writes and for a while after."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_chat.ui.widgets.cursor_rest import REST_AFTER_MS, CursorRest
from tests.ui.ticking import ticking


class Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.editor = QPlainTextEdit(self)
        self.field = QLineEdit(self)
        column = QVBoxLayout(self)
        column.addWidget(self.editor)
        column.addWidget(self.field)
        self.rest = CursorRest(self)
        self.editor.textChanged.connect(self.rest.wake)


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> Iterator[Page]:
    made = Page()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.editor.setFocus()
    QTest.qWaitForWindowActive(made)
    yield made
    made.rest.wake()


def test_a_cursor_blinks_at_first(page: Page) -> None:
    assert ticking(page)
    assert page.rest._timer.isActive()
    assert page.rest._timer.interval() == REST_AFTER_MS


def test_after_a_while_nothing_blinks(page: Page) -> None:
    page.rest.rest()

    assert ticking(page) == []


def test_the_next_letter_makes_it_blink_again(page: Page) -> None:
    page.rest.rest()

    QTest.keyClick(page.editor, Qt.Key.Key_A)

    assert ticking(page)


def test_it_blinks_in_the_field_the_keyboard_goes_to(page: Page) -> None:
    page.rest.rest()

    page.field.setFocus()

    assert ticking(page)


def test_the_system_decides_how_fast(page: Page) -> None:
    usual = QApplication.cursorFlashTime()

    page.rest.rest()
    page.rest.wake()

    assert QApplication.cursorFlashTime() == usual
