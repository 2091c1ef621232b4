"""Reasoning, calls, errors and ends of a reply say what they are and can be acted on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Notice, Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.changes import CallState, RetryScheduled
from desktop_chat.domain.errors import Unreachable
from desktop_chat.domain.events import ReasoningDelta, TextDelta, ToolCallDelta
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Ended
from desktop_chat.ui.actions.ids import ActionId
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.shown import click, spots, words
from tests.ui.transcript.told import ToldSession


def test_reasoning_is_folded_and_unfolds_on_a_click(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.asks("hi")
    session.replies(Reasoning("Deep thoughts.", 2100), Text("Answer."))
    view = make_view(session)
    assert "Thought for 2.1 s" in words(view)
    assert "Deep thoughts." not in words(view)

    click(qtbot, view, "Unfold Thought for 2.1 s")

    assert "Deep thoughts." in words(view)


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (CallState.ARRIVING, "arriving…"),
        (CallState.ASKING, "asks for permission"),
        (CallState.RUNNING, "running…"),
        (CallState.ANSWERING, "waits for your result"),
        (CallState.DONE, "done"),
        (CallState.FAILED, "failed"),
        (CallState.DENIED, "not run"),
    ],
    ids=str,
)
def test_every_state_of_a_call_is_said_in_words(
    make_view: MakeView, session: ToldSession, state: CallState, word: str
) -> None:
    view = make_view(session)
    session.begins()
    session.says(ToolCallDelta(0, "a", "get_weather", '{"location": "Berlin"}'))
    call = ToolCall(CallId("a"), "get_weather", '{"location": "Berlin"}')

    session.calls_stand(call, state, summary="Looks up the weather.", duration_ms=412)
    view.flush()

    assert word in words(view)
    assert "get_weather" in words(view)


def test_a_call_that_asks_shows_summary_arguments_and_three_buttons(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    call = ToolCall(CallId("a"), "get_weather", '{"location": "Berlin"}')
    session.calls_stand(call, CallState.ASKING, summary="Looks up the weather in Berlin.")
    session.begins(call)
    view = make_view(session)
    asked: list[tuple[ActionId, object]] = []
    view.action_asked.connect(lambda action, target: asked.append((action, target)))

    for label in ("Allow once", "Always allow in this conversation", "Deny"):
        click(qtbot, view, label)

    assert "Looks up the weather in Berlin." in words(view)
    assert '"location": "Berlin"' in words(view)
    assert asked == [
        (ActionId.TOOL_ALLOW_ONCE, "a"),
        (ActionId.TOOL_ALLOW_IN_CONVERSATION, "a"),
        (ActionId.TOOL_DENY, "a"),
    ]


def test_the_buttons_of_a_card_work_with_the_keyboard_alone(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    call = ToolCall(CallId("a"), "get_weather", "{}")
    session.calls_stand(call, CallState.ASKING)
    session.begins(call)
    view = make_view(session)
    asked: list[ActionId] = []
    view.action_asked.connect(lambda action, _: asked.append(action))
    view.setFocus()

    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Return)

    assert asked == [ActionId.TOOL_ALLOW_IN_CONVERSATION]


def test_arguments_with_a_key_twice_are_shown_as_they_came(make_view: MakeView, session: ToldSession) -> None:
    call = ToolCall(CallId("a"), "pay", '{"to": "me", "to": "you"}')
    session.calls_stand(call, CallState.ASKING)
    session.begins(call)

    assert '{"to": "me", "to": "you"}' in words(make_view(session))


def test_an_error_has_words_actions_and_details_on_demand(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.asks("hi")
    reply = session.replies(Notice("Unreachable", "errno 111"), ended=Ended.FAILED)
    view = make_view(session)
    asked: list[tuple[ActionId, object]] = []
    view.action_asked.connect(lambda action, target: asked.append((action, target)))
    assert "No connection" in words(view)
    assert "errno 111" not in words(view)

    click(qtbot, view, "Details")
    click(qtbot, view, "Regenerate")

    assert "errno 111" in words(view)
    assert asked == [(ActionId.MESSAGE_REGENERATE, reply.id)]


def test_a_retry_is_counted_down_and_can_be_cut_short(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    message = session.begins()

    session.waiting = RetryScheduled(message.id, 2, 3, 4.0, Unreachable("refused"))
    session.changes.publish(session.waiting)
    view.flush()

    assert "retry 2 of 3 in 4 s" in words(view)
    assert {"Retry now", "Stop"} <= set(spots(view))


@pytest.mark.parametrize(
    ("ended", "word"),
    [(Ended.STOPPED, "Stopped"), (Ended.INTERRUPTED, "Interrupted"), (Ended.LENGTH, "limit"), (Ended.WAITING, "Waits")],
    ids=str,
)
def test_a_reply_that_did_not_complete_says_so(
    make_view: MakeView, session: ToldSession, ended: Ended, word: str
) -> None:
    view = make_view(session)
    session.begins()
    session.says(TextDelta("Once upon"))

    session.ends(ended)
    view.flush()

    assert word in words(view)


@pytest.mark.parametrize(
    ("ended", "word"), [(Ended.COMPLETE, "The model answered nothing."), (Ended.STOPPED, "Stopped")], ids=str
)
def test_a_reply_of_which_nothing_came_says_so_and_offers_only_to_try_again(
    make_view: MakeView, session: ToldSession, ended: Ended, word: str
) -> None:
    view = make_view(session)
    session.begins()
    session.says(ReasoningDelta("Hm."))

    session.ends(ended)
    view.flush()

    assert word in words(view)
    assert "Regenerate" in spots(view)
    assert "Continue" not in spots(view)


@pytest.mark.parametrize(
    ("model", "word"), [("gpt-4o", "Waiting for the key"), ("", "Waiting for the list of models")], ids=str
)
def test_before_the_first_request_it_is_said_what_is_waited_for(
    make_view: MakeView, session: ToldSession, model: str, word: str
) -> None:
    view = make_view(session)
    session.elapsed_ms = 3_000

    session.begins(model=model, is_asked=False)
    view.flush()

    assert f"{word}… 3 s" in words(view)


def test_a_result_shows_in_the_card_of_its_call(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    call = ToolCall(CallId("a"), "get_weather", "{}")
    session.asks("hi")
    session.replies(call, ToolResult(call.call_id, "14 degrees", duration_ms=412), Text("Mild."))
    view = make_view(session)

    label = next(name for name in spots(view) if "get_weather" in name)
    click(qtbot, view, label)

    assert "412 ms" in words(view)
    assert "14 degrees" in words(view)


def test_the_model_is_waited_for_only_while_nothing_comes(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    session.begins()
    view.flush()
    assert "Waiting for the model" in words(view)

    seen = []
    call = ToolCall(CallId("a"), "get_weather", "{}")
    session.says(ToolCallDelta(0, call.call_id, call.name, "{"))
    for state in (CallState.ARRIVING, CallState.ASKING, CallState.ANSWERING, CallState.RUNNING):
        session.calls_stand(call, state, started_ms=0)
        view.flush()
        seen.append("Waiting for the model" in words(view))
    session.calls_stand(call, CallState.DONE, result=ToolResult(call.call_id, "1"), duration_ms=1)
    view.flush()

    assert seen == [False] * 4
    assert "Waiting for the model" in words(view)
