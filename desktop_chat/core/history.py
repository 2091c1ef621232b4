"""Undo and redo of what the person did to the shown path: edits, deletes, choices.

Messages are never removed, so undoing needs no copies: a step keeps which child was shown
below which message and what was deleted, before and after, where the two differ.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import MessageId

STEPS = 200

Pair = tuple[MessageId | None, MessageId | None]
"""What was shown, and what is; `None` means the newest."""


class SessionAct(StrEnum):
    """What a step did; `ui/messages.py` has the words."""

    EDIT = "edit_message"
    REPLY = "reply"
    """Another version of a reply."""
    DELETE = "delete_message"
    RESTORE = "restore_message"
    CHOOSE = "choose_version"


@dataclass(frozen=True, slots=True)
class Shown:
    """Which way through the tree is shown."""

    chosen: dict[MessageId | None, MessageId]
    deleted: frozenset[MessageId]


@dataclass(frozen=True, slots=True)
class _Step:
    """What one act changed of the shown path."""

    chosen: dict[MessageId | None, Pair]
    deleted: frozenset[MessageId]
    restored: frozenset[MessageId]
    act: SessionAct


def shown(conversation: Conversation) -> Shown:
    """Note what is shown now."""
    return Shown(dict(conversation.chosen), frozenset(conversation.deleted))


class History:
    """Steps of one conversation, for as long as it is open."""

    def __init__(self) -> None:
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    @property
    def can_undo(self) -> bool:
        """True if there is a step to go back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """True if a step was undone and nothing was done since."""
        return bool(self._undone)

    @property
    def undo_title(self) -> str:
        """The `SessionAct` that `undo` takes back; empty if there is none."""
        return self._done[-1].act if self._done else ""

    @property
    def redo_title(self) -> str:
        """The `SessionAct` that `redo` does again; empty if there is none."""
        return self._undone[-1].act if self._undone else ""

    def record(self, before: Shown, conversation: Conversation, act: SessionAct = SessionAct.REPLY) -> None:
        """Keep what was just done."""
        deleted = frozenset(conversation.deleted - before.deleted)
        restored = frozenset(before.deleted - conversation.deleted)
        if deleted or restored:
            act = SessionAct.DELETE if deleted else SessionAct.RESTORE
        self._done.append(_Step(_differences(before, conversation), deleted, restored, act))
        del self._done[:-STEPS]
        self._undone.clear()

    def amend(self, before: Shown, conversation: Conversation) -> None:
        """Another branch was chosen without a step of its own: it goes with the step on either side."""
        differences = _differences(before, conversation)
        if self._done:
            last = self._done[-1]
            merged = {k: (last.chosen.get(k, (old, new))[0], new) for k, (old, new) in differences.items()}
            self._done[-1] = replace(last, chosen={**last.chosen, **merged})
        if self._undone:
            following = self._undone[-1]
            merged = {k: (new, following.chosen.get(k, (old, old))[1]) for k, (old, new) in differences.items()}
            self._undone[-1] = replace(following, chosen={**following.chosen, **merged})

    def forget_undone(self) -> None:
        """Something new was written: what was undone cannot come back."""
        self._undone.clear()

    def undo(self, conversation: Conversation) -> None:
        """Go one step back; nothing happens if there is none."""
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            chosen = {key: pair[0] for key, pair in step.chosen.items()}
            conversation.choose_again(chosen, deleted=step.restored, restored=step.deleted)

    def redo(self, conversation: Conversation) -> None:
        """Go one step forth again; nothing happens if there is none."""
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            chosen = {key: pair[1] for key, pair in step.chosen.items()}
            conversation.choose_again(chosen, deleted=step.deleted, restored=step.restored)


def _differences(before: Shown, conversation: Conversation) -> dict[MessageId | None, Pair]:
    after = conversation.chosen
    keys = before.chosen.keys() | after.keys()
    pairs = {key: (before.chosen.get(key), after.get(key)) for key in keys}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
