"""Folds events into the reply that is being written.

Growing a block appends to a list of pieces, so a delta costs the same however long the
block already is. The draft speaks only in changes; whoever wants the text of a running
reply takes `message()`, which joins the pieces.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace

from desktop_chat.domain.blocks import Block, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.changes import BlockEnded, BlockGrew, BlockStarted, Change, RoundChanged
from desktop_chat.domain.events import (
    Event,
    FinishReported,
    OptionDropped,
    ReasoningDelta,
    RefusalDelta,
    ReplyStarted,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from desktop_chat.domain.ids import CallId, MessageId, new_call_id
from desktop_chat.domain.message import Ended, Message, Round


@dataclass(slots=True)
class _Growing:
    """A block and the pieces that came for it."""

    block: Text | Reasoning | Refusal | ToolCall
    pieces: list[str] = field(default_factory=list)
    began_ms: int = 0
    index: int = 0
    """Of a tool call: the provider's index among the calls of the round."""

    def grown(self) -> Block:
        text = "".join(self.pieces)
        if isinstance(self.block, ToolCall):
            return replace(self.block, arguments_json=text)
        return replace(self.block, text=text)


class Draft:
    """A reply that is being written. Mutable: one turn owns it.

    Args:
        message: The reply as it begins, or as it stood when it waited for a person; its
            blocks are kept and new ones follow.
        clock_ms: Milliseconds since the turn began.
        taken: Ids of calls that the conversation already has. A server may use one again
            in every reply; such a call gets an id of our own.
        continues: The last block is text that was cut off, and what comes first belongs to it.
    """

    def __init__(
        self,
        message: Message,
        clock_ms: Callable[[], int],
        *,
        taken: Container[CallId] = frozenset(),
        continues: bool = False,
    ) -> None:
        self._message = message
        self._clock_ms = clock_ms
        self._taken = taken
        self._blocks: list[Block | _Growing] = list(message.blocks)
        self._rounds: list[Round] = list(message.rounds)
        self._round_start = len(self._blocks)
        self._calls: list[int] = []
        self._deltas = 0
        self._reopened = continues and bool(message.blocks) and isinstance(message.blocks[-1], Text)

    @property
    def message_id(self) -> MessageId:
        """Of the reply."""
        return self._message.id

    @property
    def now_ms(self) -> int:
        """Milliseconds since the turn began."""
        return self._clock_ms()

    @property
    def is_empty(self) -> bool:
        """True while the reply has no block at all."""
        return not self._blocks

    @property
    def has_output(self) -> bool:
        """True once anything of the reply came in the current round."""
        return self._deltas > 0

    @property
    def current_round(self) -> Round:
        """The request that runs, or the last one."""
        return self._measured()[-1]

    def message(self, ended: Ended | None = None) -> Message:
        """The reply as it stands; costs as much as it is long."""
        blocks = tuple(b.grown() if isinstance(b, _Growing) else b for b in self._blocks)
        return replace(self._message, blocks=blocks, rounds=tuple(self._measured()), ended=ended)

    def begin_round(self) -> int:
        """A request goes out; returns its number."""
        self._rounds = [*self._measured(), Round(started_ms=self._clock_ms())]
        self._round_start = len(self._blocks)
        self._calls = []
        self._deltas = 0
        return len(self._rounds) - 1

    def note_retry(self) -> None:
        """The request of this round is sent once more; before the first round there is nothing to note."""
        if not self._rounds or self._rounds[-1].ended_ms is not None:
            return
        self._rounds[-1] = replace(self._rounds[-1], tries=self._rounds[-1].tries + 1)

    def apply(self, event: Event) -> list[Change]:
        """Take in what the provider said and tell what changed."""
        match event:
            case TextDelta(text):
                return self._grow(Text, text)
            case ReasoningDelta(text):
                return self._grow(Reasoning, text)
            case RefusalDelta(text):
                return self._grow(Refusal, text)
            case ToolCallDelta():
                return self._grow_call(event)
            case UsageReported(usage):
                return self._note(usage=usage)
            case FinishReported(reason):
                return self._note(finish_reason=reason)
            case ReplyStarted(model):
                if model and not self._message.model:
                    self._message = replace(self._message, model=model)
                return []
            case OptionDropped(name):
                return self._note(left_out=(*self._rounds[-1].left_out, name))

    def end_round(self) -> list[Change]:
        """The request is over: close what still grows and note the time; nothing happens the second time."""
        changes = self._close(calls=True)
        if self._rounds and self._rounds[-1].ended_ms is None:
            changes += self._note(ended_ms=self._clock_ms())
        return changes

    def block_at(self, index: int) -> Block:
        """One block as it stands; costs as much as it is long."""
        block = self._blocks[index]
        return block.grown() if isinstance(block, _Growing) else block

    def is_said(self, index: int) -> bool:
        """True if the block at `index` is text or a refusal, what the model says to the person."""
        block = self._blocks[index]
        return isinstance(block.block if isinstance(block, _Growing) else block, Text | Refusal)

    def call_at(self, index: int) -> ToolCall:
        """The call that grows at `index`, without its arguments; costs the same however long they are.

        Raises:
            LookupError: No call grows there.
        """
        growing = self._blocks[index]
        if isinstance(growing, _Growing) and isinstance(growing.block, ToolCall):
            return growing.block
        raise LookupError(f"no call grows at {index}")

    def calls(self) -> list[ToolCall]:
        """Tool calls of the current round, whole."""
        grown = (b.grown() if isinstance(b, _Growing) else b for b in self._blocks[self._round_start :])
        return [block for block in grown if isinstance(block, ToolCall)]

    def add(self, block: ToolResult | Notice) -> list[Change]:
        """Append a block that is whole from the start."""
        changes = self._close(calls=True)
        self._blocks.append(block)
        index = len(self._blocks) - 1
        return [*changes, BlockStarted(self._message.id, index), BlockEnded(self._message.id, index)]

    def _grow(self, kind: type[Text | Reasoning | Refusal], text: str) -> list[Change]:
        changes = self._count()
        if self._reopened:
            changes += self._reopen(kind)
        last = self._blocks[-1] if self._blocks else None
        if not isinstance(last, _Growing) or type(last.block) is not kind:
            changes += self._close()
            last = _Growing(kind(""), began_ms=self._clock_ms())
            changes += self._append(last)
        last.pieces.append(text)
        changes.append(BlockGrew(self._message.id, len(self._blocks) - 1, text))
        return changes

    def _grow_call(self, delta: ToolCallDelta) -> list[Change]:
        changes = self._count()
        position = next((p for p in reversed(self._calls) if self._is_same(p, delta)), None)
        if position is None:
            changes += self._close()
            call = ToolCall(self._free_id(delta.call_id), delta.name, "")
            changes += self._append(_Growing(call, index=delta.index))
            position = len(self._blocks) - 1
            self._calls.append(position)
        growing = self._blocks[position]
        assert isinstance(growing, _Growing) and isinstance(growing.block, ToolCall)
        if delta.name and not growing.block.name:
            growing.block = replace(growing.block, name=delta.name)
        growing.pieces.append(delta.arguments)
        changes.append(BlockGrew(self._message.id, position, delta.arguments))
        return changes

    def _is_same(self, position: int, delta: ToolCallDelta) -> bool:
        growing = self._blocks[position]
        return isinstance(growing, _Growing) and growing.index == delta.index

    def _free_id(self, call_id: str) -> CallId:
        wanted = CallId(call_id)
        is_free = wanted and wanted not in self._taken
        for block in self._blocks:
            call = block.block if isinstance(block, _Growing) else block
            is_free = is_free and not (isinstance(call, ToolCall) and call.call_id == wanted)
        return wanted if is_free else new_call_id()

    def _reopen(self, kind: type[Text | Reasoning | Refusal]) -> list[Change]:
        # The cut text goes on in its own block, so that a word cut in half becomes one again.
        self._reopened = False
        last = self._blocks[-1]
        if kind is not Text or not isinstance(last, Text):
            return []
        self._round_start = len(self._blocks) - 1
        self._blocks[-1] = _Growing(Text(""), pieces=[last.text], began_ms=self._clock_ms())
        return []

    def _append(self, growing: _Growing) -> list[Change]:
        self._blocks.append(growing)
        return [BlockStarted(self._message.id, len(self._blocks) - 1)]

    def _close(self, *, calls: bool = False) -> list[Change]:
        # Fragments of several calls may alternate, so a call stays open until its round ends.
        changes: list[Change] = []
        for index in range(self._round_start, len(self._blocks)):
            growing = self._blocks[index]
            if not isinstance(growing, _Growing):
                continue
            block = growing.grown()
            if isinstance(block, Reasoning):
                block = replace(block, duration_ms=self._clock_ms() - growing.began_ms)
            if isinstance(block, ToolCall) and not calls:
                continue
            self._blocks[index] = block
            changes.append(BlockEnded(self._message.id, index))
        return changes

    def _count(self) -> list[Change]:
        self._deltas += 1
        if self._rounds[-1].first_token_ms is not None:
            return []
        self._rounds[-1] = replace(self._rounds[-1], first_token_ms=self._clock_ms())
        return [RoundChanged(self._message.id, len(self._rounds) - 1)]

    def _measured(self) -> list[Round]:
        # Deltas are counted outside the frozen round: one is made anew only when somebody looks.
        if not self._rounds or not self._deltas:
            return self._rounds
        return [*self._rounds[:-1], replace(self._rounds[-1], deltas=self._deltas)]

    def _note(self, **facts: object) -> list[Change]:
        self._rounds[-1] = replace(self._rounds[-1], **facts)  # type: ignore[arg-type]  # fields by name
        return [RoundChanged(self._message.id, len(self._rounds) - 1)]
