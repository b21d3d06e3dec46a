"""Run every linter over the project; exit 1 when any of them finds anything.

Runs in `.venv-lint` (see requirements-lint.txt), on files alone: no database is needed.
"""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from common import ADDONS, CACHE_DIR, ROOT, main, say
from get_odoo import odoo_addons_paths, odoo_path

BIN = Path(sys.executable).parent
# What Odoo's own `test_lint` asks of every addon.
ODOO_PLUGINS = (
    "_pylint_path_setup",
    "_odoo_checker_sql_injection",
    "_odoo_checker_gettext",
    "_odoo_checker_unlink_override",
)
# Comments for another linter that reads the same files.
UNKNOWN_OPTIONS = "useless-option-value,unknown-option-value"
ODOO_MESSAGES = (
    *("used-before-assignment", "undefined-variable", "eval-used", "unreachable", "function-redefined"),
    *("sql-injection", "missing-gettext", "gettext-variable", "gettext-placeholders", "gettext-repr"),
    "raise-unlink-override",
)
# The translations are written with long lines: a change of one word is then a change of one line.
UNWANTED_PO_CHECKS = "po-pretty-format"
UNWANTED_ODOO_MODULE_CHECKS = "prefer-readme-rst,weblate-component-too-long"


@dataclass
class Tool:
    """A linter: its command, and what a line of its output looks like that is a finding."""

    title: str
    command: list
    finding: str = r"^[^\s:]+:\d+"
    environment: dict = field(default_factory=dict)


def tools():
    """The linters in the order in which their findings are best mended."""
    catalogs = [path.relative_to(ROOT) for addon in ADDONS for path in sorted((ROOT / addon / "i18n").glob("*.po"))]
    return [
        Tool("ruff: mistakes and style", [BIN / "ruff", "check", "--output-format", "concise", "."]),
        Tool(
            "ruff: layout (mend with: .venv-lint/bin/ruff format .)",
            [BIN / "ruff", "format", "--check", "."],
            r"^Would",
        ),
        Tool("pylint-odoo: mistakes in Odoo code", [BIN / "pylint", "--rcfile", ROOT / ".pylintrc", *ADDONS]),
        Tool(
            "oca-checks: XML, CSV and manifests",
            [BIN / "oca-checks-odoo-module", "--disable", UNWANTED_ODOO_MODULE_CHECKS, *ADDONS],
        ),
        # Without a file it would look for some by itself.
        *([translation_checker(catalogs)] if catalogs else []),
        Tool(
            "odl: fields, views and xmlids across addons",
            # ODOO002 refuses data/neutralize.sql, by which Odoo makes copies of a database harmless; ODOO003 files of
            # more than 1 MiB, which complete translations of the largest addon are.
            [
                BIN / "odl",
                "check",
                "--ignore",
                "ODOO002,ODOO003",
                *ADDONS,
                "--addons-path",
                ",".join(map(str, odoo_addons_paths())),
            ],
        ),
        odoo_own_checkers(),
    ]


def translation_checker(catalogs):
    command = [BIN / "oca-checks-po", "--disable", UNWANTED_PO_CHECKS, *catalogs]
    return Tool("oca-checks: translations", command, r"^[^\s:]+\.po\b")


def odoo_own_checkers():
    """Odoo's checkers of SQL injection, translated texts and unlink, as pylint plug-ins.

    :raise Failure: when Odoo is not there yet
    """
    plugins = next(folder / "test_lint/tests" for folder in odoo_addons_paths() if (folder / "test_lint").is_dir())
    command = [
        *(BIN / "pylint", "--rcfile", os.devnull, "--score=n", f"--disable=all,{UNKNOWN_OPTIONS}"),
        *("--enable", ",".join(ODOO_MESSAGES), "--load-plugins", ",".join(ODOO_PLUGINS), *ADDONS),
    ]
    environment = {
        "PYTHONPATH": f"{plugins}{os.pathsep}{odoo_path()}",
        "ADDONS_PATH": str(ROOT),
        "PYLINTHOME": str(CACHE_DIR / "pylint"),
    }
    return Tool("Odoo's test_lint: SQL injection, texts, unlink", command, environment=environment)


def lint(tool):
    """Run one linter and show what it found.

    :return: number of findings; 1 when the linter itself failed
    """
    say(f"==> {tool.title}")
    started = time.monotonic()
    done = subprocess.run(
        list(map(str, tool.command)),
        cwd=ROOT,
        env={**os.environ, **tool.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = [line.replace(f"{ROOT}/", "") for line in done.stdout.splitlines() if line.strip()]
    found = [line for line in lines if re.search(tool.finding, line)]
    for line in found or (lines if done.returncode else []):
        say(f"    {line}")
    count = len(found) or int(done.returncode != 0)
    say(f"    {'clean' if not count else f'{count} to mend'}, {time.monotonic() - started:.1f} s")
    return count


def lint_all():
    counts = [lint(tool) for tool in tools()]
    total = sum(counts)
    say(f"\n{len(counts)} linters, {total or 'nothing'} to mend")
    sys.exit(bool(total))


if __name__ == "__main__":
    main(lint_all)
