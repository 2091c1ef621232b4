"""Leaves as HTML."""

from desktop_chat.markup.parser import parse
from desktop_chat.ui.transcript.copying.html import html_of


def html(text: str) -> str:
    return html_of(parse(text)).replace("\n", "")


def test_items_of_one_list_stand_in_one_list() -> None:
    assert html("- one\n- two") == "<ul><li><p>one</p></li><li><p>two</p></li></ul>"


def test_a_list_in_a_list_ends_before_the_next_item() -> None:
    made = html("1. a\n   - b\n2. c")

    assert made == '<ol start="1"><li><p>a</p><ul><li><p>b</p></li></ul></li><li><p>c</p></li></ol>'


def test_tables_keep_their_alignment() -> None:
    assert (
        html("| a |\n|--:|\n| 1 |")
        == '<table><tr><th align="right">a</th></tr><tr><td align="right">1</td></tr></table>'
    )


def test_nothing_of_the_text_becomes_markup() -> None:
    assert html("<script>x</script> & **b**") == "<p>&lt;script&gt;x&lt;/script&gt; &amp; <strong>b</strong></p>"


def test_addresses_that_are_never_opened_are_left_out() -> None:
    made = html("[x](javascript:alert(1)) [f](ftp://example.org) ![y](https://example.org/y.png)")

    assert "href" not in made and "src" not in made
