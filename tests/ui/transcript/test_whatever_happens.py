"""Whatever happened to a page, it shows what a page would show that is opened now."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf
from random import Random

import pytest

from desktop_chat.domain.blocks import Text
from desktop_chat.domain.changes import PathChanged
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import MessageId, new_message_id
from desktop_chat.domain.message import Message
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.shown import LONG, RICH
from tests.ui.transcript.told import ToldSession

TABLE = "| a | b |\n|---|---|\n" + "".join(f"| `x{n}` | {'words that wrap ' * (n % 9)} |\n" for n in range(90))
CODE = "```python\n" + "".join(f"x_{n} = {n}  # {'long ' * (n % 40)}\n" for n in range(80)) + "```\n"
NOTES = "A[^a] and[^b] `code`.\n\n" + "Words.\n\n" * 20 + "[^a]: one\n\n[^b]: two\n"
TEXTS = (LONG, RICH, TABLE, CODE, NOTES, "word " * 300, f"{TABLE}\n{CODE}\n{NOTES}")
SAID = ("hi", "```\na\n```\n" + "q " * 500, "line\n" * 200)

Boxes = list[tuple[MessageId, list[tuple[str, str, float]]]]


class Happenings:
    """What may happen to a page, at random."""

    def __init__(self, view: TranscriptView, session: ToldSession, theme: Theme, random: Random) -> None:
        self.view, self.session, self.theme, self.random = view, session, theme, random
        self.always: Sequence[Callable[[], object]] = (
            self.scroll, self.scroll, self.look, self.grow, self.grow, view.flush, view.grab, view.reading.select_all,
        )  # fmt: skip
        self.at_rest: Sequence[Callable[[], object]] = (
            self.send,
            self.reply,
            session.begins,
            self.edit,
            self.delete,
            self.choose,
        )

    def go_on(self) -> None:
        """One more thing happens."""
        happenings = self.always if self.session.is_running else (*self.always, *self.at_rest)
        self.random.choice(happenings)()

    def scroll(self) -> None:
        if self.view.column is not None:
            self.view.move_to(self.random.randint(0, max(0, self.view.column.furthest)))

    def look(self) -> None:
        self.theme.set(self.random.choice(("dark", "light")))
        self.theme.set_text_px(self.random.choice((13, 15, 18)))
        self.view.set_code_wrap(self.random.random() < 0.5)
        self.view.resize(self.random.choice((500, 780)), self.random.choice((300, 600)))

    def grow(self) -> None:
        if self.session.is_running:
            text = self.random.choice(TEXTS)
            begin = self.random.randrange(len(text))
            self.session.says(TextDelta(text[begin : begin + self.random.randint(1, 3_000)]))
            if self.random.random() < 0.1:
                self.session.ends()

    def send(self) -> None:
        self.session.asks(self.random.choice(SAID))

    def reply(self) -> None:
        self.session.replies(Text(self.random.choice(TEXTS)))

    def edit(self) -> None:
        for message in self.shown():
            self.session.conversation.add(replace(message, id=new_message_id()))
            self.session.changes.publish(PathChanged(message.parent_id))

    def delete(self) -> None:
        for message in self.shown():
            self.session.conversation.delete(message.id)
            self.session.changes.publish(PathChanged(None))

    def choose(self) -> None:
        for message in self.some(list(self.session.conversation.messages.values())):
            self.session.chooses(message.id, None)

    def shown(self) -> list[Message]:
        return self.some(self.session.conversation.path())

    def some(self, messages: Sequence[Message]) -> list[Message]:
        return self.random.sample(list(messages), min(1, len(messages)))


def boxes_of(view: TranscriptView) -> Boxes:
    """Everything on a page, read and laid out to its end."""
    column, found = view.column, []
    assert column is not None
    column.sticks = False
    for row, message_id in enumerate(column.rows):
        item = column.item(row)
        while item.is_dirty:
            column.sync(item)
        boxes = [column.bring(row, index) for index in range(len(item.boxes))]
        for box in boxes:
            box.come_near(0, inf, inf)
            box.layout(column.width)
        found.append((message_id, [(type(box).__name__, box.text, _height(box)) for box in boxes]))
    return found


def _height(box: Box) -> float:
    # Long code that was watched while it came stays open.
    return 0.0 if isinstance(box, CodeBox) and box.can_fold else round(box.height, 2)


def check(view: TranscriptView, session: ToldSession, theme: Theme, make_view: MakeView, seed: int) -> None:
    happenings = Happenings(view, session, theme, Random(seed))

    for _ in range(40):
        happenings.go_on()

    fresh = make_view(session)
    fresh.set_code_wrap(view.look.code_wrap)
    fresh.resize(view.size())
    assert boxes_of(view) == boxes_of(fresh)


@pytest.mark.parametrize("seed", range(10))
def test_a_page_is_as_if_it_were_opened_now(make_view: MakeView, session: ToldSession, theme: Theme, seed: int) -> None:
    check(make_view(session), session, theme, make_view, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 200))
def test_many_pages_are_as_if_they_were_opened_now(
    make_view: MakeView, session: ToldSession, theme: Theme, seed: int
) -> None:
    check(make_view(session), session, theme, make_view, seed)
