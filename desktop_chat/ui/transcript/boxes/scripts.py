"""Tells writing from a jumble of all scripts, which would have every font of the system loaded."""

from functools import cache

from PySide6.QtGui import QFont

MOST_SCRIPTS = 24
"""In one text; each costs some 10 ms when its fonts are first looked for."""
MANY_SCRIPTS = 10
MOST_CHANGES = 100
"""From one script to another, in a text of many scripts, or of marks of direction; each stretch is shaped on its own."""
FEW_LOST, MOST_LOST = 4, 1 / 8
"""Characters that could not be decoded: beyond both, so many and this part of the text, it is no writing."""
_MARKS = dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "\u200b")
"""Of direction. What stands in their place has no width either."""
_UNMARKED = str.maketrans(_MARKS)


def is_jumble(text: str) -> bool:
    """Whether a text is shown with the glyphs of its own font alone."""
    if text.isascii():
        return False
    scripts = {_script(block) for block in {ord(character) >> 7 for character in set(text)}}
    if len(scripts) <= MANY_SCRIPTS:
        lost = text.count("\ufffd")
        return lost > max(FEW_LOST, MOST_LOST * len(text)) or sum(map(text.count, _MARKS)) > MOST_CHANGES
    if len(scripts) > MOST_SCRIPTS:
        return True
    changes, before = 0, -1
    for character in text:
        script = _script(ord(character) >> 7)
        if script != before:
            changes, before = changes + 1, script
            if changes > MOST_CHANGES:
                return True
    return False


def fitting(text: str, font: QFont) -> tuple[str, QFont]:
    """A text and the font to lay it out with."""
    return plainly(text, font) if is_jumble(text) else (text, font)


def plainly(text: str, font: QFont) -> tuple[str, QFont]:
    """How a jumble is laid out: glyph by glyph, without the fonts that stand in for what is lacking.

    Returns:
        A text of the same length, and the font for it.
    """
    found = QFont(font)
    found.setStyleStrategy(QFont.StyleStrategy.NoFontMerging | QFont.StyleStrategy.PreferNoShaping)
    return text.translate(_UNMARKED), found


@cache
def _script(block: int) -> int:
    """Roughly: a stretch of Unicode with one kind of writing, by 128 characters of it."""
    code = block << 7
    if code < 0x2E80:
        # Punctuation, arrows and signs stand in any text.
        return 0 if code < 0x250 or 0x2000 <= code < 0x2C00 else block
    if 0x2E80 <= code < 0xA000 or 0xF900 <= code < 0xFB00 or 0xFE00 <= code < 0x10000 or 0x20000 <= code < 0x32000:
        return 1
    if 0xAC00 <= code < 0xD800:
        return 2
    return 3 if 0x1F000 <= code < 0x20000 else block
