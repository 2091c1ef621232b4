"""Sorts conversations by when they last changed: today, yesterday, the week before, months."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

WEEK_DAYS = 7


class Group(NamedTuple):
    """A stretch of time with a title. It holds times from `begins` up to, not including, `ends`."""

    title: str
    begins: float
    """Seconds since 1970."""
    ends: float


def group_of(moment: float, today: date) -> Group:
    """The group that a time belongs to.

    Args:
        moment: Seconds since 1970. A time still to come counts as today.
        today: The day that the groups are counted from, in the local time zone.
    """
    yesterday, week = today - timedelta(days=1), today - timedelta(days=WEEK_DAYS)
    for title, first, ends in (
        (QCoreApplication.translate("Sidebar", "Today"), today, float("inf")),
        (QCoreApplication.translate("Sidebar", "Yesterday"), yesterday, _begin(today)),
        (QCoreApplication.translate("Sidebar", "Previous 7 days"), week, _begin(yesterday)),
    ):
        if moment >= _begin(first):
            return Group(title, _begin(first), ends)
    first = datetime.fromtimestamp(moment).date().replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    title = QLocale().standaloneMonthName(first.month)
    if first.year != today.year:
        title = f"{title} {first.year}"
    return Group(title, _begin(first), min(_begin(after), _begin(week)))


def _begin(day: date) -> float:
    return datetime.combine(day, time()).timestamp()
