from datetime import date, datetime, timedelta

import pytest

from desktop_chat.ui.sidebar.groups import group_of

TODAY = date(2026, 3, 12)


def moment(day: date, hour: int = 12) -> float:
    return datetime(day.year, day.month, day.day, hour).timestamp()


@pytest.mark.parametrize(
    ("days", "title"),
    [(0, "Today"), (-1, "Today"), (1, "Yesterday"), (2, "Previous 7 days"), (7, "Previous 7 days"), (8, "March")],
    ids=["today", "a clock that was wrong", "yesterday", "two days", "a week", "before the week"],
)
def test_days_have_their_group(qapp, days, title):
    assert group_of(moment(TODAY - timedelta(days=days)), TODAY).title == title


def test_older_months_are_named_and_other_years_say_so(qapp):
    assert group_of(moment(date(2026, 1, 3)), TODAY).title == "January"
    assert group_of(moment(date(2024, 12, 31)), TODAY).title == "December 2024"


def test_groups_meet_without_a_gap(qapp):
    step, ends = moment(TODAY), None

    for _ in range(6):
        group = group_of(step, TODAY)
        assert ends is None or group.ends == ends
        ends = group.begins
        step = group.begins - 1
