"""The ids of the messages of a page, row by row.

They are read from the messages when somebody asks for them: to open a conversation nobody
looks at all ten thousand.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import overload

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message


class Ids(Sequence[MessageId]):
    """Ids of messages.

    Args:
        messages: Stay what they are.
    """

    __slots__ = ("_messages",)

    def __init__(self, messages: tuple[Message, ...] = ()) -> None:
        self._messages = messages

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[MessageId]:
        return map(attrgetter("id"), self._messages)

    @overload
    def __getitem__(self, row: int) -> MessageId: ...
    @overload
    def __getitem__(self, row: slice) -> list[MessageId]: ...
    def __getitem__(self, row: int | slice) -> MessageId | list[MessageId]:
        if isinstance(row, slice):
            return [message.id for message in self._messages[row]]
        return self._messages[row].id
