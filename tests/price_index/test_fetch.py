"""Real processes fetch price indices from a service that refuses every call it does not know."""

import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from harness.waiting import wait_until
from harness.worker import at_once

INDEX = "cobranca.price.index"
NOW = "2024-03-12 15:00:00"
DAY = re.compile(r"01/(0[1-9]|1[0-2])/\d{4}")
IPCA = {"01/12/2023": "0.56", "01/01/2024": "0.42", "01/02/2024": "0.83"}
STORED = "SELECT to_char(month, 'DD/MM/YYYY'), percent::float FROM cobranca_price_index_value WHERE index_id = %s"


@pytest.fixture(scope="module")
def fetchers(two_workers):
    """Two processes for which it is 12 March 2024."""
    for worker in two_workers:
        worker.inject("billing.clock:set_now", NOW)
    return two_workers


@pytest.fixture
def ipca(fetchers, postgres, outside):
    """The only index that is fetched, without values, and the service's address in Odoo."""
    [worker, _other] = fetchers
    worker.call("ir.config_parameter", "set_param", "cobranca_recorrente.sgs_url", f"{outside.url}/dados/serie")
    postgres.execute("DELETE FROM cobranca_price_index_value")
    postgres.execute("UPDATE cobranca_price_index SET active = code = 'IPCA', last_attempt = NULL, failure_count = 0")
    [[index]] = postgres.execute("SELECT id FROM cobranca_price_index WHERE code = 'IPCA'")
    return index


@pytest.fixture
def series(outside, ipca):
    """The service's series 433, which must be asked for ten years as the service wants it."""
    wanted = {"formato": "json", "dataInicial": "01/03/2014", "dataFinal": "12/03/2024"}
    return outside.route("GET", "/dados/serie/bcdata.sgs.433/dados", query=wanted, answer=rows(IPCA))


def rows(values):
    return [{"data": day, "valor": text} for day, text in values.items()]


def stored(postgres, index):
    return dict(postgres.execute(STORED, [index]))


def state(postgres, index):
    """(fetch state, failures in a row, error)"""
    columns = "fetch_state, failure_count, last_error"
    [row] = postgres.execute(f"SELECT {columns} FROM cobranca_price_index WHERE id = %s", [index])
    return row


def due_again(postgres):
    postgres.execute("UPDATE cobranca_price_index SET last_attempt = NULL")


def test_the_shipped_cron_fetches(processes, fetchers, postgres, ipca, series):
    """A server's own cron worker runs the shipped job. Its clock is the real one: any days are asked for."""
    series.query = {"formato": "json", "dataInicial": DAY, "dataFinal": re.compile(r"\d\d/\d\d/\d{4}")}
    month = datetime.now(ZoneInfo("America/Sao_Paulo")).strftime("01/%m/%Y")
    series.answer = rows({month: "0.42"})
    [worker] = processes.cron_workers(1)
    postgres.execute("UPDATE ir_cron SET active = cron_name ~ 'price indices', nextcall = now() at time zone 'UTC'")
    postgres.wake_cron()
    wait_until(lambda: stored(postgres, ipca), "the cron worker stores a value", 90)
    worker.terminate()
    assert stored(postgres, ipca) == {month: 0.42}
    wait_until(lambda: state(postgres, ipca)[0] == "fetched", "the cron worker says so", 10)


def test_values_come_in(fetchers, postgres, ipca, series):
    fetchers[0].call(INDEX, "_cron_fetch")
    assert stored(postgres, ipca) == {day: float(text) for day, text in IPCA.items()}
    assert state(postgres, ipca) == ("fetched", 0, None)
    [call] = series.calls
    assert call.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "change",
    [
        {"path": re.compile("/other")},
        {"query": {"formato": "json"}},
        {"query": {"formato": "csv", "dataInicial": "01/03/2014", "dataFinal": "12/03/2024"}},
        {"query": {"formato": "json", "dataInicial": "2014-03-01", "dataFinal": "2024-03-12"}},
    ],
)
def test_a_call_that_the_service_does_not_know_is_refused(fetchers, postgres, outside, ipca, series, change):
    """The service stands for the real one: had we asked otherwise, it would not have answered."""
    for name, value in change.items():
        setattr(series, name, value)
    fetchers[0].call(INDEX, "_cron_fetch")
    assert outside.take_violations()
    assert state(postgres, ipca)[0] == "failed"
    assert not stored(postgres, ipca)


def test_trouble_that_passes(fetchers, postgres, ipca, series):
    series.fail(500)
    series.cut()
    fetchers[0].call(INDEX, "_cron_fetch")
    assert len(series.calls) == 3
    assert len(stored(postgres, ipca)) == 3


def test_garbage_and_errors_are_kept_as_reason_and_success_clears_them(fetchers, postgres, ipca, series):
    fetchers[0].call(INDEX, "_cron_fetch")
    for answer in (b"<html>Manutencao</html>", rows({"01/02/2024": "0,83"}), rows({"01/04/2024": "0.1"}), []):
        series.answer = answer
        due_again(postgres)
        fetchers[0].call(INDEX, "_cron_fetch")
        assert len(stored(postgres, ipca)) == 3
    assert state(postgres, ipca)[:2] == ("failed", 4)
    activities = "SELECT count(*) FROM mail_activity WHERE res_model = %s AND active"
    assert postgres.value(activities, [INDEX]) == 1, "one manager, told once"
    series.answer = rows({**IPCA, "01/02/2024": "0.84"})
    due_again(postgres)
    fetchers[0].call(INDEX, "_cron_fetch")
    assert state(postgres, ipca) == ("fetched", 0, None)
    assert stored(postgres, ipca)["01/02/2024"] == 0.84
    assert postgres.value(activities, [INDEX]) == 0


def test_a_service_that_says_nothing_is_given_up(processes, postgres, ipca, series):
    [impatient] = processes.workers(1)
    impatient.inject("billing.clock:set_now", NOW)
    impatient.inject("price_index.patience:set_read_limit", 1)
    series.slow_down(6)
    started = time.monotonic()
    impatient.call(INDEX, "action_fetch", ids=[ipca])
    took = time.monotonic() - started
    assert len(series.calls) == 3
    assert took < 18, "three attempts of a second, with their pauses; it would take six for each"
    fetch_state, failures, reason = state(postgres, ipca)
    assert (fetch_state, failures) == ("failed", 1)
    assert re.search("ReadTimeout|ConnectionError", reason)


def test_an_answer_without_end_is_given_up(fetchers, postgres, ipca, series):
    series.answer = b"[" + b" " * 3_000_000 + b"]"
    fetchers[0].call(INDEX, "_cron_fetch")
    fetch_state, _failures, reason = state(postgres, ipca)
    assert fetch_state == "failed"
    assert "ContentDecodingError" in reason, "it was not read to its end"


def test_nothing_is_locked_while_the_service_thinks(fetchers, postgres, ipca, series):
    fetchers[0].call(INDEX, "_cron_fetch")
    series.slow_down(4)
    due_again(postgres)
    pending = fetchers[0].start(INDEX, "_cron_fetch")
    series.wait_for_calls(2)
    for table in ("cobranca_price_index", "cobranca_price_index_value"):
        with postgres.transaction() as cursor:
            cursor.execute(f"SELECT id FROM {table} FOR UPDATE NOWAIT")
            assert cursor.fetchall()
    assert not pending.done(), "the service has answered before the locks were tried"
    pending.outcome()
    assert state(postgres, ipca)[0] == "fetched"


def test_two_at_once_store_each_month_once(fetchers, postgres, ipca, series):
    series.slow_down(3)
    first, second = at_once([(worker, (INDEX, "_cron_fetch")) for worker in fetchers])
    assert first.overlaps(second)
    assert len(series.calls) == 2
    assert len(stored(postgres, ipca)) == postgres.value("SELECT count(*) FROM cobranca_price_index_value") == 3
    assert state(postgres, ipca) == ("fetched", 0, None)


def test_a_month_typed_at_the_same_moment_is_kept(fetchers, postgres, ipca, series):
    """The service answers while a manager's figure of the same month is being committed."""
    series.slow_down(2)
    pending = fetchers[0].start(INDEX, "_cron_fetch")
    series.wait_for_calls(1)
    fetchers[1].call(f"{INDEX}.value", "create", {"index_id": ipca, "month": "2024-02-01", "percent": 0.8})
    pending.outcome()
    assert stored(postgres, ipca) == {"01/02/2024": 0.8}
    assert state(postgres, ipca)[1] == 0, "a lost race is no failure of the service"
    due_again(postgres)
    fetchers[0].call(INDEX, "_cron_fetch")
    assert len(stored(postgres, ipca)) == 3
    assert stored(postgres, ipca)["01/02/2024"] == 0.8
