"""Random conversations for property tests, and small ones by hand."""

from typing import Any

from hypothesis import strategies as st

from desktop_chat.core.ports import head_of
from desktop_chat.domain.blocks import Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation, ConversationSettings
from desktop_chat.domain.ids import CallId, EndpointId, MessageId, PictureId, new_conversation_id, new_message_id
from desktop_chat.domain.message import Ended, Message, Role, Round
from desktop_chat.domain.usage import Usage

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
"""Any text a file can hold; control characters and NUL among it."""
times = st.floats(0, 4e9, allow_nan=False)
numbers = st.integers(0, 2**40)
maybe_numbers = st.none() | numbers

blocks = st.one_of(
    st.builds(Text, texts),
    st.builds(Reasoning, texts, maybe_numbers),
    st.builds(Refusal, texts),
    st.builds(ToolCall, texts.map(CallId), texts, texts),
    st.builds(ToolResult, texts.map(CallId), texts, st.booleans(), numbers, numbers),
    st.builds(Notice, texts, texts, st.none() | times),
    st.builds(Image, texts.map(PictureId), texts, numbers, numbers, texts),
)
usages = st.builds(Usage, maybe_numbers, maybe_numbers, maybe_numbers, maybe_numbers, maybe_numbers)
rounds = st.builds(
    Round, numbers, maybe_numbers, maybe_numbers, st.none() | texts, st.none() | usages, numbers, numbers
)
settings = st.builds(
    ConversationSettings,
    endpoint_id=st.none() | texts.filter(bool).map(EndpointId),
    model=texts,
    system_prompt=texts,
    temperature=st.none() | times,
    max_tokens=maybe_numbers,
    allowed_tools=st.frozensets(texts),
)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """A tree of messages with branches, choices and deletions."""
    conversation = Conversation(
        id=new_conversation_id(),
        title=draw(texts),
        created_at=draw(times),
        updated_at=draw(times),
        pinned=draw(st.booleans()),
        titled_by_person=draw(st.booleans()),
        settings=draw(settings),
    )
    for _ in range(draw(st.integers(0, 12))):
        parents: list[MessageId | None] = [None, *conversation.messages]
        role = draw(st.sampled_from(Role))
        conversation.add(
            Message(
                id=new_message_id(),
                parent_id=draw(st.sampled_from(parents)),
                role=role,
                blocks=tuple(draw(st.lists(blocks, max_size=4))),
                created_at=draw(times),
                endpoint_id=draw(st.none() | texts.filter(bool).map(EndpointId)),
                endpoint_name=draw(texts),
                model=draw(texts),
                ended=draw(st.sampled_from(Ended)) if role is Role.ASSISTANT else None,
                rounds=tuple(draw(st.lists(rounds, max_size=2))),
            )
        )
    for message_id in conversation.messages:
        match draw(st.integers(0, 5)):
            case 0:
                conversation.delete(message_id)
            case 1:
                conversation.choose(message_id)
    return conversation


def question(text: str, parent: Message | None = None) -> Message:
    """What a person asks."""
    return Message(new_message_id(), parent.id if parent else None, Role.USER, (Text(text),), 10.0)


def reply(text: str, parent: Message, ended: Ended | None = Ended.COMPLETE) -> Message:
    """What a model answers."""
    return Message(new_message_id(), parent.id, Role.ASSISTANT, (Text(text),), 11.0, model="m", ended=ended)


def talk(*messages: Message, title: str = "Title", **fields: Any) -> Conversation:
    """A conversation of these messages."""
    conversation = Conversation(new_conversation_id(), title, 1.0, fields.pop("updated_at", 2.0), **fields)
    for message in messages:
        conversation.add(message)
    return conversation


async def save(store: Any, conversation: Conversation, **options: Any) -> None:
    """Write all of it."""
    await store.save(head_of(conversation), tuple(conversation.messages.values()), **options)
