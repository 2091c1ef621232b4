"""Footnotes: from a reference to its text and back, by mouse, keyboard and screen reader."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import BACK, ToNote
from desktop_chat.ui.transcript.reading.box_acts import bring_into_view
from desktop_chat.ui.transcript.reading.places import Spot
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

FILL = "\n\n".join(f"Paragraph {number} stands between the two." for number in range(60))
TABLE = "| what | how |\n|---|---|\n| tea | much[^a] |"
ANSWER = f"One[^z], two[^a] and one again[^z].\n\n{FILL}\n\n{TABLE}\n\n{FILL}\n\n[^a]: About two\n[^z]: About one\n"


@pytest.fixture
def view(make_view: MakeView, qtbot: QtBot) -> TranscriptView:
    session = ToldSession()
    session.replies(Text(ANSWER))
    made = make_view(session)
    qtbot.waitUntil(lambda: not made.flusher.is_asked)  # All of it is read.
    made.reading.focus_message(-1)
    made.glide.stop()
    made.move_to(0)
    made.grab()
    return made


def marks(view: TranscriptView) -> list[Spot]:
    view.grab()
    return [spot for spot in view.reading.places.spots_in_view() if isinstance(spot.hot.act, ToNote)]


def click(view: TranscriptView, spot: Spot) -> None:
    assert view.column is not None
    top = view.column.place_of(spot.row, spot.box) - view.column.scroll_y
    at = spot.hot.rects[0].center()
    place = QPoint(round(view.column_left + at.x()), round(top + at.y()))
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def text_at(view: TranscriptView, spot: Spot) -> str:
    assert view.column is not None
    return view.column.item(spot.row).boxes[spot.box].text


def test_a_click_leads_to_the_footnote_and_back_to_where_it_was_made(view: TranscriptView) -> None:
    assert [spot.hot.label for spot in marks(view)] == ["Footnote 1", "Footnote 2", "Footnote 1"]

    click(view, marks(view)[2])

    found = next(spot for spot in marks(view) if view.reading.focused_spot == (spot.row, spot.box, spot.index))
    assert (found.hot.label, text_at(view, found)) == ("Back from footnote 1", f"[1]{BACK} About one")

    click(view, found)

    assert view.column is not None and view.column.scroll_y < 100
    assert view.reading.focused_spot == (found.row, marks(view)[2].box, 2)


def test_the_keyboard_goes_there_and_back(view: TranscriptView) -> None:
    for _ in range(2):
        assert view.reading.focus_next(True)
    QTest.keyClick(view, Qt.Key.Key_Return)

    found = next(spot for spot in marks(view) if view.reading.focused_spot == (spot.row, spot.box, spot.index))
    assert text_at(view, found) == f"[2]{BACK} About two"

    QTest.keyClick(view, Qt.Key.Key_Return)

    assert view.reading.focused_spot == (found.row, marks(view)[1].box, 1)


def test_marks_in_tables_lead_there_and_back(view: TranscriptView) -> None:
    assert view.column is not None
    boxes = view.column.item(0).boxes
    table = next(index for index, box in enumerate(boxes) if isinstance(box, TableBox))
    bring_into_view(view, 0, table, (0, 1))
    (mark,) = marks(view)
    assert mark.hot.label == "Footnote 2"

    click(view, mark)

    (back,) = (spot for spot in marks(view) if view.reading.focused_spot == (spot.row, spot.box, spot.index))
    assert text_at(view, back) == f"[2]{BACK} About two"

    click(view, back)

    assert view.reading.focused_spot == (0, table, mark.index)


def test_the_pointer_is_told_what_the_footnote_says(view: TranscriptView) -> None:
    first, second, _ = marks(view)

    assert view.reading.footnotes.preview(first) == "<p>About one</p>"
    assert view.reading.footnotes.preview(second) == "<p>About two</p>"


def test_a_footnote_that_is_not_read_yet_is_gone_to(make_view: MakeView) -> None:
    session = ToldSession()
    session.replies(Text(f"One[^z].\n\n{FILL * 30}\n\n[^z]: About one\n\nEnd."))
    view = make_view(session)
    column = view.column
    assert column is not None

    def seen() -> str:
        view.grab()
        return "\n".join(seen.box.text for seen in column.seen(0, view.viewport().height()))

    view.move_to(0)
    while not marks(view):
        view.flush()
    assert column.item(0).has_more
    click(view, marks(view)[0])

    assert "[z] About one" in seen()
    while column.item(0).has_more:
        view.flush()
    assert f"[1]{BACK} About one" in seen()


def test_a_screen_reader_meets_marks_as_links(view: TranscriptView) -> None:
    page = QAccessible.queryAccessibleInterface(view)
    assert page is not None

    def links(inside: QAccessibleInterface) -> list[str]:
        found = [inside.text(QAccessible.Text.Name)] if inside.role() == QAccessible.Role.Link else []
        for index in range(inside.childCount()):
            found += links(inside.child(index))
        return found

    assert links(page)[:3] == ["Footnote 1", "Footnote 2", "Footnote 1"]


def test_copies_have_numbers_and_the_source_has_labels(view: TranscriptView) -> None:
    view.reading.select_all()
    assert view.reading.copy_selection()

    data = QGuiApplication.clipboard().mimeData()
    assert data.text().startswith("One[1], two[2] and one again[1].\n")
    assert data.text().endswith("[2] About two\n[1] About one")
    assert bytes(data.data("text/markdown").data()).decode().strip() == ANSWER.strip()
    assert "One<sup>[1]</sup>, two<sup>[2]</sup>" in data.html()


def test_another_conversation_leads_back_to_the_first_reference(view: TranscriptView, qtbot: QtBot) -> None:
    click(view, marks(view)[2])
    other = ToldSession()
    other.replies(Text(ANSWER))

    view.show_session(other)
    qtbot.waitUntil(lambda: not view.flusher.is_asked)
    assert view.column is not None
    bring_into_view(view, 0, len(view.column.item(0).boxes) - 2, (0, 1))
    click(view, next(spot for spot in marks(view) if spot.hot.label == "Back from footnote 1"))

    assert view.column.scroll_y < 100
    assert view.reading.focused_spot == (0, marks(view)[0].box, 0)
