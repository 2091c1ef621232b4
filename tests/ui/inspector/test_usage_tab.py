from dataclasses import replace

from PySide6.QtWidgets import QLabel

from desktop_chat.domain.message import Round
from desktop_chat.ui.inspector.usage_tab import UsageTab
from tests.ui.inspector.sessions import finished, finished_reply, streaming


def show(qtbot, theme, session):
    tab = UsageTab(theme)
    qtbot.addWidget(tab)
    tab.show_session(session)
    tab.show()
    return tab


def figures(section):
    return [label.text() for label in section.rows.findChildren(QLabel) if label.accessibleName()]


def test_figures_are_shown_as_the_server_reported_them(qtbot, theme):
    tab = show(qtbot, theme, finished())

    assert figures(tab.turn) == ["792", "512", "412", "88", "1,204"]
    assert figures(tab.requests[0]) == ["300", "256", "112", "88", "412"]
    assert tab.requests[0].title.text() == "Request 1 · tool_calls"


def test_what_was_not_reported_is_said_to_be_so(qtbot, theme):
    tab = show(qtbot, theme, finished())

    assert figures(tab.requests[1]) == ["492", "256", "300", "not reported", "792"]


def test_a_running_request_is_not_reported_yet(qtbot, theme):
    tab = show(qtbot, theme, streaming())

    assert tab.requests[1].note.text() == "Not reported yet."
    assert tab.turn.note.text() == "Reported for 1 of 2 requests."
    assert figures(tab.conversation)[-1] == "412"


def test_the_conversation_counts_every_version(qtbot, theme):
    session = finished()
    other = finished_reply("a2")
    other = replace(other, rounds=tuple(replace(r, started_ms=r.started_ms + 1) for r in other.rounds))
    session.conversation.add(other)
    tab = show(qtbot, theme, session)

    assert figures(tab.conversation)[-1] == "2,408"
    assert figures(tab.turn)[-1] == "1,204"


def test_nothing_reported_is_one_sentence(qtbot, theme):
    session = finished()
    reply = session.conversation.messages["a1"]
    session.conversation.put(replace(reply, rounds=(Round(0, 10, 20, "stop", None, deltas=3),)))
    tab = show(qtbot, theme, session)

    assert tab.turn.note.text() == "Not reported."
    assert not tab.turn.rows.isVisible()
