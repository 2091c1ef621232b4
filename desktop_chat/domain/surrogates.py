"""Replaces halves of surrogate pairs, which no encoding can write and no server reads."""


def whole(text: str) -> str:
    """The same text; two halves that belong together are joined, a lone one becomes U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
