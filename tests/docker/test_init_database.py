"""What the init service decides, on small databases made by hand; Odoo's commands are recorded."""

import os
import sys
from pathlib import Path

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docker"))

import init_database  # noqa: E402

ADDONS = ["cobranca_negociacao", "cobranca_recorrente", "cobranca_relatorios"]
TABLES = """
    CREATE TABLE ir_module_module (name text, state text);
    CREATE TABLE ir_config_parameter (key text UNIQUE, value text);
"""


def execute(database, statement):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@pytest.fixture
def name():
    """A name of this test's own, free before and after."""
    name = f"cobranca_docker_init_{os.getpid()}"
    leftovers = [f'DROP DATABASE IF EXISTS "{database}"' for database in (name, f"{name}_building")]
    for statement in leftovers:
        execute("postgres", statement)
    yield name
    for statement in leftovers:
        execute("postgres", statement)


@pytest.fixture
def empty(name):
    execute("postgres", f'CREATE DATABASE "{name}"')
    return name


@pytest.fixture
def installed(empty):
    """What Odoo leaves when all three addons are installed."""
    execute(empty, TABLES)
    rows = ",".join(f"('{addon}', 'installed')" for addon in ["base", *ADDONS])
    execute(empty, f"INSERT INTO ir_module_module VALUES {rows}")
    return empty


@pytest.fixture
def commands(monkeypatch, tmp_path, name):
    """The commands of Odoo that init gives; `db init` makes what Odoo would make."""
    given = []
    data = tmp_path / "odoo.conf"
    data.write_text(f"[options]\ndata_dir = {tmp_path}\n")
    monkeypatch.setenv("ODOO_RC", str(data))
    monkeypatch.setenv("PGDATABASE", name)
    monkeypatch.setenv("ADMIN_PASSWORD", "first-password")
    monkeypatch.setattr(init_database, "ADDONS_DIR", tmp_path / "addons")
    for addon in ADDONS:
        (tmp_path / "addons" / addon).mkdir(parents=True)
        (tmp_path / "addons" / addon / "__manifest__.py").write_text("{}")

    def record(*arguments, **options):
        given.append((arguments, options))
        if arguments[:2] == ("db", "init"):
            execute("postgres", f'CREATE DATABASE "{arguments[2]}"')
            execute(arguments[2], TABLES)
            execute(arguments[2], "INSERT INTO ir_module_module VALUES ('base', 'installed')")
            (tmp_path / "filestore" / arguments[2]).mkdir(parents=True)
        if "-i" in arguments:
            for addon in arguments[arguments.index("-i") + 1].split(","):
                execute(arguments[1], f"INSERT INTO ir_module_module VALUES ('{addon}', 'installed')")

    monkeypatch.setattr(init_database, "odoo", record)
    return given


def test_states(name):
    assert init_database.database_state(name) == "missing"
    execute("postgres", f'CREATE DATABASE "{name}"')
    assert init_database.database_state(name) == "empty"
    execute(name, "CREATE TABLE something (id int)")
    assert init_database.database_state(name) == "foreign"
    execute(name, TABLES)
    assert init_database.database_state(name) == "odoo"


@pytest.mark.parametrize("state", ["uninstalled", "to install", "to upgrade", "uninstallable"])
def test_addon_in_another_state_is_refused(installed, state):
    init_database.require_installed(installed, ADDONS)
    execute(installed, f"UPDATE ir_module_module SET state = '{state}' WHERE name = 'cobranca_relatorios'")
    with pytest.raises(init_database.Failure, match=rf"^not installed: cobranca_relatorios \({state}\)$"):
        init_database.require_installed(installed, ADDONS)


def test_unknown_addon_is_refused(installed):
    with pytest.raises(init_database.Failure, match=r"cobranca_typo \(unknown\)"):
        init_database.require_installed(installed, [*ADDONS, "cobranca_typo"])


@pytest.mark.parametrize("before", ["missing", "empty"])
def test_new_database(before, name, commands, tmp_path):
    if before == "empty":
        execute("postgres", f'CREATE DATABASE "{name}"')
    init_database.prepare_database()
    (create, _), (install, _), (password, options) = commands
    assert create[:4] == ("db", "init", f"{name}_building", "--force")
    assert create[4:8] == ("--country", "BR", "--language", "pt_BR") and "--with-demo" not in create
    assert install == tuple(init_database.install_arguments(f"{name}_building", ADDONS))
    assert password[0] == "shell" and options["environment"] == {"ADMIN_PASSWORD": "first-password"}
    assert "first-password" not in str([arguments for arguments, _ in commands]), "a command line is public"
    assert init_database.database_state(name) == "odoo"
    assert init_database.database_state(f"{name}_building") == "missing"
    assert [path.name for path in (tmp_path / "filestore").iterdir()] == [name]


def test_nothing_to_do_the_second_time(name, commands):
    init_database.prepare_database()
    commands.clear()
    init_database.prepare_database()
    assert commands == []


def test_changed_addon_is_upgraded(name, commands, tmp_path):
    init_database.prepare_database()
    commands.clear()
    (tmp_path / "addons/cobranca_recorrente/__manifest__.py").write_text("{'version': '2'}")
    init_database.prepare_database()
    assert [arguments for arguments, _ in commands] == [tuple(init_database.install_arguments(name, ADDONS))]


def test_uninstalled_addon_is_installed_again(name, commands):
    init_database.prepare_database()
    commands.clear()
    execute(name, "DELETE FROM ir_module_module WHERE name = 'cobranca_relatorios'")
    init_database.prepare_database()
    assert len(commands) == 1


def test_foreign_database_is_left_alone(empty, commands):
    execute(empty, "CREATE TABLE something (id int)")
    with pytest.raises(init_database.Failure, match="not Odoo's"):
        init_database.prepare_database()
    assert commands == []


def test_no_upgrade_under_a_running_odoo(installed, commands, monkeypatch):
    monkeypatch.setattr(init_database, "WAIT_FOR_OTHERS_S", 0)
    running = psycopg2.connect(dbname=installed, application_name="odoo-4711")
    try:
        with pytest.raises(init_database.Failure, match="stop web and cron"):
            init_database.prepare_database()
        assert commands == []
    finally:
        running.close()


def test_password_is_needed_for_a_new_database(name, commands, monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", "")
    with pytest.raises(init_database.Failure, match="ADMIN_PASSWORD"):
        init_database.prepare_database()
    assert commands == [] and init_database.database_state(name) == "missing"


def test_files_of_an_earlier_database_are_kept(name, commands, tmp_path):
    (tmp_path / "filestore" / name).mkdir(parents=True)
    (tmp_path / "filestore" / name / "precious").touch()
    init_database.prepare_database()
    (kept,) = (tmp_path / "filestore").glob(f"{name}.before-*/precious")
    assert kept.exists() and not list((tmp_path / "filestore" / name).iterdir())


def test_arguments_install_and_upgrade():
    assert init_database.install_arguments("db", ["a", "b"]) == [
        *("--database", "db", "-i", "a,b", "-u", "a,b"),
        *("--stop-after-init", "--no-http", "--max-cron-threads=0"),
    ]


def test_failed_creation_is_noticed(commands, name, monkeypatch):
    """`odoo db init` logs its failure and ends with code 0."""

    def create_only(*arguments, **_options):
        execute("postgres", f'CREATE DATABASE "{arguments[2]}"')
        execute(arguments[2], TABLES)
        commands.append(arguments)

    monkeypatch.setattr(init_database, "odoo", create_only)
    with pytest.raises(init_database.Failure, match=r"^not installed: base \(unknown\)$"):
        init_database.prepare_database()
    assert len(commands) == 1 and init_database.database_state(name) == "missing"


def test_image_without_addons_is_refused(commands, monkeypatch, tmp_path):
    monkeypatch.setattr(init_database, "ADDONS_DIR", tmp_path / "nothing")
    with pytest.raises(init_database.Failure, match="no addon in"):
        init_database.prepare_database()
    assert commands == []


def test_two_at_once_wait_for_each_other(name, commands, monkeypatch):
    first = psycopg2.connect(dbname="postgres")
    try:
        first.cursor().execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        monkeypatch.setenv("PGOPTIONS", "-c lock_timeout=200ms")
        with pytest.raises(psycopg2.errors.LockNotAvailable):
            init_database.prepare_database()
        assert commands == []
    finally:
        first.close()


def test_printer_is_told_where_the_styles_are(name, commands, monkeypatch):
    monkeypatch.setenv("REPORT_URL", "http://web:8069")
    init_database.prepare_database()
    assert init_database.parameter(name, "report.url") == "http://web:8069"


def test_parameters_of_the_user_stay(installed):
    init_database.set_parameter(installed, "report.url", "http://mine", replace=False)
    init_database.set_parameter(installed, "report.url", "http://web:8069", replace=False)
    assert init_database.parameter(installed, "report.url") == "http://mine"
    init_database.set_parameter(installed, "report.url", "http://web:8069")
    assert init_database.parameter(installed, "report.url") == "http://web:8069"


def test_failed_command_of_odoo_is_told(monkeypatch, tmp_path):
    fake = tmp_path / "odoo"
    fake.write_text("#!/bin/sh\nexit 3\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(init_database.Failure, match="'odoo db init …' ended with code 3"):
        init_database.odoo("db", "init", "x")


def test_odoo_gets_no_secret_it_does_not_need(monkeypatch, tmp_path):
    """…and not PGDATABASE, by which Odoo would deny that other databases exist."""
    seen = tmp_path / "seen"
    fake = tmp_path / "odoo"
    fake.write_text(f"#!/bin/sh\nexport -p > {seen}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for name in init_database.PRIVATE:
        monkeypatch.setenv(name, "private-value")
    init_database.odoo("db", "init", "x")
    assert "private-value" not in seen.read_text() and "PGHOST" in seen.read_text()


def test_silent_server_is_told(monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    connecting = init_database.connected("postgres")
    with pytest.raises(init_database.Failure, match="PostgreSQL refuses 'postgres'"):
        connecting.__enter__()
