"""Values of files that nobody vouches for: what is not of the kind that is asked for is taken as not there."""

import json
import math
from datetime import UTC, datetime
from typing import Any

from desktop_chat.domain.surrogates import whole

MAX_TIME = 32503680000.0
"""The year 3000, in seconds since 1970."""
_TOO_DEEP = "…"


def text_of(value: object) -> str:
    """A string that can be stored and shown; empty if it is none."""
    return whole(value) if isinstance(value, str) else ""


def id_of(value: object) -> str:
    """A string or whole number as an id; empty if it is neither."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**40 else ""
    return text_of(value)


def list_of(value: object) -> list[Any]:
    """A list; empty if it is none."""
    return value if isinstance(value, list) else []


def dict_of(value: object) -> dict[str, Any]:
    """A mapping; empty if it is none."""
    return value if isinstance(value, dict) else {}


def count_of(value: object) -> int | None:
    """A number of things, not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e15:
        return None
    return int(value)


def number_of(value: object) -> float | None:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def time_of(value: object) -> float | None:
    """Seconds since 1970 from what programs write: seconds to nanoseconds, as a number or digits, or ISO 8601."""
    if isinstance(value, str):
        return _time_of_text(value)
    number = number_of(value)
    if number is None or number <= 0:
        return None
    # Seconds until the year 5138; what is larger counts smaller parts.
    for limit, divisor in ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9)):
        if number < limit:
            return min(number / divisor, MAX_TIME)
    return None


def ms_between(start: object, end: object) -> int:
    """Milliseconds from one time to another; 0 if one is missing."""
    began, ended = time_of(start), time_of(end)
    return max(0, round((ended - began) * 1000)) if began and ended else 0


def json_of(value: object) -> str:
    """A value as compact JSON; a string as it is."""
    if isinstance(value, str):
        return text_of(value)
    try:
        return whole(json.dumps(value, ensure_ascii=False))
    except (RecursionError, ValueError):
        return _TOO_DEEP


def _time_of_text(text: str) -> float | None:
    text = text.strip()
    if len(text) > 40:
        return None
    try:
        moment = datetime.fromisoformat(text)
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        try:
            return time_of(float(text))
        except ValueError:
            return None
    return min(seconds, MAX_TIME) if seconds > 0 else None
