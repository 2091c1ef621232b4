import pytest

from desktop_chat.core.query import parse
from desktop_chat.ui.sidebar.operators import offers, operators, quoted

VALUES = {
    "role": lambda: ("user", "assistant", "system", "tool"),
    "has": lambda: ("code", "image", "tool", "file"),
    "tag": lambda: ("work", "two words", "Network"),
    "in": lambda: ("archive", "trash", "Work"),
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("role:", ("role:user", "role:assistant", "role:system", "role:tool")),
        ("python role:a", ("role:assistant",)),
        ("has:t", ("has:tool",)),
        ("tag:wor", ("tag:work", 'tag:"two words"', "tag:Network")),
        ("-tag:net", ("-tag:Network",)),
        ('tag:"two w', ('tag:"two words"',)),
        ("IN:tra", ("in:trash",)),
    ],
    ids=["all values", "the word at the cursor", "a beginning", "anywhere in it", "excluded", "quoted", "case"],
)
def test_an_operator_offers_its_values(text, words):
    found = offers(text, len(text), VALUES)

    assert found is not None
    assert found.words == tuple(sorted(words, key=found.words.index))
    assert set(found.words) == set(words)


@pytest.mark.parametrize(
    "text",
    ["", "role", "python", "nothing:x", "role:xyz", "role:user", "role:user "],
    ids=["empty", "no colon", "a word", "no operator", "no such value", "complete", "behind it"],
)
def test_nothing_is_offered_elsewhere(text):
    assert offers(text, len(text), VALUES) is None


def test_only_the_word_at_the_cursor_is_exchanged():
    found = offers("one role:us two", 11, VALUES)

    assert (found.begin, found.end) == (4, 11)


def test_a_value_with_a_blank_is_quoted_as_the_search_reads_it():
    assert parse(f"tag:{quoted('two words')}").wanted.tags == ("two words",)
    assert quoted("plain") == "plain"


def test_every_example_of_the_help_is_understood(qapp):
    for operator in operators():
        assert not parse(operator.example).is_empty
        assert operator.example.startswith(operator.begin)
