"""A long table that is not read yet is a table all the same, and nothing of it moves while it is read."""

import pytest
from PySide6.QtCore import QPointF

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.ids import ConversationId
from desktop_chat.ui.transcript.boxes.rest import Rest, RestBox
from desktop_chat.ui.transcript.boxes.table_rest import TableRestBox
from desktop_chat.ui.transcript.page.anchors import Seen
from desktop_chat.ui.transcript.page.selection import copied_selection
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.found import find, marked
from tests.ui.transcript.told import ToldSession

HEAD = "| number | words | name |\n|--:|---|:-:|\n"
ROWS = "".join(f"| {n} | {'some words<br>here ' * (n % 4)} | row{n}x |\n" for n in range(1_500))
WIDE = "".join(f"| {n} | {'some words that are to be broken ' * (n % 7)} | row{n}x |\n" for n in range(1_000))


def shown(make_view: MakeView, session: ToldSession, rows: str, share: float) -> TranscriptView:
    """A page that was just opened, and is somewhere in a table that is not read."""
    session.asks("A table?")
    session.replies(Text(f"So:\n\n{HEAD}{rows}\n\nThe end."))
    view = make_view(session)
    assert view.column is not None
    view.move_to(round(view.column.furthest * share))
    view.grab()
    assert any(isinstance(seen.box, RestBox) for seen in in_view(view))
    return view


def in_view(view: TranscriptView) -> list[Seen]:
    assert view.column is not None
    return list(view.column.seen(0, view.viewport().height()))


def read_all(view: TranscriptView) -> None:
    while view.flusher.is_asked:
        view.flusher.flush_now()


def line_seen(view: TranscriptView, y: float) -> tuple[str, float]:
    """The row at a height, and how far above that it begins."""
    seen = next(seen for seen in in_view(view) if seen.y <= y < seen.y + seen.box.height)
    text, at = seen.box.text, seen.box.hit(1e6, y - seen.y)
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    return text[text.rfind("row", start, end) : end], y


@pytest.mark.parametrize("rows", [ROWS, WIDE], ids=["short rows", "rows that wrap"])
@pytest.mark.parametrize("share", [0.3, 1.0])
def test_its_rows_are_rows_from_the_first_paint_and_stay_where_they_are(
    make_view: MakeView, session: ToldSession, rows: str, share: float
) -> None:
    view = shown(make_view, session, rows, share)
    for seen in in_view(view):
        if isinstance(seen.box, RestBox):
            assert isinstance(seen.box.boxes[0], TableRestBox)
            assert "|" not in seen.box.text
            assert "number" not in seen.box.text
    before = [line_seen(view, y) for y in (100, 300)]

    read_all(view)

    assert not any(isinstance(seen.box, RestBox) for seen in in_view(view))
    assert [line_seen(view, y) for y in (100, 300)] == before


@pytest.mark.parametrize("rows", [ROWS, WIDE], ids=["short rows", "rows that wrap"])
def test_who_comes_back_is_at_the_same_row_before_all_is_read(
    make_view: MakeView, session: ToldSession, rows: str
) -> None:
    view = shown(make_view, session, rows, 0.5)
    read_all(view)
    before = [line_seen(view, y) for y in (100, 300)]
    other = ToldSession()
    other.conversation.id = ConversationId("other")

    view.show_session(other)
    view.show_session(session)
    view.grab()

    assert any(isinstance(seen.box, RestBox) for seen in in_view(view))
    assert [line_seen(view, y) for y in (100, 300)] == before


@pytest.mark.parametrize("beyond", [0, 20_000], ids=["in a stretch", "across many"])
def test_what_is_selected_in_it_is_copied_and_stays_selected(
    make_view: MakeView, session: ToldSession, beyond: int
) -> None:
    view = shown(make_view, session, ROWS, 0.5)
    assert view.column is not None
    places, selection = view.reading.places, view.reading.selection
    first = places.position_at(QPointF(0, 100))
    view.move_to(view.column.scroll_y + beyond)
    view.grab()
    last = places.position_at(QPointF(1e6, 500))
    assert first is not None and last is not None
    selection.start(first)
    selection.head = last
    copied = copied_selection(view.column, selection)
    assert copied is not None
    lines = copied.plain().split("\n")
    assert all("\trow" in line for line in lines)
    assert "name" not in copied.markdown()
    assert len(lines) > 5 + beyond / 100

    read_all(view)

    later = copied_selection(view.column, selection)
    assert later is not None
    assert later.plain().split("\n") == lines


def test_what_is_found_in_it_is_marked_there(make_view: MakeView, session: ToldSession) -> None:
    view = shown(make_view, session, ROWS, 1.0)

    find(view, "row777x")

    assert marked(view)[1] == ["row777x"]
    read_all(view)
    assert marked(view)[1] == ["row777x"]


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("Words.\n\n| a |\n|---|\n| 1 |\n# 2 |\n", "| a |\n|---|\n"),
        ("Words:\n| a |\n|---|\n| 1 |\n# 2 |\n", "| a |\n|---|\n"),
        ("| a |\n|---|\n# 2 |\n", "| a |\n|---|\n"),
        ("| a |\n# ---|\n| 2 |\n", ""),
        ("| a |\n|---|\n\n# 2 |\n", ""),
        ("| a |\n| 1 |\n# 2 |\n", ""),
        ("```\n| a |\n|---|\n# 2 |\n", "```\n"),
    ],
    ids=["below a blank line", "below a paragraph", "first", "its head", "another", "none", "in code"],
)
def test_the_head_of_what_a_place_is_in(text: str, opening: str) -> None:
    at = text.index("#")

    rest = Rest(text.replace("#", "|"), 0, "", lambda above, leaf, is_cut: None)  # type: ignore[arg-type, return-value]

    assert rest.opening_at(at) == opening
