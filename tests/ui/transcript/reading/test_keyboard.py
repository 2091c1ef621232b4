"""What only the mouse could do is done with keys as well."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from desktop_chat.domain.blocks import Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.sideways import SidewaysBox
from desktop_chat.ui.transcript.page.selection import Position
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

WIDE = "|" + " a longer name |" * 12 + "\n" + "|---" * 12 + "|\n" + "|" + " value |" * 12
CODE = "```python\n" + "x = " + "1 + " * 100 + "1\n```"


def wide_box(view: TranscriptView) -> tuple[int, SidewaysBox]:
    assert view.column is not None
    boxes = view.column.item(len(view.column.rows) - 1).boxes
    return next((i, box) for i, box in enumerate(boxes) if isinstance(box, SidewaysBox) and box.overflow)


def entries_by_key(view: TranscriptView) -> set[str]:
    """Titles of the menu that the menu key opens."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), view.mapToGlobal(QPoint(0, 0)))
    QApplication.sendEvent(view, event)
    menu = view.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]
    titles = {entry.text() for entry in menu.actions()}
    menu.close()
    return titles


@pytest.mark.parametrize("source", [WIDE, CODE], ids=["table", "code"])
def test_tab_and_arrows_scroll_what_is_too_wide(make_view: MakeView, session: ToldSession, source: str) -> None:
    session.replies(Text(source))
    view = make_view(session)
    _, box = wide_box(view)

    view.reading.focus_next(True)
    QTest.keyClick(view, Qt.Key.Key_Right)
    right = box.scroll_x
    QTest.keyClick(view, Qt.Key.Key_Left)

    assert right > 0
    assert box.scroll_x == 0


def test_enter_copies_the_table_that_has_the_keyboard(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("| a | b |\n|---|---|\n| 1 | 2 |"))
    view = make_view(session)

    view.reading.focus_next(True)
    QTest.keyClick(view, Qt.Key.Key_Return)

    assert QGuiApplication.clipboard().text() == "a\tb\n1\t2\n"
    assert QToolTip.text() == "Copied"
    QToolTip.hideText()


def test_code_that_was_jumped_to_scrolls(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("words\n\n" + CODE))
    view = make_view(session)
    _, box = wide_box(view)

    view.reading.jumping.to_code(1)
    QTest.keyClick(view, Qt.Key.Key_Right)

    assert box.scroll_x > 0


def test_the_table_where_the_selection_ends_scrolls(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("words\n\n" + WIDE))
    view = make_view(session)
    index, box = wide_box(view)

    view.reading.selection.start(Position(0, index, 2))
    QTest.keyClick(view, Qt.Key.Key_Right)

    assert box.scroll_x > 0


def test_what_a_tool_answered_is_reached_and_copied(make_view: MakeView, session: ToldSession) -> None:
    call = ToolCall(CallId("a"), "look", "{}")
    session.replies(call, ToolResult(call.call_id, "long " * 200))
    view = make_view(session)
    assert view.column is not None
    item = view.column.item(0)
    item.toggle(1)
    view.refresh(item)
    boxes = [box for box in item.boxes if isinstance(box, CodeBox)]

    for _ in range(2):
        view.reading.focus_next(True)
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Return)

    assert boxes[-1].scroll_x > 0
    assert QGuiApplication.clipboard().text() == "long " * 200


def test_the_menu_key_is_about_what_has_the_keyboard(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.replies(Text("words\n\n" + WIDE))
    view = make_view(session)
    plain = entries_by_key(view)

    view.reading.focus_next(True)
    about_table = entries_by_key(view)

    assert "Copy message" in plain and "Copy table as CSV" not in plain
    assert {"Copy table as CSV", "Copy message", "Show in inspector"} <= about_table


def test_a_link_is_copied_by_the_menu_key(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("See [here](https://example.org)."))
    view = make_view(session)

    view.reading.focus_next(True)

    assert {"Open link", "Copy link address"} <= entries_by_key(view)
