"""Servers and cron workers: distinct, ready when said to be, ended in order."""

import pytest

from harness.waiting import wait_until
from harness.web_client import CallRefused, WebClient

SAY_WHO_RAN = """env.cr.execute(
    "INSERT INTO ir_config_parameter (key, value) SELECT 'harness.ran', current_setting('application_name')"
)"""


def test_a_server_serves_and_tells_its_queries(server, database):
    admin = WebClient(server.url).log_in(database, "admin", "admin")
    assert admin.call("res.users", "search_count", [["login", "=", "admin"]]) == 1
    asked = wait_until(
        lambda: [request for request in server.requests() if "res.users/search_count" in request.path],
        "the call is in the server's log",
    )
    assert (asked[-1].method, asked[-1].status) == ("POST", 200)
    assert asked[-1].queries >= 1


def test_a_refused_call_says_which_error(server, database):
    admin = WebClient(server.url).log_in(database, "admin", "admin")
    with pytest.raises(CallRefused) as refusal:
        admin.call("res.users", "_compute_display_name")
    assert refusal.value.name == "odoo.exceptions.AccessError"
    with pytest.raises(CallRefused):
        WebClient(server.url).log_in(database, "admin", "wrong")


def test_a_cron_worker_runs_a_job_when_woken_and_ends_in_order(processes, two_workers, postgres):
    [worker] = processes.cron_workers(1)
    model = postgres.value("SELECT id FROM ir_model WHERE model = 'ir.cron'")
    job = {"name": "Harness", "model_id": model, "state": "code", "interval_number": 1, "interval_type": "days"}
    [cron] = two_workers[0].call("ir.cron", "create", job | {"code": SAY_WHO_RAN})
    two_workers[0].call("ir.cron", "_trigger", ids=[cron])
    postgres.wake_cron()
    worker.wait_for_log(r"Job 'Harness' \(\d+\) (fully )?done")
    assert postgres.value("SELECT value FROM ir_config_parameter WHERE key = 'harness.ran'") == worker.application
    assert worker.terminate() == 0
    postgres.wait_until_gone(worker)
