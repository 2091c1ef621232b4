import pytest

from desktop_chat.ui.preferences.addresses import hint_for, host_of, request_url


@pytest.mark.parametrize(
    ("base_url", "better"),
    [
        ("localhost:8080", "http://localhost:8080"),
        ("127.0.0.1:11434/v1", "http://127.0.0.1:11434/v1"),
        ("api.example.org/v1", "https://api.example.org/v1"),
        ("https://api.example.org", "https://api.example.org/v1"),
        ("https://api.example.org/v1/chat/completions", "https://api.example.org/v1"),
        ("https://api.example.org/v1/models", "https://api.example.org/v1"),
    ],
    ids=["local without scheme", "address without scheme", "host without scheme", "no version", "whole path", "models"],
)
def test_a_common_slip_is_mended_by_a_click(base_url, better):
    assert hint_for(base_url, has_key=False).better == better


@pytest.mark.parametrize("base_url", ["", "https://api.example.org/v1", "http://h/api/v2/", "http://[::1]:8080/v1"])
def test_a_good_address_gets_no_remark(base_url):
    assert hint_for(base_url, has_key=False) is None


def test_a_key_over_http_to_another_computer_is_warned_of():
    assert hint_for("http://api.example.org/v1", has_key=True).better == "https://api.example.org/v1"
    assert hint_for("http://192.168.1.5/v1", has_key=True) is None
    assert hint_for("http://api.example.org/v1", has_key=False) is None


def test_the_final_address_is_shown():
    assert request_url("http://h:1/v1/") == "http://h:1/v1/chat/completions"
    assert request_url("h:1/v1") == ""


def test_a_password_in_an_address_is_not_part_of_the_host():
    assert host_of("https://me:secret@h:8/v1") == "h:8"
    assert host_of("http://[bad") == ""
