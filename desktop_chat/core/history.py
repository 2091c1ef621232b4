"""Undo and redo of what the person did to the shown path: edits, deletes, choices.

Messages are never removed, so undoing needs no copies: a step keeps which child was shown
below which message and what was deleted, before and after, where the two differ.
"""

from dataclasses import dataclass

from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import MessageId

STEPS = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """Which way through the tree is shown."""

    chosen: dict[MessageId | None, MessageId]
    deleted: frozenset[MessageId]


@dataclass(frozen=True, slots=True)
class _Step:
    chosen: dict[MessageId | None, tuple[MessageId | None, MessageId | None]]
    deleted: frozenset[MessageId]
    restored: frozenset[MessageId]


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

    def record(self, before: Shown, conversation: Conversation) -> None:
        """Keep what was just done."""
        after = conversation.chosen
        keys = before.chosen.keys() | after.keys()
        pairs = {key: (before.chosen.get(key), after.get(key)) for key in keys}
        step = _Step(
            {key: pair for key, pair in pairs.items() if pair[0] != pair[1]},
            frozenset(conversation.deleted - before.deleted),
            frozenset(before.deleted - conversation.deleted),
        )
        self._done.append(step)
        del self._done[:-STEPS]
        self._undone.clear()

    def forget_undone(self) -> None:
        """Something new was written: what was undone cannot come back."""
        self._undone.clear()

    def undo(self, conversation: Conversation) -> None:
        """Go one step back; nothing happens if there is none."""
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            _show(conversation, {key: pair[0] for key, pair in step.chosen.items()})
            conversation.deleted -= step.deleted
            conversation.deleted |= step.restored

    def redo(self, conversation: Conversation) -> None:
        """Go one step forth again; nothing happens if there is none."""
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            _show(conversation, {key: pair[1] for key, pair in step.chosen.items()})
            conversation.deleted |= step.deleted
            conversation.deleted -= step.restored


def _show(conversation: Conversation, chosen: dict[MessageId | None, MessageId | None]) -> None:
    for parent_id, child_id in chosen.items():
        if child_id is None:
            conversation.chosen.pop(parent_id, None)
        else:
            conversation.chosen[parent_id] = child_id
