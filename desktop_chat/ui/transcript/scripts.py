"""Tells writing from a jumble of all scripts, which would have every font of the system loaded."""

from itertools import pairwise

from PySide6.QtGui import QFont

MOST_SCRIPTS = 24
"""In one text; each costs some 10 ms when its fonts are first looked for."""
MANY_SCRIPTS = 10
MOST_CHANGES = 100
"""From one script to another, in a text of many scripts; each is shaped on its own."""


def is_jumble(text: str) -> bool:
    """Whether a text is shown with the glyphs of its own font alone."""
    if text.isascii():
        return False
    if len({_script(character) for character in set(text)}) <= MANY_SCRIPTS:
        return False
    scripts = [_script(character) for character in text]
    changes = sum(1 for one, next_one in pairwise(scripts) if one != next_one)
    return changes > MOST_CHANGES or len(set(scripts)) > MOST_SCRIPTS


def bare(font: QFont) -> QFont:
    """The font without the others that stand in for what it lacks."""
    found = QFont(font)
    found.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
    return found


def _script(character: str) -> int:
    """Roughly: a stretch of Unicode with one kind of writing."""
    code = ord(character)
    if code < 0x2E80:
        # Punctuation, arrows and signs stand in any text.
        return 0 if code < 0x250 or 0x2000 <= code < 0x2C00 else code >> 7
    if 0x2E80 <= code < 0xA000 or 0xF900 <= code < 0xFB00 or 0xFE30 <= code < 0xFFF0 or 0x20000 <= code < 0x32000:
        return 1
    if 0xAC00 <= code < 0xD800:
        return 2
    return 3 if 0x1F000 <= code < 0x20000 else code >> 7
