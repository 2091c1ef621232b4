"""What the core asks of the place where copies of the store are; `adapters/sqlite` is made to fit it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class BackupKind(StrEnum):
    """Why a copy of the store was made. Part of file names: do not rename a value."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MIGRATION = "migration"
    """Before a newer version of the program changed the shape of the store."""
    MANUAL = "manual"
    """Asked for by the person."""
    RESTORE = "before-restore"
    """Before another copy was put in the store's place."""


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """A copy of the store."""

    path: Path
    made_at: float
    kind: BackupKind
    bytes: int
    conversations: int
    messages: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check of the store; technical."""

    part: str
    text: str
    is_bad: bool = False
    is_newer: bool = False
    """Nothing is wrong with it, but it needs a newer Desktop Chat."""


class BackupPlace(Protocol):
    """Where copies of the store are. Every method raises `StoreError`; none blocks the calling thread."""

    folder: Path
    """Need not exist yet."""

    async def list(self) -> list[BackupInfo]:
        """All of them, newest first. One that cannot be read has -1 conversations and messages."""

    async def make(self, kind: BackupKind, now: float) -> BackupInfo:
        """Copy the store while it is used, check the copy, then let go of older ones beyond the number kept.

        Raises:
            StoreDamaged: The store is not sound; no copy was kept and none was let go.
        """

    async def is_due(self, now: float) -> bool:
        """Whether the store changed since the last copy, and that is not of today."""

    async def put_back(self, info: BackupInfo, *, is_kept: bool) -> None:
        """Have the copy take the place of the store, which is used again with its next call.

        Args:
            info: A copy of the list.
            is_kept: There is a copy of what is in use now; otherwise that is set aside.
        """

    async def verify(self, tell: Callable[[Finding], None]) -> None:
        """Check everything of the store and its copies while it is used, and tell each result in the loop."""

    async def mend(self) -> None:
        """The store is known to be damaged: set it aside and recover what is readable, at once."""

    async def close(self) -> None:
        """Finish what runs."""
