"""Real texts that conversations of a benchmark are made of.

From the folder that `DESKTOP_CHAT_BENCHMARK_TEXTS` names, if it has any: every `.md`, `.txt`,
`.yml`, `.json` and `.jsonl` below it, of JSON the longer strings. Otherwise the descriptions of
what pip installed, which are Markdown too and are on every computer that can run this.
"""

import json
import os
import re
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

VARIABLE = "DESKTOP_CHAT_BENCHMARK_TEXTS"
MOST_CHARACTERS = 1500
"""Of a paragraph; what is longer is cut."""
MOST_OF_ONE = 3_000_000
"""Characters of one file, so that none drowns the others."""

_BLANK_LINES = re.compile(r"\n\s*\n")


def paragraphs() -> tuple[str, list[str]]:
    """Where the texts are from, and their paragraphs."""
    folder = os.environ.get(VARIABLE)
    found = list(_below(Path(folder))) if folder else []
    if found:
        return "folder", found
    return "installed packages", list(_installed())


def _below(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts) or not path.is_file():
            continue
        if path.suffix in (".md", ".txt"):
            yield from _cut(path.read_text(encoding="utf-8", errors="replace")[:MOST_OF_ONE])
        elif path.suffix == ".yml":
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            yield from (line.strip(" -") for line in lines if len(line.strip(" -")) > 3)
        elif path.suffix == ".json":
            yield from _strings(json.loads(path.read_text(encoding="utf-8")), [MOST_OF_ONE])
        elif path.suffix == ".jsonl":
            left = [MOST_OF_ONE]
            for line in path.read_text(encoding="utf-8").splitlines():
                yield from _strings(json.loads(line), left)


def _strings(value: Any, left: list[int]) -> Iterator[str]:
    if isinstance(value, str) and len(value) > 40 and left[0] > 0:
        left[0] -= len(value)
        yield from _cut(value)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each, left)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each, left)


def _installed() -> Iterator[str]:
    for distribution in sorted(distributions(), key=lambda d: d.name or ""):
        description = distribution.metadata.get_payload()  # type: ignore[attr-defined]
        if isinstance(description, str):
            yield from _cut(description)


def _cut(text: str) -> Iterator[str]:
    for paragraph in _BLANK_LINES.split(text):
        stripped = paragraph.strip()
        for at in range(0, len(stripped), MOST_CHARACTERS):
            yield stripped[at : at + MOST_CHARACTERS]
