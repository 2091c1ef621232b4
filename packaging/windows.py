"""What Windows gets: a version resource, an installer for one person, a portable zip.

The installer is compiled by NSIS, which runs on Linux as well.
"""

import base64
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import project
import tree

WINDOW_PROGRAM = "Desktop Chat"
CONSOLE_PROGRAM = "desktop-chat"
SCRIPT = project.HERE / "windows" / "installer.nsi"
PORTABLE_MARK = "portable.txt"
PORTABLE_TEXT = (
    "While this file lies here, Desktop Chat keeps its files in the folder 'data' beside it.\r\n"
    "Keys are in the Credential Manager of Windows all the same, and do not travel with the folder.\r\n"
)

VERSION_RESOURCE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', {authors!r}),
      StringStruct('FileDescription', {title!r}),
      StringStruct('FileVersion', {version!r}),
      StringStruct('InternalName', {name!r}),
      StringStruct('LegalCopyright', {copyright!r}),
      StringStruct('OriginalFilename', {file!r}),
      StringStruct('ProductName', {title!r}),
      StringStruct('ProductVersion', {version!r}),
    ])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])]),
  ],
)
"""


def version_resource(version: str, name: str) -> str:
    """What Explorer shows of an executable, as PyInstaller reads it."""
    return VERSION_RESOURCE.format(
        numbers=project.version_numbers(version, 4),
        authors="The Desktop Chat authors",
        title=project.TITLE,
        version=version,
        name=name,
        copyright=project.COPYRIGHT,
        file=f"{name}.exe",
    )


def version_file(path: Path) -> str:
    """Write the version resource; the stem of the path is the program's name."""
    tree.write(path, version_resource(project.version(), path.stem))
    return str(path)


def definitions(folder: Path, output: Path, icon: Path, version: str) -> dict[str, str]:
    """What the script is told: names, versions and paths."""
    return {
        "NAME": project.NAME,
        "TITLE": project.TITLE,
        "VERSION": version,
        "NUMBERS": ".".join(map(str, project.version_numbers(version, 4))),
        "COPYRIGHT": project.COPYRIGHT,
        "PUBLISHER": "The Desktop Chat authors",
        "PROGRAM": f"{WINDOW_PROGRAM}.exe",
        "SIZE_KB": str(round(tree.size_mb(folder) * 1000)),
        "FOLDER": str(folder),
        "ICON": str(icon),
        "OUTPUT": str(output),
    }


def signing(path: Path, certificate: Path, environment: Mapping[str, str]) -> list[str]:
    """The command that signs a program; empty if the secrets are not there.

    Args:
        path: The program.
        certificate: Where the certificate was written to.
        environment: Where the secrets are, or not.
    """
    if not environment.get("WINDOWS_CERTIFICATE") or not environment.get("WINDOWS_CERTIFICATE_PASSWORD"):
        return []
    command = [signtool(), "sign", "/fd", "sha256", "/f", str(certificate)]
    command += ["/p", environment["WINDOWS_CERTIFICATE_PASSWORD"]]
    if environment.get("WINDOWS_TIMESTAMP_URL"):
        command += ["/td", "sha256", "/tr", environment["WINDOWS_TIMESTAMP_URL"]]
    return [*command, str(path)]


def signtool() -> str:
    """The program that signs; the newest of Windows' kits, which are not on the PATH."""
    kits = sorted(Path("C:/Program Files (x86)/Windows Kits/10/bin").glob("10.*/x64/signtool.exe"))
    return shutil.which("signtool") or str(kits[-1] if kits else "signtool")


def sign(path: Path) -> None:
    """Sign a program, where there is a certificate.

    Raises:
        SystemExit: There is one, and signtool refuses.
    """
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder) / "certificate.pfx"
        command = signing(path, certificate, os.environ)
        if command:
            certificate.write_bytes(base64.b64decode(os.environ["WINDOWS_CERTIFICATE"]))
            if subprocess.run(command, check=False).returncode != 0:
                raise SystemExit(f"{path.name} could not be signed")


def compile_installer(folder: Path, output: Path, icon: Path, *, fast: bool = False) -> Path:
    """Compile the installer; a warning is an error.

    Args:
        folder: The frozen tree; it must hold both programs.
        output: Where the installer goes.
        icon: The `.ico` file.
        fast: Do not compress; for trying the script.

    Raises:
        SystemExit: makensis is missing or refuses.
    """
    makensis = shutil.which("makensis") or shutil.which("makensis", path="C:\\Program Files (x86)\\NSIS")
    if makensis is None:
        raise SystemExit("makensis is missing: install NSIS 3 (Debian: apt-get install nsis)")
    output.parent.mkdir(parents=True, exist_ok=True)
    words = [f"-D{name}={value}" for name, value in definitions(folder, output, icon, project.version()).items()]
    command = [makensis, "-WX", "-V2", "-INPUTCHARSET", "UTF8", *(["-DFAST"] if fast else []), *words, str(SCRIPT)]
    if subprocess.run(command, check=False).returncode != 0:
        raise SystemExit("the installer's script does not compile")
    return output


def make_portable(folder: Path, output: Path) -> Path:
    """Pack the tree with the mark that keeps the person's files beside it."""
    mark = (PORTABLE_MARK, PORTABLE_TEXT.encode())
    tree.make_zip(folder, output, below=project.TITLE, seconds=project.epoch(), extra=[mark])
    return output
