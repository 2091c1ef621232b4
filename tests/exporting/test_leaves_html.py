"""What Markdown becomes on a page."""

import re

from desktop_chat.exporting.leaves_html import html_of
from desktop_chat.exporting.leaves_plain import plain_of

TEXT = "One[^z], two[^a], again[^Z], [^no].\n\n[^a]: A\n[^z]: Z\n"


def test_marks_of_footnotes_lead_to_each_other_under_names_of_their_own() -> None:
    one, other = "".join(html_of(TEXT)), "".join(html_of(f"Another: {TEXT}"))

    names = re.findall(r'id="([^"]+)"', one)
    targets = re.findall(r'href="#([^"]+)"', one)
    assert len(names) == len(set(names)) == 4
    assert set(targets) == set(names)
    assert not set(names) & set(re.findall(r'id="([^"]+)"', other))
    assert "<sup>[no]</sup>" in one
    assert re.search(r"<p[^>]*><sup><a [^>]*>\[2\] ↩</a></sup> A</p>", one)


def test_marks_of_footnotes_are_numbers_in_plain_text() -> None:
    assert plain_of(TEXT) == "One[1], two[2], again[1], [no].\n\n[2] A\n\n[1] Z"
