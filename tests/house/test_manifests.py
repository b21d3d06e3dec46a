"""Manifests are complete, their addons free of AGPL, and each file says nothing of the machine it was made on."""

import ast
import re
import struct
from pathlib import PurePosixPath

import pytest

from .files import ADDONS, ROOT, Source, assert_clean, findings, project_files, python_files

VERSION = re.compile(r"19\.0\.\d+\.\d+\.\d+")
TEXT_KEYS = ("name", "summary", "author", "category")
# Libraries that Odoo itself requires, or that our code does without when they are missing.
KNOWN_LIBRARIES = {"python-stdnum", "stdnum", "xlsxwriter", "num2words", "qrcode", "reportlab"}
FREE_LICENSES = {"LGPL-3"}
# Split, so that this file does not name what it forbids.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("ftp", "debian", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
        ("nightly", "odoo", "com"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
    )
]
MACHINE_FOLDERS = ("work", "root")
MACHINE_PATH = rf"(?<![\w.$}})\]/~*-])/(?:{'|'.join(MACHINE_FOLDERS)})(?![\w.-])"


def manifest_violations(source):
    """What is missing or wrong in one manifest, apart from its files."""
    manifest = ast.literal_eval(source.text)
    found = [f"{key} is missing" for key in TEXT_KEYS if not manifest.get(key)]
    if not VERSION.fullmatch(manifest.get("version", "")):
        found.append(f"version {manifest.get('version')!r} is not 19.0.x.y.z")
    if manifest.get("license") != "LGPL-3":
        found.append("license is not LGPL-3")
    if "description" in manifest:
        found.append("has a description: the summary and the README say it")
    if manifest.get("auto_install"):
        found.append("installs itself")
    libraries = manifest.get("external_dependencies", {}).get("python", [])
    found += [f"requires {name}, which Odoo does not" for name in libraries if name.lower() not in KNOWN_LIBRARIES]
    return [source.at(1, text) for text in found]


def icon_violations(addon, content):
    """The icon is a square PNG of at least 100 pixels."""
    if content is None or content[:8] != b"\x89PNG\r\n\x1a\n":
        return [f"{addon}/static/description/icon.png is missing or no PNG"]
    width, height = struct.unpack(">II", content[16:24])
    return [] if width == height >= 100 else [f"{addon}: icon of {width} x {height} pixels"]


def listed_file_violations(source):
    """Files that a manifest lists and that are not there; views before what they need is Odoo's to tell."""
    manifest = ast.literal_eval(source.text)
    folder = ROOT / source.addon
    listed = [*manifest.get("data", []), *manifest.get("demo", [])]
    found = [f"{name} is not there" for name in listed if not (folder / name).is_file()]
    for patterns in manifest.get("assets", {}).values():
        for pattern in patterns:
            path = pattern[-1] if isinstance(pattern, tuple | list) else pattern
            if PurePosixPath(path).parts[0] == source.addon and not list(ROOT.glob(path)):
                found.append(f"{path} matches no file")
    return [source.at(1, text) for text in found]


def license_violations(source, license_of):
    """Dependencies that are missing or under another licence.

    :param license_of: function from an addon's name to its licence, None when there is none
    """
    depends = ast.literal_eval(source.text)["depends"]
    return [
        source.at(1, f"depends on {name} ({license_of(name) or 'not there'})")
        for name in depends
        if license_of(name) not in FREE_LICENSES
    ]


def machine_violations(source):
    """Addresses of registries and absolute paths of a machine."""
    hosts = "|".join(map(re.escape, HOSTS))
    return source.matches(rf"\b(?:{hosts})\b", "a registry's host") + source.matches(MACHINE_PATH, "a machine's path")


def manifests():
    return [source for source in python_files() if source.parts[1:] == ["__manifest__.py"]]


def odoo_license(name):
    from odoo.modules.module import Manifest

    manifest = Manifest.for_addon(name, display_warning=False)
    return manifest and manifest["license"]


GOOD_MANIFEST = {
    "name": "A",
    "summary": "B",
    "author": "C",
    "category": "D",
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "depends": ["account"],
}


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1.0"},
        {"license": "AGPL-3"},
        {"summary": ""},
        {"description": "long"},
        {"auto_install": True},
        {"external_dependencies": {"python": ["pandas"]}},
    ],
)
def test_bad_manifest_is_found(change):
    assert not manifest_violations(Source("cobranca_recorrente/__manifest__.py", repr(GOOD_MANIFEST)))
    assert manifest_violations(Source("cobranca_recorrente/__manifest__.py", repr(GOOD_MANIFEST | change)))


def test_bad_icon_is_found():
    assert icon_violations("a", None)
    assert icon_violations("a", b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + struct.pack(">II", 128, 64))
    assert not icon_violations("a", b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + struct.pack(">II", 128, 128))


def test_bad_dependency_is_found():
    licenses = {"account": "LGPL-3", "contract": "AGPL-3"}
    bad = Source("cobranca_recorrente/__manifest__.py", repr({"depends": ["account", "contract", "unknown"]}))
    assert len(license_violations(bad, licenses.get)) == 2


def test_missing_file_is_found():
    listing = {"data": ["views/nothing.xml"], "assets": {"web.assets_backend": ["cobranca_recorrente/static/no/*"]}}
    assert len(listed_file_violations(Source("cobranca_recorrente/__manifest__.py", repr(listing)))) == 2


@pytest.mark.parametrize("text", [f"pip install -i https://{HOSTS[0]}/simple", f"open('/{MACHINE_FOLDERS[0]}')"])
def test_machine_is_found(text):
    assert machine_violations(Source("scripts/a.py", text))


@pytest.mark.parametrize("text", ['ROOT / ".odoo/root/usr"', 'f"{folder}/work"', "at work", "https://a.b/workshop"])
def test_other_paths_are_allowed(text):
    assert not machine_violations(Source("scripts/a.py", text))


def test_all_addons_have_a_manifest():
    assert {source.addon for source in manifests()} == set(ADDONS)


def test_manifests():
    assert_clean(findings(manifest_violations, manifests()))


def test_listed_files():
    assert_clean(findings(listed_file_violations, manifests()))


def test_licenses_of_dependencies():
    assert_clean(findings(lambda source: license_violations(source, odoo_license), manifests()))


@pytest.mark.parametrize("addon", ADDONS)
def test_icons(addon):
    path = ROOT / addon / "static/description/icon.png"
    assert_clean(icon_violations(addon, path.read_bytes() if path.exists() else None))


def test_no_machine_in_any_file():
    assert_clean(findings(machine_violations, project_files()))
