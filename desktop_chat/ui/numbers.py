"""Numbers as they are written everywhere in the window: in the manner of the person's country, thousands apart."""

from PySide6.QtCore import QCoreApplication, QLocale


def count_text(number: int) -> str:
    """A count: `1,204`, `1.204` or `1 204`."""
    return reading_locale().toString(number)


def conversations_text(number: int) -> str:
    """`1 conversation`, `2 conversations`."""
    return _tr("1 conversation") if number == 1 else _tr("{n} conversations").format(n=count_text(number))


def messages_text(number: int) -> str:
    """`1 message`, `2 messages`."""
    return _tr("1 message") if number == 1 else _tr("{n} messages").format(n=count_text(number))


def decimal_text(number: float, digits: int) -> str:
    """A number with so many digits behind the point."""
    return reading_locale().toString(number, "f", digits)


def reading_locale() -> QLocale:
    """How numbers are written."""
    # The C locale leaves separators out; whoever has it still wants to read large numbers.
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.DefaultNumberOptions)
    return locale


def _tr(sentence: str) -> str:
    return QCoreApplication.translate("Numbers", sentence)
