"""The head of a long table stays in sight while its rows scroll, and is what it seems to be."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.ui.transcript.boxes.box import Link
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.test_painting import INVISIBLE, difference, on_screen
from tests.ui.transcript.told import ToldSession

ROWS = "\n".join(f"| {n} | [row](https://example.org/{n}) {'some words ' * (n % 17)} |" for n in range(60))
TABLE = f"| number | [names](https://example.org/head) |\n|--:|---|\n{ROWS}\n"
AFTER = "\n\n".join(f"Paragraph {n}." for n in range(30))


def shown(make_view: MakeView, session: ToldSession, text: str = f"Before.\n\n{TABLE}\n{AFTER}") -> TranscriptView:
    session.asks("A table?")
    session.replies(Text(text))
    view = make_view(session, height=460)
    settle(view)
    return view


def settle(view: TranscriptView) -> None:
    while view.flusher.is_asked:
        view.flusher.flush_now()


def in_the_table(view: TranscriptView) -> tuple[TableBox, float]:
    """A table in the middle of which the page is, and its place in the window."""
    assert view.column is not None
    view.move_to(600)
    settle(view)
    seen = next(seen for seen in view.column.seen(0, 460) if isinstance(seen.box, TableBox))
    assert isinstance(seen.box, TableBox)
    return seen.box, seen.y


@pytest.mark.parametrize("step", [-13, -90, 13, 90])
def test_a_head_that_stuck_to_the_edge_leaves_nothing_behind(
    make_view: MakeView, session: ToldSession, step: int
) -> None:
    view = shown(make_view, session)
    assert QTest.qWaitForWindowExposed(view)
    assert view.column is not None
    # Rows that come near for the first time have the page painted anew.
    for y in range(0, view.column.furthest, 200):
        view.move_to(y)
        settle(view)
    view.move_to(0 if step > 0 else view.column.furthest)
    settle(view)
    view.grab()

    while 0 < view.column.scroll_y + step < view.column.furthest:
        view.move_to(view.column.scroll_y + step)
        QTest.qWait(1)
        strips = on_screen(view)
        assert difference(strips, view.grab().toImage()) <= INVISIBLE, f"at {view.column.scroll_y}"


def test_the_head_in_the_middle_of_a_table_looks_as_at_its_beginning(make_view: MakeView, session: ToldSession) -> None:
    view = shown(make_view, session, TABLE)
    assert view.column is not None
    view.move_to(0)
    settle(view)
    seen = next(seen for seen in view.column.seen(0, 460) if isinstance(seen.box, TableBox))
    assert isinstance(seen.box, TableBox)
    head, width = round(seen.box.head), view.viewport().width()
    first = view.viewport().grab().toImage().copy(0, round(seen.y + seen.box.content_top), width, head)

    in_the_table(view)

    assert view.viewport().grab().toImage().copy(0, 0, width, head) == first


def test_the_head_goes_with_the_last_row(make_view: MakeView, session: ToldSession) -> None:
    box, _ = in_the_table(shown(make_view, session))
    last = box.height - box.head - box.look.line_px

    assert box.stick(0) == 0
    assert box.stick(-300) == 300 - box.content_top
    assert box.stick(-box.height) == last - box.content_top


def test_what_is_clicked_in_the_head_is_in_the_head(make_view: MakeView, session: ToldSession) -> None:
    view = shown(make_view, session)
    box, y = in_the_table(view)
    name = box.text.index("names")
    x = view.column_left + box.rects(name, name + 1)[0].center().x()
    point = QPointF(x, box.head / 2)
    places = view.reading.places

    spot, position = places.spot_at(point), places.position_at(point)

    assert spot is not None and spot.hot.act == Link("https://example.org/head")
    assert position is not None and position.offset in (name, name + 1)
    under = places.position_at(point, in_head=False)
    assert under is not None and under.offset == box.hit(x - view.column_left, point.y() - y)
    assert under.offset > name + 5


def test_who_selects_upwards_as_far_as_the_head_selects_no_row_that_is_not_seen(
    make_view: MakeView, session: ToldSession
) -> None:
    view = shown(make_view, session)
    box, y = in_the_table(view)
    page, x = view.viewport(), view.column_left + 200

    QTest.mousePress(page, Qt.MouseButton.LeftButton, pos=QPointF(x, 300).toPoint())
    QTest.mouseMove(page, QPointF(x, box.head - 2).toPoint())

    bounds = view.reading.selection.bounds
    assert bounds is not None
    assert bounds[0].offset > box.hit(200, -y - 200)
    QTest.mouseRelease(page, Qt.MouseButton.LeftButton, pos=QPointF(x, box.head - 2).toPoint())


def test_a_hit_under_the_head_is_brought_out(make_view: MakeView, session: ToldSession) -> None:
    view = shown(make_view, session)
    in_the_table(view)
    view.finding.open()
    view.finding.bar.field.setText("row")
    view.finding.finish()

    for _ in range(61):
        view.finding.step(-1)
        settle(view)
        assert view.column is not None
        box, y = next((one.box, one.y) for one in view.column.seen(0, 460) if isinstance(one.box, TableBox))
        assert isinstance(box, TableBox)
        assert view.finding._place is not None
        row = view.finding._place[1]
        assert box.row_tops[row + 1] >= box.stick(y) + box.head


def test_the_keyboard_is_seen_on_a_link_in_the_head(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    view = shown(make_view, session)
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    box, _ = in_the_table(view)
    strip = view.viewport().rect().adjusted(0, 0, 0, round(box.head) - view.viewport().height())
    assert view.column is not None
    index = view.column.item(1).boxes.index(box)
    view.reading.focus_spot(1, index, 0)
    view.viewport().grab()
    before = view.viewport().grab(strip).toImage()

    links = [spot.act for spot in box.hot_spots()]
    view.reading.focus_spot(1, index, links.index(Link("https://example.org/head")))

    assert difference(view.viewport().grab(strip).toImage(), before) > INVISIBLE


def test_the_toolbar_of_the_message_does_not_cover_the_head(make_view: MakeView, session: ToldSession) -> None:
    rows = "\n".join(f"| {n} | {'some words ' * 20} |" for n in range(60))
    view = shown(make_view, session, f"| number | names |\n|--:|---|\n{rows}\n")

    box, y = in_the_table(view)

    assert box.stick(y) > 0
    assert view.reading.places.toolbar_point(1).y() >= box.head
