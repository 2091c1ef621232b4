"""Coming back to a conversation is going on where one was."""

import pytest
from PySide6.QtGui import QImage

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.transcript.page.positions import Positions
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

BAR_PX = 14
FILLER = "\n\n".join(f"Paragraph {n} of many." for n in range(60))


def other() -> ToldSession:
    session = ToldSession()
    session.conversation.id = ConversationId("other")
    session.asks("Something else.")
    return session


def text_of(view: TranscriptView) -> QImage:
    """The page without its bar, which tells of the height of what was not laid out yet."""
    page = view.grab().toImage()
    return page.copy(0, 0, page.width() - BAR_PX, page.height())


def test_the_page_is_where_the_reader_left_it(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(FILLER))
    session.replies(Text(FILLER))
    view = make_view(session)
    view.move_to(700)
    before = text_of(view)

    view.show_session(other())
    view.grab()
    view.show_session(session)

    assert text_of(view) == before


def test_who_was_at_the_end_sees_the_end_again(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(FILLER))
    view = make_view(session)
    view.show_session(other())
    session.asks("new")

    view.show_session(session)

    assert view.column is not None
    assert view.column.sticks
    assert view.column.scroll_y == view.column.furthest


def test_positions_are_kept_between_two_runs(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(FILLER))
    view = make_view(session)
    view.move_to(700)
    view.keep_position()
    assert view.column is not None
    before = view.column.scroll_y

    later = make_view(None)
    later.positions.take(view.positions.data())
    later.show_session(session)

    assert later.column is not None
    assert abs(later.column.scroll_y - before) < 40


def test_a_position_in_a_message_that_is_gone_is_the_end(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(FILLER))
    view = make_view(None)
    view.positions.take({"c": ["gone", 3, 10]})

    view.show_session(session)

    assert view.column is not None
    assert view.column.sticks


def test_what_cannot_be_used_is_passed_over() -> None:
    positions = Positions()

    positions.take({"a": "nonsense", "b": [1, 2], "c": ["m", -1, 0], "d": ["m", 1, 5]})

    assert positions.data() == {"d": ["m", 1, 5]}


def test_the_page_of_a_running_reply_is_where_the_reader_left_it(make_view: MakeView, session: ToldSession) -> None:
    session.begins()
    session.says(TextDelta("\n\n".join(f"Paragraph {n} of many, {'long ' * 90}" for n in range(60))))
    view = make_view(session)
    assert view.column is not None
    while view.column.live_items[0].has_more:
        view.flush()
    view.move_to(view.column.furthest // 2)
    before = text_of(view)

    view.show_session(other())
    view.grab()
    view.show_session(session)

    assert text_of(view) == before


@pytest.mark.parametrize("count", [2, 900], ids=["read at once", "read in slices"])
def test_a_line_of_code_is_where_the_reader_left_it(make_view: MakeView, session: ToldSession, count: int) -> None:
    code = "\n".join(f"value_{n} = something_else({n})" + "\n" * (n % 3) for n in range(count))
    session.begins()
    session.says(TextDelta(f"{FILLER}\n\n```python\n{code}\n```\n\n{FILLER}"))
    view = make_view(session)
    assert view.column is not None
    while view.column.live_items[0].has_more:
        view.flush()
    session.ends()
    view.flush()
    view.move_to(view.column.furthest // 2)
    before = view.column.scroll_y

    view.show_session(other())
    view.grab()
    view.show_session(session)
    while view.column.live_items[0].has_more:
        view.flush()

    # Where code was cut while it waited to be read there are the edges of two boxes.
    assert abs(view.column.scroll_y - before) < view.look.code_line_px
