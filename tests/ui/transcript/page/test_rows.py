"""Rows of a page: what a column says of its messages stays right, whatever is shown next."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_chat.domain.ids import MessageId, new_message_id
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.message.parts import Page
from desktop_chat.ui.transcript.page.column import Column
from desktop_chat.ui.transcript.page.rows import Ids
from tests.ui.transcript.told import ToldSession

steps = st.lists(st.tuples(st.sampled_from(["send", "edit", "delete", "look"]), st.integers(0, 30)), max_size=25)


def test_ids_are_those_of_the_messages() -> None:
    session = ToldSession()
    asked = [session.asks(f"Question {number}").id for number in range(5)]

    ids = Ids(session.conversation.path())

    assert list(ids) == asked
    assert (len(ids), ids[2], ids[-1]) == (5, asked[2], asked[4])
    assert ids[1:3] == asked[1:3]
    assert asked[3] in ids
    assert MessageId("another") not in ids


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_messages_stand_where_the_column_says(theme: Theme, steps: list[tuple[str, int]]) -> None:
    session = ToldSession()
    tree, column = session.conversation, Column(Page(Look(theme), session, lambda language: None), 600, 400)

    for step, number in steps:
        before = tree.path()
        some = before[number % len(before)] if before else None
        if step == "look" and some is not None:
            column.item(before.index(some))
        elif step == "send" or some is None:
            column.append(session.asks(f"Question {number}"))
        else:
            tree.delete(some.id) if step == "delete" else tree.add(replace(some, id=new_message_id()))
            alike = [a is b for a, b in zip(before, tree.path(), strict=False)]
            column.show(tree.path(), [*alike, False].index(False))

    shown = [message.id for message in tree.path()]
    assert list(column.rows) == shown
    assert column.row_of == {message_id: row for row, message_id in enumerate(shown)}
    assert len(column.heights) == len(shown)
    assert all(column.row_with(item) == shown.index(item.id) for item in column.live_items)
