"""Copying what was not read yet: all of it, in every form, and nothing of it moves while it is read."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop_chat.domain.blocks import Text
from desktop_chat.ui.transcript.copying.copied import Form
from desktop_chat.ui.transcript.page.selection import copied_selection
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

PARTS = 500
MODEL = "Llama-3.3-70B-Instruct"
HUGE = "\n\n".join(
    f"## Part {n}\n\nSome **words** about {n}.\n\n- one\n- two\n\n```js\nlet x = {n};\nlet y = {n};\n```"
    for n in range(PARTS)
)
PLAIN = "\n".join(f"Part {n}\nSome words about {n}.\n• one\n• two\nlet x = {n};\nlet y = {n};" for n in range(PARTS))


def has_more(view: TranscriptView) -> bool:
    assert view.column is not None
    return any(item.has_more for item in view.column.live_items)


def on_clipboard() -> tuple[str, str, str]:
    data = QGuiApplication.clipboard().mimeData()
    return bytes(data.data("text/markdown").data()).decode(), data.text(), data.html()


def copied(view: TranscriptView) -> tuple[str, str]:
    """What is selected, as Markdown and as plain text."""
    assert view.column is not None
    found = copied_selection(view.column, view.reading.selection)
    return (found.markdown(), found.plain()) if found is not None else ("", "")


def click(view: TranscriptView, y: int, *, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, QPoint(view.column_left + 60, y))


def test_all_of_an_answer_that_is_not_read_yet_is_copied(make_view: MakeView, session: ToldSession) -> None:
    session.asks("Go.")
    session.replies(Text(HUGE))
    view = make_view(session)
    assert has_more(view)

    view.reading.select_all()
    view.reading.copy_selection()
    at_once = on_clipboard()
    view.reading.copying.finish()
    markdown, plain, html = on_clipboard()

    assert at_once[:2] == (f"## You\n\nGo.\n\n## {MODEL}\n\n{HUGE}", f"You:\nGo.\n\n{MODEL}:\n{HUGE}")
    assert markdown == at_once[0]
    assert plain == f"You:\nGo.\n\n{MODEL}:\n{PLAIN}"
    assert html.count("<strong>words</strong>") == html.count("<h2>Part") == html.count("<pre>") == PARTS


def test_an_answer_between_others_is_copied_as_it_is_shown(make_view: MakeView, session: ToldSession) -> None:
    session.asks("Go.")
    session.replies(Text("Some *words*.\n\n- one\n- two"))
    session.asks("*On*.")
    view = make_view(session)

    view.reading.select_all()
    view.reading.copy_selection()

    assert on_clipboard()[:2] == (
        f"## You\n\nGo.\n\n## {MODEL}\n\nSome *words*.\n\n- one\n- two\n\n## You\n\n*On*.",
        f"You:\nGo.\n\n{MODEL}:\nSome words.\n• one\n• two\n\nYou:\n*On*.",
    )


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_selection_across_unread_text_stays_the_same_while_it_is_read(
    make_view: MakeView, session: ToldSession, ending: str
) -> None:
    session.asks("Go.")
    session.replies(Text(HUGE.replace("\n", ending)))
    view = make_view(session)
    assert view.column is not None
    view.move_to(view.column.furthest // 3)
    click(view, 200)
    view.move_to(view.column.furthest // 2)
    click(view, 200, shift=True)
    assert has_more(view)

    before = copied(view)
    assert before[1] in PLAIN or before[1].split("\n", 1)[1] in PLAIN
    while has_more(view):
        view.flush()

    after = copied(view)
    assert after[1] == before[1]
    assert len(after[0]) > 5_000
    inner = after[0].split("\n\n", 2)[2]
    assert inner[:2000] in HUGE
    assert inner[-2000:-200] in HUGE


def test_code_that_is_cut_by_stretches_stays_code(make_view: MakeView, session: ToldSession) -> None:
    lines = "\n".join(f"value_{n} = {n}  # *not* text" for n in range(4_000))
    session.replies(Text(f"Look:\n\n```python\n{lines}\n```\n\nThe end."))
    view = make_view(session)
    assert view.column is not None
    view.move_to(view.column.furthest // 2)
    click(view, 100)
    view.move_to(view.column.furthest)
    click(view, view.viewport().height() - 70, shift=True)
    assert has_more(view)

    before = copied(view)
    assert "# *not* text" in before[1]
    assert before[1] in f"{lines}\nThe end."
    assert before[0].count("```") % 2 == 0
    while has_more(view):
        view.flush()

    assert copied(view)[1] == before[1]


def test_words_are_selected_in_what_is_not_read_yet(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(HUGE))
    view = make_view(session)
    assert view.column is not None
    view.move_to(view.column.furthest // 2)
    y = next(y for y in range(60, 400, 4) if "about" in _line_at(view, y))

    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(view.column_left + 12, y))
    view.grab()

    assert has_more(view)
    assert copied(view) == ("Some", "Some")


def _line_at(view: TranscriptView, y: int) -> str:
    at = view.reading.places.position_at(QPointF(view.column_left + 12, y))
    assert at is not None and view.column is not None
    text = view.column.item(at.row).boxes[at.box].text
    return text[: at.offset].rpartition("\n")[2] + text[at.offset :].partition("\n")[0]


@pytest.mark.parametrize("form", list(Form))
def test_each_form_of_much_text_can_be_had_alone(make_view: MakeView, session: ToldSession, form: Form) -> None:
    message = session.replies(Text(HUGE))
    view = make_view(session)

    view.reading.copy_as(form, message.id)
    view.reading.copying.finish()

    text = QGuiApplication.clipboard().text()
    assert ("**words**" in text) == (form is Form.MARKDOWN)
    assert ("<strong>words</strong>" in text) == (form is Form.HTML)
    assert text.count("let x = ") == PARTS


def test_what_is_copied_meanwhile_is_not_overwritten(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(HUGE))
    view = make_view(session)
    view.reading.select_all()
    view.reading.copy_selection()

    QGuiApplication.clipboard().setText("something else")
    view.reading.copying.finish()

    assert QGuiApplication.clipboard().text() == "something else"
