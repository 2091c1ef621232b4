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
    ],
    ids=["ascii", "umlaut", "letters that look like others", "mail"],
)
def test_a_host_is_shown_as_it_is_looked_up(href: str, shown: str) -> None:
    assert plain_address(href) == shown
