"""Settled leaves that look something up by its label, such as where a link leads, to be made anew when that changes."""

from desktop_chat.markup.inline import Inliner, labels_in
from desktop_chat.markup.leaves import Leaf
from desktop_chat.markup.parser import Piece, leaf_of
from desktop_chat.markup.unfinished import OpenTable

NONE = 1 << 60
"""An index behind all leaves."""


class Lookups:
    """Makes the settled leaves of one text.

    Args:
        inliner: Reads their text.
    """

    def __init__(self, inliner: Inliner) -> None:
        self._inliner = inliner
        self._pieces: dict[int, Piece | OpenTable] = {}
        self._by_label: dict[str, list[int]] = {}

    def leaf(self, index: int, piece: Piece | OpenTable) -> Leaf:
        """Make the leaf that has an index."""
        if isinstance(piece, OpenTable):
            labels = piece.labels
        else:
            labels = {label for row in piece.cells for cell in row for label in labels_in(cell)}
            labels |= labels_in(piece.content)
        if labels:
            self._pieces[index] = piece
            for label in labels:
                self._by_label.setdefault(label, []).append(index)
        return self._made(piece)

    def renew(self, leaves: list[Leaf], labels: set[str]) -> int:
        """Make those anew that look up some labels; returns the index of the first, or a large one."""
        indexes = {index for label in labels for index in self._by_label.get(label, ())}
        for index in indexes:
            piece = self._pieces[index]
            if isinstance(piece, OpenTable):
                piece.forget_read()
            leaves[index] = self._made(piece)
        return min(indexes, default=NONE)

    def _made(self, piece: Piece | OpenTable) -> Leaf:
        return piece.leaf(self._inliner) if isinstance(piece, OpenTable) else leaf_of(piece, self._inliner)
