"""Writing with an input method, in the composer and in the field over a message: as one for Japanese sends it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_chat.domain.message import Role
from desktop_chat.ui.composer.editor import Editor
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.reading.editor import MessageEditor
from desktop_chat.ui.widgets.composing import ComposingEdit

KANA = ("n", "に", "にh", "にほ", "にほn", "にほん")


@dataclass
class Place:
    """A field to write in, and how to see what was sent."""

    window: QWidget
    field: ComposingEdit
    elsewhere: QLineEdit
    sent: list[str]
    send_key: Qt.KeyboardModifier
    send_button: Callable[[], None]

    def shows(self, preedit: str, *, cursor: int | None = None, commit: str = "") -> None:
        """What the input method shows now, underlined, and what it writes."""
        underlined = QTextCharFormat()
        underlined.setFontUnderline(True)
        kind = QInputMethodEvent.AttributeType
        at = len(preedit) if cursor is None else cursor
        event = QInputMethodEvent(
            preedit,
            [
                QInputMethodEvent.Attribute(kind.TextFormat, 0, len(preedit), underlined),
                QInputMethodEvent.Attribute(kind.Cursor, at, 1, None),
            ],
        )
        event.setCommitString(commit)
        QApplication.sendEvent(self.field, event)

    @property
    def candidates(self) -> QRectF:
        """Where the input method shows its list."""
        return QRectF(self.field.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle))


@pytest.fixture(params=["composer", "message"])
def place(request: pytest.FixtureRequest, qtbot: QtBot, theme: Theme) -> Place:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    sent: list[str] = []
    elsewhere = QLineEdit(window)
    field: ComposingEdit
    if request.param == "composer":
        field = Editor(theme, window)
        field.send_pressed.connect(lambda: sent.append(field.toPlainText()))
        column.addWidget(field)
        send_key, button = Qt.KeyboardModifier.NoModifier, lambda: None
    else:
        over = MessageEditor(theme, window)
        over.committed.connect(lambda _, text: sent.append(text))
        over.open_for("m", Role.USER, "")
        column.addWidget(over)
        found = over.findChild(ComposingEdit)
        assert found is not None
        field = found
        send_key = Qt.KeyboardModifier.ControlModifier
        button = next(b for b in over.findChildren(QPushButton) if b.text() == "Save and send").click
    column.addWidget(elsewhere)
    window.resize(500, 400)
    window.show()
    field.setFocus()
    return Place(window, field, elsewhere, sent, send_key, button)


def test_what_is_composed_is_drawn_and_not_yet_written(place: Place) -> None:
    empty = place.field.grab().toImage()

    for kana in KANA:
        place.shows(kana)

    assert place.field.toPlainText() == ""
    assert place.field.is_composing
    assert place.field.grab().toImage() != empty


def test_enter_while_composing_sends_nothing(place: Place) -> None:
    place.shows("にほん")
    QTest.keyClick(place.field, Qt.Key.Key_Return, place.send_key)
    before = list(place.sent)

    place.shows("日本")
    place.shows("", commit="日本")
    QTest.keyClick(place.field, Qt.Key.Key_Return, place.send_key)

    assert before == []
    assert place.sent == ["日本"]


def test_the_list_of_candidates_is_beside_the_clause_that_is_converted(place: Place) -> None:
    place.shows("wwwwww", cursor=0)
    start = place.candidates
    place.shows("wwwwww", cursor=6)
    end = place.candidates

    advance = place.field.fontMetrics().horizontalAdvance("wwwwww")
    assert end.left() - start.left() == pytest.approx(advance, abs=2)
    assert end.top() == start.top()
    assert QRectF(place.field.rect()).intersects(end)


def test_what_is_taken_back_leaves_nothing(place: Place) -> None:
    place.shows("にほん")
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(place.field, event)
    QTest.keyClick(place.field, Qt.Key.Key_Escape)

    place.shows("")

    assert event.isAccepted()  # It stops no reply.
    assert place.field.isVisible()
    assert (place.field.toPlainText(), place.field.is_composing) == ("", False)


def test_going_elsewhere_writes_what_was_composed_where_it_was(place: Place) -> None:
    place.field.insertPlainText("a b")
    place.field.moveCursor(place.field.textCursor().MoveOperation.Left)
    place.shows("にほん")

    place.elsewhere.setFocus()

    assert place.field.toPlainText() == "a にほんb"
    assert not place.field.is_composing
    assert place.elsewhere.text() == ""


@pytest.mark.parametrize("place", ["message"], indirect=True)
def test_a_click_on_save_takes_what_is_composed(place: Place) -> None:
    place.shows("にほん")

    place.send_button()

    assert place.sent == ["にほん"]


def test_the_field_grows_with_what_is_composed(place: Place) -> None:
    before = place.field.document().size().height()

    place.shows("にほんご" * 40)

    assert place.field.document().size().height() > before
