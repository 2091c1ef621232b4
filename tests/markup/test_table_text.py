"""A table can be taken into a spreadsheet."""

from desktop_chat.markup.leaves import Table
from desktop_chat.markup.parser import parse
from desktop_chat.markup.table_text import as_csv, as_tsv

SOURCE = '| name | says |\n|---|--:|\n| **a**, b | "hi" |\n| c | $x$ |\n'


def test_cells_are_quoted_where_they_have_to_be() -> None:
    (table,) = parse(SOURCE)
    assert isinstance(table, Table)

    assert as_csv(table) == 'name,says\r\n"a, b","""hi"""\r\nc,$x$\r\n'


def test_tabs_need_no_quotes_for_commas() -> None:
    (table,) = parse(SOURCE)
    assert isinstance(table, Table)

    assert as_tsv(table).splitlines()[0] == "name\tsays"
    assert as_tsv(table).splitlines()[1].startswith("a, b\t")
