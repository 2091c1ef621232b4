"""The tree of a conversation as rows of a map: which lane each message is in, what is folded.

Every message stands in a lane. Below a fork the heaviest branch goes on in the lane, and the
others hang to the right of it, above its continuation: so there are never more lanes than
the logarithm of the messages. A straight run is folded into its first message, a line that
says how many there are, and its last one. No Qt here.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import MessageId

LONGEST_RUN = 4
"""Messages in a row that are shown one by one."""


class Kind(Enum):
    """What a row is."""

    START = auto()
    """Where conversations with several first messages begin."""
    MESSAGE = auto()
    RUN = auto()
    """Messages between two others, folded or about to follow."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The line of a lane that passes a row, and whether it leads to what is shown."""

    upper: bool
    lower: bool


@dataclass(frozen=True, slots=True)
class MapRow:
    """One row of the map."""

    kind: Kind
    id: MessageId | None
    """Of the message; of the first one of a run."""
    lanes: tuple[Lane, ...]
    """Those to the left of its own; its own is the next one."""
    is_branch: bool
    """It hangs to the right of the last of `lanes`."""
    is_first: bool
    """Nothing leads to it."""
    is_last: bool
    """Nothing follows."""
    is_shown: bool
    goes_on_shown: bool
    """What follows in its lane leads to what is shown."""
    run: MessageId | None = None
    """The message before the run that this is, or is in; `None` where everything is short."""
    count: int = 0
    """Of the messages of a run."""
    is_open: bool = False
    """Of a run: its messages follow."""

    @property
    def lane(self) -> int:
        """Its own lane."""
        return len(self.lanes)


@dataclass(slots=True)
class _Branch:
    first: MessageId | None
    lanes: tuple[Lane, ...]
    below: tuple[Lane, ...]
    """The lanes of the rows after the first."""
    is_branch: bool
    is_first: bool


def rows_of(conversation: Conversation, unfolded: Collection[MessageId] = ()) -> list[MapRow]:
    """The map of a conversation, from top to bottom.

    Args:
        conversation: Deleted messages are passed over.
        unfolded: First messages of runs that are shown whole.
    """
    children, weights = _tree(conversation)
    shown = {message.id for message in conversation.path()}
    roots = children.get(None, [])
    if not roots:
        return []
    rows: list[MapRow] = []
    pending = [_Branch(None if len(roots) > 1 else roots[0], (), (), False, True)]
    while pending:
        branch = pending.pop()
        run = _run(branch.first, children)
        forks = children.get(run[-1], [])
        goes_on = any(one in shown for one in forks)
        rows.extend(_rows_of_run(run, branch, shown, is_last=not forks, goes_on=goes_on, unfolded=unfolded))
        pending.extend(reversed(list(_branches(forks, weights, shown, branch.below))))
    return rows


def _tree(conversation: Conversation) -> tuple[dict[MessageId | None, list[MessageId]], dict[MessageId, int]]:
    deleted = conversation.deleted
    parents: dict[MessageId | None, MessageId | None] = {None: None}
    children: dict[MessageId | None, list[MessageId]] = {}
    for message in conversation.messages.values():
        parent_id = message.parent_id
        above = parents[parent_id] if parent_id in deleted else parent_id
        parents[message.id] = above
        if message.id not in deleted:
            children.setdefault(above, []).append(message.id)
    weights: dict[MessageId, int] = {}
    for message_id in reversed(conversation.messages):
        if message_id not in deleted:
            weights[message_id] = 1 + sum(weights[child] for child in children.get(message_id, ()))
    return children, weights


def _run(first: MessageId | None, children: dict[MessageId | None, list[MessageId]]) -> list[MessageId | None]:
    run = [first]
    while len(below := children.get(run[-1], [])) == 1:
        run.append(below[0])
    return run


def _branches(
    forks: list[MessageId], weights: dict[MessageId, int], shown: Collection[MessageId], lanes: tuple[Lane, ...]
) -> Iterator[_Branch]:
    if not forks:
        return
    main = max(reversed(forks), key=weights.__getitem__)
    # Those that hang aside, and last the one that goes on.
    order = [*(one for one in forks if one != main), main]
    at_shown = next((place for place, one in enumerate(order) if one in shown), -1)
    for place, one in enumerate(order[:-1]):
        own = (*lanes, Lane(upper=at_shown >= place, lower=at_shown > place))
        below = (*lanes, Lane(upper=at_shown > place, lower=at_shown > place))
        yield _Branch(one, own, below, is_branch=True, is_first=False)
    yield _Branch(main, lanes, lanes, is_branch=False, is_first=False)


def _rows_of_run(
    run: list[MessageId | None],
    branch: _Branch,
    shown: Collection[MessageId],
    *,
    is_last: bool,
    goes_on: bool,
    unfolded: Collection[MessageId],
) -> Iterator[MapRow]:
    first = run[0]
    is_folded = len(run) > LONGEST_RUN
    is_open = first in unfolded
    for place, one in enumerate(run):
        at_end = place == len(run) - 1
        if is_folded and place == 1:
            is_shown = one in shown
            yield MapRow(
                Kind.RUN, one, branch.below, False, False, False, is_shown, is_shown, first, len(run) - 2, is_open
            )
        if is_folded and not is_open and 0 < place < len(run) - 1:
            continue
        yield MapRow(
            kind=Kind.START if one is None else Kind.MESSAGE,
            id=one,
            lanes=branch.below if place else branch.lanes,
            is_branch=branch.is_branch and not place,
            is_first=branch.is_first and not place,
            is_last=is_last and at_end,
            is_shown=one is None or one in shown,
            goes_on_shown=goes_on if at_end else one is None or one in shown,
            run=first if is_folded else None,
        )
