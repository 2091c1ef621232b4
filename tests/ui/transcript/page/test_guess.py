"""Messages that were never built are taken to be about as tall as they are."""

import pytest

from desktop_chat.domain.blocks import Block, Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.transcript.page.guess import estimate
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.shown import LONG, RICH
from tests.ui.transcript.told import ToldSession

CODE = "```python\n" + "\n".join(f"value_{n} = compute({n})" for n in range(120)) + "\n```"
CALL = ToolCall(CallId("a"), "get_weather", '{"city": "Oslo"}')
REPLIES: dict[str, list[Block]] = {
    "all kinds of leaves": [Text(RICH)],
    "paragraphs": [Text(LONG)],
    "long paragraphs": [
        Text("\n\n".join("Some words of the usual length, one after the other. " * 12 for _ in range(8)))
    ],
    "code that is folded": [Text(CODE)],
    "much code that is folded": [Text("\n\n".join(["Look:", *[CODE] * 20]))],
    "short code": [Text("\n\n".join(["Words:\n\n```js\na = 1\nb = 2\nc = 3\n```"] * 6))],
    "a list": [Text("\n".join(f"- item {n}" for n in range(40)))],
    "a table": [Text("| a | b |\n|---|---|\n" + "\n".join(f"| {n} | words |" for n in range(30)))],
    "long addresses": [Text("\n".join(f"- [site](https://example.org/{'path/' * 30}{n})" for n in range(20)))],
    "folded cards": [Reasoning("thinking " * 500), CALL, ToolResult(CALL.call_id, "line\n" * 200), Text("Yes. " * 30)],
}


def guessed_and_real(view: TranscriptView, session: ToldSession) -> tuple[float, float]:
    assert view.column is not None
    guess = estimate(session.conversation.path()[-1], view.column.width, view.column.page.look)
    item = view.column.item(len(view.column.rows) - 1)
    while item.has_more:
        view.flush()
    return guess, sum(box.layout(view.column.width) for box in item.boxes)


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_is_about_as_tall_as_guessed(make_view: MakeView, session: ToldSession, name: str) -> None:
    blocks = REPLIES[name]
    session.replies(*blocks)
    guess, real = guessed_and_real(make_view(session), session)

    assert 0.75 < guess / real < 1.3


@pytest.mark.parametrize("text", ["A question", "\n".join(f"line {n}" for n in range(90)), CODE], ids=len)
def test_what_was_typed_is_about_as_tall_as_guessed(make_view: MakeView, session: ToldSession, text: str) -> None:
    session.asks(text)
    guess, real = guessed_and_real(make_view(session), session)

    assert 0.75 < guess / real < 1.3
