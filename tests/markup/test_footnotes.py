"""Footnotes are numbered in the order in which they are met, and the numbers stay while the text grows."""

import pytest

from desktop_chat.markup.footnotes import MANY
from desktop_chat.markup.leaves import Leaf, Run, Style, Table, Text
from desktop_chat.markup.parser import parse
from desktop_chat.markup.stream import Stream


def texts(leaves: list[Leaf] | tuple[Leaf, ...]) -> list[str]:
    return [leaf.text for leaf in leaves if isinstance(leaf, Text)]


def test_marks_have_numbers_in_the_order_of_the_references() -> None:
    text = "one[^z], two[^a], again[^Z]\n\n[^a]: A\n[^z]: Z, as in[^a]"

    assert texts(parse(text)) == ["one[1], two[2], again[1]", "[2] A", "[1] Z, as in[2]"]


def test_marks_lead_to_each_other() -> None:
    text, note = parse("one[^z]\n\n[^z]: Z")

    assert isinstance(text, Text) and isinstance(note, Text)
    assert text.runs[1] == Run("[1]", Style.SUPERSCRIPT, "#fn-z")
    assert note.runs[0] == Run("[1]", Style.SUPERSCRIPT, "#fnref-z")
    assert (text.runs[1].is_note, note.runs[0].is_note) == (False, True)
    assert text.runs[1].label == note.runs[0].label == "z"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see [^7] and [^x]", ["see [7] and [x]"]),
        ("[^x]: never mentioned", ["[x] never mentioned"]),
        ("[^b]: before its reference\n\na[^a], b[^b]\n\n[^a]: A", ["[1] before its reference", "a[2], b[1]", "[2] A"]),
        ("`[^c]` and \\[^d], a[^a]\n\n[^a]: A", ["[^c] and [^d], a[1]", "[1] A"]),
        ("![p[^b]](x) a[^a]\n\n[^a]: A\n[^b]: B", ["p[1] a[2]", "[2] A", "[1] B"]),
    ],
    ids=["no footnote", "no reference", "footnote first", "code and escapes", "in the words of a picture"],
)
def test_a_label_without_its_other_end_is_shown_as_it_is_written(text: str, shown: list[str]) -> None:
    leaves = parse(text)

    assert texts(leaves) == shown
    if len(shown) == 1:
        assert not any(run.href for leaf in leaves if isinstance(leaf, Text) for run in leaf.runs)


def test_numbers_are_there_before_the_footnotes_and_stay_when_they_come() -> None:
    stream = Stream()
    shown: list[str] = []
    for word in ("First", "[^one]", ", second[^two].\n\n", "More[^one]\n\n", "[^two]: B\n", "[^one]: A\n"):
        stream.feed(word)
        before = list(stream.leaves)
        changed = stream.sync()
        shown.append(texts(stream.leaves)[0])
        assert changed >= len(before) - 1
    stream.sync(final=True)

    assert shown[1:] == ["First[1]", *["First[1], second[2]."] * 4]
    assert texts(stream.leaves)[1:] == ["More[1]", "[2] B", "[1] A"]


def test_at_the_end_settled_marks_without_a_footnote_become_their_labels() -> None:
    stream = Stream()
    stream.feed("| a[^x] | b |\n|---|---|\n| c[^y] | d[^z] |\n\nfirst[^x]\n\nsecond[^y]\n\n[^z]: Z\n\nend")
    stream.sync()
    assert texts(stream.leaves) == ["first[1]", "second[2]", "[3] Z", "end"]

    assert stream.sync(final=True) == 0

    table = stream.leaves[0]
    assert isinstance(table, Table)
    assert ["".join(run.text for run in cell) for cell in (*table.header, *table.rows[0])] == [
        "a[x]",
        "b",
        "c[y]",
        "d[3]",
    ]
    assert texts(stream.leaves) == ["first[x]", "second[y]", "[3] Z", "end"]
    assert tuple(stream.leaves) == parse(stream.source)


def test_very_many_marks_keep_their_numbers() -> None:
    text = "".join(f"a[^{number}x]\n\n" for number in range(MANY + 1))
    stream = Stream()
    for at in range(0, len(text), 5):
        stream.feed(text[at : at + 5])
        stream.sync()
    before = list(stream.leaves)

    assert stream.sync(final=True) == len(before)
    assert texts(stream.leaves)[-1] == f"a[{MANY + 1}]"
    assert tuple(stream.leaves) == parse(text)


def test_a_part_of_a_text_shows_labels() -> None:
    stream = Stream(has_numbers=False)
    stream.feed("more[^12]\n\n[^12]: note")
    stream.sync(final=True)

    assert texts(stream.leaves) == ["more[12]", "[12] note"]
