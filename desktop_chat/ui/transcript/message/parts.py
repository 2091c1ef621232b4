"""The parts of a message, one per block: what they show and which of their boxes changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import thread_time
from typing import TYPE_CHECKING, Protocol

from desktop_chat.core.calls import CallStatus
from desktop_chat.core.ports import Unsent
from desktop_chat.domain.blocks import Image
from desktop_chat.domain.changes import Change, RetryScheduled
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import CallId, MessageId
from desktop_chat.markup.embedded import MARK, finished
from desktop_chat.markup.leaves import Code, Leaf, Run, Table, Text
from desktop_chat.ui.transcript.boxes.box import Box, Place
from desktop_chat.ui.transcript.boxes.card import LineBox, Piece
from desktop_chat.ui.transcript.boxes.code import CodeBox, CodeView
from desktop_chat.ui.transcript.boxes.code_lines import MakeHighlight
from desktop_chat.ui.transcript.boxes.rest import RestBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.message.leaf_boxes import glance_box, make_box, place_of
from desktop_chat.ui.transcript.message.waiting import Waiting, open_fence
from desktop_chat.ui.transcript.pictures.kept import address_of

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.pictures.pictures import PictureStore

SLICE_CHARACTERS = 3_000
SLICE_LEAVES = 80
SLICE_S = 0.008
MANY_STRETCHES = 10
"""Text is taken in slices, so that a huge message never holds the window: after so many characters or leaves, or so
much time, the rest waits for the next flush."""
ANOTHER_S = SLICE_S / 2
"""After so much time no other portion is begun: it may take as long as the first."""


class ShownSession(Protocol):
    """What the page reads of a session."""

    @property
    def conversation(self) -> Conversation: ...
    @property
    def changes(self) -> Feed[Change]: ...
    @property
    def is_running(self) -> bool: ...
    @property
    def draft(self) -> Draft | None: ...
    @property
    def calls(self) -> dict[CallId, CallStatus]: ...
    @property
    def waiting(self) -> RetryScheduled | None: ...
    @property
    def elapsed_ms(self) -> int: ...


class EditedSession(ShownSession, Protocol):
    """What is needed besides, so that messages can be edited where they stand."""

    @property
    def edits(self) -> Mapping[MessageId, Unsent]: ...
    def keep_edit(self, message_id: MessageId, text: str, cursor: int) -> None: ...


@dataclass(slots=True)
class Page:
    """What all parts of a page share."""

    look: Look
    session: ShownSession
    make_highlight: MakeHighlight
    pictures: Callable[[], "PictureStore"] | None = None
    """Where pictures come from; without it their descriptions stand for them."""
    unfolded: set[tuple[MessageId, int]] = field(default_factory=set)
    """Cards the person opened, by message and part."""
    retry_left_s: Callable[[RetryScheduled], float] = lambda waiting: waiting.wait_s
    """Seconds until a retry goes out."""
    code_views: dict[tuple[MessageId, int, int], CodeView] = field(default_factory=dict)
    """How code blocks are seen, by message, part and place in its text."""

    def code_view(self, key: tuple[MessageId, int], start: int, *, is_open: bool) -> CodeView:
        """How a code block is seen; `is_open` is for one that was never seen before."""
        return self.code_views.setdefault((*key, start), CodeView(is_open=is_open))


@dataclass(slots=True)
class Dirty:
    """Which boxes of a part changed, and from where on the first of them looks different."""

    index: int
    y: float = 0.0
    old: Box | None = None
    """What stood at `index` before, if the height has to be found by comparing."""


class Part:
    """Boxes of one block. Boxes before the dirty index are the same objects as before."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.boxes: list[Box] = []
        self.is_growing = False

    @property
    def source(self) -> str:
        """Markdown of it, into which the spans of its leaves point."""
        return ""

    def written(self, start: int, end: int) -> str:
        """A part of the source as it came."""
        return self.put_back(self.source[start:end])

    def put_back(self, text: str) -> str:
        """A text out of the page with the pictures that were taken out of the source."""
        return text

    @property
    def has_more(self) -> bool:
        """True while some of it is not parsed yet."""
        return False

    @property
    def is_folded(self) -> bool:
        """True if there is more of it behind a fold."""
        return False

    def take_over(self, old: "Part") -> None:
        """Have what `old`, the same part in another look, has read already."""

    @property
    def lists(self) -> list[list[object]]:
        """All that it has many of."""
        return [self.boxes]  # type: ignore[list-item]

    def renew(self, index: int) -> Box:
        """The box in the look of now, in the place of one that was made in another look."""
        return self.boxes[index]

    def update(self) -> Dirty:
        """Bring the boxes up to date; the first call makes them."""
        self.boxes = self.build()
        return Dirty(0)

    def build(self) -> list[Box]:
        """All boxes anew."""
        raise NotImplementedError


class NoPart(Part):
    """A block without a picture of its own, such as a result that its call shows."""

    def build(self) -> list[Box]:
        return []


class TextPart(Part):
    """Markdown, settled or still growing.

    Args:
        page: What all parts share.
        key: Its message and its place among the parts.
        text: What is there already.
        is_growing: More will be fed.
        base: Where its boxes stand: insets, shell and tone; `gap` is that of the first one.
    """

    def __init__(self, page: Page, key: tuple[MessageId, int], text: str, *, is_growing: bool, base: Place) -> None:
        super().__init__(page)
        self.key = key
        # Here, because an empty window is painted without it.
        from desktop_chat.markup.stream import Stream

        self.base = base
        self.is_growing = is_growing
        self._stream = Stream()
        self._waiting = Waiting()
        self._pieces: list[str] = [text] if text else []
        self._is_taken_over = False

    @property
    def source(self) -> str:
        return self._stream.source + self._waiting.rest

    @property
    def has_more(self) -> bool:
        return bool(self._waiting) or (bool(self._pieces) and not self.is_growing)

    def put_back(self, text: str) -> str:
        return self.page.pictures().put_back(text) if MARK in text and self.page.pictures is not None else text

    def take_over(self, old: Part) -> None:
        if isinstance(old, TextPart) and old.is_growing == self.is_growing:
            self._stream, self._waiting, self._pieces = old._stream, old._waiting, old._pieces
            self._waiting.make_with(self._glance)
            # Each is made anew when it comes near: there may be thousands.
            self.boxes, self._is_taken_over = old.boxes, bool(old._waiting)

    @property
    def lists(self) -> list[list[object]]:
        return [self.boxes, self._stream.leaves]  # type: ignore[list-item]

    def renew(self, index: int) -> Box:
        box, leaves, look = self.boxes[index], self._stream.leaves, self.page.look
        if isinstance(box, RestBox):
            box.restyle(look)
        elif index < len(leaves):
            place = place_of(look, self.base, leaves[index - 1] if index else None, leaves[index])
            box = make_box(self.page, self.key, leaves[index], place, is_open=self.is_growing)
            self.boxes[index] = box
        return box

    def feed(self, text: str) -> None:
        """More text came."""
        self._pieces.append(text)

    def finish(self) -> None:
        """No more text will come."""
        self.is_growing = False

    def update(self) -> Dirty:
        if self._pieces:
            self._take_pieces()
        if self._waiting and not self.is_growing:
            self._waiting.show(self.page.look, open_fence(self._stream.leaves), self._glance)
        # A huge text is shown first, and read then.
        is_glance = not self.boxes and len(self._waiting.boxes) > MANY_STRETCHES
        if self._is_taken_over:
            self._is_taken_over = False
            return Dirty(len(self.boxes))
        changed = 0 if is_glance else self._take()
        old = self.boxes[changed:]
        del self.boxes[changed:]
        leaves = self._stream.leaves
        dirty = Dirty(changed)
        for index in range(changed, len(leaves)):
            kept = old[index - changed] if index - changed < len(old) else None
            box, y = self._box(leaves, index, kept, is_first=index == changed)
            if index == changed:
                dirty = Dirty(changed, y, kept if box is not kept else None)
            self.boxes.append(box)
        self.boxes += self._waiting.boxes
        return dirty

    def _take_pieces(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if "\r" in text:
            # Places are counted in what the parser makes of it. The other half of a break may be on its way.
            half = "\r" if self.is_growing and text.endswith("\r") else ""
            self._pieces += [half] if half else []
            text = text.removesuffix(half).replace("\r\n", "\n").replace("\r", "\n")
        if "data:" in text and self.page.pictures is not None:
            end = finished(text) if self.is_growing else len(text)
            if end < len(text):
                self._pieces.append(text[end:])
            text = self.page.pictures().take_out(text[:end]) if MARK in text else text[:end]
        self._waiting.add(text)

    def _take(self) -> int:
        """Parse what waits, as much as fits into a slice; returns the first leaf that changed."""
        taken, count, until = 0, len(self._stream.leaves), thread_time() + ANOTHER_S
        changed = 1 << 60
        while True:
            portion = self._waiting.take()
            self._stream.feed(portion)
            changed = min(changed, self._stream.sync(final=not self.is_growing and not self._waiting))
            taken += len(portion)
            is_much = taken >= SLICE_CHARACTERS or len(self._stream.leaves) > count + SLICE_LEAVES
            if not self._waiting or is_much or thread_time() > until:
                return min(changed, len(self.boxes), len(self._stream.leaves))

    def _glance(self, above: Leaf | None, leaf: Leaf, is_cut: bool) -> Box:
        return glance_box(self.page, self.key, leaf, place_of(self.page.look, self.base, above, leaf), is_cut=is_cut)

    def _box(self, leaves: list[Leaf], index: int, kept: Box | None, *, is_first: bool) -> tuple[Box, float]:
        leaf = leaves[index]
        is_text = is_first and isinstance(kept, TextBox) and kept.look is self.page.look
        if is_text and isinstance(kept, TextBox) and isinstance(leaf, Text) and _stands_alike(kept.leaf, leaf):
            place = kept.place
        else:
            place = place_of(self.page.look, self.base, leaves[index - 1] if index else None, leaf)
        if kept is not None and kept.place == place:
            if getattr(kept, "leaf", None) is leaf:
                return kept, 0.0
            y: float | None = None
            match kept, leaf:
                case CodeBox(), Code():
                    y = kept.grow(leaf)
                case TableBox(), Table():
                    y = kept.grow(leaf)
                case _:
                    pass
            if y is not None:
                return kept, y
        # What is seen while it comes is not folded under the reader's eyes.
        return make_box(self.page, self.key, leaf, place, is_open=self.is_growing), 0.0


def _stands_alike(before: Text, now: Text) -> bool:
    """Whether a text stands where it stood, with the same above it."""
    return before.level == now.level and before.plain == now.plain and before.frames == now.frames


class ImagePart(Part):
    """A picture that belongs to the message.

    Args:
        page: What all parts share.
        key: Its message and its place among the parts.
        block: What is known of it.
        place: Where it stands.
    """

    def __init__(self, page: Page, key: tuple[MessageId, int], block: Image, place: Place) -> None:
        super().__init__(page)
        self._key = key
        self._block = block
        self._place = place

    @property
    def source(self) -> str:
        return self._block.words

    def build(self) -> list[Box]:
        run = Run(self._block.name, href=address_of(self._block), image=True)
        return [make_box(self.page, self._key, Text((run,), end=len(self.source)), self._place)]


class HeadPart(Part):
    """Who answers.

    Args:
        page: What all parts share.
        name: Of the model; empty where nobody needs to be named.
        version: For instance `2/3`; empty if there is only one.
        gap: Above it.
    """

    def __init__(self, page: Page, name: str, version: str, gap: float) -> None:
        super().__init__(page)
        self.name = name
        self._version = version
        self._gap = gap

    def build(self) -> list[Box]:
        if not self.name:
            return []
        pieces = [Piece(self.name, "secondary", may_shorten=True)]
        if self._version:
            pieces.append(Piece(f"· {self._version}", "faint"))
        return [LineBox(pieces, self.page.look, Place(gap=self._gap, is_last=False))]
