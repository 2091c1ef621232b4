"""Pointer and keyboard on the page: going about, selecting, copying, opening."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from desktop_chat.domain.blocks import Text
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.transcript.boxes.sideways import SidewaysBox
from desktop_chat.ui.transcript.copying.copied import Form
from desktop_chat.ui.transcript.page.selection import Position
from desktop_chat.ui.transcript.reading.menu import open_menu
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.shown import LONG, click, spots
from tests.ui.transcript.told import ToldSession


def test_going_through_messages_begins_at_the_end_if_that_is_in_view(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(LONG))
    session.asks("hi")
    last = session.replies(Text("Hello."))
    view = make_view(session)

    view.focus_message(-1)

    assert view.current_message_id == last.id


def test_a_link_is_opened_by_a_click_and_shows_its_target(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.replies(Text("See [here](https://example.org/a) or [there](javascript:alert(1)) or [file](file:///etc)."))
    view = make_view(session)
    links: list[str] = []
    hovered: list[str] = []
    view.link_asked.connect(lambda href: links.append(href))
    view.link_hovered.connect(lambda href: hovered.append(href))

    QTest.mouseMove(view.viewport(), spots(view)["here"][0])
    click(qtbot, view, "here")

    assert links == ["https://example.org/a"]
    assert hovered[0] == "https://example.org/a"
    assert set(spots(view)) == {"here"}


def test_the_toolbar_comes_to_the_message_under_the_pointer(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    question = session.asks("hi")
    session.replies(Text("hello"))
    view = make_view(session)

    QTest.mouseMove(view.viewport(), view.reading.places.message_rect(0).center())

    assert view.toolbar.isVisible()
    assert view.toolbar.message_id == question.id


def test_messages_are_reached_by_keyboard_with_their_toolbar(
    make_view: MakeView, session: ToldSession, qtbot: QtBot
) -> None:
    session.asks("hi")
    reply = session.replies(Text("hello"))
    view = make_view(session)

    view.scroll_to(session.conversation.path()[0].id)
    view.focus_message(1)

    assert view.current_message_id == reply.id
    assert view.toolbar.message_id == reply.id


def test_the_code_button_copies_the_code(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.replies(Text("```python\nx = 1\ny = 2\n```"))
    view = make_view(session)

    click(qtbot, view, "Copy code")

    assert QGuiApplication.clipboard().text() == "x = 1\ny = 2"


def test_a_selection_is_copied_as_markdown_plain_and_html(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.replies(Text("Some **bold** text.\n\n- one\n- two"))
    view = make_view(session)
    view.reading.caret.select_all()

    assert view.reading.copy_selection()

    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data("text/markdown").data()).decode() == (
        "## You\n\nhi\n\n## Llama-3.3-70B-Instruct\n\nSome **bold** text.\n\n- one\n- two"
    )
    assert data.text() == "You:\nhi\n\nLlama-3.3-70B-Instruct:\nSome bold text.\n• one\n• two"
    assert "<strong>bold</strong>" in data.html()


def test_dragging_selects_across_messages(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.asks("a question")
    session.replies(Text("an answer"))
    view = make_view(session)
    first, last = (view.reading.places.message_rect(row) for row in (0, 1))

    QTest.mousePress(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first.topLeft() + QPoint(0, 8)
    )
    QTest.mouseMove(view.viewport(), last.bottomRight() - QPoint(0, 4))
    QTest.mouseRelease(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, last.bottomRight() - QPoint(0, 4)
    )

    assert view.reading.copy_selection()
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == "You:\na question\n\nLlama-3.3-70B-Instruct:\nan answer"
    assert bytes(data.data("text/markdown").data()) == b"## You\n\na question\n\n## Llama-3.3-70B-Instruct\n\nan answer"
    assert "<h2>You</h2>\n<p>a question</p>\n<h2>Llama-3.3-70B-Instruct</h2>\n<p>an answer</p>" in data.html()


def test_a_double_click_selects_a_word(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.replies(Text("wonderful words"))
    view = make_view(session)
    rect = view.reading.places.message_rect(0)

    QTest.mouseDClick(
        view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rect.bottomLeft() + QPoint(10, -8)
    )

    assert view.reading.copy_selection()
    assert QGuiApplication.clipboard().text() == "wonderful"


def test_what_the_network_cannot_encode_can_be_copied(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("lone \ud800 surrogate"))
    view = make_view(session)
    view.reading.select_all()

    assert view.reading.copy_selection()


def test_a_wide_table_scrolls_sideways_with_the_keyboard(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("```\n" + "wide " * 60 + "\n```"))
    view = make_view(session)
    view.setFocus()
    assert view.column is not None
    box = view.column.item(0).boxes[1]
    assert isinstance(box, SidewaysBox)

    QTest.keyClick(view, Qt.Key.Key_Tab)
    QTest.keyClick(view, Qt.Key.Key_Right)

    assert box.scroll_x > 0


def test_tab_goes_on_from_the_page_to_its_toolbar(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    view = make_view(session)
    view.focus_message(1)

    QTest.keyClick(view, Qt.Key.Key_Tab)

    focused = view.focusWidget()
    assert focused is not None
    assert view.toolbar.isAncestorOf(focused)


def test_the_context_menu_is_about_what_is_under_the_pointer(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("[here](https://example.org)"))
    view = make_view(session)

    menu = open_menu(view, spots(view)["here"][0])

    assert menu is not None
    titles = [action.text() for action in menu.actions() if action.text()]
    menu.close()
    assert titles[:2] == ["Open link", "Copy link address"]
    assert {"Copy message", "Edit", "Regenerate", "Delete", "Select all"} <= set(titles)


def test_a_message_is_copied_in_one_form_by_name(make_view: MakeView, session: ToldSession) -> None:
    reply = session.replies(Text("Some **bold** words."))
    view = make_view(session)
    clipboard = QGuiApplication.clipboard()
    found = []

    for form in (Form.MARKDOWN, Form.PLAIN, Form.HTML):
        view.reading.copy_as(form, reply.id)
        found.append(clipboard.text().strip())

    assert found == ["Some **bold** words.", "Some bold words.", "<p>Some <strong>bold</strong> words.</p>"]


def test_the_toolbar_asks_for_a_reply_by_another_model(make_view: MakeView, session: ToldSession, qtbot: QtBot) -> None:
    session.asks("hi")
    reply = session.replies(Text("hello"))
    view = make_view(session)
    view.reading.focus_row(1)
    button = next(b for b in view.toolbar.findChildren(QToolButton) if b.accessibleName() == "Reply again with…")

    with qtbot.waitSignal(view.action_asked) as asked:
        button.click()

    assert asked.args == [ActionId.MESSAGE_REPLY_WITH, reply.id]


def test_a_folded_question_is_copied_whole(make_view: MakeView, session: ToldSession) -> None:
    text = "\n".join(f"line {n}" for n in range(1, 62))
    session.asks(text)
    view = make_view(session)

    view.reading.select_all()
    view.reading.copy_selection()

    assert QGuiApplication.clipboard().text() == text


def test_letters_lead_about_only_for_who_goes_by_keyboard(make_view: MakeView, session: ToldSession) -> None:
    session.asks("hi")
    session.asks("again")
    view = make_view(session)
    letter = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_J, Qt.KeyboardModifier.NoModifier, "j")

    before = view.reading.keys.press(letter)
    view.focus_message(1)
    view.focus_message(-1)

    assert not before
    assert view.reading.keys.press(letter)


def test_items_that_are_selected_keep_their_numbers(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("1. one *more*\n2. two\n   - inner\n3. three words"))
    view = make_view(session)
    view.reading.selection.anchor, view.reading.selection.head = Position(0, 1, 0), Position(0, 4, 5)
    view.reading.copy_selection()

    data = QGuiApplication.clipboard().mimeData()

    assert data.text() == "1. one more\n2. two\n  • inner\n3. three"
    assert bytes(data.data("text/markdown").data()).decode().endswith("3. three")
