"""From what a file says of a conversation to our tree.

A reader gives entries, one for each message of the source, each with the id of the one it
answers. Here they become messages: entries without content are passed through, tool
results join the reply that asked for them, a chain of replies between two questions is one
reply, and whatever does not hang together is hung up again and noted.

Ids are made of the ids of the source, so the same file gives the same conversation.
"""

import hashlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from desktop_chat.domain.blocks import Block, Image, Notice, Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation, ConversationSettings, title_from
from desktop_chat.domain.ids import CallId, ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role, Round
from desktop_chat.domain.usage import Usage
from desktop_chat.importing.problems import Notes, ProblemKind

TITLE_CHARACTERS = 300
"""A longer title is cut."""
USER, ASSISTANT, TOOL, SYSTEM = "user", "assistant", "tool", "system"


@dataclass(slots=True, eq=False)
class Entry:
    """A message of the source. Mutable: readers fill it."""

    id: str
    """Empty where the source has none; then its position stands for it."""
    parent: str | None
    role: str
    """`user`, `assistant`, `tool`, `system`; anything else counts as `assistant`."""
    blocks: list[Block] = field(default_factory=list)
    """Empty: nothing to show; what answers this entry answers its parent."""
    created_at: float | None = None
    model: str = ""
    ended: Ended | None = None
    usage: Usage | None = None
    tool: str = ""
    """Name of the tool, for a result that belongs to no call."""


@dataclass(slots=True)
class Outline:
    """A conversation of the source. Mutable: readers fill it."""

    id: str
    is_of_content: bool = False
    """`id` is made of what was said: what else the file has, times too, is no part of the ids."""
    title: str = ""
    created_at: float | None = None
    updated_at: float | None = None
    pinned: bool = False
    system_prompt: str = ""
    temperature: float | None = None
    max_tokens: int | None = None
    endpoint_name: str = ""
    """Where its replies came from, for people."""
    entries: list[Entry] = field(default_factory=list)
    current: str | None = None
    """Entry through which the shown path goes; `None`: the newest."""

    def chain(self) -> None:
        """Let every entry answer the one before it."""
        for number, entry in enumerate(self.entries):
            entry.id = entry.id or f"#{number}"
            entry.parent = self.entries[number - 1].id if number else None


def stable_id(created_at: float | None, *parts: str) -> str:
    """An id of our form that is the same for the same parts."""
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=6).hexdigest()
    return f"{min(int((created_at or 0) * 1000), 2**48 - 1):012x}{digest}"


def conversation_of(code: str, outline: Outline, notes: Notes, where: str, modified_at: float) -> Conversation:
    """Build the tree.

    Args:
        code: Of the reader; the same id in two formats is not the same conversation.
        outline: What was read.
        notes: Where problems go.
        where: Place of the conversation in the file.
        modified_at: Time of the file, for what has none of its own.
    """
    linked = _Linked(outline, notes, where)
    conversation = _Builder(code, outline, linked, modified_at).conversation()
    if not conversation.messages:
        notes.add(ProblemKind.EMPTY, where, conversation.title)
    return conversation


class _Linked:
    """The entries with content as a tree; made sound."""

    def __init__(self, outline: Outline, notes: Notes, where: str) -> None:
        self._notes = notes
        self._where = where
        self.prompts: dict[str, None] = {outline.system_prompt: None} if outline.system_prompt else {}
        self.children: dict[str | None, list[Entry]] = {}
        self.stands_for: dict[str, str | None] = {}
        """For an entry without content, the one above it that has some."""
        self._raw: dict[str | None, list[Entry]] = {}
        self._by_id: dict[str, Entry] = {}
        self._hang_up(outline.entries)
        self._pass_through()

    def _hang_up(self, entries: list[Entry]) -> None:
        for number, entry in enumerate(entries):
            wanted = entry.id or f"#{number}"
            if wanted in self._by_id:
                self._note(ProblemKind.DUPLICATE, entry)
                wanted = f"{wanted}#{number}"
                while wanted in self._by_id:
                    wanted += "#"
            entry.id = wanted
            self._by_id[wanted] = entry
        for entry in entries:
            if entry.parent is not None and entry.parent not in self._by_id:
                self._note(ProblemKind.PLACE_MENDED, entry)
                entry.parent = None
            self._raw.setdefault(entry.parent, []).append(entry)
        reached = {entry.id for entry in self._below(None)}
        if len(reached) == len(self._by_id):
            return
        for entry in entries:  # What is left answers itself, directly or in a ring.
            if entry.id not in reached:
                self._note(ProblemKind.PLACE_MENDED, entry)
                self._raw[entry.parent].remove(entry)
                entry.parent = None
                self._raw.setdefault(None, []).append(entry)
                reached.add(entry.id)
                reached.update(below.id for below in self._below(entry.id))

    def _below(self, top: str | None) -> Iterator[Entry]:
        waiting = self._raw.get(top, [])[::-1]
        while waiting:
            entry = waiting.pop()
            yield entry
            waiting.extend(self._raw.get(entry.id, ())[::-1])

    def _pass_through(self) -> None:
        for entry in self._below(None):
            above = self.stands_for.get(entry.parent, entry.parent) if entry.parent is not None else None
            if entry.role == SYSTEM:
                self._take_prompt(entry, above)
                self.stands_for[entry.id] = above
            elif entry.blocks:
                self.children.setdefault(above, []).append(entry)
            else:
                self.stands_for[entry.id] = above

    def _take_prompt(self, entry: Entry, above: str | None) -> None:
        text = "\n\n".join(block.text for block in entry.blocks if isinstance(block, Text) and block.text.strip())
        if not text or text in self.prompts:
            return
        self.prompts[text] = None
        if above is not None:
            self._note(ProblemKind.MOVED, entry)

    def _note(self, kind: ProblemKind, entry: Entry) -> None:
        self._notes.add(kind, f"{self._where}, message {entry.id}")


class _Builder:
    def __init__(self, code: str, outline: Outline, linked: _Linked, modified_at: float) -> None:
        self._code = code
        self._outline = outline
        self._linked = linked
        times = [entry.created_at for entry in outline.entries if entry.created_at]
        self._created_at = outline.created_at or min(times, default=None)
        self._id_time = None if outline.is_of_content else self._created_at
        self._shown_time = self._created_at or modified_at
        self._updated_at = outline.updated_at or max(times, default=self._shown_time)
        self._calls: set[str] = set()
        self._became: dict[str, MessageId] = {}

    def conversation(self) -> Conversation:
        outline = self._outline
        title = " ".join(outline.title[: 2 * TITLE_CHARACTERS].split())[:TITLE_CHARACTERS]
        conversation = Conversation(
            id=ConversationId(stable_id(self._id_time, self._code, outline.id)),
            title=title or self._title(),
            created_at=self._shown_time,
            updated_at=max(self._updated_at, self._shown_time),
            pinned=outline.pinned,
            titled_by_person=bool(title),
            settings=ConversationSettings(
                system_prompt="\n\n".join(self._linked.prompts),
                temperature=outline.temperature,
                max_tokens=outline.max_tokens,
            ),
        )
        self._add_messages(conversation)
        self._show_current(conversation)
        return conversation

    def _title(self) -> str:
        first = self._linked.children.get(None, [])
        return title_from("\n".join(b.text[:1000] for e in first[:1] for b in e.blocks if isinstance(b, Text)))

    def _add_messages(self, conversation: Conversation) -> None:
        children = self._linked.children
        waiting: list[tuple[Entry, MessageId | None, float]] = [
            (entry, None, self._shown_time) for entry in children.get(None, [])[::-1]
        ]
        while waiting:
            entry, parent_id, time = waiting.pop()
            folded = self._reply_from(entry) if entry.role != USER else [entry]
            message = self._message(folded, parent_id, time)
            conversation.add(message)
            for part in folded:
                self._became[part.id] = message.id
            below = children.get(folded[-1].id, ())
            waiting.extend((child, message.id, message.created_at) for child in below[::-1])

    def _reply_from(self, entry: Entry) -> list[Entry]:
        """The entry and what belongs to the same reply: a chain without a question and without a fork."""
        folded, model = [entry], entry.model
        while True:
            below = self._linked.children.get(folded[-1].id, [])
            if len(below) != 1 or below[0].role == USER:
                return folded
            if model and below[0].model and below[0].model != model:
                return folded
            model = model or below[0].model
            folded.append(below[0])

    def _message(self, folded: list[Entry], parent_id: MessageId | None, time: float) -> Message:
        first = folded[0]
        id_time = None if self._outline.is_of_content else first.created_at or self._id_time
        message_id = MessageId(stable_id(id_time, self._code, self._outline.id, first.id))
        created_at = first.created_at or time
        if first.role == USER:
            return Message(message_id, parent_id, Role.USER, _as_asked(first.blocks), created_at)
        blocks = tuple(self._paired(folded, message_id))
        has_failed = bool(blocks) and isinstance(blocks[-1], Notice)
        rounds = tuple(Round(started_ms=0, usage=entry.usage) for entry in folded if entry.usage is not None)
        return Message(
            id=message_id,
            parent_id=parent_id,
            role=Role.ASSISTANT,
            blocks=blocks,
            created_at=created_at,
            endpoint_name=self._outline.endpoint_name,
            model=next((entry.model for entry in folded if entry.model), ""),
            ended=Ended.FAILED if has_failed else folded[-1].ended or Ended.COMPLETE,
            rounds=rounds,
        )

    def _paired(self, folded: list[Entry], message_id: MessageId) -> Iterator[Block]:
        """The blocks with calls and results that find each other, whatever the source called them."""
        names: dict[str, CallId] = {}
        unanswered: deque[CallId] = deque()
        answered: set[CallId] = set()
        for number, (entry, block) in enumerate((part, inside) for part in folded for inside in part.blocks):
            if isinstance(block, ToolCall):
                call_id = self._free_id(block.call_id, message_id, number)
                if block.call_id:
                    names[block.call_id] = call_id
                unanswered.append(call_id)
                yield replace(block, call_id=call_id)
            elif isinstance(block, ToolResult):
                while unanswered and unanswered[0] in answered:
                    unanswered.popleft()
                answers = names.pop(block.call_id, None)
                if answers is None and not block.call_id and unanswered:
                    answers = unanswered[0]
                if answers is None:
                    answers = self._free_id(block.call_id, message_id, number)
                    yield ToolCall(answers, entry.tool, "")
                answered.add(answers)
                yield replace(block, call_id=answers)
            elif not isinstance(block, Text | Reasoning) or block.text:
                yield block

    def _free_id(self, wanted: str, message_id: MessageId, number: int) -> CallId:
        if not wanted or wanted in self._calls:
            wanted = f"call_{message_id}_{number}"
        self._calls.add(wanted)
        return CallId(wanted)

    def _show_current(self, conversation: Conversation) -> None:
        entries = self._outline.entries
        current = self._outline.current
        if current is None and entries:
            current = max(enumerate(entries), key=lambda each: (each[1].created_at or 0.0, each[0]))[1].id
        while current is not None and current not in self._became:
            current = self._linked.stands_for.get(current)
        if current is not None:
            conversation.choose(self._became[current])


def _as_asked(blocks: list[Block]) -> tuple[Block, ...]:
    """What a person wrote as one text between the pictures before and behind it."""
    texts = [block.text for block in blocks if isinstance(block, Text) and block.text]
    shown = [block for block in blocks if isinstance(block, Image)]
    if not shown:
        return (Text("\n\n".join(texts)),)
    before = 0 if not isinstance(blocks[0], Image) else len(shown)
    said = [Text("\n\n".join(texts))] if texts else []
    return (*shown[:before], *said, *shown[before:])
