"""How a person arranges the library: names, pins, folders, tags, archive, trash, and undo of all that.

Each action is one step of undo, whatever the number of conversations it touches, and one
transaction on disk: after a crash all of it is there or nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from desktop_chat.core import folders as tree
from desktop_chat.core.folders import Folders
from desktop_chat.core.library_history import LibraryAct, LibraryHistory, RowStep, Step
from desktop_chat.core.listing import Listing, sorted_tags
from desktop_chat.core.ports import Clock, Row, RowChange
from desktop_chat.core.saver import Saver
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import ConversationEdited, LibraryChange
from desktop_chat.domain.conversation import name_from
from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.folder import NamedFolder
from desktop_chat.domain.ids import ConversationId, FolderId, new_folder_id

Ids = Iterable[ConversationId]
Fields = Mapping[str, Any]


class Arranging:
    """The part of the library that a person puts in order; `Library` has the rest.

    Attributes:
        changes: What happened to the list.
    """

    def __init__(self, saver: Saver, clock: Clock) -> None:
        self.changes: Feed[LibraryChange] = Feed()
        self._saver = saver
        self._clock = clock
        self._listing = Listing(self.changes.publish)
        self._history = LibraryHistory()

    @property
    def rows(self) -> list[Row]:
        """All that are not in the trash, pinned first, then latest change first. Not to be changed by others."""
        return self._listing.rows

    @property
    def folders(self) -> Folders:
        """Parents before children, in their order."""
        return self._listing.folders

    @property
    def tags(self) -> tuple[str, ...]:
        """Those in use, sorted."""
        return self._listing.tags

    @property
    def can_undo(self) -> bool:
        """True if a change of the library can be taken back."""
        return self._history.last is not None

    @property
    def can_redo(self) -> bool:
        """True if a change of the library was taken back last."""
        return self._history.next is not None

    @property
    def undo_title(self) -> str:
        """The `LibraryAct` that `undo` takes back; empty if there is none."""
        return self._history.last.act if self._history.last else ""

    @property
    def undo_step(self) -> object:
        """What `undo` takes back, to be compared by `is`: another step is another object. `None` if there is none."""
        return self._history.last

    @property
    def redo_title(self) -> str:
        """The `LibraryAct` that `redo` does again; empty if there is none."""
        return self._history.next.act if self._history.next else ""

    @property
    def steps(self) -> tuple[Step | None, Step | None]:
        """What `undo` and `redo` would do; others after whatever the person did to the library."""
        return self._history.last, self._history.next

    def row(self, conversation_id: ConversationId) -> Row | None:
        """The row of a conversation, if it is in the list."""
        return self._listing.row(conversation_id)

    def position(self, conversation_id: ConversationId) -> int | None:
        """Where in `rows` a conversation stands."""
        return self._listing.position(conversation_id)

    def rename(self, conversation_id: ConversationId, title: str) -> None:
        """Give a title; an empty one changes nothing."""
        title, row = name_from(title), self.row(conversation_id)
        if title and row is not None and title != row.title:
            self._do(LibraryAct.RENAME, {conversation_id: {"title": title, "titled_by_person": True}})

    def pin(self, ids: Ids, pinned: bool) -> None:
        """Put conversations above the others, or back among them."""
        self._do(LibraryAct.PIN if pinned else LibraryAct.UNPIN, self._each(ids, pinned=pinned))

    def move(self, ids: Ids, folder_id: FolderId | None) -> None:
        """Put conversations into a folder, or out of all."""
        if folder_id is None or tree.find(self.folders, folder_id):
            self._do(LibraryAct.MOVE, self._each(ids, folder_id=folder_id))

    def tag(self, ids: Ids, tag: str, on: bool) -> None:
        """Give conversations a tag, or take it away. Upper and lower case are one."""
        tag = name_from(tag)
        known = next((one for one in self.tags if one.casefold() == tag.casefold()), tag)
        fields: dict[ConversationId, Mapping[str, Any]] = {}
        for row in filter(None, map(self.row, ids)):
            others = [one for one in row.tags if one.casefold() != tag.casefold()]
            fields[row.id] = {"tags": sorted_tags([*others, known] if on and tag else others)}
        self._do(LibraryAct.TAG if on else LibraryAct.UNTAG, fields)

    def archive(self, ids: Ids, archived: bool) -> None:
        """Put conversations away, or back among the others."""
        self._do(LibraryAct.ARCHIVE if archived else LibraryAct.UNARCHIVE, self._each(ids, archived=archived))

    def trash(self, ids: Ids) -> None:
        """Take conversations off the list for 30 days; a running reply is stopped and kept."""
        self._do(LibraryAct.TRASH, self._each(ids, trashed_at=self._clock.now()))

    def restore(self, ids: Ids) -> None:
        """Bring conversations back from the trash, to where they were if that is still there."""
        known = {folder.id for folder in self.folders}
        fields: dict[ConversationId, Mapping[str, Any]] = {}
        for row in (self._listing.trash.get(one) for one in ids):
            if row is not None:
                folder_id = row.folder_id if row.folder_id in known else None
                fields[row.id] = {"trashed_at": None, "folder_id": folder_id}
        self._do(LibraryAct.RESTORE, fields)

    async def trashed(self) -> list[Row]:
        """What is in the trash, newest deletion first. After 30 days it is erased, and not before."""
        known = {None, *(folder.id for folder in self.folders)}
        rows = [
            row if row.folder_id in known else replace(row, folder_id=None)
            for row in self._listing.trash.values()
            if not row.is_temporary
        ]
        return sorted(rows, key=lambda row: (-(row.trashed_at or 0.0), -row.updated_at, row.id))

    def add_folder(self, name: str, parent_id: FolderId | None = None) -> FolderId:
        """Make a folder, the last one in its parent.

        Raises:
            SettingsError: The name is empty.
        """
        if not (name := name_from(name)):
            raise SettingsError("a folder needs a name")
        folder_id = new_folder_id()
        self._do(LibraryAct.ADD_FOLDER, {}, tree.added(self.folders, folder_id, name, parent_id))
        return folder_id

    def rename_folder(self, folder_id: FolderId, name: str) -> None:
        """Give a folder another name; an empty one changes nothing."""
        if name := name_from(name):
            self._do(LibraryAct.RENAME_FOLDER, {}, tree.renamed(self.folders, folder_id, name))

    def move_folder(self, folder_id: FolderId, parent_id: FolderId | None, position: int) -> None:
        """Put a folder below another; below itself it cannot go, and nothing changes.

        Args:
            folder_id: It moves with all that is in it.
            parent_id: Where to; `None` for the top.
            position: Its place among the folders there, itself not counted.
        """
        self._do(LibraryAct.MOVE_FOLDER, {}, tree.moved(self.folders, folder_id, parent_id, position))

    def remove_folder(self, folder_id: FolderId) -> None:
        """Take a folder away; what is in it moves to its parent."""
        self._do(LibraryAct.REMOVE_FOLDER, {}, tree.removed(self.folders, folder_id))

    async def take_folders(self, wanted: Mapping[ConversationId, Sequence[NamedFolder]]) -> None:
        """Make and write the folders that conversations come with, where they are missing. It is no step of undo.

        Args:
            wanted: For each conversation the folders that lead to it; one that is here
                already has its place, and needs none.
        """
        needed = [folder for one, path in wanted.items() if self._listing.anywhere(one) is None for folder in path]
        folders = tree.with_missing(self.folders, needed)
        if folders != self.folders:
            self._history.change_folders(lambda those: tree.with_missing(those, needed))
            self._carry_out([], folders)
            await self._saver.flush()

    def note_import(self, ids: Ids) -> None:
        """New conversations were taken in: undoing that moves them to the trash."""
        # One of each for all of them: they may be many.
        gone, here = {"trashed_at": self._clock.now()}, {"trashed_at": None}
        rows = tuple(RowStep(one, gone, here) for one in ids)
        if rows:
            self._history.record(Step(LibraryAct.IMPORT, rows))

    def undo(self) -> None:
        """Take the last change of the library back; harmless if there is none."""
        if step := self._history.last:
            folders = self.folders if step.folders_before is None else step.folders_before
            changes = step.back()
            moved = self._without_folder(changes, folders)
            self._history.went_back(moved)
            self._carry_out([*changes, *(RowChange(row.id, row.after) for row in moved)], folders)

    def redo(self) -> None:
        """Do again what was taken back last; harmless if there is none."""
        if step := self._history.next:
            folders = self.folders if step.folders_after is None else step.folders_after
            changes = step.forth()
            moved = self._without_folder(changes, folders)
            self._history.went_forth(moved)
            self._carry_out([*changes, *(RowChange(row.id, row.after) for row in moved)], folders)

    def _each(self, ids: Ids, **fields: Any) -> dict[ConversationId, Fields]:
        return {row.id: fields for row in filter(None, map(self.row, ids))}

    def _do(self, act: LibraryAct, fields: Mapping[ConversationId, Fields], folders: Folders | None = None) -> None:
        before, after = self.folders, self.folders if folders is None else folders
        rows = []
        shared: dict[tuple[Any, ...], Fields] = {}
        for conversation_id, new in fields.items():
            row = self._listing.anywhere(conversation_id)
            old = {name: getattr(row, name) for name in new} if row else new
            if old != new:
                rows.append(RowStep(conversation_id, shared.setdefault(tuple(old.values()), old), new))
        if not rows and before == after:
            return
        rows += self._without_folder([RowChange(row.id, row.after) for row in rows], after)
        step = Step(act, tuple(rows), before if before != after else None, after if before != after else None)
        self._history.record(step)
        self._carry_out(step.forth(), after)

    def _carry_out(self, changes: Sequence[RowChange], after: Folders) -> None:
        old, new = {folder.id: folder for folder in self.folders}, {folder.id: folder for folder in after}
        self._saver.arrange(
            changes,
            [folder for folder in after if old.get(folder.id) != folder],
            [folder_id for folder_id in old if folder_id not in new],
        )
        sessions = self._change_sessions(changes)
        self._listing.change(changes, after)
        for session in sessions:
            session.changes.publish(ConversationEdited())

    def _without_folder(self, changes: Sequence[RowChange], folders: Folders) -> list[RowStep]:
        # Where rows have to go whose folder will not be there.
        known = {folder.id for folder in folders}
        fields: dict[ConversationId, dict[str, Any]] = {}
        for change in changes:
            fields.setdefault(change.id, {}).update(change.fields)
        # All others stand where there is something, unless folders went.
        rows = [row for one in fields if (row := self._listing.anywhere(one)) is not None]
        if any(folder.id not in known for folder in self.folders):
            rows += [row for row in self.rows if row.id not in fields]
        parents: dict[FolderId, tuple[Fields, Fields]] = {}
        steps = []
        for row in rows:
            new = fields.get(row.id, {})
            folder_id = new.get("folder_id", row.folder_id)
            if folder_id is None or folder_id in known or new.get("trashed_at", row.trashed_at) is not None:
                continue
            if folder_id not in parents:
                above = [one.id for one in tree.path_of(self.folders, folder_id) if one.id in known]
                parents[folder_id] = {"folder_id": folder_id}, {"folder_id": above[-1] if above else None}
            steps.append(RowStep(row.id, *parents[folder_id]))
        return steps

    def _note_rename(self, old: Row, new: Row) -> None:
        # Somebody renamed the open conversation itself.
        names = ("title", "titled_by_person")
        before, after = ({name: getattr(row, name) for name in names} for row in (old, new))
        self._history.record(Step(LibraryAct.RENAME, (RowStep(new.id, before, after),)))

    def _change_sessions(self, changes: Sequence[RowChange]) -> list[Session]:
        """Change the open conversations, which know where they stand; returns their sessions."""
        raise NotImplementedError
