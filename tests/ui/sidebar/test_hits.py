import pytest

from desktop_chat.core.ports import Hit
from desktop_chat.ui.sidebar.hits import HIT_ROLE, SNIPPET_ROLE, HitsModel, read_snippet
from desktop_chat.ui.sidebar.strokes import laid_out_line, laid_out_lines

HITS = [
    Hit("c1", "m1", "b \x02a\x03", title="First", role="user", at=2e9),
    Hit("c2", None, "\x02a\x03 title", title="a title", at=1.9e9),
    Hit("c1", "m2", "c \x02a\x03", title="First", role="assistant", at=1.8e9),
]


def shown(model):
    return [str(model.index(place).data()) for place in range(model.rowCount())]


@pytest.fixture
def model(qapp):
    made = HitsModel()
    made.show_hits(HITS)
    yield made
    made.deleteLater()


def test_marks_are_taken_out_of_a_snippet_and_kept_as_places():
    snippet = read_snippet("say \x02hello\x03 and \x02hello\x03 again")

    assert snippet.text == "say hello and hello again"
    assert [snippet.text[begin : begin + length] for begin, length in snippet.marks] == ["hello", "hello"]
    assert snippet.words == "hello"


def test_a_match_far_to_the_right_comes_into_view():
    snippet = read_snippet("a long line before anything of interest happens at all \x02match\x03")

    assert snippet.text.startswith("…")
    assert snippet.text.index("match") <= 20
    assert snippet.marks == ((snippet.text.index("match"), 5),)


def test_line_breaks_do_not_break_the_row():
    assert read_snippet("one\n\n\x02two\x03\tthree").text == "one two three"


def test_the_model_keeps_the_contract_of_qt(qtmodeltester, model):
    qtmodeltester.check(model)

    assert model.rowCount() == 4


def test_places_stand_below_their_conversation_which_stands_where_its_first_place_was(model):
    assert [shown(model)[row] for row in (0, 3)] == ["First", "a title"]
    assert [model.place(model.index(row)) for row in range(4)] == [
        ("c1", None),
        ("c1", "m1"),
        ("c1", "m2"),
        ("c2", None),
    ]
    assert shown(model)[1].startswith("You · ")
    assert model.index(2).data(HIT_ROLE).role == "assistant"


def test_a_title_that_matches_has_its_marks(model):
    assert model.index(3).data(SNIPPET_ROLE).marks == ((0, 1),)


def test_stepping_passes_over_conversations_that_have_places(model):
    assert [model.next_place(row, 1).row() for row in (-1, 0, 1, 2, 3)] == [1, 1, 2, 3, -1]
    assert model.next_place(3, -1).row() == 2


def test_as_many_places_as_were_asked_for_are_called_the_newest(model):
    model.show_hits(HITS, limit=3)

    assert shown(model)[-1] == "Only the newest 3 places are shown."
    assert model.place(model.index(4)) is None


@pytest.mark.parametrize("width", [60, 120, 200, 246])
def test_a_line_with_bold_matches_ends_in_a_whole_ellipsis(theme, width):
    snippet = read_snippet("Second - \x02nested\x03 - and \x02nested\x03 again, and more of the same")

    layout = laid_out_line(snippet.text, width, theme, "small", snippet.marks)

    assert layout.text().endswith("…")
    assert layout.lineAt(0).naturalTextWidth() <= width


@pytest.mark.parametrize("text", ["a few words " * 20, "unbroken" * 40, "短い言葉" * 40], ids=["words", "one", "CJK"])
def test_two_lines_end_in_an_ellipsis_inside_of_the_second(theme, text):
    layout = laid_out_lines(text, 200, theme, (), lines=2)

    assert layout.lineCount() == 2
    assert layout.text().endswith("…")
    last = layout.lineAt(1)
    assert last.textStart() + last.textLength() == len(layout.text())


def test_what_fits_is_shown_whole(theme):
    assert laid_out_lines("short", 200, theme, ((0, 5),), lines=2).text() == "short"
