"""Importing from the outside: recognise a source, look at it, read it.

Nothing here blocks for long between two conversations, so a caller in a worker can stop,
and tell how far it is from `source.done_bytes`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId
from desktop_chat.domain.message import Message
from desktop_chat.importing import READERS
from desktop_chat.importing.mixed import mixed
from desktop_chat.importing.problems import Notes, Problem, ProblemKind
from desktop_chat.importing.reader import Imported, Reader, sample_of
from desktop_chat.importing.source import Entry, Source

LOOKED_AT = 200
"""Files of a folder or archive that are looked at to recognise it, all over it."""
MAX_MESSAGE = 2**26
"""Characters of one; nobody could read it, and the store holds no row of gigabytes."""
REFUSED = 10
"""Files of an unknown source of which is said why."""
LISTED = 1_000
"""Problems that a preview lists; all are counted."""


def sniff(source: Source) -> Reader | None:
    """Which format this is, or `None` if it is none that is known.

    Files of several programs side by side become one reader that takes each as what it is.

    Raises:
        ImportFailed: The system refuses to read.
    """
    every = max(1, -(-len(source.data) // LOOKED_AT))
    readers = {entry: _reader_of(source, entry) for entry in source.data[::every]}
    found = list(dict.fromkeys(reader for reader in readers.values() if reader is not None))
    return found[0] if len(found) == 1 else mixed(readers, _reader_of) if found else None


def _reader_of(source: Source, entry: Entry) -> Reader | None:
    sample = sample_of(source, entry)
    return None if sample is None else next((reader for reader in READERS if reader.fits(sample)), None)


def refusals(source: Source) -> tuple[Problem, ...]:
    """Why no reader knows a source, as far as its files tell.

    Raises:
        ImportFailed: The system refuses to read.
    """
    found = [*source.notes.take()]
    if not source.data and not found:
        found.append(Problem(ProblemKind.NOT_READABLE, source.name, "there is no JSON in it"))
    for entry in source.data[:REFUSED]:
        notes = Notes()
        if entry.size_bytes == 0:
            notes.add(ProblemKind.NOT_READABLE, entry.name, "it is empty")
        elif sample_of(source, entry, notes) is None and not found:
            notes.add(ProblemKind.NOT_READABLE, entry.name, "it is not JSON")
        found += notes.take()
    return tuple(found)


def read(source: Source, reader: Reader, *, only_looks: bool = False) -> Iterator[Imported]:
    """Every conversation of a source, one by one; what could not be read comes in between.

    The pictures of a conversation are at hand in `source.pictures` until the next one is asked for.

    Args:
        source: Where from.
        reader: For its format.
        only_looks: Pictures are not read whole; for a preview.

    Raises:
        ImportFailed: The system refuses to read.
    """
    source.rewind()
    source.pictures.only_looks = only_looks
    source.pictures.forget()
    notes = Notes()
    seen: set[ConversationId] = set()
    if problems := source.notes.take():
        for problem in problems:  # Kept for another reading.
            source.notes.add(problem.kind, problem.where, problem.detail)
        yield Imported(source.name, None, problems)
    for item in reader.items(source, notes):
        yield from _left(notes, source.name)
        own = Notes()
        try:
            made = reader.convert(item, own)
        except (ValueError, RecursionError) as error:
            own.add(
                ProblemKind.NOT_READABLE, item.where, f"not in the expected shape: {str(error) or type(error).__name__}"
            )
            made = []
        kept = []
        for conversation in made:
            if conversation.id in seen:
                own.add(ProblemKind.DUPLICATE, item.where, conversation.title)
            elif (size := _largest(conversation)) > MAX_MESSAGE:
                own.add(ProblemKind.TOO_LARGE, item.where, f"a message of {size:,} characters")
            elif conversation.messages:
                kept.append(conversation)
                seen.add(conversation.id)
        problems = own.take()
        if not kept and problems:
            yield Imported(item.where, None, problems)
        for conversation in kept:
            yield Imported(item.where, conversation, problems)
            problems = ()
        if kept:
            source.pictures.forget()
    yield from _left(notes, source.name)


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation in a preview."""

    id: ConversationId
    title: str
    messages: int
    created_at: float
    updated_at: float
    problems: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would bring."""

    reader: Reader
    found: tuple[Found, ...]
    messages: int
    first_at: float
    """Creation of the oldest conversation; 0 if there is none."""
    last_at: float
    problems: tuple[Problem, ...]
    """The first `LISTED`."""
    problem_count: int


class Tally:
    """Sums up what is read. Mutable."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._found: list[Found] = []
        self._problems: list[Problem] = []
        self._count = 0

    def add(self, imported: Imported) -> None:
        """Count one in."""
        self._count += len(imported.problems)
        self._problems.extend(imported.problems[: max(0, LISTED - len(self._problems))])
        if (c := imported.conversation) is not None:
            times = (c.created_at, c.updated_at)
            self._found.append(Found(c.id, c.title, len(c.messages), *times, len(imported.problems)))

    def preview(self) -> Preview:
        """What was counted so far."""
        return Preview(
            reader=self._reader,
            found=tuple(self._found),
            messages=sum(found.messages for found in self._found),
            first_at=min((found.created_at for found in self._found), default=0.0),
            last_at=max((found.updated_at for found in self._found), default=0.0),
            problems=tuple(self._problems),
            problem_count=self._count,
        )


def preview(source: Source, reader: Reader) -> Preview:
    """Read everything and keep only what a person wants to see before.

    Raises:
        ImportFailed: The system refuses to read.
    """
    tally = Tally(reader)
    for imported in read(source, reader, only_looks=True):
        tally.add(imported)
    return tally.preview()


def news(imported: Conversation, known: Collection[str]) -> list[Message]:
    """Messages of a conversation that is here already, of which only some came before.

    Args:
        imported: As the file has it now.
        known: Ids of the messages that are here, deleted ones included.

    Returns:
        What is new, parents first; nothing for a file that was imported before.
    """
    return [message for message in imported.messages.values() if message.id not in known]


def _largest(conversation: Conversation) -> int:
    blocks = [block for message in conversation.messages.values() for block in message.blocks]
    texts = (getattr(block, field, "") for block in blocks for field in ("text", "arguments_json"))
    return max(map(len, (conversation.settings.system_prompt, *texts)))


def _left(notes: Notes, where: str) -> Iterator[Imported]:
    if problems := notes.take():
        yield Imported(where, None, problems)
