"""The field in which a message is edited."""

import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession


def test_asking_to_edit_again_keeps_what_was_typed(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old text")
    other = session.asks("other text")
    view = make_view(session)

    view.edit(question.id)
    view.editor._field.setPlainText("half a sentence")
    view.edit(question.id)
    view.edit(other.id)

    assert (view.editor.message_id, view.editor.text) == (question.id, "half a sentence")


def test_the_field_leaves_the_page_with_its_message(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old text")
    view = make_view(session)
    view.edit(question.id)
    page = QRect(0, 0, 600, 400)

    view.editor.place(QRect(20, -500, 560, 60), page)

    assert not view.editor.geometry().intersects(page)


def test_the_field_is_whole_while_its_message_is_in_sight(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("old text")
    view = make_view(session)
    view.edit(question.id)
    page = QRect(0, 0, 600, 400)

    view.editor.place(QRect(20, 380, 560, 60), page)

    assert page.contains(view.editor.geometry())


def test_the_field_covers_nothing_of_what_follows(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("short")
    session.replies(Text("The answer below it."))
    view = make_view(session)
    view.edit(question.id)
    view.grab()

    for text in ("short", "long\n" * 12, "short again"):
        view.editor._field.setPlainText(text)
        view.flusher.flush_now()
        assert view.column is not None
        assert view.editor.geometry().bottom() <= view.reading.places.message_rect(1).top()


def test_the_message_is_as_tall_as_before_when_the_field_is_closed(make_view: MakeView, session: ToldSession) -> None:
    question = session.asks("short")
    session.replies(Text("The answer below it."))
    view = make_view(session)
    assert view.column is not None
    before = view.column.total

    view.edit(question.id)
    assert view.column.total > before
    view.editor.cancel()

    assert view.column.total == before


def test_the_field_lies_on_its_message_after_a_glide(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    question = session.asks("short")
    session.replies(Text("word\n\n" * 200))
    view = make_view(session)
    view.edit(question.id)
    view.move_to(40)

    view.glide.to(0)
    qtbot.waitUntil(lambda: view.column is not None and view.column.scroll_y == 0)

    assert view.editor.geometry().top() == view.reading.places.message_rect(0).top()


@pytest.mark.parametrize("lines", [1, 4, 8])
def test_all_of_a_short_message_is_in_sight(
    make_view: MakeView, session: ToldSession, qtbot: QtBot, lines: int
) -> None:
    question = session.asks("\n".join(f"line {n}" for n in range(lines)))
    session.replies(Text("word\n\n" * 20))
    view = make_view(session)

    view.edit(question.id)
    bar = view.editor._field.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)

    assert bar.value() == 0
