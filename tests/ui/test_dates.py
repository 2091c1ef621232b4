"""Days are written so that nobody takes the day for the month, and odd times break nothing."""

from datetime import date, datetime, timedelta

import pytest

from desktop_chat.ui.dates import day_and_time_text, day_text, moment_text


def test_a_month_is_a_word() -> None:
    at = datetime(2024, 2, 9, 8, 5).timestamp()

    assert day_text(at, today=date(2024, 6, 1)) == "9 Feb"
    assert day_text(at, today=date(2025, 6, 1)) == "9 Feb 2024"
    assert day_text(at, today=date(2024, 2, 9)) == "today"
    assert day_and_time_text(at).startswith("9 Feb 2024 ")


def test_today_needs_no_day() -> None:
    assert ":" in moment_text(datetime.now().timestamp())
    assert ":" not in moment_text((datetime.now() - timedelta(days=2)).timestamp())


@pytest.mark.parametrize("odd", [0.0, -5.0, 1e18, float("inf"), float("nan")])
def test_a_time_that_no_calendar_has_is_not_said(odd: float) -> None:
    assert day_text(odd) == moment_text(odd) == day_and_time_text(odd) == ""
