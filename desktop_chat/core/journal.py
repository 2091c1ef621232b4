"""The lines of a running reply's journal: written while it grows, replayed after a crash.

A line is a JSON array whose first item says what happened. The first line of a journal has
the reply as it began; every further one costs as much as what came, however long the
reply already is. A journal that was cut off anywhere replays to the reply as it stood then.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from desktop_chat.domain.blocks import Block, Reasoning, Refusal, Text, ToolCall
from desktop_chat.domain.changes import BlockEnded, BlockGrew, BlockStarted, Change, RequestSent, RoundChanged
from desktop_chat.domain.codec import block_to_dict, message_from_dict, message_to_dict
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.message import Ended, Message

_BEGAN, _STARTED, _GREW, _ENDED, _ROUND = "began", "start", "grew", "end", "round"


class JournalBuffer:
    """Lines that are not on disk yet; pieces that follow each other in one block make one line."""

    def __init__(self, message: Message) -> None:
        self._entries: list[list[Any]] = [[_BEGAN, message_to_dict(message)]]
        self._round = max(0, len(message.rounds) - 1)
        self._counting: Draft | None = None
        """The draft whose deltas were counted since its round was written last."""

    def __bool__(self) -> bool:
        return bool(self._entries)

    def note(self, change: Change, draft: Draft) -> None:
        """Take in a change of the draft; constant cost."""
        match change:
            case BlockGrew(_, index, delta):
                self._counting = draft
                last = self._entries[-1] if self._entries else None
                if last is not None and last[0] == _GREW and last[1] == index:
                    last[2].append(delta)
                elif delta:
                    self._entries.append([_GREW, index, [delta]])
            case BlockStarted(_, index):
                self._entries.append([_STARTED, index, block_to_dict(_without_text(draft.block_at(index)))])
            case BlockEnded(_, index):
                block = draft.block_at(index)
                if isinstance(block, Reasoning | ToolCall):
                    facts = block_to_dict(_without_text(block))
                    self._entries.append([_ENDED, index, facts])
            case RequestSent() | RoundChanged():
                self._round, self._counting = change.round, None
                self._entries.append([_ROUND, change.round, _so_far(draft)])
            case _:
                pass

    def take(self) -> list[str]:
        """The lines so far; the buffer is empty afterwards."""
        if self._counting is not None:
            self._entries.append([_ROUND, self._round, _so_far(self._counting)])
            self._counting = None
        entries, self._entries = self._entries, []
        for entry in entries:
            if entry[0] == _GREW:
                entry[2] = "".join(entry[2])
        return [json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries]

    def give_back(self, lines: Sequence[str]) -> None:
        """Lines that could not be written stand at the front again."""
        entries = [json.loads(line) for line in lines]
        for entry in entries:
            if entry[0] == _GREW:
                entry[2] = [entry[2]]
        self._entries = entries + self._entries


def replay(lines: Sequence[str]) -> Message | None:
    """Put a reply together from its journal, marked as interrupted.

    Lines that make no sense (the last one may be cut off) are passed over.

    Returns:
        The reply as it stood; `None` if not even its beginning is there.
    """
    data: dict[str, Any] | None = None
    for line in lines:
        try:
            entry = json.loads(line)
            if entry[0] == _BEGAN:
                data = entry[1]
            elif data is not None:
                _apply(data, entry)
        except (ValueError, LookupError, TypeError):
            continue
    if data is None:
        return None
    try:
        return replace(message_from_dict(data), ended=Ended.INTERRUPTED)
    except ValueError:
        return None


def _apply(data: dict[str, Any], entry: list[Any]) -> None:
    kind, index, what = entry
    blocks: list[dict[str, Any]] = data["blocks"]
    if kind == _STARTED and index == len(blocks):
        blocks.append(what)
    elif kind == _GREW:
        name = "arguments_json" if blocks[index]["kind"] == "tool_call" else "text"
        blocks[index][name] += what
    elif kind == _ENDED:
        grown = "arguments_json" if what["kind"] == "tool_call" else "text"
        blocks[index].update({key: value for key, value in what.items() if key != grown})
    elif kind == _ROUND:
        data["rounds"][index : index + 1] = [what]


def _so_far(draft: Draft) -> dict[str, Any]:
    # A request that is cut off by the end of the program took until it was written down last.
    facts = asdict(draft.current_round)
    return facts if facts["ended_ms"] is not None else {**facts, "ended_ms": draft.now_ms}


def _without_text(block: Block) -> Block:
    match block:
        case Text() | Reasoning() | Refusal():
            return replace(block, text="")
        case ToolCall():
            return replace(block, arguments_json="")
        case _:
            return block
