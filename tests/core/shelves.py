"""A few conversations to put in order, and their rows."""

from desktop_chat.core.library import Library
from desktop_chat.core.ports import Row
from desktop_chat.domain.conversation import Conversation
from tests.adapters.sqlite.trees import question, talk


def some(count: int = 3) -> list[Conversation]:
    return [talk(question(f"q{number}"), title=str(number), updated_at=float(-number)) for number in range(count)]


def row(library: Library, conversation: Conversation) -> Row:
    found = library.row(conversation.id)
    assert found is not None
    return found
