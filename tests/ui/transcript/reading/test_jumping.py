"""From code block to code block and from heading to heading."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_chat.domain.blocks import Text
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.reading.jumping import MARGIN_PX
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

FILLER = "\n\n".join(f"Paragraph {n} of many." for n in range(30))


def at_the_edge(view: TranscriptView) -> str:
    """What was gone to."""
    assert view.column is not None
    for seen in view.column.seen(MARGIN_PX, 200):
        if isinstance(seen.box, CodeBox) or (isinstance(seen.box, TextBox) and seen.box.leaf.level):
            assert seen.y + seen.box.place.gap == MARGIN_PX
            return seen.box.text
    return ""


def told(session: ToldSession) -> None:
    for n in range(3):
        session.asks("Go on.")
        session.replies(Text(f"## Heading {n}\n\n{FILLER}\n\n```\ncode {n}\n```\n\n{FILLER}"))
        session.replies(Text(FILLER))


def test_code_blocks_are_gone_to_one_by_one_and_back(make_view: MakeView, session: ToldSession) -> None:
    told(session)
    view = make_view(session)
    view.move_to(0)
    jumping, found = view.reading.jumping, []

    for step in (1, 1, 1, 1, -1, -1, -1):
        jumping.to_code(step)
        found.append(at_the_edge(view))

    assert found == ["code 0", "code 1", "code 2", "code 2", "code 1", "code 0", "code 0"]


def test_headings_are_gone_to_from_where_the_reader_is(make_view: MakeView, session: ToldSession) -> None:
    told(session)
    view = make_view(session)
    assert view.column is not None
    view.move_to(view.column.furthest)
    view.reading.take_row(8)

    QTest.keyClick(view, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    last = at_the_edge(view)
    QTest.keyClick(view, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    before = at_the_edge(view)
    QTest.keyClick(view, Qt.Key.Key_H)

    assert (last, before, at_the_edge(view)) == ("Heading 2", "Heading 1", "Heading 2")


def test_without_code_nothing_moves(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.replies(Text(FILLER))
    view = make_view(session)
    view.move_to(40)
    assert view.column is not None
    before = view.column.scroll_y

    view.reading.jumping.to_code(1)

    assert view.column.scroll_y == before


PARTS = 700
HUGE = "\n\n".join(f"## Part {n}\n\nSome words about {n}.\n\n```js\nlet x = {n};\n```" for n in range(PARTS))


def here(view: TranscriptView) -> str:
    """What was gone to, read already or not."""
    assert view.column is not None
    for seen in view.column.seen(MARGIN_PX + 1, 200):
        boxes = [(seen.box, 0.0)]
        if isinstance(seen.box, RestBox):
            boxes = [(box, seen.box.top_of(index)) for index, box in enumerate(seen.box.boxes)]
        for box, top in boxes:
            if abs(seen.y + top + box.place.gap - MARGIN_PX) < 1:
                return box.text
    return ""


def test_what_is_not_read_yet_is_gone_to_without_reading_all_of_it(make_view: MakeView, session: ToldSession) -> None:
    session.asks("Go.")
    session.replies(Text(HUGE))
    view = make_view(session)
    jumping, found = view.reading.jumping, []
    assert view.column is not None

    for step in (-1, -1, -1, 1):
        jumping.to_code(step)
        jumping.finish()
        found.append(here(view))
    view.move_to(view.column.furthest // 2)
    for step in (1, 1, -1):
        jumping.to_heading(step)
        jumping.finish()
        found.append(here(view))

    assert any(item.has_more for item in view.column.live_items)
    last = int(found[0].split()[-1].rstrip(";"))
    assert last > PARTS - 10
    assert found[:4] == [f"let x = {n};" for n in (last, last - 1, last - 2, last - 1)]
    first = int(found[4].removeprefix("Part "))
    assert 100 < first < 600
    assert found[4:] == [f"Part {first}", f"Part {first + 1}", f"Part {first}"]


def test_a_jump_over_much_that_does_not_fit_goes_on_in_slices(make_view: MakeView, session: ToldSession) -> None:
    session.asks("Go.")
    words = "\n\n".join(f"Paragraph {n} of words\n\n---" for n in range(2_500))
    session.replies(Text(f"# First\n\n{words}\n\n# Last"))
    view = make_view(session)
    view.move_to(0)

    view.reading.jumping.to_heading(1)
    view.reading.jumping.finish()
    view.reading.jumping.to_heading(1)
    view.reading.jumping.finish()

    assert view.column is not None
    assert "Last" in "".join(seen.box.text for seen in view.column.seen(0, view.viewport().height()))
