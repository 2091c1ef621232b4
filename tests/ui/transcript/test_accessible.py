"""The page as a screen reader meets it."""

from PySide6.QtGui import QAccessible, QAccessibleInterface

from desktop_chat.domain.blocks import Text, ToolCall
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession


def page_of(view: TranscriptView) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(view)
    assert found is not None
    return found


def test_the_page_is_a_list_of_messages_with_their_authors(make_view: MakeView, session: ToldSession) -> None:
    session.asks("What is it?")
    session.replies(Text("It is **this**."))
    page = page_of(make_view(session))

    assert page.role() == QAccessible.Role.List
    assert [page.child(i).role() for i in range(2)] == [QAccessible.Role.ListItem] * 2
    assert [page.child(i).text(QAccessible.Text.Name) for i in range(2)] == [
        "You: What is it?",
        "Llama-3.3-70B-Instruct: It is this.",
    ]


def test_the_text_of_a_message_is_what_is_painted(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("It is **this**."))
    message = page_of(make_view(session)).child(0)

    text = message.textInterface()

    assert text.text(0, text.characterCount()) == "Llama-3.3-70B-Instruct\nIt is this."


def test_a_message_has_no_interface_but_its_text(make_view: MakeView, session: ToldSession) -> None:
    """Asking for another one crashed the process."""
    session.replies(Text("[a](https://example.org)"))
    message = page_of(make_view(session)).child(0)

    assert message.valueInterface() is None
    assert message.child(0).textInterface() is None


def test_links_and_buttons_are_children_that_can_be_pressed(make_view: MakeView, session: ToldSession) -> None:
    call = ToolCall(CallId("a"), "get_weather", "{}")
    session.calls_stand(call, CallState.ASKING)
    session.begins(Text("See [here](https://example.org)."), call)
    view = make_view(session)
    asked: list[ActionId] = []
    view.action_asked.connect(lambda action, _: asked.append(action))
    message = page_of(view).child(0)

    children = {message.child(i).text(QAccessible.Text.Name): message.child(i) for i in range(message.childCount())}
    deny = children["Deny"]
    deny.actionInterface().doAction("Press")

    assert children["here"].role() == QAccessible.Role.Link
    assert children["here"].text(QAccessible.Text.Description) == "https://example.org"
    assert deny.role() == QAccessible.Role.Button
    assert asked == [ActionId.TOOL_DENY]
