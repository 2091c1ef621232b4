"""A growing answer, sentence by sentence, as it is read aloud: without the signs of Markdown and without code."""

import re

from desktop_chat.ui.transcript.words import tr

ENDS = (". ", "! ", "? ", ": ", "。", "！", "？")
_FENCES = ("```", "~~~")
_LEADS = re.compile(r"^\s*(?:>\s*)*(?:#{1,6}\s+|[-*+]\s+(?:\[[ xX]\]\s+)?)?")
_LINKS = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_MARKS = re.compile(r"\[\^[^\]\s]+\]:?")
_SIGNS = re.compile(r"\*\*|__|~~|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_TASK = re.compile(r"\[([ xX])\]")
_FORMULAS = re.compile(r"\$\$(.+?)\$\$|\$(?=\S)([^$]+?)(?<=\S)\$(?!\d)|\\\((.+?)\\\)")
_NUMBER = re.compile(r"^\W*\d{1,9}\.\s$")
"""Of a list item or a heading: it is said with what follows."""
_RULES = re.compile(r"^[\s|:*_=-]*$")


class Sentences:
    """Cuts what comes into what is said."""

    def __init__(self) -> None:
        self._pending = ""
        self._fence = ""
        """What ends the code it is in; empty if it is in none."""

    def feed(self, delta: str) -> str:
        """More came; returns what can be said by now, empty if nothing can."""
        self._pending += delta
        found = []
        while (newline := self._pending.find("\n")) >= 0:
            line, self._pending = self._pending[:newline], self._pending[newline + 1 :]
            found.append(self._line(line))
        if not self._fence and not self._pending.lstrip().startswith(_FENCES):
            end = max((at + len(mark) for mark in ENDS if (at := self._pending.rfind(mark)) >= 0), default=0)
            if not _NUMBER.match(self._pending[:end]):
                found.append(_plain(self._pending[:end]))
                self._pending = self._pending[end:]
        return " ".join(filter(None, found))

    def finish(self) -> str:
        """Nothing more comes; returns what was not said yet."""
        rest = self._line(self._pending)
        self._pending = self._fence = ""
        return rest

    def _line(self, line: str) -> str:
        start = line.strip()
        if self._fence:
            self._fence = "" if start.startswith(self._fence) else self._fence
            return ""
        if start.startswith(_FENCES):
            self._fence = start[:3]
            language = start.strip("`~ ")
            return tr("Code, {language}.", language=language) if language else tr("Code.")
        return _plain(line)


def _plain(line: str) -> str:
    if _RULES.match(line):
        return ""
    lead = _LEADS.match(line)
    begin = lead.group() if lead is not None else ""
    plain = _SIGNS.sub("", _MARKS.sub("", _LINKS.sub(r"\1", line[len(begin) :])))
    text = _FORMULAS.sub(_formula, plain)
    if text.startswith("|"):
        text = ", ".join(cell.strip() for cell in text.strip("| ").split("|"))
    if (task := _TASK.search(begin)) is not None:
        text = f"{tr('not checked') if task.group(1) == ' ' else tr('checked')} {text}"
    return text.strip()


def _formula(found: re.Match[str]) -> str:
    alone, inline, bracketed = found.groups()
    return tr("Formula: {tex}", tex=alone.strip()) if alone else (inline or bracketed).strip()
