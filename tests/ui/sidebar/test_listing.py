"""The list shows a row with the head above it, whatever height it had when it was asked to."""

import pytest


def row_at_top(listed):
    return listed.rowAt(2)


@pytest.fixture
def listed(sidebar):
    return sidebar._pane.list


def test_a_list_that_was_scrolled_before_it_had_a_height_begins_with_its_head(sidebar, listed):
    sidebar.show_current("taxes")
    listed.resize(200, 10)
    listed.scrollTo(listed.currentIndex())
    sidebar.show_current("weather")
    assert row_at_top(listed) != 0

    listed.resize(200, 3 * listed.rowHeight(0))

    assert row_at_top(listed) == 0
    assert listed.viewport().rect().contains(listed.visualRect(listed.currentIndex()))


def test_the_head_above_a_row_comes_into_sight_with_it(sidebar, listed):
    listed.resize(200, 3 * listed.rowHeight(0))
    sidebar.show_current("recipes")
    assert row_at_top(listed) != 0

    sidebar.show_current("weather")

    assert row_at_top(listed) == 0
