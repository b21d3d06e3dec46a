"""What the container files must hold; each point was a failure of somebody first.

A check takes `Files` and raises AssertionError. They are plain functions so that the tests
can hand them spoilt copies and see each check refuse.
"""

import configparser
import re
from dataclasses import dataclass
from pathlib import Path

from composition import GIVEN, compose_config, read_composition

ADDONS_PATH = "/opt/cobranca/addons"
# Volumes of the official image: what an image has there, a container need not see.
BASE_VOLUMES = ("/var/lib/odoo", "/mnt/extra-addons")
ODOO_SERVICES = ("init", "web", "cron")


@dataclass
class Files:
    """A `docker/` folder: the shipped one or a spoilt copy."""

    folder: Path

    @property
    def compose_file(self):
        return self.folder / "compose.yaml"

    @property
    def services(self):
        return read_composition(self.compose_file)["services"]

    @property
    def dockerfile(self):
        """Instructions of the Dockerfile, continuation lines joined, comments left out."""
        text = re.sub(r"\\\n\s*", "", (self.folder / "Dockerfile").read_text())
        return [line for line in text.splitlines() if line and not line.startswith("#")]

    @property
    def options(self):
        parser = configparser.RawConfigParser()
        parser.read(self.folder / "odoo.conf")
        return parser["options"]

    def text(self, name):
        return (self.folder / name).read_text()


def addons_lie_in_no_volume(files):
    """1. Otherwise an upgraded image keeps serving the addons of the old volume."""
    targets = {line.split()[-1].rpartition("/")[0] for line in files.dockerfile if line.startswith("COPY cobranca_")}
    assert targets == {ADDONS_PATH}
    assert files.options["addons_path"] == ADDONS_PATH
    mounted = {volume["target"] for service in files.services.values() for volume in service.get("volumes", [])}
    for path in (*BASE_VOLUMES, *mounted):
        assert not ADDONS_PATH.startswith(path), path


def init_installs_and_upgrades(files):
    """2. `-i` leaves an installed addon as it is."""
    assert files.services["init"]["command"] == ["python3", "/opt/cobranca/init_database.py"]
    body = files.text("init_database.py").partition("def install_arguments")[2].partition("\ndef ")[0]
    assert '"-i", wanted, "-u", wanted' in body
    assert '"--stop-after-init", "--no-http"' in body


def services_wait_for_init(files):
    """3. Otherwise web makes a bare database, and cron finds none."""
    services = files.services
    assert services["init"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert "--host=127.0.0.1" in services["db"]["healthcheck"]["test"]
    for name in ("web", "cron"):
        assert services[name]["depends_on"]["init"]["condition"] == "service_completed_successfully"
        assert services[name]["depends_on"]["init"].get("restart") is True
    assert services["init"]["restart"] == "no"


def image_is_built_once(files):
    """4. `build` in each service would build it three times."""
    services = files.services
    assert [name for name, service in services.items() if "build" in service] == ["init"]
    assert len({services[name]["image"] for name in ODOO_SERVICES}) == 1
    assert services["init"]["build"]["dockerfile"] == "docker/Dockerfile"


def web_is_shut_to_strangers(files):
    """5. Only this machine's loopback; no list of databases; no default master password."""
    services = files.services
    assert {"--http-interface=0.0.0.0", "--no-database-list"} <= set(services["web"]["command"])
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports and all(port.get("host_ip") == "127.0.0.1" for port in ports)
    assert files.options["list_db"] == "False" and files.options["admin_passwd"] == ""
    with_master = read_composition(files.compose_file, {**GIVEN, "MASTER_PASSWORD": "m"})["services"]
    for name in ODOO_SERVICES:
        assert services[name]["environment"]["ODOO_ADMIN_PASSWD"] == ""
        assert with_master[name]["environment"]["ODOO_ADMIN_PASSWD"] == "m"


def missing_passwords_stop_it(files):
    """6. No default password anywhere, and none in the example."""
    for name in GIVEN:
        for variables in ({**GIVEN, name: ""}, {key: value for key, value in GIVEN.items() if key != name}):
            refused = compose_config("--quiet", file=files.compose_file, variables=variables)
            assert refused.returncode and name in refused.stderr, name
    example = dict(line.split("=", 1) for line in files.text(".env.example").splitlines() if re.match(r"[A-Z]", line))
    assert set(example) == set(re.findall(r"\$\{([A-Z_]+)", files.text("compose.yaml")))
    assert {name for name, value in example.items() if not value} == {*GIVEN, "MASTER_PASSWORD"}


def init_looks_at_the_outcome(files):
    """7. Odoo ends with code 0 when an addon is unknown. (What it finds is tested on a database.)"""
    text = files.text("init_database.py")
    for function in ("def install(", "def prepare_database("):
        body = text.partition(function)[2].partition("\ndef ")[0]
        assert "require_installed(name, addons)" in body, function


def pip_respects_the_base(files):
    """8. As root, past the "externally managed" mark, never replacing apt's packages; then user odoo."""
    lines = files.dockerfile
    pip = next(number for number, line in enumerate(lines) if line.startswith("RUN pip install"))
    assert {"--break-system-packages", "--no-deps"} <= set(lines[pip].split())
    users = [(number, line) for number, line in enumerate(lines) if line.startswith("USER")]
    assert [line for number, line in users if number < pip] == ["USER root"]
    assert lines[-1] == "USER odoo"


def cron_works_apart_from_web(files):
    """9. cron can be scaled; web runs no scheduled actions and so answers."""
    services = files.services
    assert services["cron"]["command"] == ["odoo", "--no-http", "--max-cron-threads=1"]
    assert "ports" not in services["cron"] and "container_name" not in services["cron"]
    assert "--max-cron-threads=0" in services["web"]["command"]


POINTS = (
    addons_lie_in_no_volume,
    init_installs_and_upgrades,
    services_wait_for_init,
    image_is_built_once,
    web_is_shut_to_strangers,
    missing_passwords_stop_it,
    init_looks_at_the_outcome,
    pip_respects_the_base,
    cron_works_apart_from_web,
)
