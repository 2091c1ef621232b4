"""The collector rests during the start only."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from desktop_chat.runtime import garbage


class Node:
    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_during_a_pause() -> None:
    garbage.pause()

    assert not gc.isenabled()


def test_after_the_pause_new_cycles_are_collected() -> None:
    garbage.pause()
    garbage.go_on()
    new = weakref.ref(Node())

    gc.collect()

    assert (gc.isenabled(), new()) == (True, None)


def test_what_the_start_made_is_not_looked_at_again() -> None:
    garbage.pause()
    kept = weakref.ref(Node())
    garbage.go_on()

    gc.collect()

    assert kept() is not None


def test_without_a_pause_nothing_is_kept_for_ever() -> None:
    before = gc.get_freeze_count()

    garbage.go_on()

    assert gc.get_freeze_count() == before


def test_old_objects_are_spared_while_anybody_has_a_reason() -> None:
    before = gc.get_threshold()

    garbage.spare_old("one", True)
    garbage.spare_old("other", True)
    garbage.spare_old("one", False)
    assert gc.get_threshold()[2] > 100_000

    garbage.spare_old("other", False)
    assert gc.get_threshold() == before
