"""A new conversation with what was said down to one message of another."""

import re
from collections.abc import Container
from dataclasses import replace

from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import MessageId, new_conversation_id, new_message_id
from desktop_chat.domain.message import Ended, Message

_NUMBERED = re.compile(r" \((\d{1,3})\)$")


def branch_of(
    conversation: Conversation, message_id: MessageId, *, now: float, running: Message | None, titles: Container[str]
) -> Conversation:
    """Copy the way to a message, shown or not, into a conversation of its own.

    Messages get ids of their own: a reply that still runs keeps its journal under its id, and
    what is exported and taken in again meets each message once.

    Args:
        conversation: Stays as it is.
        message_id: The last message that is copied.
        now: When the new conversation begins.
        running: The reply that is being written as it stands; its copy counts as stopped.
        titles: Those that are taken.
    """
    branch = Conversation(
        id=new_conversation_id(),
        title=_numbered(conversation.title, titles),
        created_at=now,
        updated_at=now,
        titled_by_person=conversation.titled_by_person,
        settings=conversation.settings,
        folder_id=conversation.folder_id,
        tags=conversation.tags,
    )
    parent_id: MessageId | None = None
    last = conversation.messages[message_id]
    for message in (*conversation.path_to(last.parent_id), last):  # The last one even if it is deleted.
        if running is not None and message.id == running.id:
            message = replace(running, ended=Ended.STOPPED)
        copy = replace(message, id=new_message_id(), parent_id=parent_id)
        branch.add(copy)
        parent_id = copy.id
    return branch


def _numbered(title: str, taken: Container[str]) -> str:
    # A number is a mark in every language.
    plain = _NUMBERED.sub("", title)
    number = 2
    while (marked := f"{plain} ({number})") in taken:
        number += 1
    return marked
