"""Painting only what changed gives the same picture as painting everything."""

import random

import pytest
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from desktop_chat.domain.blocks import Text, ToolCall
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.events import ReasoningDelta, TextDelta, ToolCallDelta
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.page import budget
from desktop_chat.ui.transcript.view import TranscriptView
from tests.looks.texts import LEAVES, WEATHER
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

INVISIBLE = 2
"""Steps of 255 by which the edge of a curve may differ when it is drawn in two strips."""


def difference(a: QImage, b: QImage) -> int:
    """The largest step between two pixels of one place."""
    assert a.size() == b.size()
    a, b = (image.convertToFormat(QImage.Format.Format_RGB32) for image in (a, b))
    if a == b:
        return 0
    return max(abs(x - y) for x, y in zip(bytes(a.constBits()), bytes(b.constBits()), strict=True))


def on_screen(view: TranscriptView) -> QImage:
    """What was painted so far, strip by strip, once all of it is there."""
    QTest.qWait(0)
    while view.flusher.is_asked:  # A font may have had to be found first.
        QTest.qWait(1)
    QTest.qWait(0)
    return view.screen().grabWindow(view.winId()).toImage()


@pytest.mark.parametrize("seed", range(3))
def test_strips_add_up_to_the_whole_picture(make_view: MakeView, session: ToldSession, seed: int) -> None:
    chance = random.Random(seed)
    session.asks("hi")
    view = make_view(session, height=460)
    assert QTest.qWaitForWindowExposed(view)
    session.begins()
    view.flusher.tick_every(0)
    session.says(ReasoningDelta("Hm."))
    text, at = f"{LEAVES}\n\n{WEATHER}\n\n{LEAVES}", 0

    while at < len(text):
        step = chance.choice([3, 20, 90])
        session.says(TextDelta(text[at : at + step]))
        at += step
        if chance.random() < 0.02:
            call = ToolCall(CallId(f"call{at}"), "tool", "{}")
            session.says(ToolCallDelta(at, call.call_id, call.name, "{}"))
            session.calls_stand(call, CallState.RUNNING)
        view.flush()
        strips = on_screen(view)
        if chance.random() < 0.2:
            assert difference(strips, view.grab().toImage()) <= INVISIBLE, f"after {at} characters"
    session.ends()
    view.flush()

    assert difference(on_screen(view), view.grab().toImage()) <= INVISIBLE


@pytest.mark.parametrize("numbers", ["999.", "1000.", "1000000."])
def test_numbers_that_stand_beside_the_column_move_with_it(
    make_view: MakeView, session: ToldSession, numbers: str
) -> None:
    session.asks("hi")
    view = make_view(session, height=460)
    view.resize(1000, 460)
    assert QTest.qWaitForWindowExposed(view)
    session.begins()
    view.flusher.tick_every(0)

    for paragraph in [f"{numbers} an item\n\n", f"{numbers} \u05d0\u05d7\u05ea\n\n", *["A paragraph.\n\n"] * 15]:
        session.says(TextDelta(paragraph))
        view.flush()
        assert difference(on_screen(view), view.grab().toImage()) <= INVISIBLE, paragraph
    assert view.column is not None and view.column.scroll_y > 0


@pytest.mark.parametrize("step", [-13, -90, 20, 90])
def test_a_header_that_stuck_to_the_edge_leaves_nothing_behind(
    make_view: MakeView, session: ToldSession, step: int
) -> None:
    session.replies(Text(f"{WEATHER}\n\n{LEAVES}\n\n{WEATHER}"))
    view = make_view(session, height=460)
    assert QTest.qWaitForWindowExposed(view)
    assert view.column is not None
    view.move_to(0 if step > 0 else view.column.furthest)
    view.grab()

    while 0 < view.column.scroll_y + step < view.column.furthest:
        view.move_to(view.column.scroll_y + step)
        QTest.qWait(1)
        strips = on_screen(view)
        assert difference(strips, view.grab().toImage()) <= INVISIBLE, f"at {view.column.scroll_y}"


def test_what_was_late_is_painted_when_the_page_moves_before_it_is_there(
    make_view: MakeView, session: ToldSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.replies(Text("\n\n".join(f"Ünïcödé {n}" for n in range(200))))
    view = make_view(session, height=460)
    assert QTest.qWaitForWindowExposed(view)
    assert view.column is not None

    with monkeypatch.context() as slow:
        slow.setattr(budget, "READ_S", -1.0)
        slow.setattr(budget, "FONTS_S", -1.0)
        view.move_to(view.column.furthest // 2)
        view.viewport().repaint()
        assert view.column.is_late
    view.move_to(view.column.scroll_y - 13)

    assert difference(on_screen(view), view.grab().toImage()) <= INVISIBLE


def test_what_cannot_be_painted_leaves_the_window_whole(
    make_view: MakeView, session: ToldSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.replies(Text(WEATHER))
    view = make_view(session, height=460)
    assert QTest.qWaitForWindowExposed(view)

    def fail(*_: object) -> None:
        raise ValueError("no such colour")

    with monkeypatch.context() as broken:
        broken.setattr(TextBox, "paint", fail)
        for _ in range(3):
            with pytest.raises(ValueError, match="no such colour"):
                view.viewport().repaint()

    view.viewport().repaint()
    assert difference(on_screen(view), view.grab().toImage()) <= INVISIBLE


def test_a_table_that_begins_at_the_very_edge_is_not_painted(make_view: MakeView, session: ToldSession) -> None:
    session.asks("Go.")
    words = "\n\n".join(f"Paragraph {n}." for n in range(20))
    session.replies(Text(f"{words}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n{words}"))
    view = make_view(None)
    view.resize(view.width(), 150)
    view.show_session(session)
    view.move_to(0)
    assert view.column is not None
    boxes = view.column.item(1).boxes
    index = next(index for index, box in enumerate(boxes) if isinstance(box, TableBox))
    for _ in range(3):
        edge = round(view.column.place_of(1, index))
        view.resize(view.width(), view.height() + edge - view.viewport().height())
    assert view.viewport().height() == edge == view.column.place_of(1, index)
    assert not boxes[index].is_laid_out

    assert not view.grab().isNull()
