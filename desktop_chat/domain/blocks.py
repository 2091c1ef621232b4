"""What a message is made of: a flat list of frozen blocks.

A reply holds the whole of a turn. When the model calls tools, the calls, their results
and what the model said afterwards stand in one reply, in the order in which they came.
A block that is not a `ToolResult` and follows a `ToolResult` begins the next round, that
is, it came with the next request of the same turn.
"""

from dataclasses import dataclass

from desktop_chat.domain.ids import CallId, PictureId


@dataclass(frozen=True, slots=True)
class Text:
    """Markdown of the model, or what the person typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What the model thought before it answered, as Markdown."""

    text: str
    duration_ms: int | None = None
    """From its first to its last delta; `None` while it is still coming."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The model declined, in its own words."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool. Its arguments may be incomplete or not JSON at all."""

    call_id: CallId
    """Chosen by the provider, or by us when it sends none."""
    name: str
    arguments_json: str
    """As received, so that it can be sent back byte for byte."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came of a tool call: the tool's answer, or why there is none."""

    call_id: CallId
    text: str
    is_error: bool = False
    """True for failures, denials and arguments that could not be used."""
    started_ms: int = 0
    """When the tool began to run, in ms since the turn began."""
    duration_ms: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A remark of the program inside a reply, never sent to a model: why it ended early."""

    code: str
    """Class name of the error, e.g. `RateLimited`; `ui/messages.py` has the words."""
    detail: str = ""
    """Technical detail for the curious, keys masked."""
    retry_after_s: float | None = None
    status: int | None = None
    """HTTP status, if the server answered with an error."""
    request_id: str = ""
    """The server's own name for the request, which its operator may ask for."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. Its bytes are the store's, under its id; here is what is known without them."""

    picture: PictureId
    media_type: str
    """`image/png`, `image/jpeg`, `image/webp` or `image/gif`, by its first bytes."""
    width: int
    """As it is to be seen, in its own pixels."""
    height: int
    name: str = ""
    """Of its file, or what it shows; may be empty."""

    @property
    def words(self) -> str:
        """What stands for it where there is only text."""
        name = " ".join(self.name.split())
        return f"[Image: {name}]" if name else "[Image]"


Block = Text | Reasoning | Refusal | ToolCall | ToolResult | Notice | Image
