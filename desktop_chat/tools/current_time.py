"""Tells the time in a zone of the world."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from desktop_chat.core.ports import ToolSpec
from desktop_chat.domain.errors import ToolError

MAX_NAME_CHARACTERS = 100


class CurrentTime:
    """Date, time and offset now, here or in a zone of the IANA database.

    Args:
        now: The time in UTC.
    """

    spec = ToolSpec(
        name="current_time",
        description="Get the current date and time, in the person's own time zone or in the zone that is named.",
        parameters={
            "type": "object",
            "properties": {
                "zone": {
                    "type": "string",
                    "description": "IANA name of a time zone, e.g. Europe/Paris. Leave out for local time.",
                }
            },
            "additionalProperties": False,
        },
    )
    is_harmless = True

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now

    def summary(self, arguments: Mapping[str, Any]) -> str:
        """One sentence for the person who decides."""
        zone = " ".join(str(arguments.get("zone", "")).split())[:MAX_NAME_CHARACTERS]
        return f"Tells the time in {zone}." if zone else "Tells the time on this computer."

    async def run(self, arguments: Mapping[str, Any]) -> str:
        """The time, e.g. `2026-11-21 16:05:09 +01:00, Saturday (Europe/Paris)`."""
        name = str(arguments.get("zone", "")).strip()
        zone = _zone(name) if name else None
        time = self._now().astimezone(zone)
        offset = time.strftime("%z")
        return f"{time:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:5]}, {time:%A} ({name or time.tzname()})"


def _zone(name: str) -> tzinfo:
    if name.upper() in ("UTC", "Z", "GMT"):
        return UTC
    # Here, because hardly anybody asks before the first paint.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        # `OSError`: a name of a folder of the database, such as `Europe`.
        if not available_timezones():
            text = "This computer has no database of time zones; only local time and UTC are known."
        else:
            text = f"There is no time zone called {name[:MAX_NAME_CHARACTERS]!r}. Use an IANA name like Europe/Paris."
        raise ToolError(text) from error
