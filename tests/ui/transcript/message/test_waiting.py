"""A huge message from history: its end, or the place where the reader was, is there before all of it is read."""

import pytest
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.rest import STRETCH, Rest, RestBox, stretches
from desktop_chat.ui.transcript.message.waiting import Waiting
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

PARTS = 700
HUGE = "\n\n".join(
    f"## Part {n}\n\nSome **words** about {n}, and [a link](https://example.org/{n}).\n\n- one\n- two\n\n"
    f"```js\nlet x = {n};\n```"
    for n in range(PARTS)
)


def seen(view: TranscriptView) -> list[tuple[str, int]]:
    """What can be read in the window and where it stands, whatever box shows it."""
    assert view.column is not None
    found = []
    for one in view.column.seen(0, view.viewport().height()):
        if isinstance(one.box, RestBox):
            words, top = one.box._boxes, one.y
            found += [(box.text, round(top + y)) for box, y in zip(words, one.box._tops, strict=True)]
        elif one.box.text:
            found.append((one.box.text, round(one.y)))
    height = view.viewport().height()
    return [(text, y) for text, y in found if 0 <= y < height - 60]


def has_more(view: TranscriptView) -> bool:
    assert view.column is not None
    return any(item.has_more for item in view.column.live_items)


def test_the_last_words_are_there_before_all_is_read(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.replies(Text(HUGE))
    view = make_view(session)
    assert has_more(view)
    before = seen(view)
    assert before[-1][0] == f"let x = {PARTS - 1};"
    assert f"Part {PARTS - 1}" in dict(before)

    while has_more(view):
        view.flush()
        assert seen(view) == before
    assert view.column is not None
    assert not any(isinstance(box, RestBox) for box in view.column.item(0).boxes)


def test_a_short_answer_below_has_the_end_of_the_huge_one_above_it(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(HUGE))
    session.asks("And?")
    session.replies(Text("That is all."))

    view = make_view(session)

    assert has_more(view)
    assert view.column is not None
    assert view.column.bring(2, 1).text == "That is all."
    texts = dict(seen(view))
    assert "And?" in texts
    assert f"let x = {PARTS - 1};" in texts


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_nothing_moves_for_a_reader_in_what_is_not_read_yet(
    make_view: MakeView, session: ToldSession, share: float
) -> None:
    session.replies(Text(HUGE))
    view = make_view(session)
    assert view.column is not None
    view.move_to(round(view.column.furthest * share))
    view.move_to(view.column.scroll_y - 300)
    before = seen(view)
    assert len(before) > 3
    assert has_more(view)

    while has_more(view):
        view.flush()
        assert seen(view) == before


def test_the_place_of_the_last_run_is_there_before_all_is_read(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(HUGE))
    view = make_view(session)
    while has_more(view):
        view.flush()
    assert view.column is not None
    view.move_to(view.column.furthest // 2)
    before = seen(view)
    view.keep_position()

    later = make_view(None)
    later.positions.take(view.positions.data())
    later.show_session(session)
    assert has_more(later)
    assert seen(later) == before
    while has_more(later):
        later.flush()
    assert seen(later) == before


def test_who_leaves_before_all_is_read_comes_back_to_the_same_place(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(HUGE))
    view = make_view(session)
    assert view.column is not None
    view.move_to(view.column.furthest // 2)
    before = seen(view)
    other = ToldSession()
    other.conversation.id = ConversationId("other")

    view.show_session(other)
    view.show_session(session)

    assert seen(view) == before


def test_another_theme_keeps_the_place_in_what_is_not_read_yet(
    make_view: MakeView, session: ToldSession, theme: Theme
) -> None:
    session.replies(Text(HUGE))
    view = make_view(session)
    assert view.column is not None
    view.move_to(view.column.furthest // 2)
    before = seen(view)

    theme.set("dark")

    assert has_more(view)
    assert seen(view) == before


def test_the_end_of_a_reply_that_came_faster_than_it_was_read(make_view: MakeView, session: ToldSession) -> None:
    view = make_view(session)
    session.begins()
    session.says(TextDelta(HUGE))
    view.flush()
    assert view.column is not None
    item = view.column.item(0)
    kept = item.boxes[5:50]
    session.ends()
    view.flush()

    assert has_more(view)
    assert seen(view)[-1][0] == f"let x = {PARTS - 1};"
    while has_more(view):
        view.flush()
    assert view.column.item(0) is item
    assert all(mine is theirs for mine, theirs in zip(item.boxes[5:50], kept, strict=True))


def test_code_that_began_far_above_is_code(make_view: MakeView, session: ToldSession) -> None:
    lines = "\n".join(f"value_{n} = {n}  # *not* text" for n in range(4_000))
    session.replies(Text(f"Look:\n\n```python\n{lines}\n```\n\nThe end."))
    view = make_view(session)

    assert has_more(view)
    assert view.column is not None
    boxes = [one.box for one in view.column.seen(0, 600) if isinstance(one.box, RestBox)]
    words = "\n".join(box.text for box in boxes)
    assert "value_3999 = 3999  # *not* text" in words
    assert words.endswith("The end.")


@pytest.mark.parametrize(
    "text", ["x" * 50_000, "word " * 10_000, "\n" * 20_000, "a\n\n" * 10_000, "- a\n\n  b\n" * 4_000]
)
def test_stretches_hold_the_whole_text(text: str) -> None:
    found = stretches(text, 7)

    assert "".join(text[start:end] for start, end in found) == text[7:]
    assert all(start < end <= start + STRETCH for start, end in found)


@pytest.mark.parametrize("text", ["x" * 50_000, "\n" * 20_000, "a\n\n" * 10_000, "```\n" * 9_000])
def test_strange_texts_are_shown_to_their_end(make_view: MakeView, session: ToldSession, text: str) -> None:
    session.replies(Text(text + "\n\nlast words"))
    view = make_view(session)
    assert has_more(view)
    assert "last words" in "".join(text for text, _ in seen(view))
    while has_more(view):
        view.flush()


def test_portions_are_the_text() -> None:
    waiting = Waiting()
    waiting.add("one\n" * 2_000)
    first = waiting.take()
    waiting.add("two\n")
    found = [first]
    while waiting:
        found.append(waiting.take())

    assert "".join(found) == "one\n" * 2_000 + "two\n"


def test_the_fence_of_a_place_is_found() -> None:
    text = "a\n\n```js\nb\n```\n\nc\n"

    def fence(place: str, inside: str = "") -> str:
        return Rest(text, 0, inside, lambda above, leaf, is_cut: None).fence_at(text.index(place))  # type: ignore[arg-type, return-value]

    assert fence("b") == "```js"
    assert fence("c") == ""
    assert fence("a", "```py") == "```py"
    assert fence("b", "```py") == ""


def test_a_paragraph_too_large_to_be_read_is_shown_as_written_from_the_start(
    make_view: MakeView, session: ToldSession
) -> None:
    session.replies(Text("[a](https://a.b/c) " * 4_000))
    view = make_view(session)
    assert has_more(view)
    before = "".join(text for text, _ in seen(view))
    assert "[a](https://a.b/c) [a](" in before

    while has_more(view):
        view.flush()

    assert "[a](https://a.b/c) [a](" in "".join(text for text, _ in seen(view))


def test_what_is_dear_to_read_comes_into_the_window_bit_by_bit(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(("[a](https://a.b/c) " * 100 + "\n\n") * 300))
    view = make_view(session)
    assert view.column is not None

    view.move_to(view.column.furthest // 2)
    rounds = 0
    while view.column.is_late:
        assert view.flusher.is_asked
        view.flush()
        rounds += 1

    assert rounds < 100
    assert all(one.box.is_laid_out for one in view.column.seen(0, view.viewport().height()))


def test_a_huge_page_is_let_go_bit_by_bit(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.replies(Text("# h\n\n" * 3_000))
    view = make_view(session)
    while has_more(view):
        view.flush()
    assert view.column is not None
    boxes = view.column.item(0).boxes
    assert len(boxes) > 3_000

    view.show_session(ToldSession())

    assert boxes
    qtbot.waitUntil(lambda: view.leaving.is_empty)
    assert not boxes
