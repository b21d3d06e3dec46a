"""What the services of compose.yaml must do, played on containers of the built image."""

import contextlib
import os
import re
import shutil
import subprocess
import time
import zipfile

import psutil
from composition import GIVEN, read_composition
from web import Web

from common import ADDONS, LOG_DIR, Failure, say, step
from database import Databases
from get_postgres import free_port

DATABASE, INTRUDER = "cobranca_docker", "cobranca_docker_intruder"
BUMPED = "19.0.99.0.0"
STOP_LIMIT_S = 10  # what docker grants before it kills
BROKEN_ADDON = "cobranca_recorrente_broken"


class Scenario:
    """The life of an installation, from an interrupted first start to a restored backup."""

    def __init__(self, buildah, image, next_image, settings, folder):
        self.buildah = buildah
        self.image, self.next_image = image, next_image
        self.settings = settings
        self.databases = Databases(settings)
        self.services = read_composition()["services"]
        self.folder = folder
        self.data = folder / "data"
        self.checks = 0
        self.running = []

    @staticmethod
    def bump_version(manifest):
        """Give the copy of an addon a later version."""
        version = r"""(['"]version['"]\s*:\s*['"])[\d.]+"""
        text, changed = re.subn(version, rf"\g<1>{BUMPED}", manifest.read_text())
        if changed != 1:
            raise Failure(f"{manifest}: no version found")
        manifest.write_text(text)

    def play(self):
        """:return: number of checks that held"""
        self.clean()
        try:
            for part in (
                self.image_is_as_described,
                self.first_start,
                self.second_start,
                self.web_serves,
                self.upgrade_is_refused_under_a_running_odoo,
                self.cron_works,
                self.services_stop,
                self.new_image_upgrades,
                self.backup_is_restored,
                self.uninstallable_addon_is_noticed,
            ):
                with step(part.__name__.replace("_", " ")):
                    part()
        finally:
            self.clean()
        return self.checks

    def clean(self):
        for process in self.running:
            self.kill(process)
        for name in (DATABASE, f"{DATABASE}_building", INTRUDER):
            self.databases.drop(name)
        shutil.rmtree(self.data, ignore_errors=True)

    def expect(self, holds, what):
        if not holds:
            raise Failure(f"does not hold: {what}", f"read {LOG_DIR}/docker-*.log")
        self.checks += 1
        say(f"    ✓ {what}")

    # --- containers ---

    def environment(self, service, **more):
        given = self.services[service].get("environment", {})
        return {**given, **self.settings, "PGDATABASE": DATABASE, **more}

    def volumes(self):
        socket = self.settings["PGHOST"]
        return [f"{self.data}:/var/lib/odoo", *([f"{socket}:{socket}"] if socket.startswith("/") else [])]

    def start(self, service, *arguments, image=None, command=None, volumes=()):
        """Start the command that compose.yaml gives a service."""
        container = self.buildah.container(service, image or self.image)
        words = [*(command or self.services[service]["command"]), *arguments]
        process = container.start(words, self.environment(service), [*self.volumes(), *volumes])
        self.running.append(process)
        return container, process

    def init(self, **options):
        """Run the init service to its end: (exit code, seconds, what it said)."""
        started = time.monotonic()
        container, process = self.start("init", **options)
        already_said = len(container.said())
        return process.wait(), time.monotonic() - started, container.said()[already_said:]

    @staticmethod
    def odoo_process(process):
        """The process inside a container: the innermost one."""
        return psutil.Process(process.pid).children(recursive=True)[-1]

    @staticmethod
    def kill(process):
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
        process.kill()
        process.wait()

    def query(self, statement, *values):
        with self.databases.connected(DATABASE) as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone() if cursor.description else None

    # --- the parts ---

    def image_is_as_described(self):
        configuration = self.buildah.configuration(self.image)
        self.expect(configuration["User"] == "odoo", "the image runs as the user odoo")
        self.expect(configuration["Entrypoint"] == ["/entrypoint.sh"], "the entrypoint is that of the base")
        self.expect(not any(path.startswith("/opt") for path in configuration["Volumes"]), "no volume hides the addons")
        container = self.buildah.output("from", "--pull=never", "--name", "look", self.image)
        root = self.buildah.output("mount", container)
        addons = f"{root}/opt/cobranca/addons"
        self.expect(sorted(os.listdir(addons)) == sorted(ADDONS), "exactly the three addons are in the image")
        inside = {name for _, folders, files in os.walk(f"{root}/opt/cobranca") for name in [*folders, *files]}
        self.expect(not inside & {"tests", "__pycache__", ".git", ".odoo", ".env"}, "no tests, caches or secrets are")
        with open(f"{root}/etc/passwd") as users:
            owner = next(int(line.split(":")[2]) for line in users if line.startswith("odoo:"))
        self.buildah.call("rm", container)
        self.data.mkdir(parents=True)
        os.chown(self.data, owner, owner)

    def first_start(self):
        _, process = self.start("init")
        deadline = time.monotonic() + 60
        while f"{DATABASE}_building" not in self.databases.names() and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(3)
        self.kill(process)
        self.expect(DATABASE not in self.databases.names(), "an interrupted first start leaves no half database")
        code, seconds, _ = self.init()
        self.expect(code == 0, f"init makes the database (in {seconds:.0f} s, after the interruption)")
        self.expect(f"{DATABASE}_building" not in self.databases.names(), "the database has got its name")
        self.expect((self.data / "filestore" / DATABASE).is_dir(), "and its files")
        installed = self.query(
            "SELECT count(*) FROM ir_module_module WHERE name = ANY(%s) AND state = 'installed'", list(ADDONS)
        )
        self.expect(installed == (len(ADDONS),), "the three addons are installed")
        chart = self.query(
            "SELECT company.chart_template, currency.name FROM res_company company"
            " JOIN res_currency currency ON currency.id = company.currency_id WHERE company.id = 1"
        )
        self.expect(chart == ("br", "BRL"), "the company has the Brazilian chart and BRL")
        language = self.query(
            "SELECT lang FROM res_partner WHERE id = (SELECT partner_id FROM res_users WHERE login = 'admin')"
        )
        self.expect(language == ("pt_BR",), "the administrator works in pt_BR")
        self.expect(self.query("SELECT count(*) FROM ir_module_module WHERE demo") == (0,), "there is no demo data")
        report = self.query("SELECT value FROM ir_config_parameter WHERE key = 'report.url'")
        self.expect(report == ("http://web:8069",), "the PDF printer knows where the styles are")

    def second_start(self):
        code, seconds, said = self.init()
        self.expect(code == 0 and "already" in said, f"init has nothing to do the second time ({seconds:.1f} s)")

    def web_serves(self):
        port = free_port(8069)
        self.web = Web(port, DATABASE)
        self.web_container, self.web_process = self.start("web", f"--http-port={port}")
        self.expect(self.web.wait(self.web_process), "the login page answers 200")
        bundles = self.web.bundles()
        self.expect({path.rpartition(".")[2] for path in bundles} == {"css", "js"}, f"it names {len(bundles)} bundles")
        for path in bundles:
            status, kind, body = self.web.get(path)
            right = kind == "text/css" if path.endswith("css") else "javascript" in kind
            self.expect(status == 200 and right and len(body) > 10_000, f"{path.rpartition('/')[2]}: {len(body)} bytes")
        self.health_check_answers(port)
        self.expect(self.web.user_id("admin", GIVEN["ADMIN_PASSWORD"]), "admin comes in with ADMIN_PASSWORD")
        self.expect(not self.web.user_id("admin", "admin"), "and not with Odoo's default password")
        self.expect(self.web.call("/web/database/list") is None, "the list of databases is refused")
        for password in ("admin", ""):
            self.web.create_database(INTRUDER, password)
        self.expect(INTRUDER not in self.databases.names(), "the database manager makes no database")

    def health_check_answers(self, port):
        words = [word.replace("8069", str(port)) for word in self.services["web"]["healthcheck"]["test"][1:]]
        check = self.web_container.start(words, self.environment("web"), direct=True)
        self.expect(check.wait() == 0, "the health check passes")

    def upgrade_is_refused_under_a_running_odoo(self):
        code, _, said = self.init(image=self.next_image)
        self.expect(code != 0 and "stop web and cron" in said, "init refuses while web is connected, and says why")

    def cron_works(self):
        job = self.query("SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'autovacuum_job'")[0]
        self.make_due(job)
        self.wake_workers()
        time.sleep(5)
        self.expect(not self.job_has_run(job), "web runs no scheduled actions")
        self.cron_process = self.start("cron")[1]
        deadline = time.monotonic() + 120
        while not self.job_has_run(job) and time.monotonic() < deadline and self.cron_process.poll() is None:
            self.wake_workers()
            time.sleep(1)
        self.expect(self.job_has_run(job), "cron runs them")

    def make_due(self, job):
        """Make this job due, and no other: some ask servers of Odoo's maker and wait for them."""
        self.query("UPDATE ir_cron SET nextcall = nextcall + interval '1 day'")
        self.query("UPDATE ir_cron SET lastcall = NULL, nextcall = nextcall - interval '1 month' WHERE id = %s", job)

    def wake_workers(self):
        """As a trigger does; else they look once a minute."""
        with self.databases.connected() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [DATABASE])

    def job_has_run(self, job):
        return self.query("SELECT lastcall IS NOT NULL FROM ir_cron WHERE id = %s", job)[0]

    def services_stop(self):
        for name, process in (("web", self.web_process), ("cron", self.cron_process)):
            started, odoo = time.monotonic(), self.odoo_process(process)
            first = odoo.parent().cmdline()[0].startswith("buildah") and "/usr/bin/odoo" in odoo.cmdline()
            self.expect(first, f"Odoo is the first process of {name}, the one that docker signals")
            odoo.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_LIMIT_S)
            seconds = time.monotonic() - started
            said = (LOG_DIR / f"docker-{name}.log").read_text()
            graceful = process.poll() == 0 and "Initiating shutdown" in said
            self.expect(graceful, f"{name} stops on TERM ({seconds:.1f} s)")

    def new_image_upgrades(self):
        code, seconds, _ = self.init(image=self.next_image)
        version = self.query("SELECT latest_version, state FROM ir_module_module WHERE name = 'cobranca_recorrente'")
        upgraded = code == 0 and version == (BUMPED, "installed")
        self.expect(upgraded, f"an image with newer addons upgrades ({seconds:.0f} s)")

    def backup_is_restored(self):
        backup = self.folder / "backup.zip"
        container = self.buildah.container("web", self.next_image)
        with backup.open("wb") as target:
            dump = container.start(
                ["odoo", "db", "dump", DATABASE], self.environment("web"), self.volumes(), direct=True, stdout=target
            )
            self.expect(dump.wait() == 0, f"a backup is made ({target.tell() >> 20} MB)")
        names = zipfile.ZipFile(backup).namelist()
        self.expect("dump.sql" in names and any("filestore/" in name for name in names), "with database and files")
        self.query("DELETE FROM ir_config_parameter WHERE key = 'report.url'")
        code, seconds, _ = self.init(
            image=self.next_image,
            volumes=[f"{backup}:/backup.zip:ro"],
            command=["odoo", "db", "load", "--force", DATABASE, "/backup.zip"],
        )
        backup.unlink()
        restored = self.query("SELECT value FROM ir_config_parameter WHERE key = 'report.url'")
        self.expect(code == 0 and restored, f"and restored ({seconds:.0f} s)")

    def uninstallable_addon_is_noticed(self):
        broken = self.folder / BROKEN_ADDON
        shutil.rmtree(broken, ignore_errors=True)
        broken.mkdir()
        (broken / "__init__.py").touch()
        manifest = {"name": "Broken", "author": "Nobody", "license": "LGPL-3", "installable": False}
        (broken / "__manifest__.py").write_text(f"{manifest}\n")
        code, _, said = self.init(image=self.next_image, volumes=[f"{broken}:/opt/cobranca/addons/{BROKEN_ADDON}:ro"])
        shutil.rmtree(broken)
        self.expect(code != 0 and BROKEN_ADDON in said, "an addon that Odoo skips with a warning makes init fail")
