"""What a whole conversation cost is added up in slices, each request once."""

from dataclasses import replace

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message, Role, Round
from desktop_chat.domain.usage import Usage
from desktop_chat.ui.inspector.tally import Tally
from desktop_chat.ui.inspector.usage_tab import UsageTab
from tests.ui.inspector.sessions import finished, finished_reply

MANY = 3_000


def reply(number: int) -> Message:
    """One of many, each with a request of its own."""
    rounds = (Round(number, usage=Usage(1, None, 2, None, 3)),)
    return replace(finished_reply(f"a{number}", parent=f"u{number}"), blocks=(), rounds=rounds)


def late(number: int, read: list[MessageId]) -> Message:
    """The same, and says when it is read."""

    def reads(message_id: MessageId, parent_id: MessageId | None, data: bytes) -> Message:
        read.append(message_id)
        return reply(int(data))

    whole = reply(number)
    return Message.late(whole.id, whole.parent_id, Role.ASSISTANT, reads, str(number).encode())


def test_requests_of_a_continued_reply_count_once(qapp):
    tally = Tally(qapp)

    tally.count([finished_reply(), finished_reply("a2")])

    assert (tally.requests, tally.reported) == (2, 2)
    assert tally.usage == Usage(792, 512, 412, 88, 1204)


def test_two_like_requests_of_different_questions_count_twice(qapp):
    tally = Tally(qapp)

    tally.count([finished_reply(), finished_reply("a2", parent="u2")])

    assert tally.requests == 4


def test_many_are_counted_in_slices_and_not_kept_read(qtbot, qapp):
    read: list[MessageId] = []
    messages = [late(number, read) for number in range(MANY)]
    tally = Tally(qapp)

    with qtbot.waitSignal(tally.ended, timeout=20_000):
        tally.count(messages)
        at_once = len(read)

    assert 0 < at_once < MANY
    assert tally.usage == Usage(MANY, None, 2 * MANY, None, 3 * MANY)
    assert len(read) == MANY
    assert messages[0].glance() is not messages[0]


def test_what_came_since_is_all_that_is_read(qtbot, qapp):
    read: list[MessageId] = []
    messages = [late(number, read) for number in range(20)]
    tally = Tally(qapp)
    tally.count(messages[:19])
    qtbot.waitUntil(lambda: tally.is_whole)
    read.clear()

    tally.count(messages)
    qtbot.waitUntil(lambda: tally.is_whole)

    assert read == [messages[19].id]
    assert tally.requests == 20


def test_a_reply_that_went_on_is_counted_as_it_is_now(qapp):
    first = reply(1)
    tally = Tally(qapp)
    tally.count([first])

    tally.count([replace(first, rounds=(*first.rounds, Round(9)))])

    assert (tally.requests, tally.reported) == (2, 1)


def test_the_tab_says_that_it_counts_and_then_what_it_counted(qtbot, theme):
    session, read = finished(), []
    for number in range(MANY):
        session.conversation.messages[MessageId(f"a{number + 2}")] = late(number + 2, read)
    tab = UsageTab(theme)
    qtbot.addWidget(tab)

    tab.show_session(session)

    assert tab.conversation.note.text() == "Being counted…"
    qtbot.waitUntil(lambda: tab.tally.is_whole, timeout=20_000)
    assert not tab.conversation.note.text()
    assert tab.tally.requests == MANY + 2
