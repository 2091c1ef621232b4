"""JSON read value by value, so that a file of gigabytes costs the memory of its largest value.

The top of a file is an array, an object or lines; below it each element, member or line is
one value. A value that is damaged is noted and skipped by its brackets, and the next one is
read: one broken conversation does not cost the others.
"""

import codecs
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from json.decoder import JSONDecodeError
from typing import Any

from desktop_chat.importing.deep_json import MAX_DEPTH, TooDeep, deep_value
from desktop_chat.importing.problems import Notes, ProblemKind
from desktop_chat.importing.source import Damaged, Portions

PORTION_BYTES = 2**20
MAX_VALUE = 2**28
"""Characters of one value."""
_DECODER = json.JSONDecoder(strict=False)  # A raw line break in a string does no harm.
_SPACE = re.compile(r"[ \t\n\r\x00\ufeff]*")
_STOP = re.compile(r"[,\[\]{}]")
_MARK = re.compile(r'["\[\]{}]')
_IN_STRING = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
_CUT = 12
"""An error that near to the end of what was read may be one of cutting: `tru`, `\\u12`, `1.`."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an object, or an element of the array that is one."""

    key: str
    where: str
    value: Any
    is_element: bool = False


class JsonValues:
    """The values of one file.

    Args:
        portions: The file.
        name: How it is called in problems.
        notes: Where problems go.
        is_lines: Its name promises one value a line.
        patience: For a look at the beginning: behind so many characters, nothing is skipped to see what follows.
    """

    def __init__(
        self, portions: Portions, name: str, notes: Notes, *, is_lines: bool = False, patience: int | None = None
    ) -> None:
        self._portions = portions
        self._name = name
        self._notes = notes
        self._lines = is_lines
        self._patience = patience
        self._decoder: codecs.IncrementalDecoder | None = None
        self._text = ""
        self._at = 0
        self._read_to = 0
        """Characters that were dropped in front of `_text`."""
        self._ended = False
        self._has_given_up = False
        """`patience` was at its end: whether the file is whole is not known."""

    def kind(self) -> str:
        """What the file is: `lines`, `array`, `object`, or empty for anything else."""
        mark = self._mark()
        if mark == "[" and not self._lines:
            return "array"
        if mark == "{":
            return "lines" if self._lines or self._is_one_of_many() else "object"
        return "lines" if mark and self._lines else ""

    def elements(self, where: str = "", *, limit: int | None = None) -> Iterator[tuple[str, Any]]:
        """Elements of the array that begins here, each with its place.

        Args:
            where: Of the array.
            limit: Read so many; the rest is skipped.
        """
        where = where or self._name
        self._at += 1
        index = 0
        while (mark := self._mark(",")) not in ("", "]"):
            place = f"{where}[{index}]"
            if limit is not None and index >= limit:
                self._skip(depth=1)
                return
            try:
                value = self._value()
            except Damaged as damage:
                self._notes.add(damage.kind, place, str(damage))
                self._skip()
            else:
                yield place, value
            index += 1
        self._close(mark, where)

    def members(self, deep: Collection[str] = (), *, limit: int | None = None) -> Iterator[Member]:
        """Members of the object that begins here.

        Args:
            deep: Keys whose array is not read at once but element by element. `*` for all.
            limit: Elements of such an array to read; the rest is skipped.
        """
        self._at += 1
        while (mark := self._mark(",")) not in ("", "}"):
            key = ""
            try:
                key = self._member_key()
                place = f"{self._name}: {key}"
                if self._mark() == "[" and (key in deep or "*" in deep):
                    is_empty = True
                    for inner, value in self.elements(place, limit=limit):
                        is_empty = False
                        yield Member(key, inner, value, is_element=True)
                    if is_empty:
                        yield Member(key, place, [])
                    continue
                value = self._value()
            except Damaged as damage:
                self._notes.add(damage.kind, f"{self._name}: {key}", str(damage))
                self._skip()
            else:
                yield Member(key, place, value)
        self._close(mark, self._name)

    def lines(self) -> Iterator[tuple[str, Any]]:
        """One value a line, each with its place."""
        number = 0
        while True:
            number += 1
            place = f"{self._name}:{number}"
            try:
                if (line := self._line()) is None:
                    return
                if not line.strip(" \t\r\x00\ufeff"):
                    continue
                value = _whole(line)
            except Damaged as damage:
                self._notes.add(damage.kind, place, str(damage))
            else:
                yield place, value

    def all_at_once(self) -> Iterator[tuple[str, Any]]:
        """The object, or whatever else is here, as one value; and what follows it, if anything does."""
        place, number = self._name, 1
        while self._mark():
            try:
                value = self._value()
            except Damaged as damage:
                self._notes.add(damage.kind, place, str(damage))
                return
            yield place, value
            number += 1
            place = f"{self._name}, value {number}"

    @property
    def position(self) -> int:
        """Characters read."""
        return self._read_to + self._at

    def _mark(self, also: str = "") -> str:
        """The next character that means something; empty at the end."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            mark = self._text[self._at : self._at + 1]
            if mark and mark in also:
                self._at += 1
            elif mark or not self._more():
                return mark

    def _more(self) -> bool:
        """Read on; each time as much as is there already, so that a long value is not looked at again and again."""
        if self._ended:
            return False
        waiting = len(self._text) - self._at
        size = max(PORTION_BYTES, min(waiting, MAX_VALUE + 1 - waiting))
        raw = self._portions.read(size)
        self._ended = not raw
        self._read_to += self._at
        self._text = self._text[self._at :] + self._decoded(raw)
        self._at = 0
        return True

    def _decoded(self, raw: bytes) -> str:
        if self._decoder is None:
            is_wide = raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
            self._decoder = codecs.getincrementaldecoder("utf-16" if is_wide else "utf-8")("strict")
        waiting, _ = self._decoder.getstate()
        try:
            return self._decoder.decode(raw, final=self._ended)
        except UnicodeDecodeError as error:
            self._notes.add(ProblemKind.REPLACED, self._name, f"it is not {error.encoding.upper()} throughout")
            # Same bytes again, this time with replacement characters, and so to the end.
            self._decoder = codecs.getincrementaldecoder(error.encoding)("replace")
            return self._decoder.decode(waiting + raw, final=self._ended)

    def _value(self) -> Any:
        while True:
            self._mark()
            try:
                value, end = _read(self._text, self._at)
            except JSONDecodeError as error:
                is_cut = error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _CUT
                if len(self._text) - self._at > MAX_VALUE:
                    raise _too_large() from error
                if is_cut and self._more():
                    continue
                raise _no_json(error, self._read_to) from error
            # A number near the end of what was read may go on: `1`, `1.`, `1e`.
            if isinstance(value, int | float) and end > len(self._text) - _CUT and self._more():
                continue
            if end - self._at > MAX_VALUE:
                raise _too_large()
            self._at = end
            return value

    def _member_key(self) -> str:
        if self._mark() != '"':
            raise Damaged(f"not JSON at character {self.position}: no key")
        key = self._value()
        if self._mark() != ":":
            raise Damaged(f"not JSON at character {self.position}: no colon")
        self._at += 1
        return str(key)

    def _skip(self, depth: int = 0) -> None:
        """Go behind the value that begins here, or behind the `depth` brackets that are open."""
        is_in_string = False
        while True:
            if self._patience is not None and self.position > self._patience:
                self._text, self._at, self._ended, self._has_given_up = "", 0, True, True
                return
            if is_in_string:
                is_in_string = not self._is_behind_string()
                if is_in_string and not self._more():
                    self._at = len(self._text)
                    return
                if not is_in_string and depth == 0:
                    return
                continue
            if depth == 0 and self._mark() not in ("", "{", "[", '"'):
                # Not a bracket: whatever it is, up to the next comma or bracket.
                found = _STOP.search(self._text, self._at + 1)
                self._at = found.start() if found else len(self._text)
                if found or not self._more():
                    return
                continue
            found = _MARK.search(self._text, self._at)
            self._at = found.end() if found else len(self._text)
            if found is None:
                if not self._more():
                    return
                continue
            is_in_string = found[0] == '"'
            depth += (found[0] in "[{") - (found[0] in "]}")
            if depth <= 0 and found[0] in "]}":
                return

    def _is_behind_string(self) -> bool:
        """Go to the end of the string that is open; False if it is not there yet."""
        found = _IN_STRING.match(self._text, self._at)
        self._at = found.end() if found else self._at
        is_closed = self._text[self._at : self._at + 1] == '"'
        self._at += is_closed
        return is_closed

    def _close(self, mark: str, where: str) -> None:
        if mark:
            self._at += 1
        elif not self._has_given_up:
            self._notes.add(ProblemKind.NOT_READABLE, where, "the file ends in the middle")

    def _line(self) -> str | None:
        searched = 0
        while (end := self._text.find("\n", self._at + searched)) < 0 and not self._ended:
            searched = len(self._text) - self._at
            if searched > MAX_VALUE:
                self._drop_line()
                raise _too_large()
            self._more()
        if end < 0:
            end = len(self._text)
            if self._at >= end:
                return None
        begin, self._at = self._at, end + 1
        if end - begin > MAX_VALUE:
            raise _too_large()
        return self._text[begin:end]

    def _drop_line(self) -> None:
        while (end := self._text.find("\n", self._at)) < 0:
            self._at = len(self._text)
            if not self._more():
                return
        self._at = end + 1

    def _is_one_of_many(self) -> bool:
        """Whether the first line is a value of its own and something follows it."""
        end = self._text.find("\n", self._at)
        if end < 0 or not self._text[end:].strip():
            return False
        try:
            _read(self._text[self._at : end].rstrip(), 0)
        except JSONDecodeError:
            return False
        return self._text[self._at : end].rstrip().endswith("}")


def _read(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except JSONDecodeError:
        raise
    except RecursionError:
        return _read_deep(text, at)
    except ValueError as error:  # A number of more digits than Python reads.
        raise Damaged("a number with too many digits") from error


def _read_deep(text: str, at: int) -> tuple[Any, int]:
    try:
        return deep_value(text, at)
    except TooDeep as error:
        raise Damaged(f"nested more than {MAX_DEPTH} levels", ProblemKind.TOO_DEEP) from error


def _no_json(error: JSONDecodeError, before: int = 0) -> Damaged:
    what = error.msg.removesuffix(" at").removesuffix(" starting").lower()
    return Damaged(f"not JSON at character {before + error.pos}: {what}")


def _too_large() -> Damaged:
    return Damaged(f"more than {MAX_VALUE:,} characters", ProblemKind.TOO_LARGE)


def _whole(line: str) -> Any:
    try:
        value, end = _read(line, len(line) - len(line.lstrip(" \t\x00\ufeff")))
    except JSONDecodeError as error:
        raise _no_json(error) from error
    if line[end:].strip():
        raise Damaged("more follows behind the value")
    return value
