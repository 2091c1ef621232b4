from datetime import date

import pytest

from desktop_chat.core.ports import Folder, Row
from desktop_chat.ui.sidebar.arrangement import Arrangement, SortBy, View, sort_text
from tests.ui.sidebar.test_groups import moment

TODAY = date(2026, 3, 12)
FOLDERS = (
    Folder("f1", "Work", None, 0),
    Folder("f2", "Papers", "f1", 0),
    Folder("f3", "Home", None, 1),
)


def row(name, *, day=TODAY, **more):
    at = moment(day)
    return Row(name, name.title(), at, at, **more)


def names(arrangement, *rows):
    _, items = arrangement.listed([one for one in rows if arrangement.holds(one)])
    return [item if isinstance(item, str) else getattr(item, "title", "") or item.name for item in items]


def test_pinned_stand_above_folders_above_days(qapp):
    arrangement = Arrangement(View.LIBRARY, SortBy.CHANGED, FOLDERS, (), TODAY)

    assert names(
        arrangement,
        row("a"),
        row("b", pinned=True),
        row("c", folder_id="f2"),
        row("d", folder_id="f1", pinned=True),
        row("e", folder_id="f1"),
        row("f", archived=True),
        row("g", day=date(2026, 3, 11)),
    ) == ["Pinned", "B", "Folders", "Work", "Papers", "C", "D", "E", "Home", "Today", "A", "Yesterday", "G"]


def test_a_collapsed_folder_hides_all_that_is_in_it(qapp):
    arrangement = Arrangement(View.LIBRARY, SortBy.CHANGED, FOLDERS, ("f1",), TODAY)

    assert names(arrangement, row("a", folder_id="f2"), row("b", folder_id="f3")) == ["Folders", "Work", "Home", "B"]


def test_a_folder_that_is_gone_hides_nothing(qapp):
    arrangement = Arrangement(View.LIBRARY, SortBy.CHANGED, (), (), TODAY)

    assert names(arrangement, row("a", folder_id="gone")) == ["Today", "A"]


def test_by_title_numbers_count_and_case_and_accents_do_not(qapp):
    arrangement = Arrangement(View.LIBRARY, SortBy.TITLE, (), (), TODAY)
    rows = [row("part 10"), row("part 9"), row("Écluse"), row("eclair"), row("zebra")]

    assert names(arrangement, *rows) == ["Conversations", "Eclair", "Écluse", "Part 9", "Part 10", "Zebra"]


def test_by_creation_the_groups_are_those_of_the_creation(qapp):
    arrangement = Arrangement(View.LIBRARY, SortBy.CREATED, (), (), TODAY)
    old = Row("old", "Old", moment(date(2026, 1, 5)), moment(TODAY))

    assert names(arrangement, old, row("a")) == ["Today", "A", "January", "Old"]


def test_the_archive_is_flat_and_the_trash_has_the_newest_deletion_first(qapp):
    archive = Arrangement(View.ARCHIVE, SortBy.CHANGED, FOLDERS, (), TODAY)
    trash = Arrangement(View.TRASH, SortBy.TITLE, FOLDERS, (), TODAY)
    gone = [row("a", trashed_at=5.0), row("b", trashed_at=9.0), row("c", archived=True, trashed_at=7.0)]

    assert names(archive, row("a", archived=True, folder_id="f1", pinned=True), row("b")) == ["Today", "A"]
    assert names(trash, *gone) == ["B", "C", "A"]


@pytest.mark.parametrize("title", ["", "Straße", "ǅ", "12", "مرحبا"])
def test_any_title_has_a_place(title):
    assert isinstance(sort_text(title), str)
