"""Numbers as people write them."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from desktop_chat.ui.composer.folds import size_words
from desktop_chat.ui.numbers import count_text, decimal_text
from desktop_chat.ui.sidebar import words


@pytest.fixture
def countries() -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("country", "text", "rate"),
    [
        ("C", "1,234,567", "1,234.5"),
        ("de_DE", "1.234.567", "1.234,5"),
        ("fr_FR", "1\u202f234\u202f567", "1\u202f234,5"),
    ],
)
def test_thousands_stand_apart_in_every_country(countries: None, country: str, text: str, rate: str) -> None:
    QLocale.setDefault(QLocale(country))

    assert count_text(1_234_567) == text
    assert decimal_text(1234.5, 1) == rate


def test_whoever_has_no_country_reads_large_numbers_too(countries: None) -> None:
    QLocale.setDefault(QLocale.c())

    assert words.count_text(12_345) == "12,345 conversations"
    assert size_words("\n" * 1999).endswith("2,000 lines")
