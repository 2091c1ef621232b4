"""Snapshots of what grows."""

import pytest

from desktop_chat.markup.leaves import Code, Growing


def test_a_snapshot_stays_as_it_was_when_the_store_grows() -> None:
    store = ["a", "b"]
    before = Growing.over(store, ["c"])
    store.append("cc")

    assert list(before) == ["a", "b", "c"]
    assert before[-1] == "c"
    assert before[1:] == ["b", "c"]
    assert len(before) == 3


def test_snapshots_of_one_store_know_what_they_share_without_comparing() -> None:
    store = ["a", "b"]
    before = Growing.over(store, ["c"])
    store.append("cc")
    after = Growing.over(store)

    assert after.same_as(before) == 2
    assert after.same_as(Growing(["a", "b"])) == 0


def test_equal_items_make_equal_snapshots_whatever_is_settled() -> None:
    assert Growing.over(["a"], ["b"]) == Growing(["a", "b"])
    assert Growing(["a"]) != Growing(["b"])
    assert hash(Growing.over(["a"], ["b"])) == hash(Growing(["a", "b"]))


def test_an_item_that_is_not_there_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        Growing(["a"])[1]


def test_code_is_copied_without_a_trailing_line_break() -> None:
    assert Code(Growing(["a", "", "b"])).text == "a\n\nb"
