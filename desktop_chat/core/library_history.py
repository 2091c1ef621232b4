"""Undo and redo of what the person did to the library: names, places, tags, trash, folders.

A step keeps the fields of rows and the folders before and after, so it can be gone back and
forth without knowing what it was. What was made meanwhile and is no step of its own (a new
conversation in a folder that is undone) moves along, and the step remembers that.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from desktop_chat.core.folders import Folders
from desktop_chat.core.ports import RowChange
from desktop_chat.domain.ids import ConversationId

STEPS = 200
ROWS = 200_000
"""Of all steps together: somebody with 20,000 conversations may select all of them again and again."""


class LibraryAct(StrEnum):
    """What a step did; `ui/messages.py` has the words."""

    RENAME = "rename"
    PIN = "pin"
    UNPIN = "unpin"
    MOVE = "move"
    TAG = "tag"
    UNTAG = "untag"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    TRASH = "trash"
    RESTORE = "restore"
    BRANCH = "branch"
    IMPORT = "import"
    ADD_FOLDER = "add_folder"
    RENAME_FOLDER = "rename_folder"
    MOVE_FOLDER = "move_folder"
    REMOVE_FOLDER = "remove_folder"


Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowStep:
    """One row before and after; both sides have the same names."""

    id: ConversationId
    before: Fields
    after: Fields


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one action of the person changed. Each is another one, whatever it did."""

    act: LibraryAct
    rows: tuple[RowStep, ...] = ()
    folders_before: Folders | None = None
    """`None`: the folders stayed as they were."""
    folders_after: Folders | None = None

    def forth(self) -> list[RowChange]:
        """Do it."""
        return [RowChange(row.id, row.after) for row in self.rows]

    def back(self) -> list[RowChange]:
        """Take it back, the last change first."""
        return [RowChange(row.id, row.before) for row in reversed(self.rows)]


class LibraryHistory:
    """Steps of the library for as long as the program runs."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    @property
    def last(self) -> Step | None:
        """What can be undone."""
        return self._done[-1] if self._done else None

    @property
    def next(self) -> Step | None:
        """What can be done again."""
        return self._undone[-1] if self._undone else None

    def record(self, step: Step) -> None:
        """Keep what was just done."""
        self._done.append(step)
        self._undone.clear()
        rows = sum(len(step.rows) for step in self._done)
        while len(self._done) > 1 and (len(self._done) > STEPS or rows > ROWS):
            rows -= len(self._done.pop(0).rows)

    def went_back(self, moved: Iterable[RowStep]) -> None:
        """The last step was undone; `moved` is what had to move with it."""
        step = self._done.pop()
        back = tuple(RowStep(row.id, before=row.after, after=row.before) for row in moved)
        self._undone.append(replace(step, rows=(*step.rows, *back)))

    def went_forth(self, moved: Iterable[RowStep]) -> None:
        """The next step was done again; `moved` is what had to move with it."""
        step = self._undone.pop()
        self._done.append(replace(step, rows=(*step.rows, *moved)))

    def change_folders(self, change: Callable[[Folders], Folders]) -> None:
        """Something happened that is no step: it is so before and after every step."""
        for steps in (self._done, self._undone):
            for at, step in enumerate(steps):
                if step.folders_before is not None and step.folders_after is not None:
                    before, after = change(step.folders_before), change(step.folders_after)
                    steps[at] = replace(step, folders_before=before, folders_after=after)

    def forget(self) -> None:
        """The library is another one now."""
        self._done.clear()
        self._undone.clear()
