"""Times, rates and counts as the inspector writes them."""

from PySide6.QtCore import QCoreApplication

from desktop_chat.ui.numbers import decimal_text

MINUTE_MS = 60_000
HOUR_MS = 3_600_000


def tr(text: str) -> str:
    """Translate in the context of the inspector."""
    return QCoreApplication.translate("Inspector", text)


def duration_text(ms: int) -> str:
    """A span of time in three figures: `182 ms`, `4.82 s`, `2 min 05 s`, `1 h 02 min`."""
    if ms < 1000:
        return tr("{ms} ms").format(ms=ms)
    if ms < MINUTE_MS:
        return tr("{seconds} s").format(seconds=decimal_text(ms / 1000, 2 if ms < 10_000 else 1))
    if ms < HOUR_MS:
        seconds = ms // 1000
        return tr("{minutes} min {seconds:02} s").format(minutes=seconds // 60, seconds=seconds % 60)
    minutes = ms // MINUTE_MS
    return tr("{hours} h {minutes:02} min").format(hours=minutes // 60, minutes=minutes % 60)


def rate_text(per_second: float) -> str:
    """A rate: `96.4 /s`, without a fraction from 1000 on."""
    return tr("{number} /s").format(number=decimal_text(per_second, 1 if per_second < 1000 else 0))


def about(text: str) -> str:
    """Mark a figure as an estimate."""
    return f"≈ {text}"
