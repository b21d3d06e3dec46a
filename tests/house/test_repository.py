"""The project's front door: licence, change log, the two commands, pinned requirements."""

import ast
import os
import re

import pytest

from .files import ADDONS, ROOT, assert_clean

DOCUMENTS = ("README.md", "README.pt-BR.md", "CHANGELOG.md", "LICENSE", "CONTRIBUTING.md")
REQUIREMENTS = ("requirements.txt", "requirements-lint.txt")


def read(name):
    path = ROOT / name
    assert path.exists(), f"{name} is missing"
    return path.read_text(encoding="utf-8")


def unpinned_violations(text):
    """Lines of a requirements file without one exact version."""
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line and not re.match(r"[\w.\[\]-]+==[\w.!+]+(;.*)?$", line.replace(" ", ""))]


def unlogged_violations(changelog, versions):
    """Versions of addons that the change log does not know."""
    if re.search(r"(?im)^##\s*\[?unreleased\]?", changelog):
        return []
    return [
        f"{addon} {version} is not in CHANGELOG.md" for addon, version in versions.items() if version not in changelog
    ]


def unknown_target_violations(text, targets):
    """Commands `make x` in a document for which the Makefile has no target."""
    named = set(re.findall(r"(?m)(?:^\s*|`)make ([a-z][a-z-]*)", text))
    return [f"make {name}" for name in sorted(named - targets)]


def broken_link_violations(name, text):
    """Links and pictures of a document that point to files that are not there."""
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)|src=\"([^\":]+)\"", text)
    folder = (ROOT / name).parent
    return [f"{name}: {link}" for pair in links for link in pair if link and not (folder / link).exists()]


def test_rules_find():
    assert unpinned_violations("a>=1\nb") == ["a>=1", "b"]
    assert not unpinned_violations("# x\na==1.0; python_version < '3.11'\nb[c]==2  # why")
    assert unlogged_violations("## 19.0.1.0.0", {"a": "19.0.2.0.0"})
    assert not unlogged_violations("## [Unreleased]", {"a": "19.0.2.0.0"})
    assert unknown_target_violations("Type `make nonsense`.", {"demo"}) == ["make nonsense"]
    assert broken_link_violations("README.md", "![x](docs/nothing.png)")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document_is_there(name):
    assert read(name).strip()


def test_licence():
    text = read("LICENSE")
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text and "Version 3" in text


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_pinned(name):
    assert_clean(unpinned_violations(read(name)))


def test_change_log_knows_the_versions():
    versions = {addon: ast.literal_eval(read(f"{addon}/__manifest__.py"))["version"] for addon in ADDONS}
    assert_clean(unlogged_violations(read("CHANGELOG.md"), versions))


@pytest.mark.parametrize("name", DOCUMENTS[:2])
def test_documents_name_what_is_there(name):
    targets = set(re.findall(r"(?m)^([a-z-]+):", read("Makefile")))
    assert_clean(unknown_target_violations(read(name), targets) + broken_link_violations(name, read(name)))


def test_makefile_names_scripts_that_are_there():
    named = re.findall(r"[\w/-]+\.py", read("Makefile"))
    assert not [name for name in named if not (ROOT / name).is_file()]


def test_continuous_integration_runs_the_tests():
    assert "make test" in read(".ci/run")
    assert os.access(ROOT / ".ci/run", os.X_OK)
