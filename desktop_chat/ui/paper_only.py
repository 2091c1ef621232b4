"""Draws conversations as PDF where there is no window and no screen, for the terminal."""

import os
import sys

from PySide6.QtWidgets import QApplication

from desktop_chat.core.toolbox import Toolbox
from desktop_chat.domain.conversation import Conversation
from desktop_chat.ui.dialogs import paper
from desktop_chat.ui.transcript.boxes.code_lines import Highlight
from desktop_chat.ui.transcript.code.highlight import Highlighter
from desktop_chat.ui.transcript.pictures.kept import KeptOf

_held: list[QApplication] = []


def begin() -> None:
    """Start Qt so that it asks for no display; harmless when it runs."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if QApplication.instance() is None:
        _held.append(QApplication(sys.argv[:1]))


async def pdf_of(conversation: Conversation, toolbox: Toolbox, kept: KeptOf) -> bytes:
    """The shown path of a conversation.

    Raises:
        OSError: Nothing can be drawn.
    """
    highlighter = Highlighter()
    highlighter.missed = highlighter.load
    highlighter.warm()

    def color(language: str) -> Highlight | None:
        return highlighter.line_lexer(language) if language else None

    return await paper.pdf_of(conversation, toolbox, color, kept)
