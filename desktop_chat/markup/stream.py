"""Text that is still growing: settled leaves never change again, only the tail is parsed.

What is final is decided on complete lines: every top-level block but the last, and the
last one where nothing can continue it. The text is cut at the end of the last final block,
not at the start of the next, since link definitions between blocks make no token. An open
fence, table or list is settled in part. Everything else is parsed again at each `sync`, so
the tail is kept short: what cannot be settled within `MAX_OPEN` characters is shown as it
is written, up to the next blank line.

The leaves are those of the whole text parsed at once, at every prefix and however the text
was cut into portions; `tests/markup/test_stream.py` holds the parser to it.
"""

from collections.abc import Mapping

from desktop_chat.markup import mend
from desktop_chat.markup.final import MAX_OPEN, behind_blank_line, is_final, portion_end
from desktop_chat.markup.growth import Growth, growth_of
from desktop_chat.markup.inline import Inliner, is_too_large
from desktop_chat.markup.leaves import Leaf
from desktop_chat.markup.lookups import NONE, Lookups
from desktop_chat.markup.parser import Block, Blocks, Piece, leaf_of, pieces_of, read_blocks
from desktop_chat.markup.rules import parser
from desktop_chat.markup.unfinished import OpenFence, OpenPlain, OpenTable

MAX_CELLS = 65_536
"""Cells of a table; what comes after is shown as it is written."""
PORTION = 8_192
"""Characters parsed at once where much is fed at once."""


class Stream:
    """Markdown as it arrives."""

    def __init__(self, *, keeps_breaks: bool = False, has_numbers: bool = True) -> None:
        """Begin with nothing.

        Args:
            keeps_breaks: A single line break is shown as one, as people who type expect it.
            has_numbers: Footnotes are numbered. Otherwise their labels are shown, for a part of a longer text.
        """
        self.leaves: list[Leaf] = []
        """What the text looks like since the last `sync`. For reading only."""
        self.stable = 0
        """The first so many leaves are settled. They are the same objects for ever, except where a link
        definition that arrives later makes a link in them, or where a mark turns out to have no footnote
        at the end: `sync` then returns an index below."""
        self._fed: list[str] = []
        self._settled_source: list[str] = []
        self._tail = ""
        self._base = 0
        self._ends_with_cr = False
        self._open: OpenFence | OpenTable | OpenPlain | None = None
        self._number: int | None = None
        """Of the item at the start of the tail, if its list has settled items."""
        self._definitions: dict[str, Mapping[str, object]] = {}
        """Of the settled text."""
        self._links: dict[str, Mapping[str, object]] = {}
        """All definitions in force, with those of the tail: what the leaves are made with."""
        self._fresh_labels: list[str] = []
        """Of definitions that were settled since the leaves were made."""
        self._tail_labels: set[str] = set()
        self._inliner = Inliner(parser(), self._links, keeps_breaks=keeps_breaks)
        self._inliner.footnotes.has_numbers = has_numbers
        self._new: list[Piece | OpenTable] = []
        self._lookups = Lookups(self._inliner)
        self._last_read: tuple[str, Blocks] | None = None
        self._looked_at = -1
        """So many characters of the tail, complete lines, hold nothing that can be settled."""
        self._growth: Growth | None = None
        """Of the line at the end, if more of it changes only its block."""

    @property
    def source(self) -> str:
        """The normalised text that spans count in, as of the last `sync`; costs its length."""
        return "".join(self._settled_source) + self._tail

    def feed(self, delta: str) -> None:
        """Add to the end. Nothing is parsed until `sync`."""
        self._fed.append(delta)

    def sync(self, final: bool = False) -> int:
        """Bring `leaves` up to what was fed.

        Costs what is new and the open block, not what is there. Fed with much at once it takes
        about a millisecond per kilobyte: feed a long text in portions and yield between them.

        Args:
            final: Show the end as it is written. Otherwise open markers at the end are completed
                or held back, so that nothing shown has to be taken back. More may follow either way.

        Returns:
            Index of the first leaf that changed, was added or is gone; `len(leaves)` if none.
        """
        self._take_fed()
        growth, self._growth = self._growth, None
        if growth is not None and not final and not self._ends_with_cr:
            changed = self._show_growth(growth)
            if changed is not None:
                return changed
        self._settle()
        complete = self._tail.rfind("\n") + 1
        unfinished = self._tail[complete:]
        if self._ends_with_cr:
            unfinished += "\n"
        return self._show(self._tail[:complete], unfinished, final)

    def _take_fed(self) -> None:
        if not self._fed:
            return
        text = "".join(self._fed)
        self._fed = []
        if self._ends_with_cr:
            text = "\r" + text
        self._ends_with_cr = text.endswith("\r")
        if "\r" in text:
            # A line break may be cut in two.
            text = (text[:-1] if self._ends_with_cr else text).replace("\r\n", "\n").replace("\r", "\n")
        if "\0" in text:
            text = text.replace("\0", "\ufffd")
        self._tail += text
        self._inliner.footnotes.feed(text)

    # Settling

    def _settle(self) -> None:
        while self._tail:
            if isinstance(self._open, OpenFence):
                if not self._settle_lines(self._open):
                    return
            elif isinstance(self._open, OpenPlain):
                if not self._settle_plain(self._open):
                    return
            elif not self._settle_next():
                return

    def _advance(self, count: int) -> None:
        self._settled_source.append(self._tail[:count])
        self._tail = self._tail[count:]
        self._base += count
        self._looked_at = -1

    def _settle_lines(self, fence: OpenFence) -> bool:
        """Move complete lines into the fence; True if it was closed."""
        end = self._tail.rfind("\n") + 1
        if not end:
            return False
        used = 0
        for line in self._tail[: end - 1].split("\n"):
            used += len(line) + 1
            if fence.take(line):
                self._new.append(Piece(fence.leaf(is_closed=True)))
                self._open = None
                break
        self._advance(used)
        return self._open is None

    def _settle_plain(self, plain: OpenPlain) -> bool:
        """Move text into the plain block; True if it has ended."""
        used, is_ended = plain.take(self._tail)
        self._new += plain.settled(is_ended=is_ended)
        self._advance(used)
        if is_ended:
            self._open = None
        return is_ended

    def _settle_next(self) -> bool:
        """Settle what is final in the next portion of complete lines; False if nothing is left to do."""
        complete = self._tail.rfind("\n") + 1
        if complete == self._looked_at and len(self._tail) <= MAX_OPEN:
            return False
        for limit in (PORTION, MAX_OPEN):
            end = portion_end(self._tail, complete, limit)
            if end:
                used = self._settle_blocks(self._tail[:end])
                self._advance(used)
                if used:
                    return end < complete or isinstance(self._open, OpenFence)
            if end == complete:
                if len(self._tail) > MAX_OPEN:
                    break
                self._looked_at = complete
                return False
        self._begin_plain()
        return True

    def _begin_plain(self) -> None:
        if isinstance(self._open, OpenTable):
            self._new.append(self._open)
        blank = len(self._tail) - len(self._tail.lstrip(" \t\n"))
        self._advance(self._tail.rfind("\n", 0, blank) + 1)
        self._number = None
        self._open = OpenPlain(self._base)

    def _settle_blocks(self, source: str) -> int:
        """Settle the final blocks of some complete lines.

        Returns:
            How many characters of `source` are settled.
        """
        prefix = self._open.prefix if isinstance(self._open, OpenTable) else ""
        read = self._read(prefix + source)
        base = self._base - len(prefix)
        blocks = list(read.blocks)
        cut = prefix.count("\n")
        number = self._number
        last = blocks.pop() if blocks and not is_final(blocks[-1], prefix + source, read.starts) else None
        if isinstance(self._open, OpenTable) and blocks:
            table = blocks.pop(0)
            self._open.take(pieces_of(table, read.starts, base)[0])
            self._new.append(self._open)
            self._open = None
            cut = table.end_line
        for block in blocks:
            self._new += pieces_of(block, read.starts, base, number)
            number = self._number = None
            cut = block.end_line
        if last is not None:
            cut = self._settle_part(last, read, base, cut, prefix + source)
        else:
            # Only definitions and blank lines are left; each ends where the next one begins.
            cut = max(cut, read.found.lines[-1][0] if read.found.lines else 0)
            cut = behind_blank_line(prefix + source, read.starts, cut)
        for line, label in read.found.lines:
            if line < cut:
                self._definitions[label] = read.found[label]
                self._fresh_labels.append(label)
                self._last_read = None
        return read.starts[cut] - len(prefix)

    def _settle_part(self, block: Block, read: Blocks, base: int, cut: int, source: str) -> int:
        """Settle what is final of a block that is still open.

        Returns:
            The line up to which everything is settled; `cut` if nothing is.
        """
        starts = read.starts
        first = block.first_line
        if block.kind == "fence":
            self._number = None
            self._open = OpenFence(source[starts[first] : starts[first + 1]], base + starts[first])
            return first + 1
        if block.kind == "table":
            self._number = None
            piece = pieces_of(block, starts, base)[0]
            if isinstance(self._open, OpenTable):
                self._open.take(piece)
            else:
                self._open = OpenTable(piece, source[starts[first] : starts[first + 2]])
            if self._open.cell_count <= MAX_CELLS:
                return block.end_line
            self._new.append(self._open)
            self._open = None
            return block.end_line
        if block.kind in ("bullet_list_open", "ordered_list_open"):
            items = [i for i, token in enumerate(block.tokens) if token.level == 1 and token.type == "list_item_open"]
            if len(items) > 1:
                settled = Block(block.kind, first, block.end_line, [*block.tokens[: items[-1]], block.tokens[-1]])
                self._new += pieces_of(settled, starts, base, self._number)
                if block.kind == "ordered_list_open":
                    number = self._number if self._number is not None else int(block.tokens[0].attrs.get("start", 1))
                    self._number = number + len(items) - 1
                place = block.tokens[items[-1]].map
                assert place is not None
                return place[0]
        return cut

    def _read(self, source: str) -> Blocks:
        if self._last_read is None or self._last_read[0] != source:
            self._last_read = (source, read_blocks(source, self._definitions))
        return self._last_read[1]

    # Showing

    def _show_growth(self, growth: Growth) -> int | None:
        """Show more of the last block; `None` if everything has to be looked at."""
        content = growth.take(self._base, self._tail)
        if content is None or self._open is not None or is_too_large(content):
            return None
        leaf = growth.leaf_of(content, self._inliner)
        if leaf is None:
            return None
        self._growth = growth
        last = len(self.leaves) - 1
        if self.leaves[last] == leaf:
            return len(self.leaves)
        self.leaves[last] = leaf
        return last

    def _show(self, complete: str, unfinished: str, final: bool) -> int:
        tail: list[Piece] = []
        found: Mapping[str, Mapping[str, object]] = {}
        table: Piece | None = None
        if isinstance(self._open, OpenPlain):
            tail = self._open.rest()
        elif isinstance(self._open, OpenFence):
            unfinished = unfinished if final or unfinished.strip(" `~") else ""
        else:
            prefix = self._open.prefix if isinstance(self._open, OpenTable) else ""
            shown = prefix + complete + unfinished
            if not final:
                shown = prefix + complete
                line = mend.shown_line(unfinished, shown)
                shown = (shown if line else mend.shown_lines(shown, unfinished)) + line
            read = self._read(shown)
            found = read.found
            number = self._number
            for block in read.blocks:
                tail += pieces_of(block, read.starts, self._base - len(prefix), number)
                number = None
            if not final and tail and shown[shown.rfind("\n", 0, -1) + 1 :].strip():
                if line and not prefix and not self._ends_with_cr:
                    self._growth = growth_of(self._base, len(self._tail), line, read, tail[-1])
                tail[-1:] = _mended(tail[-1], self._inliner.finish(tail[-1].content))
                if not tail:
                    self._growth = None
            if prefix:
                table = tail.pop(0)
        self._inliner.footnotes.restart()
        first = self._relink(found)
        leaves = [self._lookups.leaf(index, piece) for index, piece in enumerate(self._new, self.stable)]
        settled = self.stable + len(leaves)
        self._new = []
        self._inliner.footnotes.settle()
        changed = min(first, self._replace(leaves + self._open_leaves(tail, table, unfinished)))
        self.stable = settled
        self._inliner.age()
        if labels := self._inliner.footnotes.resolve(final):
            self._inliner.footnotes.restart()
            changed = min(changed, self._renew(labels), self._replace(self._open_leaves(tail, table, unfinished)))
        return changed

    def _open_leaves(self, tail: list[Piece], table: Piece | None, unfinished: str) -> list[Leaf]:
        """What is behind the settled leaves."""
        leaves: list[Leaf] = []
        if isinstance(self._open, OpenFence):
            leaves.append(self._open.leaf(is_closed=False, unfinished=unfinished))
        elif isinstance(self._open, OpenTable):
            leaves.append(self._open.leaf(self._inliner, table))
        return leaves + [leaf_of(piece, self._inliner) for piece in tail]

    def _relink(self, found: Mapping[str, Mapping[str, object]]) -> int:
        """Make leaves anew whose links go somewhere else now.

        Args:
            found: The definitions of the tail.

        Returns:
            The index of the first such leaf, or a large one.
        """
        changed = {label for label in self._tail_labels if label not in found and label not in self._definitions}
        for label in changed:
            del self._links[label]
        for labels, definitions in ((self._fresh_labels, self._definitions), (found, found)):
            for label in labels:
                before = self._links.get(label)
                if before is None or before["href"] != definitions[label]["href"]:
                    self._links[label] = definitions[label]
                    changed.add(label)
        self._fresh_labels = []
        self._tail_labels = set(found)
        if not changed:
            return NONE
        self._inliner.forget()
        return self._renew(changed)

    def _renew(self, changed: set[str]) -> int:
        """Make settled leaves anew that look up some labels; returns the index of the first, or a large one."""
        if isinstance(self._open, OpenTable) and self._open.labels & changed:
            self._open.forget_read()
        return self._lookups.renew(self.leaves, changed)

    def _replace(self, leaves: list[Leaf]) -> int:
        """Put leaves behind the settled ones; equal ones stay the objects they are."""
        start = self.stable
        changed = start
        old = self.leaves
        while changed < len(old) and changed - start < len(leaves) and old[changed] == leaves[changed - start]:
            changed += 1
        if changed - start == len(leaves) and changed == len(old):
            return len(old)
        old[changed:] = leaves[changed - start :]
        return changed


def _mended(piece: Piece, finished: int) -> list[Piece]:
    """The last piece with its text from `finished` on completed for display; none if nothing of it can be shown."""
    if piece.cells:
        row = piece.cells[-1]
        filled = max((index for index, cell in enumerate(row) if cell), default=0)
        cells = (*row[:filled], mend.mended(row[filled]), *row[filled + 1 :])
        return [Piece(piece.leaf, cells=(*piece.cells[:-1], cells))]
    content = piece.content[:finished] + mend.mended(piece.content[finished:])
    if content == piece.content:
        return [piece]
    return [Piece(piece.leaf, content)] if content or piece.leaf.frames else []
