import asyncio

import pytest
from PySide6.QtCore import Qt

from desktop_chat.domain.changes import BlockGrew, TurnEnded, TurnStarted
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import new_endpoint_id
from desktop_chat.domain.message import Ended
from desktop_chat.runtime.paths import paths_below
from desktop_chat.ui.inspector.dock import InspectorDock
from desktop_chat.wiring import build
from tests.fake_provider import FakeProvider
from tests.ui.inspector.sessions import finished, streaming


@pytest.fixture
def dock(qtbot, theme):
    made = InspectorDock(theme)
    qtbot.addWidget(made)
    made.resize(336, 700)
    return made


def test_the_clock_runs_only_while_a_reply_is_written_and_seen(dock):
    session = streaming()
    dock.show_session(session)
    assert not dock.is_ticking

    dock.show()
    assert dock.is_ticking

    dock.hide()
    assert not dock.is_ticking
    assert session.subscribers == 0


def test_a_finished_conversation_needs_no_clock(dock):
    dock.show_session(finished())
    dock.show()

    assert not dock._timer.isActive()


def test_tokens_alone_cause_no_work(dock):
    session = finished()
    dock.show_session(session)
    dock.show()

    session.changes.publish(BlockGrew("a1", 0, "x"))

    assert not dock._timer.isActive()


def test_the_clock_ends_with_the_turn(dock, qtbot):
    session = streaming()
    dock.show_session(session)
    dock.show()
    session.conversation.add(session.draft.message(Ended.COMPLETE))
    session.is_running = False
    session.draft = None
    session.changes.publish(TurnEnded("a1", Ended.COMPLETE))

    qtbot.waitUntil(lambda: not dock._timer.isActive())

    assert dock._tabs[0]._state.text().startswith("✓ Complete")


def test_a_turn_that_begins_starts_the_clock(dock, qtbot):
    session = streaming()
    session.is_running = False
    dock.show_session(session)
    dock.show()
    assert not dock.is_ticking

    session.is_running = True
    session.changes.publish(TurnStarted("a1"))

    qtbot.waitUntil(lambda: dock.is_ticking)


def test_another_conversation_takes_the_place_of_the_first(dock):
    first, second = finished(), streaming()
    dock.show_session(first)
    dock.show()

    dock.show_session(second)

    assert (first.subscribers, second.subscribers) == (0, 1)


def test_a_tab_shown_later_shows_what_happened_meanwhile(dock):
    session = streaming()
    dock.show_session(session)
    dock.show()
    session.draft.add(session.calls["call_1"].result)

    dock.bar.setCurrentIndex(1)

    assert dock._tabs[1].name.text() == "get_weather"


def test_arrow_keys_go_from_tab_to_tab(dock, qtbot):
    dock.show()
    dock.bar.setFocus()

    qtbot.keyClick(dock.bar, Qt.Key.Key_Right)

    assert dock.bar.currentIndex() == 1
    assert dock._stack.currentIndex() == 1


def test_a_real_turn_is_followed_to_its_end(dock, run_qt, home):
    async def person():
        parts = build(paths_below(home), on_raise=lambda: None, environ={})
        try:
            with FakeProvider() as server:
                server.says("Hel", "lo ", "there")
                await parts.endpoints.add(Endpoint(new_endpoint_id(), "Fake", server.base_url, "fake-model"), None)
                session = parts.library.new()
                dock.show_session(session)
                dock.show()
                ended = asyncio.get_running_loop().create_future()
                session.changes.subscribe(
                    lambda change: ended.set_result(change) if isinstance(change, TurnEnded) else None
                )
                session.send("hi")
                await ended
                await parts.saver.flush()
                dock.hide()
                dock.show()
                return [dock._tabs[0]._state.text(), dock._tabs[0].tokens.figure.text()]
        finally:
            dock.hide()
            await parts.close()

    state, tokens = run_qt(person())

    assert state == "✓ Complete · fake-model · Fake"
    assert tokens.startswith("≈ ") or tokens.isdigit()
