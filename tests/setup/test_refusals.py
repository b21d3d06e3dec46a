"""What is wrong with a machine is said in one line, with the remedy, and nothing is changed."""

import os
import socket
import subprocess
import sys

import pytest

from common import ROOT

SCRIPTS = ROOT / "scripts"


def run_script(name, *arguments, cwd=ROOT, **environment):
    """Run a script of the project with other settings.

    :return: (exit code, everything it printed)
    """
    cleaned = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "ODOO", "DATABASE_URL"))}
    done = subprocess.run(
        [sys.executable, SCRIPTS / name, *arguments],
        env={**cleaned, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def assert_refused(outcome, *words):
    code, output = outcome
    assert code == 2, output
    assert "ERROR: " in output
    assert "Remedy: " in output
    assert "Traceback" not in output
    for word in words:
        assert word in output


def test_odoo_source_without_odoo(tmp_path):
    assert_refused(run_script("get_odoo.py", ODOO_SOURCE=str(tmp_path)), "odoo/release.py", "branch 19.0")


def test_odoo_source_of_another_version(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo/release.py").write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    assert_refused(run_script("get_odoo.py", ODOO_SOURCE=str(tmp_path)), "is not Odoo 19.0")


@pytest.mark.parametrize("version", ["3, 9", "3, 14"])
def test_python_too_old_or_too_new(tmp_path, version):
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho '{version.replace(',', '')}'\n")
    python.chmod(0o755)
    outcome = run_script("environment.py", PYTHON=str(python))
    assert_refused(outcome, "3.10 to 3.13", version.replace(", ", "."), "make PYTHON=")


def test_database_url_of_another_kind():
    assert_refused(run_script("get_postgres.py", DATABASE_URL="mysql://localhost/x"), "mysql:", "postgresql://")


def test_postgres_of_the_user_does_not_answer():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody answers
        port = str(taken.getsockname()[1])
        assert_refused(run_script("get_postgres.py", PGHOST="127.0.0.1", PGPORT=port), "no PostgreSQL answers")


@pytest.mark.parametrize("port", ["abc", "0", "70000"])
def test_odd_port(port):
    assert_refused(run_script("serve.py", PORT=port), f"PORT={port}")


def test_taken_port(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code = f"import serve; from common import main; main(lambda: serve.refuse_taken_port({port}))"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True, check=False, timeout=60
        )
    assert_refused((done.returncode, done.stderr), f"port {port} is taken", f"PORT={port + 1}")


def test_cluster_below_a_closed_home(tmp_path):
    """As root the server runs as another user, who must be able to enter its folder."""
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    code = (
        "import get_postgres; from common import main\n"
        "get_postgres.system_user = lambda: 'postgres'\n"
        "main(get_postgres.refuse_closed_parents)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=SCRIPTS,
        env={**os.environ, "COBRANCA_PG_DIR": str(closed / "project/.pg")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert_refused((done.returncode, done.stderr), "cannot enter", str(closed), "COBRANCA_PG_DIR=")


def test_full_disk():
    code = "from common import main, need_disk_space; main(lambda: need_disk_space(10**9))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True, check=False, timeout=60
    )
    assert_refused((done.returncode, done.stderr), "free", "GB")


def test_debian_without_the_version(tmp_path):
    """The suite has moved on to another major version and nothing was downloaded before."""
    code = (
        "import get_odoo; from common import main\n"
        "class Apt:\n"
        "    candidates = lambda self, names: {('odoo-19', 'sid'): '20.0-1'}\n"
        "    cached = lambda self, name: None\n"
        "main(lambda: get_odoo.fetch_packages(Apt()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True, check=False, timeout=60
    )
    assert_refused((done.returncode, done.stderr), "no odoo-19 19.0 any more", "20.0-1", "ODOO_SOURCE")


def test_half_unpacked_odoo_is_unpacked_again(tmp_path):
    """What an interruption left behind is neither used nor in the way."""
    code = (
        "import pathlib, get_odoo as g\n"
        f"root = pathlib.Path({str(tmp_path)!r})\n"
        "g.ODOO_DIR, g.PACKAGE = root, root / 'root/usr/lib/python3/dist-packages'\n"
        "g.debian_mirror = lambda: 'mirror'\n"
        "g.need_disk_space = lambda size: None\n"
        "(root / 'root.building/old').mkdir(parents=True)\n"
        "g.PACKAGE.mkdir(parents=True)\n"
        "class Apt:\n"
        "    def __init__(self, mirror): print('asked the mirror')\n"
        "    def update(self): pass\n"
        "g.ProjectApt = Apt\n"
        "g.fetch_packages = lambda apt: ({}, '19.0 sum')\n"
        "g.unpack = lambda files: print('unpacked')\n"
        "g.get_odoo()\n"
        "g.get_odoo()\n"
        "print((root / 'version').read_text())"
    )
    cleaned = {key: value for key, value in os.environ.items() if key != "ODOO_SOURCE"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SCRIPTS, env=cleaned, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("unpacked") == 1, "without the version file it is unpacked, with it it is not"
    assert "19.0 sum" in done.stdout


def test_out_of_date_mirror_gives_only_the_tried_odoo(tmp_path):
    """An old list may hide a newer, safer version: what it offers must be the file that was tried."""
    package = tmp_path / "odoo-19_19.0.0+dfsg-1_all.deb"
    package.write_bytes(b"another content")
    code = (
        "import pathlib, get_odoo as g; from common import main\n"
        "class Apt:\n"
        "    stale = True\n"
        "    candidates = lambda self, names: {('odoo-19', 'sid'): g.TRIED_VERSION}\n"
        "    download = lambda self, packages: None\n"
        f"    cached = lambda self, name: pathlib.Path({str(package)!r})\n"
        "main(lambda: g.fetch_packages(Apt()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True, check=False, timeout=60
    )
    assert_refused((done.returncode, done.stderr), "out of date", "DEBIAN_MIRROR", "ODOO_SOURCE")


def test_clean_removes_only_its_own_files(tmp_path):
    (tmp_path / "mine.txt").write_text("of the user")
    (tmp_path / "data").mkdir()
    code = (
        "import clean, pathlib\n"
        f"clean.BUILD_DIR = pathlib.Path({str(tmp_path)!r}) / 'none'\n"
        "clean.ROOT = clean.BUILD_DIR\n"
        "clean.socket_folder = lambda: clean.BUILD_DIR\n"
        "clean.clean(everything=False)"
    )
    cleaned = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "DATABASE_URL"))}
    environment = {**cleaned, "COBRANCA_PG_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SCRIPTS, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_another_program_is_not_taken_for_our_server(tmp_path):
    """The process number in the note may be another program's by now."""
    note = tmp_path / "server.json"
    note.write_text(f'{{"pid": {os.getpid()}, "port": 8069, "database": "cobranca_demo"}}')
    code = f"import server, pathlib; server.PID_FILE = pathlib.Path({str(note)!r}); print(server.running())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.strip() == "None", done.stderr


def test_make_looks_for_a_fitting_python_itself():
    """Make must not hand its own default on as if the user had named it."""
    code = "import os; print(os.environ.get('PYTHON'))"
    for wish, expected in (([], "None"), ([f"PYTHON={sys.executable}"], sys.executable)):
        makefile = f'include {ROOT}/Makefile\nprobe:\n\t@{sys.executable} -c "{code}"\n'
        environment = {key: value for key, value in os.environ.items() if key != "PYTHON"}
        done = subprocess.run(
            ["make", "-f", "-", "probe", *wish],
            input=makefile,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.stdout.strip() == expected, done.stderr


@pytest.mark.parametrize("url", ["postgresql://u:p@h/?connect_timeout=3", "postgresql://u:p@h/?sslmode=a&x=b"])
def test_database_url_with_settings_that_would_be_lost(url):
    code = "import get_postgres; from common import main; main(get_postgres.user_settings)"
    environment = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=SCRIPTS, env=environment, capture_output=True, text=True, check=False
    )
    assert_refused((done.returncode, done.stderr), "sslmode")
