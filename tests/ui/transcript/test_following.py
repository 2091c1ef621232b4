"""The end is followed while text arrives, and what is read stays where it is."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.changes import PathChanged
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.shown import LONG, RICH
from tests.ui.transcript.told import ToldSession


def test_the_end_stays_in_view_while_text_arrives(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    session.begins()

    for paragraph in LONG.split("\n\n"):
        session.says(TextDelta(paragraph + "\n\n"))
        view.flush()

    assert view.column is not None
    assert view.column.scroll_y == view.column.furthest > 0


def test_nothing_moves_for_a_reader_who_scrolled_up(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    session.replies(Text(LONG))
    session.begins()
    view.move_to(view.column.scroll_y - 700 if view.column else 0)
    column = view.column
    assert column is not None
    before = [(s.box, s.y) for s in column.seen(0, 600)]

    for paragraph in LONG.split("\n\n"):
        session.says(TextDelta(paragraph + "\n\n"))
        view.flush()

    assert [(s.box, s.y) for s in column.seen(0, 600)] == before
    assert view.pill.isVisible()


def test_a_reply_that_was_asked_for_is_followed(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    session.replies(Text(LONG))
    session.begins()
    view.move_to(0)
    session.says(TextDelta("New."))
    view.flush()
    assert view.pill.isVisible()
    session.ends()

    session.begins()
    session.says(TextDelta(LONG))
    view.flush()

    assert view.column is not None
    assert view.column.scroll_y == view.column.furthest > 0
    assert not view.pill.isVisible()


def test_the_pill_leads_to_the_end(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    view = make_view(session)
    session.replies(Text(LONG))
    session.begins()
    view.move_to(0)
    session.says(TextDelta("New."))
    view.flush()

    view.pill.click()

    column = view.column
    assert column is not None
    qtbot.waitUntil(lambda: column.scroll_y == column.furthest)
    assert not view.pill.isVisible()


def behind(view: TranscriptView, session: ToldSession) -> None:
    """A reader above the end of a page that grew longer than the window."""
    session.replies(Text(RICH), Text(RICH), Text(RICH))
    session.begins()
    view.move_to(0)
    session.says(TextDelta("New."))
    view.flush()
    assert view.pill.isVisible()


def test_a_page_that_shrinks_until_all_of_it_fits_is_followed_again(make_view: MakeView, session: ToldSession) -> None:
    asked = session.asks("Hello")
    view = make_view(session)
    behind(view, session)

    session.conversation.delete(session.conversation.path()[1].id)
    session.changes.publish(PathChanged(asked.id))

    assert view.column is not None
    assert view.column.furthest == 0
    assert not view.pill.isVisible()
    session.says(TextDelta(LONG))
    view.flush()
    assert view.column.scroll_y == view.column.furthest > 0
    assert not view.pill.isVisible()


def test_a_window_that_grows_until_all_fits_has_nothing_below(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    behind(view, session)

    view.resize(780, 6000)

    assert not view.pill.isVisible()


def test_scrolling_up_through_what_was_never_laid_out_moves_by_what_was_asked(
    make_view: MakeView, session: ToldSession
) -> None:
    for n in range(40):
        session.asks(f"Question {n}")
        session.replies(Text(RICH))
    view = make_view(session)
    column = view.column
    assert column is not None

    for _ in range(60):
        first = next(iter(column.seen(0, 600)))
        y = first.y
        view.move_to(column.scroll_y - 50)
        again = column.place_of(first.row, first.index) - column.scroll_y
        assert again == pytest.approx(y + 50, abs=1)


def test_a_resize_keeps_what_is_read_in_place(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    view.move_to(900)
    column = view.column
    assert column is not None
    first = column.anchor()

    view.resize(500, 600)

    again = column.anchor()
    assert first is not None and again is not None
    assert (again.row, again.box) == (first.row, first.box)


def test_a_theme_change_keeps_what_is_read_in_place(make_view: MakeView, session: ToldSession, theme: Theme) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    view.move_to(900)
    column = view.column
    assert column is not None
    before = column.anchor()

    theme.set("dark")

    assert column.anchor() == before


def test_another_branch_that_is_very_long_gets_its_heights_bit_by_bit_too(
    make_view: MakeView, session: ToldSession
) -> None:
    first = session.asks("One")
    for n in range(300):
        session.asks("word " * (n % 90))
    view = make_view(session)
    column = view.column
    assert column is not None
    for _ in range(30):
        view.flush()
    whole = column.total
    path = session.conversation.path()

    column.show(path[:1])
    column.show(path, 1)
    assert column.rows[0] == first.id
    slices = 0
    while column.is_rough:
        column.refine()
        slices += 1

    assert slices > 1
    assert abs(column.total - whole) < whole / 10


def test_a_very_long_conversation_gets_its_heights_bit_by_bit_and_nothing_moves(
    make_view: MakeView, session: ToldSession
) -> None:
    for n in range(700):
        session.asks("word " * (n % 90))
    view = make_view(session)
    column = view.column
    assert column is not None
    view.move_to(column.furthest // 2)
    before, total = view.grab().toImage().copy(0, 0, 700, 600), column.total

    while column.is_rough:
        view.flush()

    assert column.total != total
    assert view.grab().toImage().copy(0, 0, 700, 600) == before


@pytest.mark.parametrize("box", [0, 1])
def test_a_branch_that_ends_above_what_is_read_is_shown_at_its_end(
    make_view: MakeView, session: ToldSession, box: int
) -> None:
    first = session.asks("One")
    other = replace(first, id=MessageId("other"))
    for n in range(30):
        session.asks(f"Question {n}")
        session.replies(Text(RICH))
    view = make_view(session)
    column = view.column
    assert column is not None
    session.conversation.add(other)
    session.conversation.choose(first.id)
    view.move_to(round(column.place_of(40, box)))
    anchor = column.anchor()
    assert anchor is not None and anchor.row == 40 and not column.sticks

    session.chooses(other.id, None)

    assert list(column.rows) == [other.id]
    assert column.scroll_y == column.furthest
