"""One message of the page: its blocks become parts, its parts a flat column of boxes.

A flush touches the parts that changed and puts their boxes in place; boxes of settled leaves
stay the objects they are. Building a message from what is stored and streaming it give the
same boxes.
"""

from desktop_chat.domain.blocks import Block, Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId, MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.runtime import garbage
from desktop_chat.ui.transcript.boxes.box import Box, Place
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.message.cards import CallPart, FootPart, NoticePart, ThoughtPart
from desktop_chat.ui.transcript.message.changed import Changed
from desktop_chat.ui.transcript.message.parts import Dirty, HeadPart, ImagePart, NoPart, Page, Part, TextPart
from desktop_chat.ui.transcript.message.typed import BUBBLE_SHARE, TypedPart
from desktop_chat.ui.transcript.message.versions import VersionsPart
from desktop_chat.ui.transcript.page.guess import GAP_STEPS
from desktop_chat.ui.transcript.page.heights import Heights
from desktop_chat.ui.transcript.words import tr

HUGE_BOXES = 5_000
"""With more, a search for garbage among them would hold the window; it waits until they are gone."""
BLOCK_STEPS = 3
"""Between the blocks of a reply."""
MANY_BOXES = 300
"""In one message; with more, heights of what is not in sight stay those of another width."""

_WRITTEN_IN = (TextBox, CodeBox, TableBox)


class MessageItem:
    """The boxes of one message.

    Args:
        page: What all messages share.
        message: As it stands.
        is_draft: It is being written.
    """

    def __init__(self, page: Page, message: Message, *, is_draft: bool = False) -> None:
        self.page = page
        self.message = message
        self.is_draft = is_draft
        self.row = 0
        """Of the page, as long as it is on it."""
        self.boxes: list[Box] = []
        self.heights = Heights()
        self.width = 0.0
        self.least = 0.0
        """It is at least as tall, because an editor lies over it."""
        self.wrote_in: int | None = None
        """The box that was painted with the cursor."""
        self._parts: list[Part] = []
        self._starts: list[int] = []
        self._dirty: set[int] = set()
        self._call_parts: dict[CallId, int] = {}
        self._make_parts()

    @property
    def id(self) -> MessageId:
        """Of the message."""
        return self.message.id

    @property
    def height(self) -> float:
        """Of all boxes, as far as it is known."""
        return max(self.least, self.heights.total)

    @property
    def is_dirty(self) -> bool:
        """True if `sync` has something to do."""
        return bool(self._dirty)

    @property
    def has_more(self) -> bool:
        """True while some of its text is not parsed yet."""
        return any(part.has_more for part in self._parts)

    @property
    def writes_in(self) -> int | None:
        """The box at whose end the reply goes on."""
        last = len(self._parts) - 2
        if not self.is_draft or last < 1:
            return None
        part = self._parts[last]
        index = self._starts[last] + len(part.boxes) - 1
        shows_text = part.is_growing and part.boxes and isinstance(part.boxes[-1], _WRITTEN_IN)
        return index if shows_text and index < len(self.boxes) else None

    def part_of(self, box: int) -> Part:
        """The part a box belongs to."""
        found = 0
        for index, start in enumerate(self._starts):
            if start <= box:
                found = index
        while found and not self._parts[found].boxes:
            found -= 1
        return self._parts[found]

    def boxes_of(self, part: int) -> range:
        """Where the boxes of a part stand among those of the message."""
        if not 0 <= part < len(self._parts):
            return range(0)
        end = min(self._starts[part] + len(self._parts[part].boxes), len(self.boxes))
        return range(self._starts[part], end)

    def is_folded(self, part: int) -> bool:
        """True if toggling a part shows more of it."""
        return 0 <= part < len(self._parts) and self._parts[part].is_folded

    @property
    def lists(self) -> list[list[object]]:
        """All that it has many of; for taking it apart."""
        return [self.boxes, *(items for part in self._parts for items in part.lists)]  # type: ignore[list-item]

    def start_block(self, index: int, block: Block) -> None:
        """A block came; of a growing one, what it holds is fed by `grow`."""
        part = self._make_part(index + 1, _emptied(block), is_growing=True)
        at = self._starts[index + 1]
        self._parts[index + 1 : -1] = [part]
        self._starts[index + 1 :] = [at, at]
        self._touch(index + 1)
        if isinstance(block, ToolResult) and block.call_id in self._call_parts:
            self._touch(self._call_parts[block.call_id])

    def grow(self, index: int, delta: str) -> bool:
        """A block grew; tells whether it is read aloud while it comes. Called for every token."""
        part = self._parts[index + 1]
        self._dirty.add(index + 1)
        if isinstance(part, TextPart):
            part.is_growing = True
            part.feed(delta)
            return True
        if isinstance(part, (ThoughtPart, CallPart)):
            part.feed(delta)
        return False

    def end_block(self, index: int, block: Block) -> None:
        """A block will not change any more."""
        part = self._parts[index + 1]
        match part, block:
            case TextPart(), _:
                part.finish()
            case ThoughtPart(), Reasoning(duration_ms=duration_ms):
                part.finish(duration_ms)
            case CallPart(), ToolCall():
                part.take(block)
            case _:
                pass
        self._touch(index + 1)

    def change_call(self, call_id: CallId) -> None:
        """A call has another state."""
        if call_id in self._call_parts:
            self._touch(self._call_parts[call_id])
        self._touch(len(self._parts) - 1)

    def change_foot(self) -> None:
        """What is waited for is something else."""
        self._touch(len(self._parts) - 1)

    def settle(self, message: Message) -> None:
        """The reply has ended, or its surroundings changed: be as if built from `message`."""
        known = len(self._parts) - 2
        new = message.blocks[known:]
        can_keep = (
            self.is_draft and len(message.blocks) >= known and all(isinstance(b, Notice | ToolResult) for b in new)
        )
        self.message, self.is_draft = message, False
        if not can_keep:
            self._make_parts()
            return
        for index, block in enumerate(message.blocks):
            if index >= known:
                self.start_block(index, block)
            part = self._parts[index + 1]
            if part.is_growing or isinstance(part, CallPart):
                self.end_block(index, block)
        self._replace_ends()

    def revise(self) -> None:
        """Versions came or went: the head says which one this is."""
        self._replace_ends()

    def toggle(self, part: int) -> None:
        """Fold or unfold a part."""
        key = (self.id, part)
        self.page.unfolded ^= {key}
        self._touch(part)

    def tick(self) -> bool:
        """Time went by; tells whether something has to be drawn anew."""
        ticking = [
            index
            for index, part in enumerate(self._parts)
            if isinstance(part, ThoughtPart | CallPart | FootPart) and part.tick()
        ]
        self._dirty.update(ticking)
        return bool(ticking)

    def take_over(self, old: "MessageItem") -> None:
        """Have what `old`, the same message in another look, has read already, so that nothing is read twice."""
        for mine, theirs in zip(self._parts, old._parts, strict=False):
            mine.take_over(theirs)

    def sync(self) -> Changed | None:
        """Bring the boxes up to date with the parts; `None` if nothing changed."""
        if not self._dirty:
            return None
        foot = self._parts[-1]
        if isinstance(foot, FootPart):
            self._hush(foot)
        first = min(self._dirty)
        dirty = Dirty(0)
        regrown: tuple[int, int] | None = None
        for index in sorted(self._dirty, reverse=True):
            part = self._parts[index]
            count = len(part.boxes)
            dirty = part.update()
            if index >= len(self._starts) or len(part.boxes) != count or not self.boxes:
                regrown = index, dirty.index
            else:
                self._replace(self._starts[index] + dirty.index, part.boxes[dirty.index :])
        self._dirty.clear()
        self._dirty.update(index for index, part in enumerate(self._parts) if part.has_more)
        start = self._starts[first] if first < len(self._starts) else len(self.boxes)
        changed = start + dirty.index
        if regrown is not None:
            self._assemble(regrown[0], self._starts[regrown[0]] + regrown[1] if self.boxes else changed)
        return Changed(changed, dirty.y, dirty.old)

    def renew(self, index: int) -> Box:
        """A box, made anew if it is one of another look."""
        box = self.boxes[index]
        if box.look is not self.page.look:
            for part, start in zip(self._parts, self._starts, strict=True):
                if start <= index < start + len(part.boxes):
                    box = self.boxes[index] = part.renew(index - start)
        return box

    def set_width(self, width: float) -> None:
        """The column has another width: all heights become estimates of it."""
        if width == self.width:
            return
        self.width = width
        if len(self.boxes) <= MANY_BOXES:
            self.heights = Heights(box.estimate(width) for box in self.boxes)

    def lay_out(self, index: int) -> float:
        """Lay a box out; returns by how much the message grew."""
        height = self.renew(index).layout(self.width)
        grown = height - self.heights[index]
        if grown:
            self.heights[index] = height
        return grown

    def _hush(self, foot: FootPart) -> None:
        growing = any((part.is_growing and part.boxes) or (i in self._dirty and part.is_growing)
                      for i, part in enumerate(self._parts[1:-1], 1))  # fmt: skip
        if foot.is_silent == growing:
            foot.is_silent = not growing
            self._dirty.add(len(self._parts) - 1)

    def _touch(self, part: int) -> None:
        self._dirty.add(part)

    def _replace(self, index: int, boxes: list[Box]) -> None:
        """Put boxes in the places of as many others."""
        for at, box in enumerate(boxes, index):
            self.boxes[at] = box
            self.heights[at] = self._height_of(box)

    def _height_of(self, box: Box) -> float:
        if box.look is not self.page.look:
            return round(box.height * self.page.look.line_px / box.look.line_px)
        return box.height if box.is_laid_out and box.width == self.width else box.estimate(self.width)

    def _assemble(self, first: int, changed: int) -> None:
        tail: list[Box] = []
        at = self._starts[first] if first < len(self._starts) else 0
        del self._starts[first:]
        for part in self._parts[first:]:
            self._starts.append(at)
            # A reply may have thousands of boxes above the change; none of them is touched.
            tail += part.boxes[max(0, changed - at) :]
            at += len(part.boxes)
        self.boxes[changed:] = tail
        self.heights.cut(changed)
        self.heights.extend(map(self._height_of, self.boxes[changed:]))
        if len(self.boxes) > HUGE_BOXES:
            garbage.spare_old("huge", True)

    def _make_parts(self) -> None:
        self._call_parts = {}
        self._parts = [NoPart(self.page)]
        for index, block in enumerate(self.message.blocks):
            is_growing = self.is_draft and index == len(self.message.blocks) - 1
            self._parts.append(self._make_part(index + 1, block, is_growing=is_growing))
        self._parts.append(NoPart(self.page))
        self._starts = [0] * len(self._parts)
        self._replace_ends()
        self._dirty = set(range(len(self._parts)))

    def _replace_ends(self) -> None:
        step = self.page.look.step
        if self.message.role is Role.ASSISTANT:
            name = self.message.model or self.message.endpoint_name or tr("Assistant")
            self._parts[0] = HeadPart(self.page, name, self._version(), gap=round(GAP_STEPS * step))
            self._parts[-1] = FootPart(self.page, self.message, is_draft=self.is_draft)
        elif self.message.role is Role.USER:
            self._parts[-1] = self._versions()
        self._touch(0)
        self._touch(len(self._parts) - 1)

    def _version(self) -> str:
        number, count = self._place_among_versions()
        return f"{number}/{count}" if count > 1 else ""

    def _versions(self) -> Part:
        number, count = self._place_among_versions()
        # Nothing of it on paper: there it leads nowhere.
        is_shown = count > 1 and not self.page.look.theme.is_paper
        return VersionsPart(self.page, self.id, number, count) if is_shown else NoPart(self.page)

    def _place_among_versions(self) -> tuple[int, int]:
        conversation = self.page.session.conversation
        if self.id not in conversation.messages:
            return 1, 1
        versions = conversation.versions(self.id)
        return versions.index(self.id) + 1, len(versions)

    def _make_part(self, index: int, block: Block, *, is_growing: bool) -> Part:
        page, key = self.page, (self.id, index)
        gap = round((BLOCK_STEPS if index > 1 else 1) * page.look.step)
        match block:
            case Text(text) if self.message.role is Role.USER:
                return TypedPart(page, key, text, round((GAP_STEPS if index == 1 else 2) * page.look.step))
            case Text(text):
                return TextPart(page, key, text, is_growing=is_growing, base=Place(gap=gap))
            case Refusal(text):
                return TextPart(page, key, text, is_growing=is_growing, base=Place(gap=gap, tone="secondary"))
            case Reasoning():
                return ThoughtPart(page, key, block, gap, is_growing=is_growing and block.duration_ms is None)
            case ToolCall(call_id):
                self._call_parts[call_id] = index
                return CallPart(page, key, block, gap)
            case ToolResult():
                return NoPart(page)
            case Notice():
                return NoticePart(page, key, block, gap)
            case Image() if self.message.role is Role.USER:
                return ImagePart(
                    page,
                    key,
                    block,
                    Place(gap=round((GAP_STEPS if index == 1 else 2) * page.look.step), share=1 - BUBBLE_SHARE),
                )
            case Image():
                return ImagePart(page, key, block, Place(gap=gap))


def _emptied(block: Block) -> Block:
    """A block as it was before its first delta, which comes separately."""
    match block:
        case Text():
            return Text("")
        case Refusal():
            return Refusal("")
        case Reasoning():
            return Reasoning("")
        case ToolCall(call_id, name):
            return ToolCall(call_id, name, "")
        case _:
            return block
