"""What is written is read again as it was."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain import codec
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.conversation import Conversation, ConversationSettings
from desktop_chat.domain.ids import ConversationId, EndpointId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from tests.domain.drawing import blocks, rounds, words

messages = st.builds(
    Message,
    id=words.map(MessageId),
    parent_id=st.none() | words.map(MessageId),
    role=st.sampled_from(Role),
    blocks=st.lists(blocks, max_size=4).map(tuple),
    created_at=st.floats(0, 1e10),
    endpoint_id=st.none() | words.map(EndpointId),
    endpoint_name=words,
    model=words,
    ended=st.none() | st.sampled_from(Ended),
    rounds=st.lists(rounds, max_size=2).map(tuple),
)


@given(messages)
def test_every_message_is_read_as_it_was_written(message: Message) -> None:
    assert codec.message_from_dict(codec.message_to_dict(message)) == message


def test_settings_of_a_conversation_are_read_as_they_were_written() -> None:
    settings = ConversationSettings(EndpointId("e"), "m", "Be brief.", 0.5, 9, frozenset({"b", "a"}))

    assert codec.settings_from_dict(codec.settings_to_dict(settings)) == settings
    assert codec.settings_from_dict({}) == ConversationSettings()


def test_what_a_newer_program_added_is_passed_over() -> None:
    message = Message(MessageId("m"), None, Role.USER, (Text("x"),), 0.0)
    data = codec.message_to_dict(message)
    data["new"] = 1
    data["blocks"][0]["new"] = 1

    assert codec.message_from_dict(data) == message


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"id": "m", "parent_id": None, "role": "robot", "blocks": [], "created_at": 0},
        {"id": "m", "parent_id": None, "role": "user", "blocks": [{"kind": "hologram"}], "created_at": 0},
        {"id": "m", "parent_id": None, "role": "user", "blocks": [{"kind": "text"}], "created_at": 0},
        {"id": "m", "parent_id": None, "role": "user", "blocks": None, "created_at": 0},
    ],
    ids=["empty", "role", "kind", "missing field", "no blocks"],
)
def test_what_is_no_message_is_refused(data: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError):
        codec.message_from_dict(data)


def test_a_conversation_of_a_newer_version_is_refused() -> None:
    data = codec.conversation_to_dict(Conversation(ConversationId("c"), "", 0.0, 0.0))

    with pytest.raises(ValueError, match="version"):
        codec.conversation_from_dict({**data, "version": codec.VERSION + 1})
