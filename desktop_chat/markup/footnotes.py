"""Numbers of footnotes: those of one text, in the order in which their labels are first met.

From left to right, a label is met in a reference or before the text of its footnote; more text
never changes its number. While a text grows, every mark has a number and leads to the other end.
At its end a label that has no reference, or no footnote, is shown as it is written and leads
nowhere: its number would be that of nothing.
"""

from dataclasses import replace

from markdown_it.common.utils import normalizeReference

from desktop_chat.markup.leaves import Run, Style

MANY = 500
"""Marks in a text; in one with more, those without another end keep their numbers: to write all of them anew takes long."""


class Footnotes:
    """What is known of the footnotes of one text."""

    def __init__(self) -> None:
        self.has_numbers = True
        """Otherwise all labels are shown as they are written."""
        self._count = 0
        """Of what looks like a mark in the text."""
        self._is_open = False
        self._met: dict[tuple[str, bool], int] = {}
        """Numbers by label, and whether it is that of a footnote and not of a reference; in the order of the text."""
        self._last = 0
        self._settled = 0, 0
        """How many of them, and which number, are those of settled text."""
        self._alone: set[str] = set()
        """Labels shown as they are written."""

    def feed(self, source: str) -> None:
        """More of the normalised text came."""
        self._count += source.count("[^") + (self._is_open and source.startswith("^"))
        self._is_open = source.endswith("[") if source else self._is_open

    def settle(self) -> None:
        """What was read up to now stays as it is."""
        self._settled = len(self._met), self._last

    def restart(self) -> None:
        """Read on behind the settled text."""
        count, self._last = self._settled
        while len(self._met) > count:
            self._met.popitem()

    def resolve(self, final: bool) -> set[str]:
        """Say whether this is the end; returns the labels, normalised, that are shown in another way now."""
        alone: set[str] = set()
        if final and self._count <= MANY:
            alone = {label for label, is_note in self._met if (label, not is_note) not in self._met}
        changed = alone ^ self._alone
        self._alone = alone
        return changed

    def numbered(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        """Runs of the text, of which the ones before were read already, with the numbers of their marks."""
        return tuple(self._numbered(run) if Style.SUPERSCRIPT in run.style else run for run in runs)

    def _numbered(self, run: Run) -> Run:
        if not self.has_numbers:
            return replace(run, href="")
        label = normalizeReference(f"^{run.label}")
        number = self._met.get((label, run.is_note)) or self._met.get((label, not run.is_note))
        if number is None:
            number = self._last = self._last + 1
        self._met[label, run.is_note] = number
        return replace(run, href="") if label in self._alone else replace(run, text=f"[{number}]")
