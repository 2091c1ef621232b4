"""Guesses how tall a message is that was never built, from the length of its text."""

from desktop_chat.domain.blocks import Image, Notice, Refusal, Text, ToolResult
from desktop_chat.domain.message import Message, Role
from desktop_chat.markup.embedded import without
from desktop_chat.ui.transcript.boxes.card import text_estimate
from desktop_chat.ui.transcript.kept import HIGHEST_PX
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.typed import FOLDED_CHARACTERS, FOLDED_LINES, LONG_CHARACTERS, LONG_LINES

GAP_STEPS = 7
"""Above a message, in steps."""


def estimate(message: Message, width: float, look: Look) -> float:
    """Guess the height of a message."""
    height = GAP_STEPS * look.step
    if message.role is Role.ASSISTANT:
        height += look.small_line_px
    for block in message.blocks:
        if isinstance(block, Text | Refusal):
            is_reply, text = message.role is Role.ASSISTANT, without(block.text)
            length, lines = len(text), text.count("\n")
            if not is_reply and (lines >= LONG_LINES or length > LONG_CHARACTERS):
                length, lines = min(length, FOLDED_CHARACTERS), FOLDED_LINES
            height += text_estimate(length, lines, width if is_reply else width * 0.75, look) + 3 * look.step
        elif isinstance(block, Image):
            height += min(block.height, HIGHEST_PX * look.theme.scale) + 3 * look.step
        elif isinstance(block, Notice):
            height += 4 * look.line_px
        elif not isinstance(block, ToolResult):
            height += look.card_line_px
    return height
