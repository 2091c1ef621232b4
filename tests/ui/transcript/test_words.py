"""Words of the page."""

import pytest

from desktop_chat.ui.transcript.words import plain_address


@pytest.mark.parametrize(
    ("href", "shown"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("http://www.bücher.de/ä", "http://www.xn--bcher-kva.de/ä"),
        ("https://аррӏе.com", "https://xn--80ak6aa92e.com"),
        ("mailto:jürgen@example.org", "mailto:jürgen@example.org"),
        ("https://google.com@evil.example/", "https://evil.example/"),
        ("https://google.com:x@пример.рф:81?a@b", "https://xn--e1afmkfd.xn--p1ai:81?a@b"),
        ("https://example.org/@me", "https://example.org/@me"),
    ],
    ids=["ascii", "umlaut", "letters that look like others", "mail", "a name before it", "both", "a name in its path"],
)
def test_a_host_is_shown_as_it_is_looked_up(href: str, shown: str) -> None:
    assert plain_address(href) == shown
