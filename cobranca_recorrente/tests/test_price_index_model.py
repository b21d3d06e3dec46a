from datetime import date
from decimal import Decimal

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import CobrancaCommon

# IPCA as published by IBGE.
IPCA_2019 = (0.32, 0.43, 0.75, 0.57, 0.13, 0.01, 0.19, 0.11, -0.04, 0.10, 0.51, 1.15)


@freeze_time("2020-02-10 15:00:00")
@tagged("post_install", "-at_install")
class TestPriceIndexModel(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Index = cls.env["cobranca.price.index"]
        cls.Value = cls.env["cobranca.price.index.value"]
        cls.index = cls.Index.create({"name": "Test", "code": "TST"})
        cls.fixed = cls.env.ref("cobranca_recorrente.cobranca_price_index_fixed")

    def fill(self, figures=IPCA_2019, year=2019):
        return self.Value.with_user(self.manager).create(
            [
                {"index_id": self.index.id, "month": date(year, number, 1), "percent": percent}
                for number, percent in enumerate(figures, 1)
            ]
        )

    def notes(self):
        return "\n".join(self.index.message_ids.mapped("body"))

    # === SHIPPED === #

    def test_shipped_indices(self):
        series = {index.code: index.sgs_code for index in self.Index.search([("kind", "=", "series")])}
        self.assertEqual(series, {"IPCA": 433, "INPC": 188, "IGP-M": 189, "TAXA LEGAL": 29543, "TST": 0})
        self.assertEqual(self.fixed.with_user(self.collector).display_name, "Fixed percentage (5.00%)")

    # === FIGURES === #

    def test_twelve_months(self):
        self.fill()
        index = self.index.with_user(self.collector)
        self.assertEqual(
            (index.last_month, index.last_percent, index.accumulated, index.value_count),
            (date(2019, 12, 1), "1.15%", "4.31%", 12),
        )
        december = index.value_ids.filtered(lambda value: value.month == date(2019, 12, 1))
        november = index.value_ids.filtered(lambda value: value.month == date(2019, 11, 1))
        self.assertEqual((december.has_accumulated, december.accumulated_percent), (True, 4.31))
        self.assertEqual((november.has_accumulated, november.accumulated_percent), (False, 0.0))
        self.assertEqual(december.display_name, "TST 12/2019")

    def test_figures_follow_a_change(self):
        values = self.fill()
        self.assertEqual(self.index.accumulated, "4.31%")
        values[-1].percent = 2.15
        self.assertEqual(self.index.accumulated, "5.34%")

    def test_the_missing_month_is_named(self):
        self.fill().filtered(lambda value: value.month == date(2019, 7, 1)).unlink()
        self.assertEqual(self.index.accumulated, "— (07/2019 is missing)")
        self.assertEqual(self.index.last_month, date(2019, 12, 1))

    def test_without_values_and_fixed(self):
        self.assertEqual((self.index.last_month, self.index.last_percent, self.index.accumulated), (False, "—", "—"))
        self.assertEqual((self.fixed.accumulated, self.fixed.value_count), ("5.00%", 0))

    def test_six_decimals_stay(self):
        [value] = self.fill([0.123456])
        value.invalidate_recordset()
        self.assertEqual(value._get_percent(), Decimal("0.123456"))
        self.assertEqual(self.index.last_percent, "0.123456%")

    # === READJUSTMENT === #

    def test_factor_for_a_readjustment(self):
        self.fill()
        factor, first, last = self.index.with_user(self.collector)._get_readjustment(date(2020, 1, 15))
        self.assertEqual((round(factor, 8), first, last), (Decimal("1.04306040"), date(2019, 1, 1), date(2019, 12, 1)))
        self.assertEqual(self.fixed._get_readjustment(date(2020, 1, 15)), (Decimal("1.05"), False, False))

    def test_a_missing_month_says_what_to_do(self):
        self.fill(IPCA_2019[:11])
        with self.assertRaisesRegex(UserError, "for 12/2018.*01/15/2020.*Fetch it, import it or type it"):
            self.index._get_readjustment(date(2020, 1, 15))
        with self.assertRaisesRegex(UserError, "TST has no value for 12/2019"):
            self.index._get_readjustment(date(2020, 1, 15), lag=1)

    # === RULES === #

    def test_any_day_means_its_month(self):
        [value] = self.Value.create({"index_id": self.index.id, "month": "2019-03-17", "percent": 0.75})
        self.assertEqual(value.month, date(2019, 3, 1))
        value.month = date(2019, 4, 30)
        self.assertEqual(value.month, date(2019, 4, 1))

    @mute_logger("odoo.sql_db")
    def test_the_database_keeps_the_rules_too(self):
        [value] = self.fill([0.1])
        with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE cobranca_price_index_value SET month = '2019-03-17' WHERE id = %s", [value.id])
        for percent in (101, -51):
            with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
                value.percent = percent
                self.env.flush_all()
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.fill([0.2])
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.Index.create({"name": "Again", "code": "tst"})
        for values in ({"kind": "fixed", "fixed_percent": 101}, {"sgs_code": -1}):
            with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
                self.Index.create({"name": "Wrong", "code": "WRONG", **values})

    def test_a_month_that_has_not_come(self):
        self.fill([0.1, 0.2], year=2020)
        with self.assertRaisesRegex(ValidationError, "03/2020 has not come yet"):
            self.Value.create({"index_id": self.index.id, "month": "2020-03-01", "percent": 0.1})

    def test_the_month_is_the_one_in_brazil(self):
        """Midnight in London, nine in the evening of the last day of January in São Paulo."""
        with freeze_time("2020-02-01 00:30:00"), self.assertRaisesRegex(ValidationError, "02/2020"):
            self.fill([0.1, 0.2], year=2020)

    def test_a_fixed_percentage_has_no_months(self):
        with self.assertRaisesRegex(ValidationError, "fixed percentage"):
            self.Value.create({"index_id": self.fixed.id, "month": "2019-03-01", "percent": 0.75})

    # === WHO === #

    def test_rights(self):
        [value] = self.fill([0.1])
        for user in (self.collector, self.supervisor):
            self.assertEqual(value.with_user(user).percent, 0.1)
            with self.assertRaises(AccessError):
                value.with_user(user).percent = 0.2
            with self.assertRaises(AccessError):
                self.Index.with_user(user).create({"name": "Mine", "code": "MINE"})
            with self.assertRaises(AccessError):
                self.index.with_user(user).action_fetch()
        value.with_user(self.manager).unlink()

    def test_nobody_marks_a_figure_as_published(self):
        [value] = self.fill([0.1])
        Value = self.Value.with_user(self.manager)
        month = {"index_id": self.index.id, "month": "2019-03-01", "percent": 0.75}
        for values in ({"source": "bcb"}, {"is_published": True}, {"published_percent": 0.3}):
            with self.assertRaises(AccessError):
                value.with_user(self.manager).write(values)
            with self.assertRaises(AccessError):
                Value.create({**month, **values})
        self.assertEqual(Value.create(month).source, "manual")

    # === TRACE === #

    def test_what_people_do_to_figures_leaves_a_trace(self):
        first, second = self.fill([0.1, 0.2])
        self.assertIn("01/2019: 0.10%", self.notes())
        (first + second).with_user(self.manager).percent = 0.2
        self.assertIn("01/2019: 0.10%, now 0.20%", self.notes())
        self.assertNotIn("02/2019: 0.20%, now", self.notes())
        first.with_user(self.manager).unlink()
        self.assertIn("Values deleted:<ul><li>01/2019: 0.20%</li></ul>", self.notes())

    def test_a_published_figure_that_is_changed_becomes_the_persons(self):
        [value] = self.fill([0.1])
        value.sudo().write({"source": "bcb", "is_published": True, "published_percent": 0.1})
        value = value.with_user(self.manager)
        value.percent = 0.1
        self.assertEqual((value.source, value.is_disputed), ("bcb", False))
        value.percent = 0.3
        self.assertEqual((value.source, value.is_disputed), ("manual", True))
        value.percent = 0.1
        self.assertEqual((value.source, value.is_disputed), ("manual", False))

    def test_copy(self):
        self.fill()
        copy = self.index.with_user(self.manager).copy()
        self.assertEqual((copy.code, copy.value_ids.ids), ("TST (copy)", []))

    def test_values_of_one_index(self):
        action = self.index.with_user(self.manager).action_view_values()
        self.assertEqual(action["domain"], [("index_id", "=", self.index.id)])
        self.assertEqual(action["context"]["default_index_id"], self.index.id)
