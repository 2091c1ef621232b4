"""JSON that is nested deeper than the standard parser goes, read without recursion.

Some programs export a conversation as messages in messages, two levels for each; the
standard parser gives up at about 500 messages. This one is twenty times slower and is used
for nothing else.
"""

import json.decoder
import math
import re
from collections.abc import Callable
from json.decoder import JSONDecodeError
from typing import Any, cast

MAX_DEPTH = 50_000
_string: Callable[[str, int, bool], tuple[str, int]] = json.decoder.scanstring  # type: ignore[attr-defined]  # it is there
_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"(-?(?:0|[1-9]\d{0,400})(?:\.\d{1,400})?(?:[eE][-+]?\d{1,6})?)|true|false|null|NaN|-?Infinity")
_WORDS = {"true": True, "false": False, "NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class TooDeep(ValueError):
    """Nested beyond `MAX_DEPTH`."""


def deep_value(text: str, at: int) -> tuple[Any, int]:
    """Read one value that begins at `at`.

    Returns:
        The value, and where it ends.

    Raises:
        JSONDecodeError: As the standard parser does.
        TooDeep: It is nested beyond `MAX_DEPTH`.
    """
    open_: list[tuple[dict[str, Any] | list[Any], str]] = []
    while True:
        at = _skip(text, at)
        value: Any
        if text[at : at + 1] in ("{", "["):
            value = {} if text[at] == "{" else []
            at = _skip(text, at + 1)
            if text[at : at + 1] != ("}" if isinstance(value, dict) else "]"):
                if len(open_) >= MAX_DEPTH:
                    raise TooDeep(f"more than {MAX_DEPTH} levels")
                key, at = _key(text, at) if isinstance(value, dict) else ("", at)
                open_.append((value, key))
                continue
            at += 1
        else:
            value, at = _scalar(text, at)
        while open_:
            around, key = open_.pop()
            if isinstance(around, dict):
                around[key] = value
            else:
                around.append(value)
            at = _skip(text, at)
            mark = text[at : at + 1]
            if mark == ",":
                key, at = _key(text, at + 1) if isinstance(around, dict) else ("", at + 1)
                open_.append((around, key))
                break
            if mark != ("}" if isinstance(around, dict) else "]"):
                raise JSONDecodeError("Expecting ',' delimiter", text, at)
            at += 1
            value = around
        if not open_:
            return value, at


def _skip(text: str, at: int) -> int:
    return cast(re.Match[str], _SPACE.match(text, at)).end()


def _key(text: str, at: int) -> tuple[str, int]:
    at = _skip(text, at)
    if text[at : at + 1] != '"':
        raise JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
    key, at = _string(text, at + 1, False)
    at = _skip(text, at)
    if text[at : at + 1] != ":":
        raise JSONDecodeError("Expecting ':' delimiter", text, at)
    return key, at + 1


def _scalar(text: str, at: int) -> tuple[Any, int]:
    if text[at : at + 1] == '"':
        return _string(text, at + 1, False)
    found = _SCALAR.match(text, at)
    if found is None:
        raise JSONDecodeError("Expecting value", text, at)
    word = found[0]
    if found[1] is None:
        return _WORDS.get(word), found.end()
    return (int(word) if word.lstrip("-").isdecimal() else float(word)), found.end()
