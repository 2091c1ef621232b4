"""Messages that are read late are messages as all others."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from desktop_chat.domain.blocks import Image, Text, ToolCall
from desktop_chat.domain.codec import message_to_dict
from desktop_chat.domain.ids import CallId, MessageId, PictureId
from desktop_chat.domain.message import Ended, Message, Role, Round, pictures_of

READ = Message(
    MessageId("b"), MessageId("a"), Role.ASSISTANT, (Text("said"),), 1.5, None, "Work", "m", Ended.LENGTH, (Round(3),)
)


class Reads:
    """Reads one message, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, message_id: MessageId, parent_id: MessageId | None, data: bytes) -> Message:
        self.count += 1
        return replace(READ, id=message_id, parent_id=parent_id, blocks=(Text(data.decode()),))


def late(reads: Reads) -> Message:
    return Message.late(READ.id, READ.parent_id, READ.role, reads, b"said")


def test_a_late_message_is_read_once_and_only_when_somebody_looks() -> None:
    reads = Reads()
    message = late(reads)

    assert (message.id, message.parent_id, message.role) == ("b", "a", Role.ASSISTANT)
    assert not message.has_calls
    assert reads.count == 0
    assert message.text == "said"
    assert (message.ended, message.rounds, message.model) == (Ended.LENGTH, (Round(3),), "m")
    assert reads.count == 1


def test_a_glance_at_a_late_message_leaves_it_unread() -> None:
    reads = Reads()
    message = late(reads)

    assert message.glance() == READ
    assert message.glance().text == "said"
    assert reads.count == 2
    assert message.text == "said"
    assert message.glance() is message
    assert reads.count == 3


def test_a_late_message_equals_the_same_message_read_at_once() -> None:
    assert late(Reads()) == READ
    assert hash(late(Reads())) == hash(READ)
    assert repr(late(Reads())) == repr(READ)
    assert message_to_dict(late(Reads())) == message_to_dict(READ)
    assert replace(late(Reads()), model="n") == replace(READ, model="n")


def test_copies_of_a_late_message_are_whole() -> None:
    assert copy.copy(late(Reads())) == READ
    assert copy.deepcopy(late(Reads())) == READ
    assert pickle.loads(pickle.dumps(late(Reads()))) == READ


def test_many_threads_may_look_at_a_late_message_at_once() -> None:
    messages = [late(Reads()) for _ in range(200)]

    with ThreadPoolExecutor(4) as threads:
        seen = list(threads.map(lambda message: [each.text for each in message], [messages] * 4))

    assert seen == [["said"] * 200] * 4


@pytest.mark.parametrize("message", [late(Reads()), READ], ids=["late", "read at once"])
def test_what_no_message_has_is_not_there(message: Message) -> None:
    assert not hasattr(message, "blcoks")
    with pytest.raises(AttributeError):
        message.model = "other"  # type: ignore[misc]


def test_a_message_in_which_a_tool_was_called_says_so() -> None:
    assert replace(READ, blocks=(ToolCall(CallId("c"), "clock", "{}"),)).has_calls
    assert not READ.has_calls


def test_each_picture_of_messages_comes_once_in_order() -> None:
    cat, fox = (Image(PictureId(name), "image/png", 1, 1) for name in ("cat", "fox"))
    first, second = replace(READ, blocks=(cat, Text("and"), fox, cat)), replace(READ, blocks=(fox,))

    assert first.pictures == (cat, fox, cat)
    assert list(pictures_of([first, second])) == ["cat", "fox"]
