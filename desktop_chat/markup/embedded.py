"""Pictures that stand in a text as `data:` addresses, taken out before it is read and put back when it is copied.

Such an address may be megabytes long and says nothing to a reader. A short one stands for it
while the text is parsed, searched and measured.
"""

import re
from collections.abc import Callable

MARK = "data:image/"
_WHOLE = re.compile(r"data:image/[a-zA-Z0-9.+-]{1,20};base64,[A-Za-z0-9+/]{400,}={0,2}")
_OPEN = re.compile(
    r"data:(?:i(?:m(?:a(?:g(?:e(?:/[a-zA-Z0-9.+-]{0,20}(?:;[a-z0-9]{0,6}(?:,[A-Za-z0-9+/]*={0,2})?)?)?)?)?)?)?)?$"
)
_SHORT = re.compile(r"data:image/png;picture-(\d+)")


def short_name(number: int) -> str:
    """What stands for a picture; an address that Markdown takes for one of a picture."""
    return f"data:image/png;picture-{number}"


def taken_out(text: str, name: Callable[[str], str]) -> str:
    """A text with short addresses instead of pictures.

    Args:
        text: Markdown.
        name: Gives the short address of a long one.
    """
    return _WHOLE.sub(lambda found: name(found[0]), text) if MARK in text else text


def without(text: str) -> str:
    """A text without what nobody reads."""
    return taken_out(text, lambda _: MARK)


def put_back(text: str, address: Callable[[int], str | None]) -> str:
    """The text as it was; a short address whose number is unknown stays."""
    if MARK not in text:
        return text
    return _SHORT.sub(lambda found: address(int(found[1])) or found[0], text)


def finished(text: str) -> int:
    """How much of a text that still grows is not a picture that is still coming."""
    start = text.rfind("data:")
    return start if start >= 0 and _OPEN.match(text, start) else len(text)
