from dataclasses import replace

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.events import OptionDropped, TextDelta
from desktop_chat.ui.inspector.dock import InspectorDock
from desktop_chat.ui.inspector.turn_tab import TurnTab
from tests.ui.inspector.sessions import (
    ShownSession,
    conversation,
    failed,
    finished,
    finished_reply,
    streaming,
    waiting_for_first_token,
)


def show(qtbot, theme, session):
    tab = TurnTab(theme)
    qtbot.addWidget(tab)
    tab.show_session(session)
    tab.show()
    return tab


def test_the_four_tiles_show_the_turn(qtbot, theme):
    tab = show(qtbot, theme, finished())

    assert tab.first_token.figure.text() == "182 ms"
    assert tab.chart.isVisible()
    assert tab.rate.figure.text() == "101.8 /s"
    assert tab.elapsed.figure.text() == "4.82 s"
    assert tab.tokens.figure.text() == "412"
    assert tab.tokens.words() == "tokens: 412"


def test_estimates_are_marked_until_usage_is_reported(qtbot, theme):
    tab = show(qtbot, theme, streaming())

    assert tab.tokens.figure.text() == "≈ 152"
    assert tab.tokens.caption.text() == "tokens so far"
    assert tab.rate.figure.text().startswith("≈ ")


def test_the_wait_for_the_first_token_is_counted(qtbot, theme):
    session = waiting_for_first_token()
    tab = show(qtbot, theme, session)

    session.clock.ms = 4210
    tab.refresh()

    assert tab.first_token.figure.text() == "4.21 s"
    assert tab.first_token.caption.text() == "no token yet"


def test_what_nobody_measured_is_not_said_to_be_nought(qtbot, theme):
    session = finished()
    reply = session.conversation.path()[-1]
    session.conversation.put(replace(reply, rounds=(), blocks=(Text("Mild."),)))

    tab = show(qtbot, theme, session)

    tiles = (tab.first_token, tab.rate, tab.elapsed, tab.tokens)
    assert [tile.figure.text() for tile in tiles] == ["–"] * 4
    assert not tab.timeline.isVisible()


def test_a_failed_turn_says_so(qtbot, theme):
    tab = show(qtbot, theme, failed())

    assert tab._state.text() == "✗ Failed"
    assert not tab.chart.isVisible()
    assert tab._usage_note.text() == "The server did not report usage."
    assert not tab.usage.isVisible()


def test_what_the_server_refused_is_said(qtbot, theme):
    session = streaming()
    session.draft.apply(OptionDropped("tools"))

    tab = show(qtbot, theme, session)

    assert "without tools" in tab._state.text()


def test_a_watched_turn_keeps_its_course_after_it_ended(qtbot, theme):
    session = streaming()
    tab = show(qtbot, theme, session)
    for _ in range(8):
        session.clock.ms += 250
        for _ in range(10):
            session.draft.apply(TextDelta("x"))
        tab.refresh()
    watched = list(tab.chart._points)
    session.conversation.add(session.draft.message())
    session.is_running = False
    session.draft = None

    tab.refresh()

    assert tab.chart._points == watched


def test_an_earlier_reply_is_shown_until_the_next_turn_begins(qtbot, theme):
    first, second = finished_reply("a1"), replace(finished_reply("a2", "a1"), model="another")
    session = ShownSession(conversation(first, second))
    tab = show(qtbot, theme, session)
    assert "another" in tab._state.text()

    tab.show_message(first.id)
    tab.show_session(session)
    earlier = tab._state.text()
    session.is_running = True
    tab.refresh()
    session.is_running = False
    tab.refresh()

    assert "another" not in earlier
    assert "another" in tab._state.text()


def test_the_dock_brings_the_turn_of_a_reply_to_the_front(qtbot, theme):
    first, second = finished_reply("a1"), replace(finished_reply("a2", "a1"), model="another")
    dock = InspectorDock(theme)
    qtbot.addWidget(dock)
    dock.show_session(ShownSession(conversation(first, second)))
    dock.show()
    dock.show_tab(2)

    dock.show_message(first.id)

    assert dock.bar.currentIndex() == 0
    assert "another" not in dock.findChild(TurnTab)._state.text()
