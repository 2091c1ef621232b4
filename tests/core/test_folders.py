"""The tree of folders stays a tree, whatever is done to it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.core.folders import Folders, added, find, in_order, moved, path_of, removed, renamed
from desktop_chat.core.ports import Folder
from desktop_chat.domain.ids import FolderId

A, B, C, D = map(FolderId, "abcd")


def tree(*places: tuple[FolderId, FolderId | None]) -> Folders:
    folders: Folders = ()
    for folder_id, parent_id in places:
        folders = added(folders, folder_id, folder_id.upper(), parent_id)
    return folders


def shape(folders: Folders) -> list[tuple[str, str | None, int]]:
    return [(folder.id, folder.parent_id, folder.position) for folder in folders]


def test_a_new_folder_stands_last_in_its_parent() -> None:
    assert shape(tree((A, None), (B, A), (C, None), (D, A))) == [
        (A, None, 0),
        (B, A, 0),
        (D, A, 1),
        (C, None, 1),
    ]


def test_a_folder_for_a_parent_that_is_gone_stands_at_the_top() -> None:
    assert shape(tree((A, D))) == [(A, None, 0)]


def test_what_is_in_a_removed_folder_stands_where_it_stood() -> None:
    folders = removed(tree((A, None), (B, None), (C, None), (D, B)), B)

    assert shape(folders) == [(A, None, 0), (D, None, 1), (C, None, 2)]


@pytest.mark.parametrize(
    ("position", "expected"), [(0, "bac"), (1, "abc"), (2, "acb"), (99, "acb"), (-1, "bac")], ids=str
)
def test_a_folder_moves_among_its_siblings(position: int, expected: str) -> None:
    folders = moved(tree((A, None), (B, None), (C, None)), B, None, position)

    assert "".join(folder.id for folder in folders) == expected


def test_a_folder_takes_along_what_is_in_it() -> None:
    folders = moved(tree((A, None), (B, A), (C, B), (D, None)), A, D, 0)

    assert [folder.id for folder in path_of(folders, C)] == [D, A, B, C]


@pytest.mark.parametrize("target", [A, B, C, FolderId("nowhere")], ids=["itself", "child", "grandchild", "nothing"])
def test_a_folder_cannot_go_below_itself_or_into_nothing(target: FolderId) -> None:
    folders = tree((A, None), (B, A), (C, B), (D, None))

    assert moved(folders, A, target, 0) == folders


def test_folders_that_stand_in_each_other_come_to_the_top() -> None:
    read = [Folder(A, "A", B, 0), Folder(B, "B", A, 0), Folder(C, "C", C, 5), Folder(D, "D", FolderId("gone"), 9)]

    assert {folder.id for folder in in_order(read) if folder.parent_id is None} >= {C, D}
    assert sorted(folder.id for folder in in_order(read)) == [A, B, C, D]


def test_a_thousand_folders_in_each_other_are_one_path() -> None:
    names = [FolderId(str(number)) for number in range(1000)]
    read = [Folder(one, one, above, 0) for one, above in zip(names, [None, *names], strict=False)]
    random.Random(1).shuffle(read)

    folders = in_order(read)

    assert [folder.id for folder in folders] == names
    assert len(path_of(folders, names[-1])) == 1000
    assert moved(folders, names[0], names[-1], 0) == folders


steps = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "remove", "rename"]), st.integers(0, 9), st.integers(0, 9), st.integers()
    ),
    max_size=30,
)


@given(steps)
def test_whatever_is_done_parents_come_first_and_positions_count(done: list[tuple[str, int, int, int]]) -> None:
    folders: Folders = ()
    for what, first, second, position in done:
        one, other = FolderId(str(first)), FolderId(str(second)) if second else None
        match what:
            case "add" if find(folders, one) is None:
                folders = added(folders, one, "new", other)
            case "move":
                folders = moved(folders, one, other, position)
            case "remove":
                folders = removed(folders, one)
            case "rename":
                folders = renamed(folders, one, "other")

    seen: set[FolderId | None] = {None}
    for folder in folders:
        assert folder.parent_id in seen
        seen.add(folder.id)
    for parent_id in seen:
        siblings = [folder.position for folder in folders if folder.parent_id == parent_id]
        assert siblings == list(range(len(siblings)))
    assert in_order(reversed(folders)) == folders
