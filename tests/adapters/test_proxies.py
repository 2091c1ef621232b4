"""Which way requests go: through the proxy that the system names, or straight."""

import httpx2
import pytest

from desktop_chat.adapters.proxies import is_loopback, proxy_for


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("localhost", True),
        ("a.localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("192.168.0.1", False),
        ("localhost.example", False),
        ("example.org", False),
    ],
)
def test_this_computer_is_recognised(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_the_proxy_of_the_environment_is_taken_by_scheme_and_no_proxy_is_obeyed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "127.0.0.1:3128")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:3129")
    monkeypatch.setenv("no_proxy", "direct.test,.inside.test")

    assert proxy_for(httpx2.URL("http://a.test/v1")) == "http://127.0.0.1:3128"
    assert proxy_for(httpx2.URL("https://a.test/v1")) == "http://127.0.0.1:3129"
    assert proxy_for(httpx2.URL("https://direct.test/v1")) == ""
    assert proxy_for(httpx2.URL("https://x.inside.test/v1")) == ""
    assert proxy_for(httpx2.URL("http://127.0.0.1:8080/v1")) == ""
