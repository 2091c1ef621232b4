"""The mouse on the page: selecting past the edge and by words, and what is told beside it."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def place_of(view: TranscriptView, row: int, words: str) -> QPoint:
    """Where words stand in the window."""
    assert view.column is not None
    for seen in view.column.seen(0, view.viewport().height()):
        at = seen.box.text.find(words)
        if seen.row == row and at >= 0:
            (rect,) = seen.box.rects(at, at + len(words))
            return QPointF(view.column_left + rect.center().x(), seen.y + rect.center().y()).toPoint()
    raise AssertionError(words)


def copied(view: TranscriptView) -> str:
    assert view.reading.copy_selection()
    return QGuiApplication.clipboard().text()


def test_the_page_moves_while_a_selection_is_held_at_its_edge(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.replies(Text("\n\n".join(f"Paragraph {n}." for n in range(80))))
    view = make_view(session)
    column = view.column
    assert column is not None
    view.move_to(0)
    page = view.viewport()

    QTest.mousePress(page, LEFT, NONE, place_of(view, 0, "Paragraph 2."))
    QTest.mouseMove(page, QPoint(200, page.height() + 60))
    qtbot.waitUntil(lambda: column.scroll_y > 400)
    QTest.mouseRelease(page, LEFT, NONE, QPoint(200, page.height() + 60))
    stopped_at = column.scroll_y

    assert len(copied(view).split("\n")) > 15
    assert not view.reading.pointer._edge.isActive()
    assert column.scroll_y == stopped_at


def test_dragging_after_a_double_click_selects_by_words(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.replies(Text("alpha beta gamma delta"))
    view = make_view(session)
    page = view.viewport()
    gamma = place_of(view, 0, "gamma")

    for kind, at, wanted in (
        (QEvent.Type.MouseButtonDblClick, gamma, "gamma"),
        (QEvent.Type.MouseMove, place_of(view, 0, "beta"), "beta gamma"),
        (QEvent.Type.MouseMove, place_of(view, 0, "delta"), "gamma delta"),
        (QEvent.Type.MouseMove, gamma, "gamma"),
    ):
        QApplication.sendEvent(page, QMouseEvent(kind, QPointF(at), QPointF(at), LEFT, LEFT, NONE))
        assert copied(view) == wanted


def test_the_target_of_a_link_is_not_told_beside_other_words(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.replies(Text("[bank](https://evil.example) and [other](../x.md) words"))
    view = make_view(session)
    page = view.viewport()
    link, other = place_of(view, 0, "bank"), place_of(view, 0, "other")

    QTest.mouseMove(page, link)
    QApplication.sendEvent(page, QHelpEvent(QEvent.Type.ToolTip, link, page.mapToGlobal(link)))
    assert QToolTip.text() == "https://evil.example"
    QTest.mouseMove(page, other)

    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    assert page.toolTip() == ""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("one two  \nthree four", "one two\nthree four"), ("```\none two\nthree four\n```", "one two")],
    ids=["a paragraph with a hard break", "a line of code"],
)
def test_a_third_click_takes_the_whole_paragraph_and_the_line_of_code(
    make_view: MakeView, session: ToldSession, text: str, wanted: str
) -> None:
    session.replies(Text(text))
    view = make_view(session)
    point = place_of(view, 0, "one")

    QTest.mouseDClick(view.viewport(), LEFT, pos=point)
    QTest.mousePress(view.viewport(), LEFT, pos=point)
    QTest.mouseRelease(view.viewport(), LEFT, pos=point)
    assert view.reading.copy_selection()

    assert QGuiApplication.clipboard().text() == wanted
