from datetime import date

import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CobrancaCommon

ANNIVERSARY = date(2027, 1, 25)  # of the city of São Paulo, a Monday


@freeze_time("2026-11-19 15:00:00")
@tagged("post_install", "-at_install")
class TestHoliday(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Holiday = cls.env["cobranca.holiday"]
        cls.city = cls.env["res.city"].search([("name", "=", "São Paulo"), ("country_id.code", "=", "BR")], limit=1)
        cls.state = cls.city.state_id
        cls.company.partner_id.write({"state_id": cls.state.id, "city_id": cls.city.id, "city": cls.city.name})
        cls.rio = cls.env.ref("base.state_br_rj")

    def holidays(self, first=date(2026, 1, 1), last=date(2027, 12, 31)):
        return self.Holiday.with_user(self.collector)._get_holidays(self.company, first, last)

    def make(self, **values):
        return self.Holiday.with_user(self.manager).create({"name": "Day", "date": ANNIVERSARY, **values})

    def test_generated(self):
        found = self.holidays(last=date(2026, 12, 31))
        for day in (date(2026, 2, 16), date(2026, 2, 17), date(2026, 6, 4), date(2026, 11, 20), date(2026, 12, 25)):
            self.assertIn(day, found)
        for day in (date(2026, 2, 18), date(2026, 12, 24), date(2026, 12, 31)):
            self.assertNotIn(day, found)
        self.assertEqual(len(found), 13)
        scopes = {
            h.date: h.scope for h in self.Holiday.search([("date", ">=", "2026-01-01"), ("date", "<=", "2026-12-31")])
        }
        self.assertEqual((scopes[date(2026, 2, 17)], scopes[date(2026, 5, 1)]), ("bank", "national"))

    def test_years_back_and_ahead(self):
        years = {day.year for day in self.holidays(date(2000, 1, 1), date(2060, 1, 1))}
        self.assertLessEqual({2015, 2026, 2031}, years)

    def test_the_yearly_job_makes_only_what_is_missing(self):
        before = self.Holiday.with_context(active_test=False).search([])
        self.assertFalse(self.Holiday._generate_around())
        archived = before.filtered(lambda h: h.date == date(2026, 2, 17))
        archived.active = False
        self.assertNotIn(date(2026, 2, 17), self.holidays())
        self.env.ref("cobranca_recorrente.ir_cron_cobranca_holiday").ir_actions_server_id.run()
        self.assertEqual(self.Holiday.with_context(active_test=False).search([]), before)
        with freeze_time("2027-02-01 15:00:00"):
            self.assertEqual({h.date.year for h in self.Holiday._generate_around()}, {2032})

    def test_cities_and_states_of_the_company_only(self):
        other = self.env["res.city"].search([("id", "!=", self.city.id), ("state_id", "=", self.state.id)], limit=1)
        self.make(scope="municipal", city_id=other.id)
        self.make(scope="state", state_id=self.rio.id)
        self.assertNotIn(ANNIVERSARY, self.holidays())
        mine = self.make(scope="municipal", city_id=self.city.id)
        self.assertIn(ANNIVERSARY, self.holidays())
        mine.date = date(2027, 1, 26)
        self.assertEqual({ANNIVERSARY, mine.date} & self.holidays(), {mine.date}, "the cache follows")
        mine.unlink()
        self.assertNotIn(date(2027, 1, 26), self.holidays())
        self.make(scope="state", state_id=self.state.id)
        self.assertIn(ANNIVERSARY, self.holidays())

    def test_a_city_that_is_only_written(self):
        self.make(scope="municipal", city_id=self.city.id)
        self.company.partner_id.write({"city_id": False, "city": "SAO PAULO "})
        self.assertIn(ANNIVERSARY, self.holidays())
        self.company.partner_id.city = "Santos"
        self.assertNotIn(ANNIVERSARY, self.holidays())

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.make(scope="bank", company_id=self.company.id)
        self.assertIn(ANNIVERSARY, self.holidays())
        self.assertNotIn(ANNIVERSARY, self.Holiday._get_holidays(other, ANNIVERSARY, ANNIVERSARY))

    @mute_logger("odoo.sql_db")
    def test_unique_and_complete(self):
        self.make(scope="municipal", city_id=self.city.id)
        for values in ({"scope": "municipal", "city_id": self.city.id}, {"scope": "bank", "date": "2026-02-17"}):
            with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
                self.make(**values)
        for values in ({"scope": "municipal"}, {"scope": "state"}, {"scope": "bank", "state_id": self.state.id}):
            with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
                self.make(**values)
        with self.assertRaisesRegex(ValidationError, "1995"):
            self.make(scope="bank", date="1990-01-01")

    def test_rights(self):
        for user in (self.collector, self.supervisor):
            with self.assertRaises(AccessError):
                self.Holiday.with_user(user).create({"name": "Day", "date": ANNIVERSARY, "scope": "bank"})
