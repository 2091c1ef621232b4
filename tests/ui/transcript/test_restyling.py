"""Another theme, text size or way to show code: the reader stays where they were, in the middle of a long answer."""

import pytest
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Reasoning, Text
from desktop_chat.domain.events import ReasoningDelta, TextDelta
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

LONG = "\n\n".join(f"## Part {n}\n\nSome **words** about {n}.\n\n```js\nlet x = {n};\n```" for n in range(150))


def at_top(view: TranscriptView) -> tuple[int, str]:
    """What is at the upper edge of the window."""
    assert view.column is not None
    seen = next(view.column.seen(0, 1))
    return seen.index, seen.box.text


def is_whole(view: TranscriptView) -> bool:
    assert view.column is not None
    return not any(item.has_more or item.is_dirty for item in view.column.live_items)


@pytest.mark.parametrize("is_running", [False, True])
def test_the_place_in_a_long_answer_is_kept(
    make_view: MakeView, session: ToldSession, qtbot: QtBot, theme: Theme, is_running: bool
) -> None:
    view = make_view(session)
    if is_running:
        session.begins()
        session.says(TextDelta(LONG))
        view.flush()
    else:
        session.replies(Text(LONG))
    qtbot.waitUntil(lambda: is_whole(view))
    assert view.column is not None
    view.move_to(view.column.furthest * 2 // 3)
    before = at_top(view)
    assert before[0] > 200

    theme.set("dark")
    assert at_top(view) == before
    view.set_code_numbers(True)
    assert at_top(view) == before
    view.set_code_wrap(True)
    assert at_top(view) == before

    if is_running:
        session.says(TextDelta("\n\nThe last words."))
        view.flush()
        assert at_top(view) == before
        session.ends()
    view.move_to(view.column.furthest)
    assert "let x = 149;" in "".join(seen.box.text for seen in view.column.seen(0, 600))
    assert "The last words." in "".join(seen.box.text for seen in view.column.seen(0, 600)) or not is_running


def test_a_long_thought_goes_on_in_another_theme(make_view: MakeView, session: ToldSession, theme: Theme) -> None:
    view = make_view(session)
    session.begins()
    session.says(ReasoningDelta("I think "))
    view.flush()
    assert view.column is not None
    draft = session.draft
    assert draft is not None
    view.column.live_items[-1].toggle(1)
    view.flush()

    theme.set("dark")
    session.says(ReasoningDelta("on."))
    view.flush()

    assert "I think on." in [seen.box.text for seen in view.column.seen(0, 600)]


def test_of_a_long_answer_only_what_is_near_is_made_anew(
    make_view: MakeView, session: ToldSession, qtbot: QtBot, theme: Theme
) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    qtbot.waitUntil(lambda: is_whole(view))
    assert view.column is not None
    view.move_to(view.column.furthest // 2)
    before = list(view.column.item(0).boxes)

    theme.set("dark")

    here = [seen.index for seen in view.column.seen(0, view.viewport().height())]
    boxes = view.column.item(0).boxes
    assert all(boxes[index].look is view.look for index in here)
    assert sum(1 for old, now in zip(before, boxes, strict=True) if old is now) > len(before) // 2
    view.move_to(0)
    assert all(seen.box.look is view.look for seen in view.column.seen(0, view.viewport().height()))


def test_larger_text_keeps_the_place_and_shows_all_of_it_larger(
    make_view: MakeView, session: ToldSession, qtbot: QtBot, theme: Theme
) -> None:
    session.replies(Reasoning(LONG, 100), Text(LONG))
    view = make_view(session)
    assert view.column is not None
    view.column.item(0).toggle(1)
    view.flush()
    qtbot.waitUntil(lambda: is_whole(view))
    view.move_to(view.column.furthest // 3)
    before, total = at_top(view), view.column.total

    theme.set_text_px(theme.text_px * 1.5)

    assert at_top(view) == before
    assert view.column.total > 1.2 * total
    for part in (0.0, 0.4, 1.0):
        view.move_to(round(view.column.furthest * part))
        assert all(seen.box.look is view.look for seen in view.column.seen(0, view.viewport().height()))
