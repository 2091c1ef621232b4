"""What is selected can be carried to another window."""

import asyncio

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_chat.domain.blocks import Text
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.conftest import RunQt
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

LEFT = Qt.MouseButton.LeftButton


def point_in(view: TranscriptView, word: str) -> QPoint:
    """The middle of a word on the page."""
    assert view.column is not None
    for seen in view.column.seen(0, view.viewport().height()):
        at = seen.box.text.find(word)
        if at >= 0:
            rect = seen.box.rects(at, at + len(word))[0].translated(view.column_left, seen.y)
            return rect.center().toPoint()
    raise AssertionError(f"{word} is not in sight")


def move(view: TranscriptView, point: QPoint) -> None:
    place = QPointF(point)
    event = QMouseEvent(QEvent.Type.MouseMove, place, place, LEFT, LEFT, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(view.viewport(), event)


def selected(view: TranscriptView) -> str:
    view.reading.copy_selection()
    return QApplication.clipboard().text() if not view.reading.selection.is_empty else ""


def test_a_press_on_the_selection_keeps_it_and_a_click_gives_it_up(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("one two three"))
    view = make_view(session)
    place = point_in(view, "two")
    QTest.mouseDClick(view.viewport(), LEFT, pos=place)
    QTest.mouseRelease(view.viewport(), LEFT, pos=place)
    view.reading.pointer._clicks = 0
    assert selected(view) == "two"

    QTest.mousePress(view.viewport(), LEFT, pos=place)
    assert selected(view) == "two"
    QTest.mouseRelease(view.viewport(), LEFT, pos=place)

    assert selected(view) == ""


def test_a_press_beside_the_selection_begins_another(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("one two three"))
    view = make_view(session)
    QTest.mouseDClick(view.viewport(), LEFT, pos=point_in(view, "two"))
    QTest.mouseRelease(view.viewport(), LEFT, pos=point_in(view, "two"))

    QTest.mousePress(view.viewport(), LEFT, pos=point_in(view, "one"))
    move(view, point_in(view, "three"))
    QTest.mouseRelease(view.viewport(), LEFT, pos=point_in(view, "three"))

    assert selected(view).startswith("e two")


def test_tasks_go_on_while_something_is_carried(make_view: MakeView, session: ToldSession, run_qt: RunQt) -> None:
    """A loop within the loop, begun by an event as a drag is: tasks before, during and after it are all woken."""
    session.replies(Text("one two three"))
    view = make_view(session)

    async def person() -> int:
        # What QDrag does on every platform: it waits for the mouse in a loop of its own.
        inner, carried, during = QEventLoop(), asyncio.Event(), 0

        def carry() -> None:
            inner.exec()
            carried.set()

        QTimer.singleShot(0, view, carry)
        while not carried.is_set():
            await asyncio.sleep(0.001)
            during += inner.isRunning()
            if during == 5:
                inner.quit()
        await asyncio.to_thread(str)
        return during

    assert run_qt(person()) == 5


def test_carrying_leaves_the_selection_as_it_was(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("one **two** three"))
    view = make_view(session)
    QTest.mouseDClick(view.viewport(), LEFT, pos=point_in(view, "two"))
    QTest.mouseRelease(view.viewport(), LEFT, pos=point_in(view, "two"))
    view.reading.pointer._clicks = 0
    place = point_in(view, "two")

    QTest.mousePress(view.viewport(), LEFT, pos=place)
    # Without a screen Qt gives a drag up at once; what counts is that the page is as it was.
    move(view, place + QPoint(QApplication.startDragDistance() + 2, 0))

    assert selected(view) == "two"
    QTest.mouseRelease(view.viewport(), LEFT, pos=place)
    assert selected(view) == "two"
