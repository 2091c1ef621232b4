"""What Windows and macOS are told, read where neither is there."""

import ast
import plistlib
import zipfile
from pathlib import Path

import pytest

import entry
import mac
import project
import tree
import windows

SECRETS = {"CODESIGN_IDENTITY": "Developer ID", "NOTARY_APPLE_ID": "a", "NOTARY_TEAM_ID": "b", "NOTARY_PASSWORD": "c"}


def words(environment: dict[str, str]) -> list[str]:
    return [" ".join(command) for command in mac.plan(Path("a.app"), Path("a.dmg"), Path("work"), environment)]


def test_the_version_resource_is_an_expression_with_four_numbers() -> None:
    text = windows.version_resource("1.2.3rc1", "Desktop Chat")

    ast.parse(text)
    assert "filevers=(1, 2, 3, 0)" in text and "'Desktop Chat.exe'" in text


def test_the_installer_is_told_everything_its_script_asks_for(tmp_path: Path) -> None:
    script = windows.SCRIPT.read_text(encoding="utf-8")

    given = windows.definitions(tmp_path, tmp_path / "setup.exe", tmp_path / "a.ico", "0.1.0")

    assert all("${" + name + "}" in script for name in given)
    assert "RequestExecutionLevel user" in script
    assert script.index('RMDir /r "$INSTDIR\\_internal"') < script.index("File /r")


def test_the_portable_zip_is_the_same_every_time_and_has_its_mark(tmp_path: Path) -> None:
    tree.write(tmp_path / "tree/desktop-chat.exe", b"MZ")
    tree.write(tmp_path / "tree/_internal/a.dll", b"MZ")

    for name in ("1.zip", "2.zip"):
        windows.make_portable(tmp_path / "tree", tmp_path / name)

    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.zip") as file:
        assert f"{project.TITLE}/{windows.PORTABLE_MARK}" in file.namelist()


def test_a_portable_copy_keeps_its_files_beside_itself(tmp_path: Path) -> None:
    assert entry.portable_home(tmp_path / "desktop-chat.exe") is None

    (tmp_path / windows.PORTABLE_MARK).touch()

    assert entry.PORTABLE_MARK == windows.PORTABLE_MARK
    assert entry.portable_home(tmp_path / "desktop-chat.exe") == tmp_path / "data"


def test_a_zip_refuses_links_because_it_would_lose_them(tmp_path: Path) -> None:
    tree.link(tmp_path / "tree/link", "nowhere")

    with pytest.raises(SystemExit, match="link"):
        tree.make_zip(tmp_path / "tree", tmp_path / "a.zip", below="x", seconds=0)


def test_programs_of_windows_are_signed_only_where_there_is_a_certificate(tmp_path: Path) -> None:
    secrets = {"WINDOWS_CERTIFICATE": "a", "WINDOWS_CERTIFICATE_PASSWORD": "b"}

    assert windows.signing(tmp_path / "a.exe", tmp_path / "c.pfx", {}) == []
    assert windows.signing(tmp_path / "a.exe", tmp_path / "c.pfx", secrets)[-1] == str(tmp_path / "a.exe")


def test_the_bundle_says_what_finder_needs() -> None:
    plist = plistlib.loads(plistlib.dumps(mac.info_plist()))

    assert plist["CFBundleShortVersionString"] == ".".join(map(str, project.version_numbers(project.version(), 3)))
    assert plist["LSMinimumSystemVersion"] == mac.FLOOR
    assert plist["NSRequiresAquaSystemAppearance"] is False
    assert project.BUNDLE_ID.replace("-", "").replace(".", "").isalnum()


def test_libraries_of_other_signers_are_let_in_only_where_nobody_signs() -> None:
    key = "com.apple.security.cs.disable-library-validation"

    assert key in mac.entitlements(signed=False) and key not in mac.entitlements(signed=True)


def test_without_secrets_the_image_is_made_unsigned() -> None:
    said = words({})

    assert any(line.startswith("hdiutil create") for line in said)
    assert not any("notarytool" in line or "--sign" in line for line in said)


def test_with_an_identity_alone_it_is_signed_and_not_notarised() -> None:
    said = words({"CODESIGN_IDENTITY": "Developer ID"})

    assert any("--sign Developer ID" in line for line in said)
    assert not any("notarytool" in line for line in said)


def test_with_all_secrets_application_and_image_are_notarised_and_stapled() -> None:
    said = words(SECRETS)

    assert sum("notarytool submit" in line for line in said) == 2
    assert said[-1] == "xcrun stapler staple a.dmg"
    assert said.index("xcrun stapler staple a.app") < said.index(next(line for line in said if "hdiutil" in line))
