"""What the person typed: megabytes of it come in slices when they are unfolded."""

from desktop_chat.markup.leaves import Code, Text
from desktop_chat.ui.transcript.boxes.box import Toggle
from desktop_chat.ui.transcript.message.plain import plain_leaves
from desktop_chat.ui.transcript.view import TranscriptView
from tests.ui.transcript.conftest import MakeView
from tests.ui.transcript.told import ToldSession

PASTE = "".join(f"Words above {n}\n```python\nx = {n}\n```\n" for n in range(1_000)) + "The last line."


def unfold(view: TranscriptView) -> None:
    view.reading.do(0, Toggle(1))


def finish(view: TranscriptView) -> int:
    """Flush until nothing is left; returns how often."""
    count = 0
    while view.flusher.is_asked:
        view.flusher.flush_now()
        count += 1
    return count


def texts(view: TranscriptView) -> list[str]:
    assert view.column is not None
    return [box.text for box in view.column.item(0).boxes]


def opened(make_view: MakeView, session: ToldSession) -> TranscriptView:
    session.asks(PASTE)
    view = make_view(session)
    finish(view)
    return view


def test_a_paste_is_unfolded_in_slices_and_whole_at_the_end(make_view: MakeView, session: ToldSession) -> None:
    view = opened(make_view, session)
    folded = texts(view)

    unfold(view)
    first = len(texts(view))
    finish(view)

    leaves = plain_leaves(PASTE)
    assert len(folded) < first < len(leaves)
    assert texts(view)[:-1] == [leaf.text for leaf in leaves if isinstance(leaf, Text | Code)]

    unfold(view)
    finish(view)

    assert texts(view) == folded


def test_a_theme_moves_nobody_in_what_was_unfolded(make_view: MakeView, session: ToldSession) -> None:
    view = opened(make_view, session)
    unfold(view)
    finish(view)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    finish(view)
    assert view.column is not None
    before, whole = view.column.anchor(), texts(view)

    view.theme.set("dark")
    view.grab()
    finish(view)

    assert view.column.anchor() == before
    assert texts(view) == whole


def test_a_hit_far_down_in_a_folded_paste_is_gone_to(make_view: MakeView, session: ToldSession) -> None:
    view = opened(make_view, session)

    view.finding.open()
    view.finding.bar.field.setText("Words above 987")
    view.finding.finish()
    finish(view)

    assert view.column is not None
    seen = [seen.box.text for seen in view.column.seen(0, view.viewport().height())]
    assert "Words above 987" in seen
