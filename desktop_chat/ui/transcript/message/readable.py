"""What tools are given and what they answer, as people can read it."""

import json

LONGEST = 200_000
"""Characters; more stays as it came."""


def readable(text: str) -> str:
    """JSON on several lines where it is JSON; otherwise as it came, so that nothing is hidden."""
    if text[:1] not in ("{", "[") or len(text) > LONGEST:
        return text
    try:
        return json.dumps(json.loads(text, object_pairs_hook=_without_doubles), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice; reading it would hide one of the values")
    return found
