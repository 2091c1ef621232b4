"""Which rules of a lexer can match at a character, so that the others need not be tried.

Pygments tries the rules of a state one after another at every token: thirty of them for a
name or a bracket, of which one or two could begin there. What a rule may begin with is read
from its expression by the standard library's own parser; where that is not clear, or the
parser is another one day, the rule is tried everywhere.
"""

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

EVERYWHERE = (1 << 128) - 1
"""A set of ASCII characters is a number with a bit for each."""
LONGEST = 300
"""Characters of an expression; what is longer lists words or letters, and reading it takes up to 5 ms."""

Rule = tuple[Any, Any, Any]
"""What matches, what is made of it, and where it leads."""

_SETS = {
    "CATEGORY_DIGIT": "0123456789",
    "CATEGORY_SPACE": " \t\n\r\f\v\x1c\x1d\x1e\x1f",
    "CATEGORY_WORD": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz",
}


class RuleStarts(dict[str, list[Rule]]):
    """The rules of one state that may match where a character is, in order; found out when it is first asked for.

    Args:
        rules: All of them. Their expressions are read at once, which takes milliseconds.
    """

    def __init__(self, rules: list[Rule]) -> None:
        super().__init__()
        self._rules = rules
        self._starts = [_start_of(rule[0]) for rule in rules]

    def __missing__(self, character: str) -> list[Rule]:
        if not character.isascii():
            return self._rules
        bit = 1 << ord(character)
        found = self[character] = [r for r, start in zip(self._rules, self._starts, strict=True) if start & bit]
        return found


_known: dict[re.Pattern[str], int] = {}


def _start_of(match: Any) -> int:
    """The characters that a rule may begin with."""
    pattern = getattr(match, "__self__", None)
    if not isinstance(pattern, re.Pattern) or len(pattern.pattern) > LONGEST:
        return EVERYWHERE
    found = _known.get(pattern)
    if found is None:
        found = _known[pattern] = first_characters(pattern)
    return found


def first_characters(pattern: re.Pattern[str]) -> int:
    """The ASCII characters that a match may begin with."""
    try:
        tree = import_module("re._parser").parse(pattern.pattern, pattern.flags)
        found, is_passed = _walk(tree)
    except (ImportError, AttributeError, TypeError, ValueError):
        return EVERYWHERE
    if is_passed:
        return EVERYWHERE
    return _in_both_cases(found) if pattern.flags & re.IGNORECASE else found


def _walk(tree: Iterable[tuple[Any, Any]]) -> tuple[int, bool]:
    """What a sequence may begin with, and whether it may be passed without a character."""
    found = 0
    for operation, value in tree:
        starts, is_passed = _one(str(operation), value)
        found |= starts
        if not is_passed:
            return found, False
    return found, True


def _one(operation: str, value: Any) -> tuple[int, bool]:
    if operation in ("AT", "ASSERT", "ASSERT_NOT"):
        return 0, True
    if operation == "LITERAL":
        return _bit(value), False
    if operation == "IN":
        return _set(value), False
    if operation == "BRANCH":
        branches = [_walk(branch) for branch in value[1]]
        return _union(starts for starts, _ in branches), any(is_passed for _, is_passed in branches)
    if operation == "SUBPATTERN" and not (value[1] or value[2]):
        return _walk(value[3])
    if operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        starts, is_passed = _walk(value[2])
        return starts, is_passed or value[0] == 0
    return EVERYWHERE, False


def _set(items: Iterable[tuple[Any, Any]]) -> int:
    found, is_negated = 0, False
    for operation, value in items:
        match str(operation):
            case "NEGATE":
                is_negated = True
            case "LITERAL":
                found |= _bit(value)
            case "RANGE":
                low, high = min(value[0], 128), min(value[1], 127)
                found |= (1 << high + 1) - (1 << low) if low <= high else 0
            case "CATEGORY":
                found |= _category(str(value))
            case _:
                return EVERYWHERE
    return EVERYWHERE & ~found if is_negated else found


def _category(name: str) -> int:
    wanted = _SETS.get(name.replace("_NOT_", "_"))
    if wanted is None:
        return EVERYWHERE
    found = _union(_bit(ord(character)) for character in wanted)
    return EVERYWHERE & ~found if "_NOT_" in name else found


def _bit(code: int) -> int:
    # Other characters do not count: at those, all rules are tried.
    return 1 << code if code < 128 else 0


def _union(sets: Iterable[int]) -> int:
    found = 0
    for one in sets:
        found |= one
    return found


def _in_both_cases(found: int) -> int:
    letters = ((1 << 26) - 1) << ord("A")
    upper, lower = found & letters, (found >> 32) & letters
    # These are the other case of letters beyond ASCII.
    special = _union(_bit(ord(letter)) for letter in "iksIKS")
    return found | upper << 32 | lower | special
