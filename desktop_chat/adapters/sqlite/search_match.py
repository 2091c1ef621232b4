"""What a search looks for in one text, and the line of it that is shown.

This is what a match means; the indexes find the same faster. Words are runs of letters and
digits; a word that was typed begins a word of the text. Where words are not divided by
blanks (Chinese, Japanese, Thai ...) and for signs, any part of the text will do.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from desktop_chat.adapters.sqlite.search_text import fold, fold_in_place
from desktop_chat.core.query import Query

BEFORE = 50
"""Characters shown before the first match."""
EXCERPT = 160
"""Characters of an excerpt."""
_HEAD = 1000
"""Characters that are enough if everything is found in them: most texts are longer."""
_MARKED = 40
"""Matches that are looked at to find the best line."""

_LAST_MARK = 0x20000
"""Beyond it are the rarer Chinese characters, and a few marks that no word of a search has."""
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_UNDIVIDED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts that are written without blanks between words."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing to look for."""

    text: str
    """Folded."""
    is_begun: bool = False
    """The last word of it may go on."""
    is_part: bool = False
    """It may stand anywhere, also within a word."""

    @property
    def words(self) -> list[str]:
        """Its words, as the index of words has them."""
        return words_of(self.text)


def words_of(text: str) -> list[str]:
    """The words of a folded text, as the index of words divides it."""
    return _word().findall(text)


def sought(query: Query) -> list[Sought]:
    """What has to be there."""
    found = [
        *(_sought(word, may_go_on=True) for word in query.words),
        *(_sought(phrase, may_go_on=False) for phrase in query.phrases),
        _sought(query.open_phrase, may_go_on=True),
    ]
    things = list(dict.fromkeys(thing for thing in found if thing.text))
    # A comma alone says nothing beside words.
    telling = [thing for thing in things if not (thing.is_part and len(thing.text) == 1 and thing.text.isascii())]
    return telling or things


def excluded(query: Query) -> list[Sought]:
    """What must not be there."""
    return [thing for text in query.excluded if (thing := _sought(text, may_go_on=False)).text]


def as_part(thing: Sought) -> Sought:
    """The same, to be found within words too."""
    return replace(thing, is_begun=False, is_part=True)


class Matcher:
    """Finds all of some things, and none of others.

    Args:
        wanted: Each has to stand in one of the texts.
        unwanted: None of them may stand in any.
    """

    def __init__(self, wanted: Sequence[Sought], unwanted: Sequence[Sought] = ()) -> None:
        self._wanted = list(wanted)
        self._unwanted = list(unwanted)
        self._compiled: dict[tuple[bool, bool], list[re.Pattern[str]]] = {}
        self._shown: dict[tuple[bool, bool], list[re.Pattern[str]]] = {}

    def fits(self, texts: Sequence[str]) -> bool:
        """Whether these folded texts of one message are what is looked for."""
        for text in texts if self._unwanted else ():
            if any(pattern.search(text) for pattern in self._patterns(self._unwanted, text.isascii())):
                return False
        if len(texts) == 1:
            text = texts[0]
            return all(pattern.search(text) for pattern in self._patterns(self._wanted, text.isascii()))
        found = [[bool(p.search(text)) for p in self._patterns(self._wanted, text.isascii())] for text in texts]
        return all(any(column) for column in zip(*found, strict=True)) if found else not self._wanted

    def excerpt(self, text: str) -> str | None:
        """A line around the best place of a text as it was written, every match in it marked.

        Returns:
            `None` if nothing of what is looked for is there.
        """
        if not self._wanted:
            return _line(text, 0, [])
        spans = self._spans(text[:_HEAD])
        if len(text) > _HEAD:  # What the cut goes through may go on.
            spans = [span for span in spans if span[1] < _HEAD]
            if len({thing for _, _, thing in spans}) < len(self._wanted):
                spans = self._spans(text)
        return _line(text, _best(spans), [(begin, end) for begin, end, _ in spans]) if spans else None

    def marked(self, text: str) -> str:
        """All of a short text, every match marked."""
        return _mark(text, 0, len(text), [(begin, end) for begin, end, _ in self._spans(text)])

    def _spans(self, text: str) -> list[tuple[int, int, int]]:
        """Beginning, end and thing of the first matches, in order; none within another."""
        folded = fold_in_place(text)
        key = folded.isascii(), "\x00" in folded
        if key not in self._shown:
            self._shown[key] = [re.compile(_pattern(thing, *key, goes_on=True)) for thing in self._wanted]
        # One after the other: a pattern that begins with a letter is searched many times as fast as a choice of them.
        found = sorted(
            (match.start(), match.end(), thing)
            for thing, pattern in enumerate(self._shown[key])
            for match in islice(pattern.finditer(folded), _MARKED)
        )
        spans: list[tuple[int, int, int]] = []
        for span in found:
            if not spans or span[0] >= spans[-1][1]:
                spans.append(span)
        return spans

    def _patterns(self, things: Sequence[Sought], is_ascii: bool) -> list[re.Pattern[str]]:
        key = things is self._wanted, is_ascii
        if key not in self._compiled:
            self._compiled[key] = [re.compile(_pattern(thing, is_ascii)) for thing in things]
        return self._compiled[key]


def _sought(text: str, *, may_go_on: bool) -> Sought:
    folded = " ".join(_PRIVATE.sub(" ", fold(text)).split())
    words = words_of(folded)
    is_part = not words or _UNDIVIDED.search(folded) is not None
    return Sought(folded, may_go_on and not is_part and folded.endswith(words[-1]), is_part)


def _pattern(thing: Sought, is_ascii: bool = False, has_dropped: bool = False, *, goes_on: bool = False) -> str:
    # A dropped accent is a NUL where every character keeps its place.
    within = "\x00*" if has_dropped else ""
    if thing.is_part:
        return r"\s+".join(within.join(map(re.escape, run)) for run in thing.text.split())
    letter = "[^\\W_]" if is_ascii else _letter()
    # That no letter stands before it is looked at last: what begins with a literal is found fast.
    first, *others = thing.words
    begin = f"{re.escape(first[0])}(?<!(?:{letter}){re.escape(first[0])})"
    words = [within.join([begin, *map(re.escape, first[1:])]), *(within.join(map(re.escape, word)) for word in others)]
    if not thing.is_begun:
        end = rf"{within}(?!{letter})"
    else:
        end = rf"(?:{letter}|\x00)*" if goes_on else ""
    return rf"(?:(?!{letter})[\s\S])+".join(words) + end


@cache
def _letter() -> str:
    marks = [code for code in range(0x300, _LAST_MARK) if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    for code in marks:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    signs = "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)
    return f"[^\\W_]|[{signs}\ue000-\uf8ff]"


@cache
def _word() -> re.Pattern[str]:
    return re.compile(f"(?:{_letter()})+")


def _best(spans: Sequence[tuple[int, int, int]]) -> int:
    """Where the line begins to be of interest: as many different things as possible, the earlier the better."""
    best, most = spans[0][0], 0
    for index, (begin, _, _) in enumerate(spans):
        things = {thing for at, _, thing in spans[index:] if at < begin + EXCERPT - BEFORE}
        if len(things) > most:
            best, most = begin, len(things)
    return best


def _line(text: str, at: int, spans: Sequence[tuple[int, int]]) -> str:
    begin = max(0, at - BEFORE)
    if begin:  # At a word, but never behind the match.
        begin = min(at, begin + len(text[begin:at].partition(" ")[0]) + 1)
    end = begin + EXCERPT
    more = "…" if end < len(text) else ""
    return ("…" if begin else "") + " ".join(_mark(text, begin, end, spans).split()) + more


def _mark(text: str, begin: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    parts, done = [], begin
    for first, last in spans:
        if last > begin and first < end:
            parts += [text[done:first], "\x02", text[max(first, begin) : min(last, end)], "\x03"]
            done = min(last, end)
    return "".join([*parts, text[done:end]])
