"""Smooth moves: what interrupts them, and where they end."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.events import TextDelta
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

LONG = "\n\n".join(f"Paragraph {n} with some words in it." for n in range(80))


def test_the_end_is_reached_though_text_comes_in_on_the_way(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    session.begins()
    session.says(TextDelta(LONG))
    view.flush()
    column = view.column
    assert column is not None
    view.move_to(column.scroll_y - 400)
    session.says(TextDelta("\n\nNew."))
    view.flush()
    assert view.pill.isVisible()

    view.pill.click()
    session.says(TextDelta("\n\nMore.\n\nAnd more."))
    view.flush()
    assert not view.pill.isVisible()
    qtbot.waitUntil(lambda: column.sticks)

    assert column.scroll_y == column.furthest
    assert not view.pill.isVisible()


def test_a_key_goes_on_from_where_the_one_before_leads(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    column = view.column
    assert column is not None
    view.move_to(900)

    QTest.keyClick(view, Qt.Key.Key_Home)
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: column.scroll_y == 180)

    for _ in range(2):
        QTest.keyClick(view, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: column.scroll_y == 0)


def test_another_conversation_is_not_moved_by_a_glide_of_the_last_one(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.replies(Text(LONG))
    other = ToldSession()
    other.replies(Text(LONG))
    view = make_view(session)
    assert view.column is not None
    view.move_to(700)
    view.glide.to(0)

    view.show_session(other)

    assert view.column.scroll_y == view.column.furthest == view.glide.goal > 0


def test_nothing_glides_or_blinks_for_who_wants_no_motion(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    session.begins()
    session.says(TextDelta(LONG))
    view.flush()
    view.theme.set_motion(is_reduced=True)
    column = view.column
    assert column is not None

    view.glide.to(column.scroll_y - 300)
    up = column.scroll_y
    view.glide.to_end()
    before = view.grab().toImage()
    for _ in range(3):
        view._on_tick()

    assert view.glide.state() == view.glide.State.Stopped
    assert (column.furthest - up, column.scroll_y) == (300, column.furthest)
    assert view.painting.cursor_is_on
    assert view.grab().toImage() == before
