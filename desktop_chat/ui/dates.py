"""Days and times as they are written everywhere in the window.

The month is a word: day and month cannot be taken for each other, whatever the country.
"""

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QLocale, QTime


def day_text(moment: float, *, today: date | None = None) -> str:
    """A day as people write it, without the year if it is this one; empty if it is not known."""
    when, now = _local(moment), today or date.today()
    if when is None:
        return ""
    if when.date() == now:
        return QCoreApplication.translate("Dates", "today")
    month = QLocale().monthName(when.month, QLocale.FormatType.ShortFormat)
    return f"{when.day} {month}" if when.year == now.year else f"{when.day} {month} {when.year}"


def moment_text(moment: float) -> str:
    """A time of today, or else the day; empty if it is not known."""
    when = _local(moment)
    if when is None:
        return ""
    return _time_text(when) if when.date() == date.today() else day_text(moment)


def day_and_time_text(moment: float) -> str:
    """A day and the time of it; empty if it is not known."""
    when = _local(moment)
    return "" if when is None else f"{day_text(moment)} {_time_text(when)}"


def _time_text(when: datetime) -> str:
    return QLocale().toString(QTime(when.hour, when.minute), QLocale.FormatType.ShortFormat)


def _local(moment: float) -> datetime | None:
    # What files say of their times need not be a time that a calendar has.
    try:
        return datetime.fromtimestamp(moment) if moment > 0 else None
    except (ValueError, OverflowError, OSError):
        return None
