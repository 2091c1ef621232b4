"""Guesses how tall a message is that was never built, from the lines of its text.

The thumb of the scroll bar stands where these guesses say, so folded parts count as they are
shown. Only the beginning of a long text is looked at; the rest is taken to be like it.
"""

import re
from collections.abc import Sequence

from desktop_chat.domain.blocks import Image, Notice, Refusal, Text, ToolResult
from desktop_chat.domain.message import Message, Role
from desktop_chat.markup.embedded import without
from desktop_chat.ui.transcript.boxes.code import FOLDED_LINES as FOLDED_CODE_LINES
from desktop_chat.ui.transcript.boxes.code import LONG_LINES as LONG_CODE_LINES
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.message.typed import beginning
from desktop_chat.ui.transcript.pictures.kept import HIGHEST_PX

GAP_STEPS = 7
"""Above a message, in steps."""
MOST = 200_000
LOOKED_AT = 2_000
"""Characters of a text in which code is looked for, and lines are counted; a thousand of the latter take some 5 µs."""
GUESSED_AT_ONCE = 8
"""Messages at the end whose heights are guessed one by one on opening; the rest follows in slices."""
GUESSED_IN_A_SLICE = 12
SAMPLE = 8
"""Of many messages, from all over them."""
PARAGRAPH_STEPS, CODE_STEPS = 2.5, 9
"""Room that they take beside their lines."""
NARROWER = 0.8
"""What a character of ordinary text takes of the font's average width."""
_NUMBER, _ROW = 1.05, 2.6
_KINDS = {
    "": 0.0,
    "#": 6.0,
    "|": _ROW,
    **dict.fromkeys("-+> ", 1.0),
    **dict.fromkeys("*0123456789", _NUMBER),
}
"""What a line that begins with this character takes beside its lines, in steps; any other goes on with a paragraph."""
_TARGETS = re.compile(r"\]\([^)\s]*\)")


def estimate(message: Message, width: float, look: Look) -> float:
    """Guess the height of a message."""
    height = GAP_STEPS * look.step
    is_reply = message.role is Role.ASSISTANT
    if is_reply:
        height += look.small_line_px
    for block in message.blocks:
        if isinstance(block, Text | Refusal):
            text = without(block.text)
            height += _read(text, width, look) if is_reply else _typed(text, width * 0.75, look)
        elif isinstance(block, Image):
            height += min(block.height, HIGHEST_PX * look.theme.scale) + 3 * look.step
        elif isinstance(block, Notice):
            height += 4 * look.line_px
        elif not isinstance(block, ToolResult):
            height += look.card_line_px
    return float(round(height))


def mean_height(messages: Sequence[Message], count: int, near: Sequence[float], width: float, look: Look) -> int:
    """Guess how tall the first `count` messages are, from a few of them and from those behind them."""
    far = messages[: count : count // SAMPLE + 1]
    some = [*near, *(estimate(message.glance(), width, look) for message in far)]
    return round(sum(some) / len(some))


def _typed(text: str, width: float, look: Look) -> float:
    height = 5.0 * look.step
    if (folded := beginning(text)) is not None:
        text = folded
        height += look.line_px + look.step
    fits = _characters(width, look)
    return height + sum(1 + len(line) // fits for line in text.split("\n")) * look.line_px


def _read(text: str, width: float, look: Look) -> float:
    if len(text) > MOST:
        return _read(text[:MOST], width, look) * len(text) / MOST
    height, prose, seen, size = 0.0, 0.0, 0, 0
    for number, part in enumerate(f"\n{text}".split("\n```")):
        if number % 2:
            lines = part.count("\n")
            folded = FOLDED_CODE_LINES + 2 if lines > LONG_CODE_LINES else lines
            height += folded * look.code_line_px + look.head_line_px + CODE_STEPS * look.step
            continue
        size += len(part)
        if part and seen < LOOKED_AT:
            begin = part[: LOOKED_AT - seen]
            prose += _prose(begin, width, look)
            seen += len(begin)
    return height + prose * size / max(1, seen)


def _prose(text: str, width: float, look: Look) -> float:
    if "](" in text:
        text = _TARGETS.sub("]", text)
    fits = _characters(width, look)
    lines, gaps, run = 0, 0.0, 0
    for line in [*text.split("\n"), ""]:
        kind = _KINDS.get(line[:1])
        if kind is None or (kind is _NUMBER and line[1:2] not in " .)0123456789"):
            run += len(line) + 1
            continue
        if run:
            lines += 1 + run // fits
            gaps += PARAGRAPH_STEPS
            run = 0
        if line:
            if kind is _ROW and not line[1:4].strip("-: "):
                continue
            lines += 1 if kind is _ROW else 1 + len(line) // fits
            gaps += kind
    return lines * look.line_px + gaps * look.step


def _characters(width: float, look: Look) -> int:
    return max(1, int(width / (NARROWER * look.text_advance)))
