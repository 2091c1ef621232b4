"""A real library on disk with a few conversations, for dialogs that read or write many."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QDialog

from desktop_chat import wiring
from desktop_chat.domain.blocks import Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import CallId, ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.runtime.paths import paths_below
from desktop_chat.ui import aio


def conversation(number: int, title: str = "") -> Conversation:
    """A question with two versions of its answer; the second one is shown."""
    made = Conversation(ConversationId(f"c{number}"), title or f"Conversation {number}", 1_750_000_000, 1_750_000_100)
    question = Message(MessageId(f"c{number}q"), None, Role.USER, (Text("How warm is it?"),), 1_750_000_000)
    made.add(question)
    for version in (1, 2):
        call_id = CallId(f"c{number}k{version}")
        blocks = (
            Reasoning("I have to look.", 1200),
            ToolCall(call_id, "get_weather", '{"city": "Berlin"}'),
            ToolResult(call_id, "14 degrees"),
            Text(f"It is warm, version {version}."),
        )
        answer_id = MessageId(f"c{number}a{version}")
        made.add(Message(answer_id, question.id, Role.ASSISTANT, blocks, 1_750_000_050, ended=Ended.COMPLETE))
    return made


async def filled(home: Path, many: int) -> wiring.Parts:
    """The parts of the program over a store with so many conversations; close them."""
    paths = paths_below(home)
    paths.make()
    parts = wiring.build(paths, on_raise=lambda: None)
    await parts.library.load()
    await parts.intake.take_in(map(conversation, range(many)))
    return parts


@asynccontextmanager
async def shown(dialog: QDialog, parts: wiring.Parts) -> AsyncIterator[None]:
    """The dialog is open while the context lasts; then everything ends."""
    dialog.open()
    try:
        yield
    finally:
        dialog.close()
        dialog.deleteLater()
        await aio.finish()
        await parts.close()
