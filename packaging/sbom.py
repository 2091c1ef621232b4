"""Says in CycloneDX form what a build holds: libraries of Python, Python itself, shared libraries.

Made from the frozen tree and not from the environment, so that it names what is shipped.
The same build gives the same bytes.
"""

import datetime
import importlib.metadata
import json
import platform
import re
import uuid
from collections.abc import Iterable
from pathlib import Path

import elf
import project
import tree

SPECIAL = re.compile(r" OR | AND | WITH ")


def python_component(name: str, version: str, licence: str) -> dict[str, object]:
    """A library of Python."""
    canonical = re.sub(r"[-_.]+", "-", name).lower()
    return {
        "type": "library",
        "bom-ref": f"python:{canonical}",
        "name": name,
        "version": version,
        "licenses": [licence_of(licence)],
        "purl": f"pkg:pypi/{canonical}@{version}",
    }


def licence_of(text: str) -> dict[str, object]:
    """A licence as CycloneDX writes it: an identifier, or an expression of several."""
    if SPECIAL.search(text):
        return {"expression": text}
    return {"license": {"id": "LGPL-3.0-only" if text == "LGPL-3.0" else text}}


def file_component(name: str, digest: str) -> dict[str, object]:
    """A shared library, told by its digest."""
    return {
        "type": "file",
        "bom-ref": f"file:{name}",
        "name": name,
        "hashes": [{"alg": "SHA-256", "content": digest}],
    }


def document(components: Iterable[dict[str, object]]) -> dict[str, object]:
    """The whole, sorted, with a number that depends on nothing but the contents."""
    listed = sorted(components, key=lambda each: str(each["bom-ref"]))
    reference = f"pkg:generic/{project.NAME}@{project.version()}"
    number = uuid.uuid5(uuid.NAMESPACE_URL, reference + json.dumps(listed, sort_keys=True))
    when = datetime.datetime.fromtimestamp(project.epoch(), datetime.UTC)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {
            "timestamp": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": project.NAME,
                "name": project.NAME,
                "version": project.version(),
                "licenses": [licence_of(project.LICENCE)],
                "purl": reference,
            },
        },
        "components": listed,
        "dependencies": [{"ref": project.NAME, "dependsOn": [each["bom-ref"] for each in listed]}],
    }


def shared_libraries(folder: Path) -> list[Path]:
    """Native code in a build of any system."""
    if project.system() == "linux":
        return elf.files(folder)
    endings = (".dll", ".pyd", ".exe", ".dylib", ".so")
    return [path for path in tree.entries(folder) if path.suffix in endings and not path.is_symlink()]


def metadata_in(folder: Path) -> list[dict[str, object]]:
    """The libraries whose metadata lies in the build."""
    from_tree = importlib.metadata.distributions(path=[str(folder / "_internal"), str(folder)])
    licences = shipped_licences()
    found = {each.metadata["Name"]: each.version for each in from_tree}
    return [python_component(name, version, licences.get(key(name), "MIT")) for name, version in sorted(found.items())]


def shipped_licences() -> dict[str, str]:
    """The licences that the About dialog names, read without importing Qt."""
    text = (project.ROOT / "desktop_chat/ui/dialogs/versions.py").read_text(encoding="utf-8")
    block = text[text.index("LIBRARIES = (") : text.index("\n)\n")]
    return {key(name): licence for name, licence in re.findall(r'\("([^"]+)", "([^"]+)"\)', block)}


def key(name: str) -> str:
    """A name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def write(folder: Path) -> dict[str, object]:
    """Write the document of a frozen tree beside the installers."""
    components = metadata_in(folder)
    interpreter = python_component("python", platform.python_version(), "PSF-2.0")
    components.append(interpreter | {"purl": f"pkg:generic/python@{platform.python_version()}"})
    for path in shared_libraries(folder):
        components.append(file_component(path.relative_to(folder).as_posix(), tree.digest(path)))
    output = project.artefact(".cdx.json")
    tree.write(output, json.dumps(document(components), indent=1) + "\n")
    return {"step": "sbom", "file": output.name, "components": len(components)}
