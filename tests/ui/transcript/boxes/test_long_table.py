"""Long tables whose cells wrap: rows are measured when they come near, and what is read stays where it is."""

from math import inf
from weakref import ref

import pytest

from desktop_chat.domain.blocks import Text
from desktop_chat.markup.leaves import Table
from desktop_chat.markup.parser import parse
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Place
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.boxes.row_heights import RowHeights, guessed_lines
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession


def table(rows: int) -> str:
    """A table with rows of very different heights."""
    lines = (f"| {n} | {'some words ' * (1 + 37 * n % 60)} | row{n}x |" for n in range(rows))
    return "| number | words | name |\n|--:|---|---|\n" + "\n".join(lines) + "\n"


def shown(make_view: MakeView, session: ToldSession, text: str) -> tuple[TranscriptView, TableBox]:
    """A page at its top with a table on it."""
    session.asks("A table?")
    session.replies(Text(text + "\n\nThe end."))
    view = make_view(session)
    finish(view)
    view.verticalScrollBar().setValue(0)
    finish(view)
    return view, the_table(view)


def the_table(view: TranscriptView) -> TableBox:
    assert view.column is not None
    return next(box for box in view.column.item(1).boxes if isinstance(box, TableBox))


def finish(view: TranscriptView) -> None:
    while view.flusher.is_asked:
        view.flusher.flush_now()


def row_in_window(view: TranscriptView, box: TableBox, row: int) -> float:
    """Where a row begins below the upper edge of the window."""
    assert view.column is not None
    index = view.column.item(1).boxes.index(box)
    return view.column.place_of(1, index) + box.y_of(row) - view.column.scroll_y


def row_at_edge(view: TranscriptView, box: TableBox) -> int:
    assert view.column is not None
    anchor = view.column.anchor()
    assert anchor is not None and view.column.item(1).boxes[anchor.box] is box
    return anchor.inner


def test_rows_in_the_window_are_as_tall_as_their_text(make_view: MakeView, session: ToldSession) -> None:
    view, box = shown(make_view, session, table(300))
    bar = view.verticalScrollBar()

    for part in (0.0, 0.3, 0.31, 0.9, 0.5):
        bar.setValue(int(part * bar.maximum()))
        finish(view)

        first = row_at_edge(view, box) if part else 0
        tops = box.row_tops
        for row in range(first, len(tops) - 1):
            if row_in_window(view, box, row) > view.viewport().height():
                break
            lines = box._layout_of(row, 1).lineCount()
            assert tops[row + 1] - tops[row] == lines * box.look.line_px + 2 * box.row_pad


def test_a_table_that_was_read_through_is_as_tall_as_one_that_was_measured(
    make_view: MakeView, session: ToldSession
) -> None:
    view, box = shown(make_view, session, table(120))
    whole = TableBox(box.leaf, box.look, box.place)
    whole.layout(box.width)
    whole.come_near(0, inf, inf)
    whole.layout(box.width)

    while view.verticalScrollBar().value() < view.verticalScrollBar().maximum():
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() + 300)
        finish(view)

    assert not box.is_guessed
    assert box.row_tops == whole.row_tops
    assert box.height == whole.height


def test_what_is_read_stays_while_one_scrolls_up_through_guesses(make_view: MakeView, session: ToldSession) -> None:
    view, box = shown(make_view, session, table(300))
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    finish(view)

    for _ in range(40):
        row = row_at_edge(view, box) + 1
        before = row_in_window(view, box, row)
        bar.setValue(bar.value() - 60)
        finish(view)

        assert row_in_window(view, box, row) == pytest.approx(before + 60, abs=1)


def test_the_row_that_is_read_stays_at_the_edge_in_another_width(make_view: MakeView, session: ToldSession) -> None:
    view, box = shown(make_view, session, table(300))
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    finish(view)
    row = row_at_edge(view, box)

    for width in (600, 520, 780):
        view.resize(width, 600)
        finish(view)

    assert row_at_edge(view, box) == row


def test_a_hit_far_down_is_brought_into_view(make_view: MakeView, session: ToldSession) -> None:
    view, box = shown(make_view, session, table(400))

    view.finding.open()
    view.finding.bar.field.setText("row333x")
    view.finding.finish()
    finish(view)

    assert 0 < row_in_window(view, box, 334) < view.viewport().height()


def test_rows_are_measured_from_a_height_in_either_direction() -> None:
    measured: list[int] = []

    def measure(row: int) -> float:
        measured.append(row)
        return 10.0

    rows = RowHeights()
    rows.extend([20.0] * 100, range(100))

    assert rows.come_near(1000, 30, inf, measure)
    assert measured == [50, 51, 52]
    assert rows.tops[50] == 1000
    assert rows.come_near(1000, -25, inf, measure)
    assert measured[3:] == [50 - n for n in (1, 2, 3)]
    assert not rows.come_near(rows.tops[50], 20, inf, measure)
    assert len(rows) == 100
    assert rows.guesses == 94


def test_what_takes_too_long_is_left_to_the_next_call() -> None:
    rows = RowHeights()
    rows.extend([20.0] * 10, range(10))

    while rows.come_near(0, inf, 0.0, lambda row: 10.0):
        pass

    assert rows.tops == [10.0 * n for n in range(11)]


def test_a_text_that_fits_is_no_guess() -> None:
    assert guessed_lines([50, 80, 95, 400], 100) == [1, 1, 2, 5]


def test_all_that_is_below_a_table_is_painted_anew_while_the_table_is_read(
    make_view: MakeView, session: ToldSession
) -> None:
    words = "alpha bravo charlie delta echo foxtrot golf hotel india juliet "
    rows = "\n".join(f"| {n} | {words * (n % 7)} | {words * (n % 3)} |" for n in range(1_500))
    session.asks("A table?")
    session.replies(Text(f"| # | text | notes |\n|--:|---|:-:|\n{rows}\n\nAfter it."))
    session.asks("Thanks.")
    column = make_view(session).column
    assert column is not None
    item = next(item for item in column.live_items if item.has_more)
    synced = 0

    while item.has_more:
        top = column.sync(item)
        first = next((at for at, box in enumerate(item.boxes) if isinstance(box, RestBox)), None)
        if top is None or first is None:
            continue
        synced += 1
        assert top <= max(0, column.place_of(item.row, first) - column.scroll_y)

    assert synced > 10


def test_a_table_dies_with_its_last_reference(theme: Theme) -> None:
    (leaf,) = parse(table(5))
    assert isinstance(leaf, Table)
    box = TableBox(leaf, Look(theme), Place())
    box.layout(400)
    seen = ref(box)

    del box

    assert seen() is None
