"""What a provider can say while it answers: one class each, one closed union."""

from dataclasses import dataclass

from desktop_chat.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class ReplyStarted:
    """The server began to answer; nothing of the text is known yet."""

    model: str = ""
    """The model that answers, as the server names it."""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More of the answer; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of the reasoning; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class RefusalDelta:
    """More of a refusal; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A fragment of a tool call. Fragments with one `index` make one call."""

    index: int
    """Position among the calls of this round; made up by the adapter where the server sends none."""
    call_id: str = ""
    """Empty where the server sent none with this fragment."""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Tokens of this request, as the server counted them; a later report replaces an earlier one."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class FinishReported:
    """Why the model stopped: `stop`, `length`, `tool_calls`, `content_filter` or the server's own word."""

    reason: str


@dataclass(frozen=True, slots=True)
class OptionDropped:
    """The endpoint rejected a parameter; the request was sent again without it, and that is remembered."""

    name: str


Event = (
    ReplyStarted
    | TextDelta
    | ReasoningDelta
    | RefusalDelta
    | ToolCallDelta
    | UsageReported
    | FinishReported
    | OptionDropped
)
