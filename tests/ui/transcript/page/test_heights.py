"""A column of heights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.ui.transcript.page.heights import Heights

Steps = st.lists(st.tuples(st.sampled_from(["append", "change", "cut"]), st.integers(0, 50), st.integers(0, 90)))


@given(st.lists(st.integers(0, 90)), Steps)
def test_tops_are_the_sums_of_what_is_above(values: list[int], steps: list[tuple[str, int, int]]) -> None:
    heights, plain = Heights(values), list(values)

    for kind, row, value in steps:
        if kind == "append":
            heights.append(value)
            plain.append(value)
        elif kind == "cut":
            heights.cut(min(row, len(plain)))
            del plain[min(row, len(plain)) :]
        elif plain:
            heights[row % len(plain)] = value
            plain[row % len(plain)] = value

    assert [heights.top(row) for row in range(len(plain) + 1)] == [sum(plain[:row]) for row in range(len(plain) + 1)]
    assert heights.total == sum(plain)


@given(st.lists(st.integers(1, 90), min_size=1), st.integers(-10, 2000))
def test_the_row_at_a_height_is_the_last_that_begins_there(values: list[int], y: int) -> None:
    row, top = Heights(values).at(y)

    begins = [r for r in range(len(values)) if sum(values[:r]) <= y]
    assert row == (begins[-1] if begins else 0)
    assert top == sum(values[:row])


@pytest.mark.parametrize("count", [0, 1, 7, 8, 100])
def test_rows_of_one_height_are_those_that_are_made_one_by_one(count: int) -> None:
    quick, slow = Heights.uniform(count, 3.0), Heights([3.0] * count)

    quick.append(5.0)
    slow.append(5.0)

    assert [quick.top(row) for row in range(count + 2)] == [slow.top(row) for row in range(count + 2)]


@given(st.lists(st.integers(0, 90)), st.lists(st.integers(0, 90)))
def test_many_rows_added_at_once_are_those_that_are_added_one_by_one(before: list[int], more: list[int]) -> None:
    quick, slow = Heights(before), Heights(before)

    quick.extend(more)
    for value in more:
        slow.append(value)

    count = len(before) + len(more)
    assert [quick.top(row) for row in range(count + 1)] == [slow.top(row) for row in range(count + 1)]
