"""Joins characters that a server cut in half.

Servers written in JavaScript cut text by UTF-16 units, so an emoji may come as `\\ud83d` in
one chunk and `\\ude00` in the next. A half alone cannot be written as UTF-8 anywhere.
"""

from desktop_chat.domain.surrogates import whole

LOST = "\ufffd"


class Mender:
    """Mends one text that comes in pieces."""

    def __init__(self) -> None:
        self._half = ""

    def feed(self, text: str) -> str:
        """Take in a piece; a first half at its end waits for the next piece."""
        if not self._half and text.isascii():
            return text
        text, self._half = self._half + text, ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return whole(text)

    def rest(self) -> str:
        """Nothing more comes: a half that is left is a character that was lost."""
        half, self._half = self._half, ""
        return LOST if half else ""
