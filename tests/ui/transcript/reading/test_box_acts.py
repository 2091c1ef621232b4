"""The buttons of code blocks on the page."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text, ToolCall, ToolResult
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.transcript.boxes.box import CodeDeed, OnCode
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.page.anchors import Seen
from desktop_chat.ui.transcript.reading.box_acts import do_with_code, turn_fold
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

BODY = "\n".join(f"value_{n} = {n}" for n in range(90))
LONG = f"before\n\n```python\n{BODY}\n```\n\nafter"


def block(view: TranscriptView) -> Seen:
    assert view.column is not None
    view.grab()
    return next(seen for seen in view.column.seen(0, view.viewport().height()) if isinstance(seen.box, CodeBox))


def box_of(view: TranscriptView) -> CodeBox:
    box = block(view).box
    assert isinstance(box, CodeBox)
    return box


def press(view: TranscriptView, deed: CodeDeed) -> None:
    """Click a button of the first block in sight."""
    seen = block(view)
    rect = next(s.rects[0] for s in seen.box.hot_spots() if isinstance(s.act, OnCode) and s.act.deed is deed)
    point = rect.center().toPoint() + QPoint(view.column_left, round(seen.y))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_the_buttons_fold_wrap_and_copy(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    view.move_to(0)

    assert box_of(view).is_folded
    press(view, CodeDeed.FOLD)
    assert not box_of(view).is_folded
    press(view, CodeDeed.WRAP)
    assert box_of(view).wraps
    press(view, CodeDeed.COPY)
    assert QGuiApplication.clipboard().text() == BODY
    assert box_of(view).view.is_copied


def test_opening_moves_nothing_above_it(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.replies(Text(LONG))
    view = make_view(session)
    assert view.column is not None
    view.move_to(120)
    before = block(view).y

    press(view, CodeDeed.FOLD)

    assert block(view).y == before
    assert not view.column.sticks


def test_folding_from_its_middle_brings_its_beginning_back(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG + "\n\nmore words" * 60))
    view = make_view(session)
    assert view.column is not None
    view.move_to(0)
    press(view, CodeDeed.FOLD)
    view.move_to(900)

    press(view, CodeDeed.FOLD)

    seen = block(view)
    assert isinstance(seen.box, CodeBox) and seen.box.is_folded
    assert -1 <= seen.y + seen.box.place.gap <= 1


def test_what_the_reader_opened_stays_open_in_another_theme(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    view.move_to(0)
    press(view, CodeDeed.FOLD)

    view.theme.set("dark")
    view.move_to(0)

    assert not box_of(view).is_folded
    view.theme.set("light")


def test_a_block_is_not_folded_while_it_is_written_nor_when_it_is_done(
    make_view: MakeView, session: ToldSession
) -> None:
    view = make_view(session)
    session.begins()
    for line in LONG.splitlines(keepends=True):
        session.says(TextDelta(line))
        view.flush()
    assert view.column is not None
    tall = view.column.total

    session.ends()
    view.flush()

    assert not box_of(view).is_folded
    assert view.column.total <= tall
    view.show_session(None)
    view.show_session(session)
    view.move_to(0)
    assert not box_of(view).is_folded


@pytest.mark.parametrize("wanted", ["value_3 =", "value_80 ="])
def test_finding_opens_what_is_folded_only_where_it_must(
    make_view: MakeView, session: ToldSession, qtbot: QtBot, wanted: str
) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    view.finding.open()
    view.finding.bar.field.setText(wanted)
    qtbot.waitUntil(lambda: bool(view.finding._search and view.finding._search.is_complete))
    view.finding.finish()
    view.finding.step(1)

    assert box_of(view).is_folded is (wanted == "value_3 =")


def test_the_toolbar_leaves_the_buttons_of_code_free(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG + "\n\nmore words" * 60))
    view = make_view(session)
    view.move_to(0)
    press(view, CodeDeed.FOLD)
    view.move_to(600)
    seen = block(view)

    view.reading.offer_toolbar(seen.row)

    bar = view.toolbar.geometry()
    for spot in seen.box.hot_spots():
        rect = spot.rects[0].translated(view.column_left, seen.y).toRect()
        assert not rect.intersects(bar), spot.label


def test_an_act_on_a_block_that_is_gone_does_nothing(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG))
    view = make_view(session)
    assert view.column is not None

    do_with_code(view, 0, OnCode(CodeDeed.FOLD, object()))

    seen = block(view)
    assert isinstance(seen.box, CodeBox)
    turn_fold(view, seen.row, seen.index, seen.box)
    assert not seen.box.is_folded


def test_what_was_cut_and_what_is_a_sign_is_said_beside_the_pointer(make_view: MakeView, session: ToldSession) -> None:
    call = ToolCall(CallId("a"), "tool", '{"text": "' + "many words " * 30 + '"}')
    session.replies(call, ToolResult(call.call_id, "{}"), Text(LONG))
    view = make_view(session)
    view.move_to(0)
    seen = block(view)
    assert view.column is not None
    card = next(s for s in view.column.seen(0, 600) if s.box.hot_spots() and s.box.tip_at(300, s.box.content_top + 5))

    assert card.box.tip_at(300, card.box.content_top + 5).count("many words") > 10
    rect = seen.box.hot_spots()[0].rects[0].translated(view.column_left, seen.y)
    assert view.reading.places.tip_at(rect.center()) == "Wrap long lines"
