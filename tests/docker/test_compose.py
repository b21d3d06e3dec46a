"""The container files: read by the real tools, held to nine points; and each check can fail."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "docker/standin"), str(Path(__file__).parent)]

import nine_points as points  # noqa: E402
from composition import COMPOSE_FILE, compose_config  # noqa: E402

SHIPPED = points.Files(COMPOSE_FILE.parent)
BIN = Path(sys.executable).parent


@pytest.fixture
def copy(tmp_path):
    """A copy of `docker/` to spoil."""
    return points.Files(shutil.copytree(SHIPPED.folder, tmp_path / "docker"))


def spoil(files, name, old, new):
    path = files.folder / name
    text = path.read_text()
    assert old in text, f"{name} has no {old!r} to spoil"
    path.write_text(text.replace(old, new))


def schema_check(file):
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", file]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def hadolint(file):
    command = [BIN / "hadolint", "--no-color", "--failure-threshold", "warning", file]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_compose_accepts_the_file():
    process = compose_config("--quiet")
    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("depends_on: *after-init", "depend_on: *after-init", "depend_on"),
        ("condition: service_healthy", "condition: service_well", "condition"),
        ("\n  odoo-data:\n", "\n", "odoo-data"),
        ("x-after-init: &after-init\n  init:", "x-after-init: &after-init\n  initial:", "initial"),
        ("${ADMIN_PASSWORD:?", "${OTHER_PASSWORD:?", "OTHER_PASSWORD"),
        ("restart: unless-stopped\n    environment", "restart: [unless-stopped]\n    environment", "restart"),
    ],
)
def test_compose_refuses_a_spoilt_file(copy, old, new, complaint):
    spoil(copy, "compose.yaml", old, new)
    process = compose_config("--quiet", file=copy.compose_file)
    assert process.returncode != 0
    assert complaint in process.stderr


def test_compose_spec_schema(copy):
    assert schema_check(SHIPPED.compose_file).returncode == 0
    spoil(copy, "compose.yaml", "interval: 5s", "intervall: 5s")
    assert "intervall" in schema_check(copy.compose_file).stdout


def test_hadolint(copy):
    accepted = hadolint(SHIPPED.folder / "Dockerfile")
    assert accepted.returncode == 0, accepted.stdout
    spoil(copy, "Dockerfile", "USER root", "RUN cd /opt && apt-get install curl\nUSER root")
    assert hadolint(copy.folder / "Dockerfile").returncode != 0


@pytest.mark.parametrize("point", points.POINTS, ids=lambda point: point.__name__)
def test_point_holds(point):
    point(SHIPPED)


SPOILT = [
    (points.addons_lie_in_no_volume, "Dockerfile", "/opt/cobranca/addons/cobranca_r", "/mnt/extra-addons/cobranca_r"),
    (points.addons_lie_in_no_volume, "odoo.conf", "addons_path = /opt/cobranca", "addons_path = /mnt/extra"),
    (points.addons_lie_in_no_volume, "compose.yaml", "odoo-data:/var/lib/odoo", "odoo-data:/opt/cobranca"),
    (points.init_installs_and_upgrades, "init_database.py", '"-i", wanted, "-u", wanted', '"-i", wanted'),
    (points.init_installs_and_upgrades, "init_database.py", '"--stop-after-init", ', ""),
    (points.services_wait_for_init, "compose.yaml", "service_completed_successfully", "service_started"),
    (points.services_wait_for_init, "compose.yaml", "condition: service_healthy", "condition: service_started"),
    (points.services_wait_for_init, "compose.yaml", 'restart: "no"', "restart: always"),
    (points.services_wait_for_init, "compose.yaml", "    restart: true\n", ""),
    (points.services_wait_for_init, "compose.yaml", "--host=127.0.0.1, ", ""),
    (points.image_is_built_once, "compose.yaml", "  web:\n    <<: *odoo", "  web:\n    <<: *odoo\n    build: .."),
    (points.image_is_built_once, "compose.yaml", "  cron:\n    <<: *odoo", "  cron:\n    <<: *odoo\n    image: x"),
    (points.web_is_shut_to_strangers, "compose.yaml", "127.0.0.1:${WEB_PORT", "0.0.0.0:${WEB_PORT"),
    (points.web_is_shut_to_strangers, "compose.yaml", "127.0.0.1:${WEBSOCKET_PORT", "${WEBSOCKET_PORT"),
    (points.web_is_shut_to_strangers, "compose.yaml", "--no-database-list, ", ""),
    (points.web_is_shut_to_strangers, "compose.yaml", "--http-interface=0.0.0.0, ", ""),
    (points.web_is_shut_to_strangers, "compose.yaml", "${MASTER_PASSWORD:-}", "${MASTER_PASSWORD:-admin}"),
    (points.web_is_shut_to_strangers, "odoo.conf", "list_db = False", "list_db = True"),
    (points.web_is_shut_to_strangers, "odoo.conf", "admin_passwd =", "admin_passwd = admin"),
    (points.missing_passwords_stop_it, "compose.yaml", "${DB_PASSWORD:?", "${DB_PASSWORD:-"),
    (points.missing_passwords_stop_it, "compose.yaml", "${ADMIN_PASSWORD:?", "${ADMIN_PASSWORD?"),
    (points.missing_passwords_stop_it, ".env.example", "DB_PASSWORD=", "DB_PASSWORD=odoo"),
    (points.missing_passwords_stop_it, ".env.example", "WEB_WORKERS=0", ""),
    (points.init_looks_at_the_outcome, "init_database.py", "    require_installed(name, addons)\n    set_", "    set_"),
    (points.init_looks_at_the_outcome, "init_database.py", "        require_installed(name, addons)\n", ""),
    (points.pip_respects_the_base, "Dockerfile", "--break-system-packages --req", "--req"),
    (points.pip_respects_the_base, "Dockerfile", "--no-deps --break", "--break"),
    (points.pip_respects_the_base, "Dockerfile", "USER root", "USER odoo"),
    (points.pip_respects_the_base, "Dockerfile", "\nUSER odoo", ""),
    (points.cron_works_apart_from_web, "compose.yaml", "--max-cron-threads=0", "--max-cron-threads=2"),
    (points.cron_works_apart_from_web, "compose.yaml", "--no-http, --max-cron", "--max-cron"),
    (points.cron_works_apart_from_web, "compose.yaml", "  cron:\n", "  cron:\n    container_name: cron\n"),
]


@pytest.mark.parametrize(("point", "name", "old", "new"), SPOILT)
def test_point_can_fail(copy, point, name, old, new):
    spoil(copy, name, old, new)
    with pytest.raises(AssertionError):
        point(copy)


def test_the_build_sees_an_allow_list():
    """Odoo, databases, environments, tests and secrets of the checkout stay out of the image."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    allowed = {line[1:] for line in lines if line.startswith("!")}
    copied = {line.split()[1] for line in SHIPPED.dockerfile if line.startswith("COPY")}
    assert allowed == copied
    assert all((ROOT / path).exists() for path in copied)
    assert "**/tests" in lines


def test_versions_are_those_of_the_tests():
    """The image gets the same library of holidays that the tests ran with."""
    pinned = re.search(r"^holidays==.*$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)[0]
    assert pinned in SHIPPED.text("requirements.txt").splitlines()
