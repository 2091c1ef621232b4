"""Conversations to export: one with every kind of block, and any at all."""

import base64
import hashlib

from hypothesis import strategies as st

from desktop_chat.domain.blocks import Block, Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation, ConversationSettings
from desktop_chat.domain.ids import CallId, ConversationId, EndpointId, FolderId, MessageId, PictureId
from desktop_chat.domain.message import Ended, Message, Role, Round
from desktop_chat.domain.usage import Usage
from tests.domain.drawing import blocks, maybe, rounds, words

REPLY = """## Weather in two cities

Paris is **wet**, Oslo is *cold* and `-3 °C`; see [the service](https://weather.example/paris?a=1&b=2).

1. Take an umbrella
   - the large one
2. Take a coat

- [x] packed
- [ ] paid

> Rain is only water.

| City | °C |
| :--- | ---: |
| Paris | 18 |
| Oslo | -3 |

```python
def wet(city: str) -> bool:
    return city == "Paris"  # <always>
```

---

![a chart](https://weather.example/chart.png) and <script>alert(1)</script>"""

TYPED = """What is the weather, <b>please</b>? Like this:

```json
{"city": "…"}
```
Thanks & bye."""


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR42mM4oaEBQQxwFgBFdAaRGTBSqwAAAABJRU5ErkJggg=="
)
"""Three pixels by two."""
PICTURE = Image(PictureId(hashlib.sha256(PNG).hexdigest()), "image/png", 3, 2, "lock [old].png")


def all_blocks() -> Conversation:
    """Every kind of block, every end of a reply, a branch, a deleted message."""
    settings = ConversationSettings(EndpointId("e1"), "gpt-x", "Be brief.\nBe kind.", 0.5, 900, frozenset({"weather"}))
    conversation = Conversation(
        ConversationId("0192cc09000000000000000a"), "Weather & <clothes>", 1730000000.0, 1730000900.0, settings=settings
    )
    usage = Usage(100, 20, 40, 10, 140)
    add(conversation, "q1", None, Text(TYPED))
    add(conversation, "r0", "q1", Text("An earlier try."), ended=Ended.STOPPED)
    add(
        conversation,
        "r1",
        "q1",
        Reasoning("Two cities.\n\n- ask for both", 3210),
        Text("I look it up."),
        ToolCall(CallId("c1"), "weather", '{"city": "Paris"}'),
        ToolCall(CallId("c2"), "weather", "not JSON ```"),
        ToolResult(CallId("c1"), '{"celsius": 18}', False, 100, 800),
        ToolResult(CallId("c2"), "The arguments are not JSON.", True),
        Reasoning("Now I know."),
        Text(REPLY),
        ended=Ended.COMPLETE,
        rounds=(Round(0, 350, 1200, "tool_calls", usage), Round(2100, 2500, 4000, "stop")),
    )
    add(conversation, "q2", "r1", PICTURE, Text("And how do I pick a lock?"))
    add(conversation, "r2", "q2", Refusal("I cannot help with *that*."))
    add(conversation, "q3", "r2", Text("Show code, ```"))
    add(conversation, "r3", "q3", Text("```sh\necho cut off"), ended=Ended.LENGTH)
    add(conversation, "q4", "r3", Text("Again."))
    add(conversation, "r4", "q4", Text("Of c"), Notice("StreamError", "overloaded", 20.0), ended=Ended.FAILED)
    add(conversation, "q5", "r4", Text("Delete everything."))
    add(conversation, "r5", "q5", ToolCall(CallId("c3"), "erase", "{}"), ended=Ended.WAITING)
    add(conversation, "q6", "r5", Text("This was a mistake."))
    conversation.delete(MessageId("q6"))
    return conversation


def add(
    conversation: Conversation,
    message_id: str,
    parent_id: str | None,
    *blocks: Block,
    ended: Ended | None = Ended.COMPLETE,
    rounds: tuple[Round, ...] = (),
) -> None:
    """Hang a message up; ids that begin with `q` are the person's."""
    is_person = message_id.startswith("q")
    conversation.add(
        Message(
            MessageId(message_id),
            MessageId(parent_id) if parent_id else None,
            Role.USER if is_person else Role.ASSISTANT,
            blocks,
            1730000000.0 + 60 * len(conversation.messages),
            model="" if is_person else "gpt-x",
            endpoint_name="" if is_person else "Lab",
            ended=None if is_person else ended,
            rounds=rounds,
        )
    )


times = st.floats(0, 1e10)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Any tree, with choices and deletions."""
    tools = st.frozensets(words, max_size=3)
    settings = st.builds(
        ConversationSettings,
        st.none() | st.text(min_size=1, max_size=9).map(EndpointId),
        words,
        words,
        st.none() | st.floats(0, 2),
        maybe,
        tools,
        st.booleans(),
        tools,
    )
    ids = draw(st.lists(st.text(min_size=1, max_size=24), unique=True, max_size=8))
    conversation = Conversation(
        ConversationId(draw(words)), draw(words), draw(times), draw(times), draw(st.booleans()), draw(st.booleans())
    )
    conversation.settings = draw(settings)
    conversation.folder_id = draw(st.none() | words.map(FolderId))
    conversation.tags = tuple(draw(st.lists(words, max_size=2)))
    conversation.archived = draw(st.booleans())
    for number, message_id in enumerate(ids):
        conversation.add(
            Message(
                id=MessageId(message_id),
                parent_id=MessageId(draw(st.sampled_from(ids[:number]))) if number and draw(st.booleans()) else None,
                role=draw(st.sampled_from(Role)),
                blocks=tuple(draw(st.lists(blocks, max_size=4))),
                created_at=draw(times),
                endpoint_id=draw(st.none() | words.map(EndpointId)),
                endpoint_name=draw(words),
                model=draw(words),
                ended=draw(st.none() | st.sampled_from(Ended)),
                rounds=tuple(draw(st.lists(rounds, max_size=2))),
            )
        )
    for message_id in draw(st.lists(st.sampled_from(ids), max_size=3)) if ids else ():
        conversation.choose(MessageId(message_id))
    for message_id in draw(st.lists(st.sampled_from(ids), max_size=3)) if ids else ():
        conversation.delete(MessageId(message_id))
    return conversation
