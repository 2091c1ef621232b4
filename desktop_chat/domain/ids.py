"""Names of conversations, messages, calls, endpoints and folders, and how they are made.

An id is 24 hexadecimal digits: 48 bits of milliseconds since 1970, then 48 random bits.
Ids made later sort later, so a list ordered by id is a list ordered by time.
"""

import os
import time
from typing import NewType

ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
CallId = NewType("CallId", str)
EndpointId = NewType("EndpointId", str)
FolderId = NewType("FolderId", str)
PictureId = NewType("PictureId", str)
"""SHA-256 of the picture's bytes, in hexadecimal: the same picture is the same everywhere."""


def _fresh() -> str:
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(6).hex()}"


def new_conversation_id() -> ConversationId:
    """Make the id of a conversation that starts now."""
    return ConversationId(_fresh())


def new_message_id() -> MessageId:
    """Make the id of a message that is written now."""
    return MessageId(_fresh())


def new_call_id() -> CallId:
    """Make the id of a tool call whose provider sent none."""
    return CallId(f"call_{_fresh()}")


def new_endpoint_id() -> EndpointId:
    """Make the id of an endpoint the person adds."""
    return EndpointId(_fresh())


def new_folder_id() -> FolderId:
    """Make the id of a folder the person adds."""
    return FolderId(_fresh())
