"""A table as spreadsheets and programs take it."""

import csv
import io

from desktop_chat.markup.leaves import Table


def as_csv(table: Table) -> str:
    """Comma-separated, quoted where it has to be, lines ended as RFC 4180 asks."""
    return _written(table, ",", "\r\n")


def as_tsv(table: Table) -> str:
    """Tab-separated, what spreadsheets take when it is pasted."""
    return _written(table, "\t", "\n")


def _written(table: Table, delimiter: str, end: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    for row in (table.header, *table.rows):
        writer.writerow(["".join(run.text for run in cell) for cell in row])
    return out.getvalue()
