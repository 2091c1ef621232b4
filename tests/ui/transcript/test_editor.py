"""The field in which a message is edited."""

from PySide6.QtCore import QRect

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
