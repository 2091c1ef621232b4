import pytest

from desktop_chat.ui.inspector.units import about, duration_text, rate_text
from desktop_chat.ui.numbers import count_text


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "0 ms"),
        (182, "182 ms"),
        (4820, "4.82 s"),
        (12_340, "12.3 s"),
        (125_000, "2 min 05 s"),
        (3_720_000, "1 h 02 min"),
    ],
)
def test_times_are_written_in_three_figures(ms, text):
    assert duration_text(ms) == text


def test_counts_have_their_thousands_apart():
    assert count_text(1204) == "1,204"


def test_rates_lose_their_fraction_when_large():
    assert rate_text(96.4) == "96.4 /s"
    assert rate_text(12_345.6) == "12,346 /s"


def test_an_estimate_is_marked():
    assert about("412") == "≈ 412"
