"""Plays any sequence of what a person can do, on a real library, and says what there is then."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from desktop_chat.core.library import Library
from desktop_chat.core.session import Session
from desktop_chat.domain.conversation import Conversation
from tests.core.homes import ended

Act = tuple[str, int, int, int]

IN_LIBRARY = (
    *("new", "rename", "pin", "move", "tag", "untag", "archive", "trash", "restore", "branch", "keep"),
    *("add_folder", "rename_folder", "move_folder", "remove_folder", "undo", "redo"),
)
IN_SESSION = ("send", "edit", "regenerate", "delete", "restore_message", "choose", "show", "undo_edit", "redo_edit")

acts = st.tuples(st.sampled_from(IN_LIBRARY + IN_SESSION), st.integers(0, 7), st.integers(0, 7), st.integers(0, 3))
names = ("one", "Two", "three \u202e\x02", "  ", "four")


class Person:
    """Somebody who does these things; every session stays shown, so that its undo stays."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.sessions: list[Session] = []
        self._before: list[dict[str, Any]] = []
        """What there was before each step that can be undone."""

    async def play(self, acts: Sequence[Act]) -> None:
        """Do them one after the other, as far as they can be done."""
        for act, *numbers in acts:
            if act in IN_SESSION:
                await self._in_session(act, *numbers)
            else:
                await self._in_library(act, *numbers)

    async def _in_library(self, act: str, first: int, second: int, third: int) -> None:
        library, before, steps = self.library, arrangement(self.library), len(self.library._history._done)
        folder_ids = [None, *(folder.id for folder in library.folders)]
        folder_id, other_id = folder_ids[first % len(folder_ids)], folder_ids[second % len(folder_ids)]
        ids = [row.id for row in library.rows[first : first + third + 1]]
        match act:
            case "new":
                self.sessions.append(session := library.new(temporary=third == 3, folder_id=folder_id))
                session.send(f"question {first}")
                await ended(session)
            case "rename" if ids and second % 2:
                library.rename(ids[0], names[second % len(names)])
            case "rename" if self.sessions:
                self.sessions[first % len(self.sessions)].rename(names[second % len(names)])
            case "pin":
                library.pin(ids, bool(second % 2))
            case "move":
                library.move(ids, other_id)
            case "tag" | "untag":
                library.tag(ids, names[second % len(names)].swapcase() if third else names[0], act == "tag")
            case "archive":
                library.archive(ids, bool(second % 2))
            case "trash":
                library.trash(ids)
            case "restore":
                library.restore([row.id for row in await library.trashed()][: third + 1])
            case "branch" if self.sessions:
                session = self.sessions[first % len(self.sessions)]
                messages = list(session.conversation.messages)
                self.sessions.append(await library.branch(session, messages[second % len(messages)]))
            case "keep" if self.sessions:
                library.keep(self.sessions[first % len(self.sessions)].conversation.id)
            case "add_folder":
                library.add_folder(f"folder {second}", folder_id)
            case "rename_folder" if folder_id:
                library.rename_folder(folder_id, names[second % len(names)])
            case "move_folder" if folder_id:
                library.move_folder(folder_id, other_id, third - 1)
            case "remove_folder" if folder_id:
                library.remove_folder(folder_id)
            case "undo":
                self.undo()
                return
            case "redo":
                library.redo()
        self._before += [before] * (len(library._history._done) - steps)

    def undo(self) -> None:
        """One step of the library back: everything that was there is as it was."""
        if self.library.can_undo:
            self.library.undo()
            before, now = self._before.pop(), arrangement(self.library)
            assert {key: now[key] for key in before} == before

    def go_back_and_forth(self) -> None:
        """Undo everything and do it again: nothing is different."""
        library, here = self.library, arrangement(self.library)
        steps = len(library._history._done)
        for _ in range(steps):
            self.undo()
        assert not library.can_undo
        for _ in range(steps):
            before = arrangement(library)
            library.redo()
            self._before.append(before)
        assert arrangement(library) == here
        for session in self.sessions:
            shown, steps = tree(session.conversation), len(session.history._done)
            for step in (session.undo, session.redo):
                for _ in range(steps):
                    step()
            assert tree(session.conversation) == shown

    async def _in_session(self, act: str, first: int, second: int, third: int) -> None:
        if not self.sessions:
            return
        session = self.sessions[first % len(self.sessions)]
        conversation = session.conversation
        messages = list(conversation.messages.values())
        message = messages[second % len(messages)]
        match act:
            case "send":
                session.send(f"more {third}")
            case "edit":
                session.edit(message.id, text=f"edited {third}")
            case "regenerate":
                session.regenerate(message.id)
            case "delete":
                session.delete(message.id)
            case "restore_message":
                session.restore(message.id)
            case "choose":
                session.choose(message.id)
            case "show":
                session.show(message.id)
            case "undo_edit":
                session.undo()
            case "redo_edit":
                session.redo()
        await ended(session)
        assert conversation.path() == replace(conversation).path(), "the path that is kept is not that of the tree"


def arrangement(library: Library) -> dict[str, Any]:
    """Where everything stands: the list, the trash, the folders."""
    rows = [*library.rows, *library._listing.trash.values()]
    return {
        "folders": library.folders,
        **{row.id: replace(row, updated_at=0.0, is_unread=False, is_temporary=False) for row in rows},
    }


def tree(conversation: Conversation) -> dict[str, Any]:
    """A conversation, as it is shown and as it could be."""
    return {
        "path": [message.id for message in conversation.path()],
        "chosen": dict(conversation.chosen),
        "deleted": set(conversation.deleted),
        "messages": dict(conversation.messages),
    }
