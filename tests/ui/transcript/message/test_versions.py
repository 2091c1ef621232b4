"""A message that was edited says so, and leads to its other versions."""

from dataclasses import replace

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.ids import new_message_id
from desktop_chat.ui.actions.ids import ActionId
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.shown import LONG, click, spots, words
from tests.ui.transcript.told import ToldSession


def test_a_message_with_versions_shows_which_one_it_is(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    old = session.asks("old question")
    session.conversation.add(replace(old, id=(new := new_message_id()), blocks=(Text("new question"),)))
    session.replies(Text("an answer"))
    view = make_view(session)
    asked: list[tuple[ActionId, object]] = []
    view.action_asked.connect(lambda action, payload: asked.append((action, payload)))

    assert "Version 2 of 2" in words(view)
    assert "Next version" not in spots(view)
    click(qtbot, view, "Previous version")
    session.chooses(old.id, None)
    view.grab()

    assert asked == [(ActionId.MESSAGE_PREVIOUS_VERSION, new)]
    assert "Version 1 of 2" in words(view)
    assert "Next version" in spots(view)


def test_a_message_that_was_never_edited_says_nothing(make_view: MakeView, session: ToldSession) -> None:
    session.asks("a question")

    assert "ersion" not in words(make_view(session))


def test_another_version_begins_where_the_old_one_did(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG))
    question = session.asks("hi")
    old = session.replies(Text("old answer"))
    session.conversation.add(replace(old, id=(new := new_message_id()), blocks=(Text("New.\n\n" * 30),)))
    session.chooses(old.id, question.id)
    view = make_view(session)
    column = view.column
    assert column is not None and column.scroll_y == column.furthest
    before = column.heights.top(2) - column.scroll_y

    session.chooses(new, question.id)
    assert column.heights.top(2) - column.scroll_y == before
    assert not column.sticks

    session.chooses(old.id, question.id)
    assert column.heights.top(2) - column.scroll_y == before
    assert column.sticks


def test_the_toolbar_stays_under_the_pointer_that_goes_through_versions(
    make_view: MakeView, session: ToldSession
) -> None:
    question = session.asks("hi")
    old = session.replies(Text("old answer"))
    session.conversation.add(replace(old, id=(new := new_message_id()), blocks=(Text("new answer"),)))
    view = make_view(session)
    view.reading.offer_toolbar(1)
    QTest.mouseMove(view.toolbar)
    assert view.toolbar.underMouse()

    session.chooses(old.id, question.id)
    assert view.toolbar.isVisible() and view.toolbar.message_id == old.id

    # Whoever clicks on would delete the next version as well.
    session.conversation.delete(old.id)
    session.chooses(new, question.id)
    assert not view.toolbar.isVisible()
