"""A session that only holds what the inspector reads, in every state it can be in."""

from dataclasses import dataclass, field

from desktop_chat.core.calls import CallStatus
from desktop_chat.domain.blocks import Notice, Text, ToolCall, ToolResult
from desktop_chat.domain.changes import CallState, Change
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.events import TextDelta, ToolCallDelta, UsageReported
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import CallId, ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role, Round
from desktop_chat.domain.usage import Usage

CALL = CallId("call_1")


class Ticks:
    """Milliseconds that go on by hand."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> int:
        return self.ms


@dataclass
class ShownSession:
    """The part of a session that is read for showing it."""

    conversation: Conversation
    changes: Feed[Change] = field(default_factory=Feed)
    is_running: bool = False
    draft: Draft | None = None
    calls: dict[CallId, CallStatus] = field(default_factory=dict)
    waiting: None = None
    clock: Ticks = field(default_factory=Ticks)

    @property
    def elapsed_ms(self) -> int:
        return self.clock.ms

    @property
    def subscribers(self) -> int:
        return len(self.changes._subscribers)


def conversation(*replies: Message) -> Conversation:
    found = Conversation(ConversationId("c"), "Weather", 0, 0)
    found.add(Message(MessageId("u1"), None, Role.USER, (Text("hi"),), 0))
    for reply in replies:
        found.add(reply)
    return found


def finished_reply(message_id: str = "a1", parent: str = "u1") -> Message:
    """Two requests with a tool between them, usage reported for both."""
    return Message(
        MessageId(message_id),
        MessageId(parent),
        Role.ASSISTANT,
        (
            ToolCall(CALL, "get_weather", '{"location": "Berlin", "days": 3}'),
            ToolResult(CALL, "14 degrees, rain on Thursday", started_ms=1310, duration_ms=412),
            Text("Mild, with rain on Thursday."),
        ),
        0,
        endpoint_name="Local server",
        model="Llama-3.3-70B-Instruct",
        ended=Ended.COMPLETE,
        rounds=(
            Round(0, 182, 1310, "tool_calls", Usage(300, 256, 112, 88, 412), deltas=100),
            Round(1722, 1900, 4820, "stop", Usage(492, 256, 300, None, 792), deltas=280),
        ),
    )


def finished() -> ShownSession:
    """As it is after reopening from disk."""
    session = ShownSession(conversation(finished_reply()))
    session.calls[CALL] = CallStatus(
        ToolCall(CALL, "get_weather", '{"location": "Berlin", "days": 3}'),
        CallState.DONE,
        started_ms=1310,
        duration_ms=412,
        result=ToolResult(CALL, "14 degrees, rain on Thursday", started_ms=1310, duration_ms=412),
    )
    return session


def failed() -> ShownSession:
    reply = Message(
        MessageId("a1"),
        MessageId("u1"),
        Role.ASSISTANT,
        (Notice("KeyRejected", "401"),),
        0,
        ended=Ended.FAILED,
        rounds=(Round(0, None, 90, None),),
    )
    return ShownSession(conversation(reply))


def streaming() -> ShownSession:
    """In the middle of its second request, nothing reported for that one yet."""
    session = ShownSession(conversation())
    reply = Message(MessageId("a1"), MessageId("u1"), Role.ASSISTANT, (), 0, model="gemma", endpoint_name="Local")
    draft = session.draft = Draft(reply, session.clock)
    session.is_running = True
    draft.begin_round()
    session.clock.ms = 182
    draft.apply(ToolCallDelta(0, CALL, "get_weather", '{"location":'))
    draft.apply(ToolCallDelta(0, CALL, "", ' "Berlin"}'))
    session.clock.ms = 1310
    draft.apply(UsageReported(Usage(300, 256, 112, 88, 412)))
    draft.end_round()
    draft.add(ToolResult(CALL, "14 degrees", started_ms=1310, duration_ms=412))
    session.calls[CALL] = CallStatus(
        draft.calls()[0], CallState.DONE, started_ms=1310, duration_ms=412, result=ToolResult(CALL, "14 degrees")
    )
    session.clock.ms = 1722
    draft.begin_round()
    session.clock.ms = 1900
    for word in range(40):
        session.clock.ms += 10
        draft.apply(TextDelta(f"word {word} "))
    return session


def waiting_for_first_token() -> ShownSession:
    session = ShownSession(conversation())
    session.draft = Draft(Message(MessageId("a1"), MessageId("u1"), Role.ASSISTANT, (), 0), session.clock)
    session.is_running = True
    session.draft.begin_round()
    session.clock.ms = 3210
    return session


def unanswered() -> ShownSession:
    """Ended while a tool call waited for a person."""
    call = ToolCall(CALL, "get_weather", '{"location": "Ber')
    reply = Message(
        MessageId("a1"), MessageId("u1"), Role.ASSISTANT, (call,), 0, ended=Ended.WAITING, rounds=(Round(0, 5, 9),)
    )
    session = ShownSession(conversation(reply))
    session.calls[CALL] = CallStatus(call, CallState.ASKING)
    return session


STATES = {
    "no session": lambda: None,
    "no reply yet": lambda: ShownSession(conversation()),
    "waiting for the first token": waiting_for_first_token,
    "streaming": streaming,
    "failed": failed,
    "reopened from disk": finished,
    "ended while a call waited": unanswered,
}
