"""A conversation: the tree of its messages and the path through it that is shown.

Nothing is overwritten. An edit or a new try adds a sibling; `chosen` remembers which
child is shown below each message. A deleted message stays in the tree with its id in
`deleted`: the path goes past it, or through one of its siblings if there is one.

The path is asked for at every turn, and may be ten thousand messages long. So it is kept
until the way through the tree is another one; and so is what else takes long to find.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from desktop_chat.domain.ids import ConversationId, EndpointId, FolderId, MessageId
from desktop_chat.domain.message import Message
from desktop_chat.domain.surrogates import whole

TITLE_CHARACTERS = 60
NAME_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class ConversationSettings:
    """What the person chose for one conversation. Unset values are not sent."""

    endpoint_id: EndpointId | None = None
    """`None`: the default endpoint of the preferences."""
    model: str = ""
    """Empty: the endpoint's default model."""
    system_prompt: str = ""
    temperature: float | None = None
    max_tokens: int | None = None
    allowed_tools: frozenset[str] = frozenset()
    """Names of tools that run here without asking."""
    uses_tools: bool = True
    """False: the model is told of no tool here."""
    tools_off: frozenset[str] = frozenset()
    """Names of tools the model is not told of here, besides those that are off everywhere."""

    def offers(self, tool_name: str) -> bool:
        """Whether this conversation lets the model know of a tool."""
        return self.uses_tools and tool_name not in self.tools_off


@dataclass(slots=True)
class Conversation:
    """The tree, and where it stands in the library. Mutable: `core/session.py` alone changes it.

    Once it was asked for its path, the tree is changed by its methods only.
    """

    id: ConversationId
    title: str
    created_at: float
    """Seconds since 1970, UTC."""
    updated_at: float
    pinned: bool = False
    titled_by_person: bool = False
    """True once the person named it; then it is never renamed by us."""
    folder_id: FolderId | None = None
    tags: tuple[str, ...] = ()
    """In alphabetical order."""
    archived: bool = False
    trashed_at: float | None = None
    """When it went to the trash; `None` if it is not there."""
    settings: ConversationSettings = field(default_factory=ConversationSettings)
    messages: dict[MessageId, Message] = field(default_factory=dict)
    """All messages of the tree; a parent stands before its children."""
    children: dict[MessageId | None, list[MessageId]] = field(default_factory=dict)
    """Ids below each message, oldest first; the roots are below `None`."""
    chosen: dict[MessageId | None, MessageId] = field(default_factory=dict)
    """The child shown below a message; without an entry it is the newest."""
    deleted: set[MessageId] = field(default_factory=set)
    _path: tuple[Message, ...] | None = field(default=None, init=False, repr=False, compare=False)
    """The shown messages; `None` while nobody asked for them since the way through the tree is this one."""
    _end: MessageId | None = field(default=None, init=False, repr=False, compare=False)
    """Where the way ends that `_path` goes."""
    _calling: tuple[Message, ...] | None = field(default=None, init=False, repr=False, compare=False)
    """Messages in which tools were called; `None` while nobody asked for them since the messages are these."""

    def add(self, message: Message) -> None:
        """Hang a message below its parent and show it.

        Raises:
            ValueError: The id is taken, or the parent is not here.
        """
        if message.id in self.messages:
            raise ValueError(f"message {message.id} is already here")
        if message.parent_id is not None and message.parent_id not in self.messages:
            raise ValueError(f"message {message.id} has no parent here")
        self.messages[message.id] = message
        self.children.setdefault(message.parent_id, []).append(message.id)
        self.chosen[message.parent_id] = message.id
        if self._path is not None and message.parent_id == self._end and message.id not in self.deleted:
            self._path, self._end = (*self._path, message), message.id
        else:
            self._path = None
        self._calling = None

    def put(self, message: Message) -> None:
        """Exchange a message for a later state of itself (a reply that has ended).

        Raises:
            KeyError: It is not here.
        """
        if self.messages[message.id].parent_id != message.parent_id:
            raise ValueError(f"message {message.id} cannot move in the tree")
        self.messages[message.id] = message
        if self._path and self._path[-1].id == message.id:
            self._path = (*self._path[:-1], message)
        else:
            self._path = None
        self._calling = None

    def extend(self, other: "Conversation") -> list[Message]:
        """Add what another state of this conversation has and this one has not; the shown path stays.

        Returns:
            What was added, parents first.
        """
        added = []
        self._path = None
        for message in other.messages.values():
            if message.id in self.messages:
                continue
            if message.parent_id is None or message.parent_id in self.messages:
                below = self.children.get(message.parent_id)
                shown = self.chosen.get(message.parent_id, below[-1]) if below else message.id
                self.add(message)
                self.chosen[message.parent_id] = shown
                added.append(message)
        self.updated_at = max(self.updated_at, other.updated_at)
        return added

    def path(self) -> tuple[Message, ...]:
        """The shown messages, from the first to the last."""
        return self._found() if self._path is None else self._path

    def calling(self) -> tuple[Message, ...]:
        """Messages in which tools were called, shown or not."""
        if self._calling is None:
            self._calling = tuple(message for message in self.messages.values() if message.has_calls)
        return self._calling

    def path_to(self, message_id: MessageId | None) -> tuple[Message, ...]:
        """The messages from the first to this one, shown or not, without deleted ones."""
        path = []
        step = message_id
        while step is not None:
            message = self.messages[step]
            if step not in self.deleted:
                path.append(message)
            step = message.parent_id
        return tuple(reversed(path))

    @property
    def last_id(self) -> MessageId | None:
        """Where the next message hangs: the end of the shown path, deleted messages included."""
        if self._path is None:
            self._found()
        return self._end

    def versions(self, message_id: MessageId) -> tuple[MessageId, ...]:
        """The message and its siblings that are not deleted, oldest first."""
        parent_id = self.messages[message_id].parent_id
        return tuple(m for m in self.children[parent_id] if m not in self.deleted or m == message_id)

    def choose(self, message_id: MessageId) -> None:
        """Show this message, and every message above it, instead of their siblings."""
        step: MessageId | None = message_id
        while step is not None:
            parent_id = self.messages[step].parent_id
            self.chosen[parent_id] = step
            step = parent_id
        self._path = None

    def choose_again(
        self,
        chosen: Mapping[MessageId | None, MessageId | None],
        *,
        deleted: Set[MessageId],
        restored: Set[MessageId],
    ) -> None:
        """Show what was shown before, or after, something was done.

        Args:
            chosen: The child to show below a message; `None` for the newest.
            deleted: Is taken off the path.
            restored: Is deleted no more.
        """
        for parent_id, child_id in chosen.items():
            if child_id is None:
                self.chosen.pop(parent_id, None)
            else:
                self.chosen[parent_id] = child_id
        self.deleted = (self.deleted | deleted) - restored
        self._path = None

    def delete(self, message_id: MessageId) -> None:
        """Take a message off the path. What hangs below it stays, unless a sibling takes its place."""
        others = [m for m in self.versions(message_id) if m != message_id]
        self.deleted.add(message_id)
        if others:
            self.chosen[self.messages[message_id].parent_id] = others[-1]
        self._path = None

    def restore(self, message_id: MessageId) -> None:
        """Undo `delete`: the message stands where it stood and is shown."""
        self.deleted.discard(message_id)
        self.choose(message_id)

    def edit_settings(self, **changes: object) -> None:
        """Exchange some of the settings, by name."""
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # fields by name

    def _found(self) -> tuple[Message, ...]:
        # Names of its own: opening ten thousand messages waits for this loop.
        chosen, children, deleted = self.chosen.get, self.children, self.deleted
        way: list[MessageId] = []
        walk = way.append
        step: MessageId | None = None
        while (step := chosen(step) or (children[step][-1] if step in children else None)) is not None:
            walk(step)
        shown = [message_id for message_id in way if message_id not in deleted] if deleted else way
        self._end = way[-1] if way else None
        self._path = tuple(map(self.messages.__getitem__, shown))
        return self._path


PLACE = frozenset({"title", "titled_by_person", "pinned", "folder_id", "tags", "archived", "trashed_at"})
"""Fields of a conversation that say where it stands in the library."""

_UNSEEN = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), " "),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
}
"""Controls of terminals become blanks, and those that turn the order of what follows around are dropped."""


def name_from(text: str) -> str:
    """A name as it can be shown: one line, without controls, not longer than anybody reads.

    Args:
        text: What the person typed as the name of a conversation, a folder or a tag.

    Returns:
        At most `NAME_CHARACTERS` characters; empty if nothing is left.
    """
    return " ".join(whole(text).translate(_UNSEEN).split())[:NAME_CHARACTERS].rstrip()


def title_from(text: str) -> str:
    """A title for a conversation: the first line with words in it, cut at a word.

    Args:
        text: What the person wrote first, Markdown allowed.

    Returns:
        At most `TITLE_CHARACTERS` characters; empty if there is no such line.
    """
    for line in text.splitlines():
        words = line.translate(_UNSEEN).strip().lstrip("#>*-` ").split()
        if not words:
            continue
        title = " ".join(words)
        if len(title) <= TITLE_CHARACTERS:
            return title
        cut = title[: TITLE_CHARACTERS - 1]
        return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"
    return ""
