"""The page as a screen reader meets it."""

from PySide6.QtGui import QAccessible, QAccessibleInterface

from desktop_chat.domain.blocks import Reasoning, Text, ToolCall
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

PARTS = """## Title

- one
- [x] done
- [ ] open

2. two

> said
>
> more

| Day | High |
|---|---|
| Wed | 14 |
| Thu | 11 |

```python
import os
os.getcwd()
```

---

$$x^2$$
"""


def children(of: QAccessibleInterface) -> list[QAccessibleInterface]:
    return [of.child(index) for index in range(of.childCount())]


def inside(of: QAccessibleInterface) -> dict[str, QAccessibleInterface]:
    """All that stands in a message, by its name; what stands deeper counts."""
    found = {}
    for child in children(of):
        found[child.text(QAccessible.Text.Name)] = child
        found.update(inside(child))
    return found


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


def test_a_message_has_no_interface_but_its_own(make_view: MakeView, session: ToldSession) -> None:
    """Asking for another one crashed the process."""
    session.replies(Text("[a](https://example.org)"))
    message = page_of(make_view(session)).child(0)

    assert message.valueInterface() is None
    assert inside(message)["a"].textInterface() is None


def test_links_and_buttons_can_be_pressed(make_view: MakeView, session: ToldSession) -> None:
    call = ToolCall(CallId("a"), "get_weather", "{}")
    session.calls_stand(call, CallState.ASKING)
    session.begins(Text("See [here](https://example.org)."), call)
    view = make_view(session)
    asked: list[ActionId] = []
    view.action_asked.connect(lambda action, _: asked.append(action))
    found = inside(page_of(view).child(0))

    found["Deny"].actionInterface().doAction("Press")

    assert found["here"].role() == QAccessible.Role.Link
    assert found["here"].text(QAccessible.Text.Description) == "https://example.org"
    assert found["Deny"].role() == QAccessible.Role.Button
    assert asked == [ActionId.TOOL_DENY]


def test_each_part_of_a_message_says_what_it_is(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(PARTS))
    message = page_of(make_view(session, height=1200)).child(0)

    parts = [(part.role(), part.text(QAccessible.Text.Name)) for part in children(message)]

    role = QAccessible.Role
    assert parts == [
        (role.StaticText, "Llama-3.3-70B-Instruct"),
        (role.Heading, "Title"),
        (role.Paragraph, "• one"),
        (role.Paragraph, "checked done"),
        (role.Paragraph, "not checked open"),
        (role.Paragraph, "2. two"),
        (role.Paragraph, "Quote: said"),
        (role.Paragraph, "more"),
        (role.Section, "Table, 2 rows, 2 columns"),
        (role.Section, "Code, python, 2 lines"),
        (role.Separator, ""),
        (role.Paragraph, "Formula: x^2"),
    ]
    table, code = message.child(8), message.child(9)
    rows = [row.text(QAccessible.Text.Name) for row in children(table)]
    assert rows == ["Day: Wed, High: 14", "Day: Thu, High: 11", "Copy table"]
    assert [button.text(QAccessible.Text.Name) for button in children(code)][-1] == "Copy code"
    assert code.textInterface().text(0, 9) == "import os"
    assert message.child(1).attributesInterface().attributeValue(QAccessible.Attribute.Level) == 2


def test_what_can_be_unfolded_says_whether_it_is(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Reasoning("Deep thoughts.", 2100), Text("Answer."))
    view = make_view(session)
    message = page_of(view).child(0)
    thought = message.child(1)
    before = thought.state()

    thought.actionInterface().doAction("Press")

    after = message.child(1).state()
    assert (before.expandable, before.collapsed, before.expanded) == (1, 1, 0)
    assert (after.expandable, after.collapsed, after.expanded) == (1, 0, 1)
    assert "Deep thoughts." in inside(message)


def test_a_part_stays_the_same_while_the_reply_grows(make_view: MakeView, session: ToldSession) -> None:
    session.begins()
    session.says(TextDelta("It is"))
    view = make_view(session)
    message = page_of(view).child(0)
    part = message.child(1)

    session.says(TextDelta(" **this**."))
    view.flush()

    assert part.text(QAccessible.Text.Name) == "It is this."
    assert part is message.child(1)


def test_a_long_message_is_named_by_its_beginning(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("word " * 3000))
    message = page_of(make_view(session)).child(0)

    assert len(message.text(QAccessible.Text.Name)) < 2100
    assert message.textInterface().characterCount() > 14_000


def test_the_button_with_the_keyboard_says_so(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text("[a](https://example.org) [b](https://example.com)"))
    view = make_view(session)
    view.setFocus()
    found = inside(page_of(view).child(0))

    view.reading.focus_next(True)
    view.reading.focus_next(True)

    assert (found["a"].state().focused, found["b"].state().focused) == (0, 1)


def test_going_to_a_message_gives_it_the_keyboard(make_view: MakeView, session: ToldSession) -> None:
    first = session.asks("one")
    session.asks("two")
    view = make_view(session)

    page_of(view).child(0).actionInterface().doAction("SetFocus")

    assert view.current_message_id == first.id


def test_code_that_was_gone_to_says_that_it_has_the_keyboard(make_view: MakeView, session: ToldSession) -> None:
    session.replies(Text(PARTS))
    view = make_view(session)
    view.setFocus()
    found = inside(page_of(view).child(0))

    view.reading.jumping.to_code(1)
    view.reading.jumping.finish()

    assert [name for name, part in found.items() if part.state().focused] == ["Code, python, 2 lines"]
