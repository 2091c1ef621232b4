"""The tree that every Linux package holds: the frozen app below `usr`, and what desktops want beside it."""

import html
import re
from pathlib import Path

import project
import tree

TEMPLATES = project.HERE / "linux"
PLACE = f"usr/lib/{project.NAME}"
ICON_EDGES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def desktop_file() -> str:
    """The entry of the program in the menu of a desktop."""
    return (TEMPLATES / "desktop-chat.desktop").read_text(encoding="utf-8")


def manual() -> str:
    """The man page, with this version and day."""
    text = (TEMPLATES / "desktop-chat.1").read_text(encoding="utf-8")
    return text.replace("@VERSION@", project.version()).replace("@DATE@", project.date())


def metainfo(changelog: str, homepage: str) -> str:
    """What software centres show, with the newest releases of the changelog."""
    text = (TEMPLATES / "desktop-chat.metainfo.xml").read_text(encoding="utf-8")
    address = f'\n  <url type="homepage">{html.escape(homepage)}</url>' if homepage else ""
    paragraphs = "\n".join(f"    <p>{html.escape(paragraph)}</p>" for paragraph in project.DESCRIPTION)
    return (
        text.replace("@ID@", project.APP_ID)
        .replace("@SUMMARY@", html.escape(project.SUMMARY))
        .replace("@DESCRIPTION@", paragraphs)
        .replace("@HOMEPAGE@", address)
        .replace("@RELEASES@", "\n".join(release(*each) for each in project.releases(changelog)[:5]))
    )


def release(version: str, day: str, items: list[str]) -> str:
    """One version as AppStream tells it."""
    kind = "" if re.fullmatch(r"[\d.]+", version) else ' type="development"'
    points = "\n".join(f"          <li>{html.escape(item.replace('`', ''))}</li>" for item in items)
    return (
        f'    <release version="{version}" date="{day}"{kind}>\n'
        f"      <description>\n        <ul>\n{points}\n        </ul>\n      </description>\n    </release>"
    )


def copyright_file() -> str:
    """Who has which rights, in Debian's place for it."""
    licence = (project.ROOT / "LICENSE").read_text(encoding="utf-8")
    return (
        f"{project.TITLE}\n\n{licence}\n"
        "What comes with the program has licences of its own; they are listed, with their texts, in\n"
        f"/{PLACE}/_internal/licences. Qt and PySide6 are used under the GNU Lesser General\n"
        "Public License, version 3 (/usr/share/common-licenses/LGPL-3), and may be replaced there.\n"
    )


def stage(folder: Path, frozen: Path, icons: Path) -> Path:
    """Make the tree anew.

    Args:
        folder: Its root; holds `usr` afterwards.
        frozen: The frozen app.
        icons: Where `icons.py` has drawn.
    """
    tree.fresh(folder)
    tree.copy(frozen, folder / PLACE)
    tree.link(folder / "usr/bin" / project.NAME, f"../lib/{project.NAME}/{project.NAME}")
    share = folder / "usr/share"
    tree.write(share / "applications" / f"{project.NAME}.desktop", desktop_file())
    tree.write(share / "metainfo" / f"{project.APP_ID}.metainfo.xml", metainfo(project.changelog(), project.homepage()))
    tree.write(share / "man/man1" / f"{project.NAME}.1.gz", tree.squeeze(manual().encode()))
    tree.write(share / "icons/hicolor/scalable/apps" / f"{project.NAME}.svg", project.ICON.read_bytes())
    for edge in ICON_EDGES:
        picture = (icons / f"{edge}.png").read_bytes()
        tree.write(share / f"icons/hicolor/{edge}x{edge}/apps/{project.NAME}.png", picture)
    tree.write(share / "doc" / project.NAME / "copyright", copyright_file())
    tree.write(share / "doc" / project.NAME / "NEWS.gz", tree.squeeze(project.changelog().encode()))
    tree.settle(folder, project.epoch())
    return folder
