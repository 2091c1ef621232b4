"""Short ways to play a turn with calls, and to look at them."""

from typing import Any

from desktop_chat.domain.blocks import ToolResult
from desktop_chat.domain.changes import CallState
from desktop_chat.domain.events import (
    FinishReported,
    ToolCallDelta,
)
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Message
from tests.core.conftest import Bench


def calls(arguments: str, name: str = "echo", reason: str = "tool_calls", call_id: str = "c1") -> list[Any]:
    """A reply that calls one tool, its arguments in fragments of three characters."""
    pieces = [arguments[at : at + 3] for at in range(0, len(arguments), 3)] or [""]
    first = ToolCallDelta(0, call_id, name, pieces[0])
    return [first, *(ToolCallDelta(0, arguments=piece) for piece in pieces[1:]), FinishReported(reason)]


def state(b: Bench, call_id: str = "c1") -> CallState | None:
    """Where a call stands."""
    status = b.session.calls.get(CallId(call_id))
    return status.state if status else None


def result(reply: Message, call_id: str = "c1") -> ToolResult:
    """What came of a call."""
    return reply.results[CallId(call_id)]


async def asked(b: Bench) -> None:
    """Send, and go on once the call waits for a person."""
    b.session.send("Go")
    await b.until(lambda: state(b) in (CallState.ASKING, CallState.ANSWERING))
