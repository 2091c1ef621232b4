"""Finding in a page, and what of it can be seen."""

from desktop_chat.ui.transcript.boxes.box import State
from desktop_chat.ui.transcript.view import TranscriptView


def find(view: TranscriptView, text: str) -> None:
    view.finding.open()
    view.finding.bar.field.setText(text)
    view.finding.finish()


def arrive(view: TranscriptView) -> None:
    """Long messages are built in slices; the hit is gone to once it is there."""
    while marked(view)[1] == [] and view.flusher.is_asked:
        view.flusher.flush_now()


def marked(view: TranscriptView) -> tuple[list[str], list[str]]:
    """What is marked in view, and what of it is the current hit."""
    column, state = view.column, State()
    assert column is not None
    marks, current = [], []
    for seen in column.seen(0, view.viewport().height()):
        view.finding.tell(state, seen)
        marks += [seen.box.part(*mark) for mark in state.marks]
        if state.current_mark is not None:
            current.append(seen.box.part(*state.current_mark))
    return marks, current
