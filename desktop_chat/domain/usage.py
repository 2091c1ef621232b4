"""Tokens as a server reported them; what was not reported stays unknown."""

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one request, or the sum of several. `None` means "not reported", never zero."""

    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    """Part of `prompt_tokens` that the server took from its cache."""
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    """Part of `completion_tokens` spent on reasoning."""
    total_tokens: int | None = None


def total(reports: Iterable[Usage]) -> Usage:
    """Add reports up, field by field.

    Returns:
        The sums. A field that no report has stays `None`.
    """
    sums: dict[str, int] = {}
    for report in reports:
        for field in fields(Usage):
            value = getattr(report, field.name)
            if value is not None:
                sums[field.name] = sums.get(field.name, 0) + value
    return Usage(**sums)
