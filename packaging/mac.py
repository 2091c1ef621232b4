"""What macOS gets: an application bundle, its rights, and a disk image that holds it.

Signing and notarising need secrets; without them those steps are left out and the image is
made all the same. The plans are pure lists of commands, so that they can be read anywhere.
"""

import os
import plistlib
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import project
import tree

APP_NAME = f"{project.TITLE}.app"
FLOOR = "13.0"  # The oldest macOS that PySide6's wheels load on.
RETRIES = 5
BUSY_S = 3


def info_plist() -> dict[str, object]:
    """What Finder and the system are told of the application."""
    numbers = ".".join(map(str, project.version_numbers(project.version(), 3)))
    return {
        "CFBundleName": project.TITLE,
        "CFBundleDisplayName": project.TITLE,
        "CFBundleShortVersionString": numbers,
        "CFBundleVersion": numbers,
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSMinimumSystemVersion": FLOOR,
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
        "NSPrincipalClass": "NSApplication",
        "NSAppTransportSecurity": {"NSAllowsLocalNetworking": True},
        "NSHumanReadableCopyright": project.COPYRIGHT,
    }


def entitlements(*, signed: bool) -> dict[str, bool]:
    """The rights of the program under the hardened run time.

    Args:
        signed: Whether an identity of Apple's signs; without one, libraries have no common
            signer and must be let in.
    """
    rights = {"com.apple.security.cs.allow-unsigned-executable-memory": True}
    if not signed:
        rights["com.apple.security.cs.disable-library-validation"] = True
    return rights


def write_entitlements(folder: Path) -> Path:
    """The rights as a file for codesign."""
    path = folder / "entitlements.plist"
    tree.write(path, plistlib.dumps(entitlements(signed=bool(os.environ.get("CODESIGN_IDENTITY")))))
    return path


def notary_words(environment: Mapping[str, str]) -> list[str]:
    """How notarytool learns who asks; empty if the secrets are not there."""
    names = {"--apple-id": "NOTARY_APPLE_ID", "--team-id": "NOTARY_TEAM_ID", "--password": "NOTARY_PASSWORD"}
    if not all(environment.get(name) for name in names.values()):
        return []
    return [word for option, name in names.items() for word in (option, environment[name])]


def plan(app: Path, image: Path, work: Path, environment: Mapping[str, str]) -> list[list[str]]:
    """The commands that make the disk image, in order.

    Args:
        app: The bundle; it was signed when it was frozen.
        image: The `.dmg` to make.
        work: A folder for what lies in between; its `image` holds what the image will show.
        environment: Where the secrets are, or not: `CODESIGN_IDENTITY`, `NOTARY_…`.
    """
    identity = environment.get("CODESIGN_IDENTITY", "")
    notary = notary_words(environment) if identity else []
    steps = [["codesign", "--verify", "--deep", "--strict", str(app)]]
    if notary:
        # Not `zip`, which loses the links in the bundle.
        archive = str(work / "app.zip")
        steps.append(["ditto", "-c", "-k", "--keepParent", str(app), archive])
        steps.append(["xcrun", "notarytool", "submit", archive, "--wait", *notary])
        steps.append(["xcrun", "stapler", "staple", str(app)])
    steps.append(["ditto", str(app), str(work / "image" / app.name)])
    make = ["hdiutil", "create", "-volname", project.TITLE, "-srcfolder", str(work / "image")]
    steps.append([*make, "-ov", "-format", "ULFO", str(image)])
    if identity:
        steps.append(["codesign", "--sign", identity, "--timestamp", str(image)])
    if notary:
        steps.append(["xcrun", "notarytool", "submit", str(image), "--wait", *notary])
        steps.append(["xcrun", "stapler", "staple", str(image)])
    return steps


def make_image(app: Path, image: Path) -> Path:
    """Make the disk image; only macOS can."""
    work = tree.fresh(project.BUILD / "image")
    tree.link(work / "image" / "Applications", "/Applications")
    image.parent.mkdir(parents=True, exist_ok=True)
    for command in plan(app, image, work, os.environ):
        run_patiently(command)
    shutil.rmtree(work)
    return image


def run_patiently(command: list[str]) -> None:
    """Run a command; hdiutil says «Resource busy» now and then and is asked again."""
    tries = RETRIES if command[0] == "hdiutil" else 1
    for left in reversed(range(tries)):
        if subprocess.run(command, check=False).returncode == 0:
            return
        if left:
            time.sleep(BUSY_S)
    # Not the whole command: it may hold a password.
    raise SystemExit(f"{' '.join(command[:3])} failed")
