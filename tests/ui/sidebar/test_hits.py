import pytest

from desktop_chat.core.ports import Hit
from desktop_chat.ui.sidebar.delegate import laid_out_line
from desktop_chat.ui.sidebar.hits import HIT_ROLE, HitsModel, read_snippet


def test_marks_are_taken_out_of_a_snippet_and_kept_as_places():
    snippet = read_snippet("say \x02hello\x03 and \x02hello\x03 again")

    assert snippet.text == "say hello and hello again"
    assert [snippet.text[begin : begin + length] for begin, length in snippet.marks] == ["hello", "hello"]


def test_a_match_far_to_the_right_comes_into_view():
    snippet = read_snippet("a long line before anything of interest happens at all \x02match\x03")

    assert snippet.text.startswith("…")
    assert snippet.text.index("match") <= 20
    assert snippet.marks == ((snippet.text.index("match"), 5),)


def test_line_breaks_do_not_break_the_row():
    assert read_snippet("one\n\n\x02two\x03\tthree").text == "one two three"


def test_the_model_keeps_the_contract_of_qt(qtmodeltester):
    model = HitsModel(lambda conversation_id: f"Title of {conversation_id}")
    model.show_hits([Hit("c1", None, "\x02a\x03"), Hit("c2", "m", "b \x02a\x03")])

    qtmodeltester.check(model)
    assert model.index(1).data() == "Title of c2"
    assert model.index(1).data(HIT_ROLE).message_id == "m"


@pytest.mark.parametrize("width", [60, 120, 200, 246])
def test_a_line_with_bold_matches_ends_in_a_whole_ellipsis(theme, width):
    snippet = read_snippet("Second - \x02nested\x03 - and \x02nested\x03 again, and more of the same")

    layout = laid_out_line(snippet.text, width, theme, "small", snippet.marks)

    assert layout.text().endswith("…")
    assert layout.lineAt(0).naturalTextWidth() <= width
