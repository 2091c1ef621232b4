"""Finds words in the sources of messages, in small steps and without laying anything out.

Sources are Markdown, so between two words there may be marks that are not shown, and an
address may hold a word that nobody reads. Counting is therefore done twice: at once in the
sources, which takes milliseconds for megabytes, and then, while there is time, in the leaves
of the messages that have something. What is counted in the end is what can be seen.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from desktop_chat.domain.blocks import Block, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.message import Message, Role
from desktop_chat.markup.embedded import without
from desktop_chat.ui.transcript.copying.copied import text_of

EXACT_CHARACTERS = 1_000_000
"""Sources up to this size are read as Markdown to count exactly; beyond it, what is counted is what is written."""
PORTION = 1_500
"""Characters read at once."""


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
    hits: list[int] = field(default_factory=list)
    """Where they are written in the source, as far as a glance tells."""
    starts: list[int] = field(default_factory=list)
    """Where the leaves that have hits begin in the source; empty while they are not read."""
    before: list[int] = field(default_factory=list)
    """So many hits are above each of these leaves."""

    def place(self, index: int) -> tuple[int, int]:
        """A place of the source in or above the box of a hit, and which of the hits from there on it is."""
        if self.starts:
            leaf = bisect_right(self.before, index) - 1
            return self.starts[leaf], index - self.before[leaf]
        return self.hits[index] if index < len(self.hits) else 0, 0

    def written_at(self, index: int) -> int:
        """About where in the source a hit is written."""
        start, nth = self.place(index)
        at = bisect_left(self.hits, start) + nth
        return self.hits[at] if at < len(self.hits) else start

    def from_place(self, offset: int) -> int:
        """The first hit written at or behind a place of the source; `count` if there is none."""
        index = bisect_left(self.hits, offset)
        return self.exact(index) if index < len(self.hits) and self.starts else min(index, self.count)

    def written(self, start: int, end: int) -> int:
        """How many are written between two places of the source."""
        return bisect_left(self.hits, end) - bisect_left(self.hits, start)

    def exact(self, index: int) -> int:
        """Which of the hits that are shown one of those is that are written."""
        if not self.starts or index >= len(self.hits):
            return min(index, self.count - 1)
        leaf = max(0, bisect_right(self.starts, self.hits[index]) - 1)
        end = self.before[leaf + 1] if leaf + 1 < len(self.before) else self.count
        within = index - bisect_left(self.hits, self.starts[leaf])
        return max(0, min(self.before[leaf] + within, end - 1))


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
                found.hits = [match.start() for match in self._pattern.finditer(source)]
                found.count, found.starts, found.before = len(found.hits), [], []
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
                hits = [match.start() for match in self._pattern.finditer(source)]
                if hits:
                    self.found.append(Found(row, part, len(hits), source, is_markdown, hits=hits))
            yield True
        self.is_complete = True
        yield True
        room = EXACT_CHARACTERS
        for found in list(self.found):
            room -= len(found.source)
            if found.is_markdown and not found.is_exact and room > 0:
                yield from self._read(found, self._shown)

    def _read(self, found: Found, shown: re.Pattern[str]) -> Iterator[bool]:
        from desktop_chat.markup.stream import Stream  # as in `TextPart`

        source, stream = found.source, Stream()
        for at in range(0, len(source), PORTION):
            stream.feed(source[at : at + PORTION])
            stream.sync()
            yield True
        stream.sync(final=True)
        starts: list[int] = []
        before: list[int] = []
        total = 0
        for number, leaf in enumerate(stream.leaves):
            if count := len(shown.findall(text_of(leaf))):
                starts.append(leaf.start)
                before.append(total)
                total += count
            if number % 100 == 0:
                yield True
        if found.source == source:
            found.starts, found.before = starts, before
            self.set_exact(found, total)


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
            if is_prose and "\r" in text:
                # Places are counted in what the parser makes of it.
                text = text.replace("\r\n", "\n").replace("\r", "\n")
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


def _pattern(wanted: Wanted, between: str, escape: Callable[[str], str]) -> re.Pattern[str] | None:
    words = wanted.text.split()
    if not words:
        return None
    return re.compile(between.join(escape(word) for word in words), 0 if wanted.match_case else re.IGNORECASE)


def _escaped(word: str) -> str:
    return "".join(c if c.isalnum() else rf"\\?{re.escape(c)}" for c in word)
