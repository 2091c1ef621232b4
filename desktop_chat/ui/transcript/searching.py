"""Finds words in the sources of messages, in small steps and without laying anything out.

Sources are Markdown, so between two words there may be marks that are not shown, and an
address may hold a word that nobody reads. Counting is therefore done twice: at once in the
sources, which takes milliseconds for megabytes, and then, while there is time, in the leaves
of the messages that have something. What is counted in the end is what can be seen.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from desktop_chat.domain.blocks import Block, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.message import Message, Role
from desktop_chat.markup.embedded import without
from desktop_chat.markup.leaves import Code, Rule, Table

EXACT_CHARACTERS = 400_000
"""Sources up to this size are read as Markdown to count exactly; beyond it, once they are shown."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for."""

    text: str
    match_case: bool = False

    @property
    def shown(self) -> re.Pattern[str] | None:
        """Finds it in what is shown; `None` if nothing is wanted."""
        return _pattern(self, r"\s+", re.escape)

    @property
    def source(self) -> re.Pattern[str] | None:
        """Finds it in Markdown, over marks between words and escapes within them."""
        return _pattern(self, r"[*_~`\]]*\s+[*_~`\[>\s]*", _escaped)

    @property
    def may_be_in(self) -> Callable[[str], bool]:
        """Says at once of most texts that it is not in them."""
        stem = max(re.findall(r"[0-9A-Za-z]+", self.text), key=len, default="")
        if self.match_case:
            return lambda text: stem in text
        stem = stem.lower()
        return lambda text: stem in text.lower()


@dataclass(slots=True)
class Found:
    """Hits in one block of a message."""

    row: int
    part: int
    """Place of the block among the parts of the message."""
    count: int
    source: str
    is_markdown: bool
    is_exact: bool = False
    """Counted in what is shown."""


class Search:
    """One search through a conversation.

    Args:
        wanted: What is looked for.
        messages: What is shown, from above.
    """

    def __init__(self, wanted: Wanted, messages: Sequence[Message]) -> None:
        self.wanted = wanted
        self.found: list[Found] = []
        """In the order of reading; parts without a hit are not among them."""
        self.is_complete = False
        """Every source was looked through."""
        self._pattern = wanted.source
        self._shown = wanted.shown
        self._steps = self._run(messages)

    @property
    def total(self) -> int:
        """All hits, as far as they are known."""
        return sum(found.count for found in self.found)

    def go_on(self, may_go_on: Callable[[], bool]) -> bool:
        """Work for as long as one may; tells whether there is more to do."""
        while may_go_on():
            if next(self._steps, None) is None:
                return False
        return True

    def recount(self, row: int, message: Message) -> list[Found]:
        """Count anew what is still being written.

        Returns:
            What has other hits than before.
        """
        if self._pattern is None or not self.is_complete:
            return []
        known = {found.part: found for found in self.found if found.row == row}
        kept, changed = [], []
        for part, source, is_markdown in sources(message):
            found = known.get(part) or Found(row, part, 0, "", is_markdown)
            if found.source != source:
                found.source, found.is_exact = source, False
                found.count = sum(1 for _ in self._pattern.finditer(source))
                changed.append(found)
            if found.count:
                kept.append(found)
        above = [found for found in self.found if found.row < row]
        self.found = above + kept + [found for found in self.found if found.row > row]
        return [found for found in changed if found.count]

    def set_exact(self, found: Found, count: int) -> None:
        """Somebody has counted what is shown."""
        found.is_exact = True
        if count:
            found.count = count
        elif found in self.found:
            self.found.remove(found)

    def _run(self, messages: Sequence[Message]) -> Iterator[bool]:
        if self._pattern is None or self._shown is None:
            self.is_complete = True
            return
        may_be_in = self.wanted.may_be_in
        for row, message in enumerate(messages):
            for part, source, is_markdown in sources(message):
                if not may_be_in(source):
                    continue
                count = sum(1 for _ in self._pattern.finditer(source))
                if count:
                    self.found.append(Found(row, part, count, source, is_markdown))
            yield True
        self.is_complete = True
        yield True
        room = EXACT_CHARACTERS
        for found in list(self.found):
            room -= len(found.source)
            if found.is_markdown and not found.is_exact and room > 0:
                self.set_exact(found, sum(len(self._shown.findall(text)) for text in _texts(found.source)))
                yield True


def sources(message: Message) -> Iterator[tuple[int, str, bool]]:
    """What can be read in a message: the place of its part, the text, whether it is Markdown."""
    calls: dict[str, int] = {}
    for index, block in enumerate(message.blocks):
        if isinstance(block, ToolCall):
            calls[block.call_id] = index
    results = message.results
    for index, block in enumerate(message.blocks):
        text = _text_of(block)
        if isinstance(block, ToolCall) and block.call_id in results:
            text += "\n" + results[block.call_id].text
        if text:
            is_prose = isinstance(block, Text | Refusal | Reasoning) and message.role is Role.ASSISTANT
            yield index + 1, text, is_prose


def _text_of(block: Block) -> str:
    match block:
        case Text(text) | Refusal(text) | Reasoning(text):
            return without(text)
        case ToolCall():
            return block.arguments_json
        case ToolResult():
            return ""  # Shown by its call.
        case _:
            return ""


def _texts(source: str) -> Iterator[str]:
    from desktop_chat.markup.parser import parse  # as in `TextPart`

    for leaf in parse(source):
        match leaf:
            case Code():
                yield leaf.text
            case Table():
                for row in (leaf.header, *leaf.rows):
                    yield "\t".join("".join(run.text for run in cell) for cell in row)
            case Rule():
                pass
            case _:
                # Other leaves are text.
                yield leaf.text


def _pattern(wanted: Wanted, between: str, escape: Callable[[str], str]) -> re.Pattern[str] | None:
    words = wanted.text.split()
    if not words:
        return None
    return re.compile(between.join(escape(word) for word in words), 0 if wanted.match_case else re.IGNORECASE)


def _escaped(word: str) -> str:
    return "".join(c if c.isalnum() else rf"\\?{re.escape(c)}" for c in word)
