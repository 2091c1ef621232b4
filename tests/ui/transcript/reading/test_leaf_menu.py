"""The context menu offers what can be done with a code block and with a table."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication

from desktop_chat.domain.blocks import Text
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.reading.menu import open_menu
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

TABLE = "| a | b |\n|---|---|\n| **1** | 2 |"
CODE = "```python\n" + "x = " + "1 + " * 100 + "1\n```"


def shown(make_view: MakeView, source: str) -> TranscriptView:
    session = ToldSession()
    session.replies(Text(source))
    return make_view(session)


def choose(view: TranscriptView, kind: type[Box], title: str) -> Box:
    """Open the menu over the first box of a kind, and choose an entry."""
    assert view.column is not None
    seen = next(seen for seen in view.column.seen(0, 600) if isinstance(seen.box, kind))
    menu = open_menu(view, QPoint(view.column_left + 60, int(seen.y + seen.box.content_top + 12)))
    assert menu is not None
    entry = next(action for action in menu.actions() if action.text() == title)
    entry.trigger()
    menu.close()
    return seen.box


@pytest.mark.parametrize(
    ("title", "copied"),
    [
        ("Copy table as Markdown", TABLE),
        ("Copy table as CSV", "a,b\r\n1,2\r\n"),
        ("Copy table as TSV", "a\tb\n1\t2\n"),
    ],
)
def test_a_table_is_copied_in_three_ways(make_view: MakeView, title: str, copied: str) -> None:
    view = shown(make_view, f"before\n\n{TABLE}\n\nafter")

    choose(view, TableBox, title)

    assert QGuiApplication.clipboard().text() == copied


@pytest.mark.parametrize("before", ["> ", "1. one\n   - two\n\n     "], ids=["quote", "list"])
def test_a_table_is_copied_without_what_is_around_it(make_view: MakeView, before: str) -> None:
    around = before.rpartition("\n")[2]
    view = shown(make_view, before + TABLE.replace("\n", "\n" + around))

    choose(view, TableBox, "Copy table as Markdown")

    assert QGuiApplication.clipboard().text().split("\n")[2] == "| **1** | 2 |"


def test_one_block_of_code_wraps_its_lines_and_scrolls_them_again(make_view: MakeView) -> None:
    view = shown(make_view, CODE)
    box = choose(view, CodeBox, "Wrap long lines")
    assert isinstance(box, CodeBox)
    tall = box.height

    assert box.overflow == 0
    choose(view, CodeBox, "Scroll long lines")
    assert box.overflow > 0 and box.height < tall


def test_the_menu_names_the_keys_that_do_the_same(make_view: MakeView) -> None:
    view = shown(make_view, "Hello")
    menu = open_menu(view, QPoint(view.column_left + 60, 12))
    assert menu is not None

    keys = {entry.text(): entry.shortcut().toString() for entry in menu.actions() if not entry.isSeparator()}
    menu.close()

    assert keys["Copy message"] == "Ctrl+Shift+C"
    assert keys["Regenerate"] == "Ctrl+R"
    assert keys["Show in inspector"] == "Ctrl+Shift+I"
    assert keys["Select all"] == "Ctrl+A"
