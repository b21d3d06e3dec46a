import json
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

import psycopg2.errors
import requests

from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.cobranca_recorrente.models import cobranca_price_index_source as source

from .common import GROUP, CobrancaCommon

NOW = "2020-02-10 15:00:00"
JANUARY = ("01/01/2020", "0.21")
YEAR = tuple(
    (f"01/{number:02}/2019", text)
    for number, text in enumerate("0.32 0.43 0.75 0.57 0.13 0.01 0.19 0.11 -0.04 0.10 0.51 1.15".split(), 1)
)


def answer(*rows):
    return 200, json.dumps([{"data": day, "valor": text} for day, text in rows]).encode()


@freeze_time(NOW)
@tagged("post_install", "-at_install")
class TestPriceIndexFetch(CobrancaCommon):
    """The service is replaced at the one place that goes out, `_request`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Index = cls.env["cobranca.price.index"]
        cls.Index.search([]).active = False
        cls.index = cls.env.ref("cobranca_recorrente.cobranca_price_index_ipca")
        cls.index.active = True
        cls.index.value_ids.unlink()
        cls.env["ir.config_parameter"].set_param(source.URL_PARAMETER, "https://service.example/series/")

    @contextmanager
    def service(self, *answers):
        """Give these answers one after the other; an exception is raised. Yields (calls, pauses)."""
        calls, pauses, left = [], [], list(answers)

        def request(_self, url, parameters):
            calls.append((url, parameters))
            given = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(given, Exception):
                raise given
            return given

        Source = self.env.registry["cobranca.price.index.source"]
        with patch.object(Source, "_request", request), patch.object(source.time, "sleep", pauses.append):
            yield calls, pauses

    def fetch(self, *answers, index=None, user=None):
        """Press the button. Return the notification."""
        with self.service(*answers) as (self.calls, self.pauses):
            return (index or self.index).with_user(user or self.manager).action_fetch()["params"]

    def run_cron(self, *answers):
        with self.service(*answers) as (self.calls, self.pauses), self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_price_index_fetch").method_direct_trigger()

    def notes(self):
        return "\n".join(self.index.message_ids.mapped("body"))

    def stored(self):
        return {value.month: value.percent for value in self.index.value_ids}

    # === GOOD ANSWERS === #

    def test_values_are_stored_and_told(self):
        shown = self.fetch(answer(*YEAR, JANUARY))
        self.assertEqual((shown["type"], shown["message"]), ("success", "IPCA: values up to 01/2020"))
        self.assertEqual(len(self.index.value_ids), 13)
        self.assertEqual(set(self.index.value_ids.mapped("source")), {"bcb"})
        self.assertEqual((self.index.accumulated, self.index.last_percent), ("4.19%", "0.21%"))
        self.assertEqual((self.index.fetch_state, self.index.failure_count), ("fetched", 0))
        self.assertEqual(self.index.last_success.isoformat(" "), NOW)
        self.assertIn("12/2019: 1.15%", self.notes())

    def test_the_call(self):
        self.fetch(answer(*YEAR))
        [(url, parameters)] = self.calls
        self.assertEqual(url, "https://service.example/series/bcdata.sgs.433/dados")
        self.assertEqual(
            parameters, {"formato": "json", "dataInicial": "01/02/2010", "dataFinal": "10/02/2020"}, "ten years"
        )

    def test_again_changes_nothing(self):
        self.fetch(answer(*YEAR))
        before, notes = self.stored(), len(self.index.message_ids)
        self.fetch(answer(*YEAR))
        self.assertEqual((self.stored(), len(self.index.message_ids)), (before, notes))

    def test_a_revised_value_is_taken_and_told(self):
        self.fetch(answer(*YEAR))
        self.fetch(answer(*YEAR[:-1], ("01/12/2019", "1.25")))
        self.assertEqual(self.stored()[date(2019, 12, 1)], 1.25)
        self.assertIn("revised:<ul><li>12/2019: 1.15%, now 1.25%</li></ul>", self.notes())
        self.assertEqual(len(self.index.value_ids), 12)

    def test_what_people_brought_in_is_kept_and_compared_once(self):
        mine = self.env["cobranca.price.index.value"].with_user(self.manager)
        mine = mine.create({"index_id": self.index.id, "month": "2019-12-01", "percent": 1.2})
        self.fetch(answer(*YEAR))
        self.assertEqual((mine.percent, mine.source, mine.published_percent), (1.2, "manual", 1.15))
        self.assertTrue(mine.is_disputed)
        self.assertIn("<li>12/2019: 1.20%, published 1.15%</li>", self.notes())
        told = len(self.index.message_ids)
        self.fetch(answer(*YEAR))
        self.assertEqual(len(self.index.message_ids), told, "the same difference is not told every day")
        mine.percent = 1.15
        self.assertFalse(mine.is_disputed)

    def test_a_corrected_value_stays_corrected(self):
        self.fetch(answer(*YEAR))
        december = self.index.value_ids.filtered(lambda value: value.month == date(2019, 12, 1))
        december.with_user(self.manager).percent = 1.2
        self.fetch(answer(*YEAR))
        self.assertEqual((december.percent, december.source, december.is_disputed), (1.2, "manual", True))

    # === BAD ANSWERS === #

    def assert_failed(self, reason, *answers, calls=1):
        before = self.stored()
        shown = self.fetch(*answers)
        self.assertEqual(shown["type"], "warning")
        self.assertRegex(self.index.last_error, reason)
        self.assertIn(self.index.last_error, shown["message"])
        self.assertEqual((self.index.fetch_state, self.stored(), len(self.calls)), ("failed", before, calls))

    def test_bad_answers_store_nothing_and_say_why(self):
        self.fetch(answer(*YEAR))
        self.assert_failed("is a web page", (200, b" <!DOCTYPE html><html>Manutencao</html>"))
        self.assert_failed("no list of values: Manut", (200, b"Manut"))
        self.assert_failed("another form", (200, b'{"erro": 1}'))
        self.assert_failed("no value; is the number", (200, b"[]"))
        self.assert_failed("begins no month: 15/01/2020", answer(*YEAR, ("15/01/2020", "0.1")))
        self.assert_failed("not asked for: 01/03/2020", answer(*YEAR, ("01/03/2020", "0.1")))
        self.assert_failed("a month twice: 01/12/2019", answer(*YEAR, YEAR[-1]))
        self.assert_failed("no number: 01/2020: 0,21", answer(*YEAR, ("01/01/2020", "0,21")))
        self.assert_failed("cannot be: 01/2020: 21", answer(*YEAR, ("01/01/2020", "21")))
        self.assert_failed("error 404", (404, b"{}"))
        self.assert_failed("error 302", (302, b""))
        self.assertEqual(self.index.failure_count, 11)

    def test_a_service_in_trouble_is_asked_again_and_then_left_alone(self):
        self.assert_failed("error 503", (503, b""), calls=3)
        self.assertEqual(self.pauses, [1, 3])
        self.assert_failed("cannot be reached .ConnectTimeout", requests.ConnectTimeout(), calls=3)
        self.assert_failed("cannot be reached .ConnectionError", requests.ConnectionError(), calls=3)

    def test_trouble_that_passes_is_no_failure(self):
        self.fetch((500, b""), requests.ReadTimeout(), answer(*YEAR))
        self.assertEqual((len(self.calls), self.pauses, self.index.failure_count), (3, [1, 3], 0))
        self.assertEqual(len(self.index.value_ids), 12)

    def test_without_address_and_without_series(self):
        self.env["ir.config_parameter"].set_param(source.URL_PARAMETER, "")
        self.assert_failed(f"address.*{source.URL_PARAMETER}", answer(*YEAR), calls=0)
        self.index.sgs_code = 0
        with self.assertRaisesRegex(UserError, "number of the central bank's series"):
            self.fetch(answer(*YEAR))

    # === MANAGERS ARE TOLD === #

    def test_three_failures_in_a_row_are_reported_once_and_success_clears_it(self):
        other = new_test_user(self.env, "other", GROUP + "manager", lang="en_US")
        gone = new_test_user(self.env, "gone", GROUP + "manager")
        gone.active = False
        for _time in range(2):
            self.run_cron((500, b""))
            self.index.last_attempt = False
        self.assertFalse(self.index.activity_ids)
        for _time in range(2):
            self.run_cron((500, b""))
            self.index.last_attempt = False
        users = self.index.activity_ids.user_id
        self.assertEqual(len(self.index.activity_ids), len(users), "each manager is told once")
        self.assertLessEqual(self.manager + other, users)
        self.assertFalse(users & (gone + self.supervisor + self.env.ref("base.user_root")))
        self.assertIn("IPCA is not being updated", self.index.activity_ids.mapped("summary"))
        self.assertIn("3 attempts in a row failed", self.index.activity_ids[0].note)
        self.fetch(answer(*YEAR))
        self.assertFalse(self.index.activity_ids)
        self.assertEqual((self.index.failure_count, self.index.last_error), (0, False))

    # === CRON === #

    def add_index(self, code, **values):
        return self.Index.create({"name": code, "code": code, "sgs_code": 7, **values})

    def test_cron_fetches_what_is_due(self):
        self.add_index("MANUAL", sgs_code=0)
        self.add_index("PERCENT", kind="fixed", fixed_percent=3)
        self.add_index("OLD", active=False)
        self.run_cron(answer(*YEAR))
        self.assertEqual([url.split("/")[-2] for url, _parameters in self.calls], ["bcdata.sgs.433"])
        self.assertEqual(len(self.index.value_ids), 12)
        with freeze_time("2020-02-10 20:00:00"):
            self.run_cron(answer(*YEAR))
        self.assertFalse(self.calls, "a run that comes again a moment later leaves it alone")
        with freeze_time("2020-02-11 15:00:00"):
            self.run_cron(answer(*YEAR))
        self.assertEqual(len(self.calls), 1)

    def test_one_bad_index_keeps_no_other_from_being_fetched(self):
        bad = self.add_index("AAA", sequence=1)
        self.run_cron((200, b"garbage"), answer(*YEAR))
        self.assertEqual((bad.fetch_state, self.index.fetch_state), ("failed", "fetched"))

    def test_a_service_that_is_down_is_waited_for_once(self):
        self.add_index("AAA", sequence=1)
        self.add_index("BBB", sequence=2)
        self.run_cron(requests.ConnectTimeout())
        self.assertEqual((len(self.calls), self.pauses), (5, [1, 3]))
        self.assertEqual(set(self.Index.search([]).mapped("fetch_state")), {"failed"})

    @mute_logger("odoo.addons.cobranca_recorrente.models.cobranca_price_index_fetch")
    def test_an_error_nobody_foresaw_costs_one_index(self):
        bad = self.add_index("AAA", sequence=1)
        store = type(self.index)._store

        def broken(index, values):
            return store(index, values) if index.code != "AAA" else index.env.cr.execute("SELECT nonsense")

        with patch.object(type(self.index), "_store", broken), mute_logger("odoo.sql_db"):
            self.run_cron(answer(*YEAR))
        self.assertRegex(bad.last_error, "Unexpected error .UndefinedColumn")
        self.assertEqual((bad.failure_count, self.index.fetch_state), (1, "fetched"))

    def test_a_lost_race_is_no_failure(self):
        other = self.add_index("ZZZ", sequence=99)
        store = type(self.index)._store

        def lost(index, values):
            if index == self.index:
                raise psycopg2.errors.SerializationFailure()
            return store(index, values)

        with patch.object(type(self.index), "_store", lost):
            self.run_cron(answer(*YEAR))
        self.assertEqual((self.index.failure_count, self.index.last_error), (0, False))
        self.assertEqual(other.fetch_state, "fetched", "the others are fetched all the same")
