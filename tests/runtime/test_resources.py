"""The files of resources/."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_chat.runtime import resources
from desktop_chat.runtime.resources import resource, resources_folder


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    resources_folder.cache_clear()
    yield
    resources_folder.cache_clear()


def test_a_checkout_has_its_resources_beside_the_package() -> None:
    assert resources_folder() == Path(__file__).parents[2] / "resources"


def test_a_wheel_has_its_resources_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site-packages" / "desktop_chat" / "resources").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "site-packages" / "desktop_chat")

    assert resources_folder() == tmp_path / "site-packages" / "desktop_chat" / "resources"


def test_a_frozen_build_has_its_resources_in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "resources" / "icons").mkdir(parents=True)
    (tmp_path / "resources" / "icons" / "a.svg").write_text("<svg/>")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)

    assert resource("icons/a.svg").read_text() == "<svg/>"


def test_a_missing_resource_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/no\.svg"):
        resource("icons/no.svg")
