"""Killed while trigrams are built: the indexes are whole, and the rest is built afterwards."""

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite.search_grams import Sifter

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_leaves_both_indexes_whole(path: Path, seed: int) -> None:
    command = [sys.executable, "-m", "tests.adapters.sqlite.sifting", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(random.Random(seed).randrange(5, 60)):
            assert process.stdout.readline() == "saved\n"
        process.kill()

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        sifter = Sifter()
        while sifter.step(connection):
            pass
        for index in ("text_search", "grams", "title_search"):
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        found = connection.execute("SELECT count(*) FROM grams WHERE grams MATCH 'mor'").fetchone()[0]
        assert found == connection.execute("SELECT count(*) FROM messages WHERE text LIKE '% more hay'").fetchone()[0]
