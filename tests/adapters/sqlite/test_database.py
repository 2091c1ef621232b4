"""Opening the file of conversations, also as a killed process left it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from desktop_chat.adapters.sqlite.database import open_database


def test_a_file_whose_making_was_killed_is_made_whole(tmp_path: Path) -> None:
    """A rollback journal stands beside it, which a reader may see but not play back."""
    begun, path = tmp_path / "begun.sqlite", tmp_path / "store.sqlite"
    with closing(sqlite3.connect(begun, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("CREATE TABLE t (x)")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 4000,)] * 50)
        connection.execute("DROP TABLE t")
        shutil.copy(begun, path)
        shutil.copy(f"{begun}-journal", f"{path}-journal")

    database = open_database(path)

    with closing(database.connection) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM conversations").fetchone() == (0,)
    assert database.found == []
