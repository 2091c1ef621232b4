"""What is said of what could not be taken over."""

import pytest

from desktop_chat.importing.problems import Problem, ProblemKind, size_text


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_is_said_in_words_for_people(kind: ProblemKind) -> None:
    said = str(Problem(kind, "a.json[3]", "more about it"))

    assert said.startswith("a.json[3]: ") and said.endswith(" (more about it)")
    assert "_" not in said


@pytest.mark.parametrize(("size", "said"), [(140, "140 bytes"), (9_000, "9,000 bytes"), (30 * 2**20, "30 MB")])
def test_sizes_are_said_in_bytes_or_megabytes(size: int, said: str) -> None:
    assert size_text(size) == said
