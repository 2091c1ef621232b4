"""What Linux packages say of themselves, and that they come out the same every time."""

import configparser
import importlib.metadata
import json
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import appdir
import deb
import elf
import icons
import linux
import project
import rpm
import sbom
import tree

DYNAMIC = """
 0x0000000000000001 (NEEDED)             Shared library: [libQt6Core.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]
 0x0000000000000001 (NEEDED)             Shared library: [libzstd.so.1]
 0x000000000000000e (SONAME)             Library soname: [libQt6Gui.so.6]
"""


def small_tree(folder: Path) -> Path:
    tree.write(folder / "desktop-chat", b"\x7fprogram", mode=0o755)
    tree.write(folder / "_internal/b.txt", "b")
    tree.write(folder / "_internal/a.so", "a", mode=0o755)
    tree.link(folder / "_internal/c", "b.txt")
    return folder


def test_one_place_has_the_version() -> None:
    import desktop_chat

    assert project.version() == desktop_chat.__version__
    assert project.version_numbers("1.2rc3", 4) == (1, 2, 0, 0)


def test_the_desktop_entry_starts_the_program_and_names_its_window() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read_string(linux.desktop_file())

    assert entry["Desktop Entry"]["Exec"] == project.NAME
    assert entry["Desktop Entry"]["StartupWMClass"] == project.NAME
    source = (project.ROOT / "desktop_chat/app.py").read_text(encoding="utf-8")
    assert f'setDesktopFileName("{project.NAME}")' in source


def test_the_software_centre_gets_this_version_and_no_address_that_nobody_gave() -> None:
    root = ET.fromstring(linux.metainfo(project.changelog(), ""))

    assert root.findtext("id") == project.APP_ID
    assert root.find("releases/release").get("version") == project.version()
    assert root.find("url") is None
    assert (
        ET.fromstring(linux.metainfo(project.changelog(), "https://a.example")).findtext("url") == "https://a.example"
    )


def test_the_flatpak_manifest_has_the_same_name_and_reads_the_staged_tree() -> None:
    manifest = json.loads((linux.TEMPLATES / f"{project.APP_ID}.json").read_text())

    assert manifest["id"] == project.APP_ID
    assert manifest["modules"][0]["sources"] == [{"type": "dir", "path": "../../build/linux"}]


def test_the_manual_names_every_option() -> None:
    from desktop_chat.__main__ import USAGE

    manual = linux.manual().replace("\\-", "-")

    assert all(word in manual for word in ("--self-test", "--version", "--verbose", "--no-save", "DESKTOP_CHAT_HOME"))
    assert all(word in USAGE for word in ("--self-test", "--version", "--verbose", "--no-save", "DESKTOP_CHAT_HOME"))
    assert "@" not in manual


def test_a_library_that_nobody_provides_is_named_with_its_askers() -> None:
    asked = elf.from_system(
        {"_internal/libQt6Gui.so": DYNAMIC, "_internal/libQt6Core.so.6": "", "libqgtk3.so": DYNAMIC}
    )

    assert asked == {"libc.so.6": {"_internal/libQt6Gui.so"}, "libzstd.so.1": {"_internal/libQt6Gui.so"}}
    assert elf.unexpected(asked) == []
    assert "libnew.so.1 is neither" in elf.unexpected({"libnew.so.1": {"a"}})[0]


def test_debian_is_asked_for_what_the_build_needs_and_no_older_glibc() -> None:
    assert elf.glibc("Name: GLIBC_2.4 Flags Name: GLIBC_2.35 x GLIBC_2.17") == (2, 35)
    assert elf.depends(["libc.so.6", "libm.so.6", "libGL.so.1"], (2, 35)) == ["libc6 (>= 2.35)", "libgl1"]


@pytest.mark.parametrize(
    ("version", "debian"),
    [("1.2.0", "1.2.0"), ("1.2.0rc1", "1.2.0~rc1"), ("2.0b3", "2.0~b3"), ("2.0.dev4", "2.0~dev4")],
)
def test_what_comes_before_a_version_sorts_before_it(version: str, debian: str) -> None:
    assert deb.debian_version(version) == debian


def test_the_control_file_is_one_paragraph_with_folded_lines() -> None:
    text = deb.control(version="0.1.0", architecture="amd64", depends=["libc6"], size_kb=7)

    assert "\n\n" not in text and text.endswith("\n")
    assert all(len(line) <= 80 for line in text.partition("Description")[2].splitlines())


def test_the_changelog_in_debians_form_tells_every_release() -> None:
    text = deb.changelog("## [1.1.0] - 2026-02-03\n- One\n  more\n## [1.0.0] - 2026-01-01\n- First\n")

    assert text.startswith("desktop-chat (1.1.0) unstable; urgency=medium\n\n  * One more\n\n -- ")
    assert "Tue, 03 Feb 2026" in text and "(1.0.0)" in text


def test_fedora_is_asked_for_as_many_libraries_as_debian(tmp_path: Path) -> None:
    settings = rpm.settings(tmp_path, floor=(2, 35))

    wanted = settings["overrides"]["rpm"]["depends"]
    assert "glibc >= 2.35" in wanted and "libzstd" in wanted


def test_the_rpm_owns_its_own_folders_and_none_that_others_own(tmp_path: Path) -> None:
    small_tree(tmp_path / linux.PLACE)
    tree.link(tmp_path / "usr/bin/desktop-chat", "../lib/desktop-chat/desktop-chat")
    tree.write(tmp_path / "usr/share/applications/desktop-chat.desktop", "")

    listed = {each["dst"]: each.get("type", "file") for each in rpm.contents(tmp_path)}

    assert listed == {
        "/usr/lib/desktop-chat": "tree",
        "/usr/share/doc/desktop-chat": "dir",
        "/usr/bin/desktop-chat": "symlink",
        "/usr/share/applications/desktop-chat.desktop": "file",
    }


def test_the_same_files_give_the_same_archive(tmp_path: Path) -> None:
    first, second = small_tree(tmp_path / "one"), small_tree(tmp_path / "two")
    (second / "_internal/b.txt").touch()

    for number, folder in enumerate((first, second)):
        tree.make_tar_gz(folder, tmp_path / f"{number}.tar.gz", below="x", seconds=1)

    assert tree.digest(tmp_path / "0.tar.gz") == tree.digest(tmp_path / "1.tar.gz")
    with tarfile.open(tmp_path / "0.tar.gz") as tar:
        assert [(i.name, oct(i.mode)) for i in tar] == [
            ("x", "0o755"),
            ("x/_internal", "0o755"),
            ("x/_internal/a.so", "0o644"),
            ("x/_internal/b.txt", "0o644"),
            ("x/_internal/c", "0o777"),
            ("x/desktop-chat", "0o755"),
        ]


def test_a_tree_is_told_from_another_by_a_link_a_mode_or_a_byte(tmp_path: Path) -> None:
    digests = set()
    folder = small_tree(tmp_path / "tree")
    digests.add(tree.digest(folder))
    (folder / "_internal/c").unlink()
    tree.link(folder / "_internal/c", "a.so")
    digests.add(tree.digest(folder))
    (folder / "desktop-chat").chmod(0o644)
    digests.add(tree.digest(folder))
    (folder / "_internal/b.txt").write_text("c")
    digests.add(tree.digest(folder))

    assert len(digests) == 4


def test_the_staged_tree_has_every_part_of_a_package_with_one_time(tmp_path: Path) -> None:
    # A process of its own: it makes and ends an application object.
    subprocess.run([sys.executable, icons.__file__, tmp_path / "icons"], check=True)

    staged = linux.stage(tmp_path / "root", small_tree(tmp_path / "frozen"), tmp_path / "icons")

    wanted = (
        "usr/bin/desktop-chat usr/lib/desktop-chat/desktop-chat usr/share/applications/desktop-chat.desktop "
        "usr/share/man/man1/desktop-chat.1.gz usr/share/icons/hicolor/48x48/apps/desktop-chat.png "
        "usr/share/icons/hicolor/scalable/apps/desktop-chat.svg usr/share/doc/desktop-chat/copyright"
    )
    assert all((staged / name).exists() for name in wanted.split())
    assert (staged / "usr/bin/desktop-chat").resolve() == staged / "usr/lib/desktop-chat/desktop-chat"
    assert {path.lstat().st_mtime for path in tree.entries(staged)} == {float(project.epoch())}
    folder = appdir.stage(tmp_path / "AppDir", staged)
    assert (folder / "AppRun").stat().st_mode & 0o111 and (folder / ".DirIcon").exists()


def test_a_stub_that_was_not_checked_makes_no_app_image(tmp_path: Path) -> None:
    (tmp_path / "stub").write_bytes(b"stub")
    (tmp_path / "image").write_bytes(b"image")

    with pytest.raises(SystemExit, match="digest"):
        appdir.join(tmp_path / "stub", tmp_path / "image", tmp_path / "out", sha256="00")

    made = appdir.join(tmp_path / "stub", tmp_path / "image", tmp_path / "out", sha256=tree.digest(tmp_path / "stub"))
    assert made.read_bytes() == b"stubimage" and made.stat().st_mode & 0o111


def test_every_library_that_is_shipped_comes_with_its_licence() -> None:
    import licences
    from desktop_chat.ui.dialogs.versions import LIBRARIES

    here = {sbom.key(each.metadata["Name"]) for each in importlib.metadata.distributions()}
    shipped = [name for name, licence in LIBRARIES if not licence.startswith("LGPL") and sbom.key(name) in here]
    without = [name for name in shipped if not licences.texts_of(name) and not licences.known_text(name)]

    assert not without, f"{without}: put the text that its authors publish into packaging/licences"


def test_the_page_of_licences_says_what_the_licence_of_qt_asks() -> None:
    import licences

    assert "MIT" in licences.texts_of("keyring")["LICENSE"]
    page = licences.notice([("openai", importlib.metadata.version("openai"), "Apache-2.0")], "6.11.3")
    assert "GNU Lesser General Public" in page and "replace" in page and "openai" in page
