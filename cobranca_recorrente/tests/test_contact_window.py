from datetime import datetime

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cobranca_recorrente.tools import contact_hours

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
class TestContactWindow(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Window = cls.env["cobranca.contact.window"]

    def is_open(self, state, moment):
        """In UTC."""
        state = self.env.ref(f"base.state_br_{state}") if state else self.env["res.country.state"]
        return self.Window.with_user(self.collector)._is_open(state, datetime.fromisoformat(moment))

    def assertHours(self, state, day, *hours):
        """Of each (moment in UTC, is it open)."""
        for hour, expected in hours:
            self.assertEqual(self.is_open(state, f"{day} {hour}"), expected, (state, day, hour))

    def test_week_days(self):
        thursday = "2026-11-19"
        self.assertHours("sp", thursday, ("10:59", False), ("11:00", True), ("22:59", True), ("23:00", False))
        self.assertHours("al", thursday, ("10:59", False), ("11:00", True), ("22:59", True), ("23:00", False))
        self.assertHours("rj", thursday, ("11:59", False), ("12:00", True), ("21:59", True), ("22:00", False))
        self.assertHours("es", thursday, ("11:00", True), ("21:59", True), ("22:00", False))
        self.assertHours("mg", thursday, ("11:00", True), ("22:59", True), ("23:00", False))
        self.assertHours(None, thursday, ("10:59", False), ("11:00", True))

    def test_on_the_clock_of_the_customer(self):
        self.assertHours("am", "2026-11-19", ("11:59", False), ("12:00", True), ("22:59", True), ("23:00", False))
        self.assertHours("ac", "2026-11-19", ("12:59", False), ("13:00", True), ("23:00", True))
        self.assertEqual(self.is_open("ac", "2026-11-20 00:30"), True, "19:30 of Thursday in Rio Branco")

    def test_saturdays_and_sundays(self):
        saturday, sunday = "2026-11-21", "2026-11-22"
        self.assertHours("sp", saturday, ("10:59", False), ("11:00", True), ("16:59", True), ("17:00", False))
        for state in ("rj", "es", "am"):
            self.assertHours(state, saturday, ("14:00", False))
        self.assertHours("sp", sunday, ("14:00", False))

    def test_holidays(self):
        self.assertHours("sp", "2026-11-20", ("14:00", False))
        rio = self.env.ref("base.state_br_rj")
        self.env["cobranca.holiday"].create(
            {"name": "São Jorge", "date": "2026-04-23", "scope": "state", "state_id": rio.id}
        )
        self.assertHours("rj", "2026-04-23", ("14:00", False))
        self.assertHours("sp", "2026-04-23", ("14:00", True))

    def test_editable(self):
        window = self.env.ref("cobranca_recorrente.cobranca_contact_window_rj")
        window.with_user(self.manager).weekday_to = 18.5
        self.assertHours("rj", "2026-11-19", ("21:29", True), ("21:30", False))
        self.env.ref("cobranca_recorrente.cobranca_contact_window_other").weekday_from = 9
        self.assertHours("mg", "2026-11-19", ("11:30", False), ("12:00", True))
        self.Window.search([]).unlink()
        self.assertHours("rj", "2026-11-19", ("11:00", True), ("22:59", True), ("23:00", False))

    @mute_logger("odoo.sql_db")
    def test_rules(self):
        for user in (self.collector, self.supervisor):
            with self.assertRaises(AccessError):
                self.Window.with_user(user).search([], limit=1).weekday_from = 7
        for values in ({}, {"state_id": self.env.ref("base.state_br_sp").id}):
            with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
                self.Window.create(values)
        with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
            self.Window.create({"state_id": self.env.ref("base.state_br_mg").id, "weekday_to": 25})

    def test_every_state_has_a_clock(self):
        codes = {state.code for state in self.env["res.country.state"].search([("country_id.code", "=", "BR")])}
        self.assertEqual(len(codes), 27)
        self.assertLessEqual(set(contact_hours.ZONES), codes)
