"""A message that was edited says so, and leads to its other versions."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.ids import new_message_id
from desktop_chat.ui.actions.ids import ActionId
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.shown import click, spots, words
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
