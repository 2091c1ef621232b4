"""What goes beside the installers, and the workflow that makes them."""

import json
import re
from pathlib import Path

import pytest

import build
import checksums
import project
import sbom
import smoke
import tree

WORKFLOWS = sorted((project.ROOT / ".github" / "workflows").glob("*.yml"))


def test_checksums_read_as_sha256sum_wants_them(tmp_path: Path) -> None:
    (tmp_path / "b.deb").write_bytes(b"")
    (tmp_path / "a.rpm").write_bytes(b"a")

    checksums.write(tmp_path)
    checksums.write(tmp_path)

    lines = (tmp_path / checksums.FILE).read_text().splitlines()
    assert lines[1] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b.deb"
    assert [line.split("  ")[1] for line in lines] == ["a.rpm", "b.deb"]


def test_the_list_of_parts_names_what_lies_in_the_build(tmp_path: Path) -> None:
    tree.write(
        tmp_path / "_internal/openai-3.54.0.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: openai\nVersion: 3.54.0\n",
    )

    found = sbom.metadata_in(tmp_path)

    assert [(each["name"], each["purl"]) for each in found] == [("openai", "pkg:pypi/openai@3.54.0")]
    assert found[0]["licenses"] == [{"license": {"id": "Apache-2.0"}}]


def test_the_same_parts_give_the_same_document() -> None:
    parts = [sbom.python_component("b", "1", "MIT"), sbom.python_component("a.c", "1", "MIT OR Apache-2.0")]

    first, second = sbom.document(parts), sbom.document(reversed(parts))

    assert json.dumps(first) == json.dumps(second)
    assert first["components"][0]["licenses"] == [{"expression": "MIT OR Apache-2.0"}]


def test_every_licence_of_the_about_dialog_is_known_to_the_list_of_parts() -> None:
    from desktop_chat.ui.dialogs.versions import LIBRARIES

    assert sbom.shipped_licences() == {sbom.key(name): licence for name, licence in LIBRARIES}


def test_a_built_program_is_asked_where_no_python_is_found(tmp_path: Path) -> None:
    environment = smoke.bare_environment(tmp_path, {"PATH": "/usr/bin", "PYTHONPATH": "/src", "HOME": "/home/a"})

    assert environment["PATH"] == str(tmp_path) and environment["HOME"] == "/home/a"
    assert "PYTHONPATH" not in environment


def test_the_driver_refuses_a_step_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        build.parser().parse_args(["dance"])

    assert "checksums" in capsys.readouterr().err


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_workflows_ask_for_no_right_they_do_not_name_and_pin_what_they_use(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    assert re.search(r"^permissions: \{\}$", text, re.MULTILINE)
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[\d.]+", used) for used in re.findall(r"uses: (.+)", text))
    steps = {step for line in re.findall(r"build\.py ([^\n]*)", text) for step in line.split() if step in build.STEPS}
    assert steps <= set(build.STEPS)
    if file.name == "release.yml":
        assert steps == set(build.STEPS)
