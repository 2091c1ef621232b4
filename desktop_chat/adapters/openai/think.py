"""Reasoning that a server leaves in the text, between `<think>` and `</think>`.

Only tags at the very beginning of an answer count: a model that writes about the tag
later on means the word.
"""

from desktop_chat.domain.events import ReasoningDelta, TextDelta

OPEN = "<think>"
CLOSE = "</think>"


class ThinkFold:
    """Splits the text of one answer into reasoning and text."""

    def __init__(self) -> None:
        self.is_plain = False
        """True once nothing can be reasoning any more; then `feed` need not be called."""
        self._is_open = False
        self._held = ""

    def feed(self, text: str) -> list[TextDelta | ReasoningDelta]:
        """Take in a piece of text; holds back at most the letters of half a tag."""
        if self.is_plain:
            return [TextDelta(text)]
        self._held += text
        if self._is_open:
            return self._inside()
        begun = self._held.lstrip()
        if begun.startswith(OPEN):
            self._is_open = True
            self._held = begun[len(OPEN) :].lstrip("\n")
            return self._inside()
        return [] if OPEN.startswith(begun) else self.rest()

    def rest(self) -> list[TextDelta | ReasoningDelta]:
        """The answer is over, or it is plain text: give what was held back."""
        held, self._held = self._held, ""
        was_open, self._is_open = self._is_open, False
        self.is_plain = True
        if not held:
            return []
        return [ReasoningDelta(held) if was_open else TextDelta(held)]

    def _inside(self) -> list[TextDelta | ReasoningDelta]:
        thought, found, after = self._held.partition(CLOSE)
        if found:
            self._is_open, self._held = False, after.lstrip("\n")
            return [*([ReasoningDelta(thought)] if thought else []), *self.rest()]
        kept = _half_of_close(self._held)
        ready = self._held[: len(self._held) - kept]
        self._held = self._held[len(ready) :]
        return [ReasoningDelta(ready)] if ready else []


def _half_of_close(text: str) -> int:
    """How many letters at the end of the text may be the beginning of `</think>`."""
    return next((n for n in range(len(CLOSE) - 1, 0, -1) if text.endswith(CLOSE[:n])), 0)
