"""The first page a newcomer reads says what the sources say."""

import importlib.metadata
import tomllib

import desktop_chat
from desktop_chat.ui.dialogs.versions import LIBRARIES
from tests.house.readme import README, with_parts
from tests.house.sources import ROOT


def test_the_module_map_and_the_keys_are_up_to_date() -> None:
    text = README.read_text(encoding="utf-8")

    assert with_parts(text) == text, "run: python -m tests.house.readme"


def test_the_changelog_has_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"## [{desktop_chat.__version__}]" in changelog


def test_pinned_requirements_hold_no_addresses_and_every_pin_a_hash() -> None:
    for file in (ROOT / "packaging" / "requirements").glob("*.txt"):
        text = file.read_text(encoding="utf-8")
        assert "://" not in text, f"{file.name} names a host"
        pins = [line for line in text.splitlines() if "==" in line]
        assert all(line.rstrip().endswith("\\") for line in pins), f"{file.name}: a pin without a hash"


def test_the_requirements_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {line.replace('"', "'") for line in project["dependencies"]}
    listed = (ROOT / "packaging" / "requirements" / "app.in").read_text(encoding="utf-8")

    assert {line.replace('"', "'") for line in listed.splitlines()} == wanted


def test_the_about_dialog_names_every_library_that_is_shipped() -> None:
    pins = (ROOT / "packaging" / "requirements" / "app.txt").read_text(encoding="utf-8")
    installed = {canonical(d.metadata["Name"]) for d in importlib.metadata.distributions()}
    pinned = {canonical(line.split("==")[0]) for line in pins.splitlines() if "==" in line}
    shipped = {canonical(name) for name, _ in LIBRARIES}

    assert shipped & installed == pinned & installed
    assert shipped <= pinned


def canonical(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(".", "-")
