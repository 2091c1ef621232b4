"""The time tool."""

import asyncio
from datetime import UTC, datetime

import pytest

from desktop_chat.domain.errors import ToolError
from desktop_chat.tools.current_time import CurrentTime

NOW = datetime(2026, 11, 21, 15, 5, 9, tzinfo=UTC)
TOOL = CurrentTime(lambda: NOW)


@pytest.mark.parametrize(
    ("zone", "time"),
    [
        ("UTC", "2026-11-21 15:05:09 +00:00, Saturday (UTC)"),
        ("Europe/Paris", "2026-11-21 16:05:09 +01:00, Saturday (Europe/Paris)"),
        ("America/St_Johns", "2026-11-21 11:35:09 -03:30, Saturday (America/St_Johns)"),
        ("Pacific/Kiritimati", "2026-11-22 05:05:09 +14:00, Sunday (Pacific/Kiritimati)"),
    ],
)
def test_the_time_of_a_zone(zone: str, time: str) -> None:
    assert asyncio.run(TOOL.run({"zone": zone})) == time


def test_without_a_zone_it_is_the_local_time() -> None:
    assert asyncio.run(TOOL.run({})).startswith(f"{NOW.astimezone():%Y-%m-%d %H:%M:%S}")


@pytest.mark.parametrize("zone", ["Mars", "Europe", "../../etc/passwd", "/etc/passwd", "a\0b", "Europe/Atlantis"])
def test_a_zone_that_does_not_exist_is_an_error_with_advice(zone: str) -> None:
    with pytest.raises(ToolError, match="IANA"):
        asyncio.run(TOOL.run({"zone": zone}))


def test_a_system_without_time_zones_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.available_timezones", lambda: set())

    with pytest.raises(ToolError, match="no database of time zones"):
        asyncio.run(TOOL.run({"zone": "Nowhere/Else"}))
