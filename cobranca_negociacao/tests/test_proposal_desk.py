from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .proposal_common import FIRST, HIDDEN, ProposalCommon


@tagged("post_install", "-at_install")
class TestProposalDesk(ProposalCommon):
    """The figures side by side, nothing of which is written."""

    def test_dialog_begins_with_what_is_late_and_three_offers(self):
        answer = self.open()
        self.assertEqual([debt["amount"] for debt in answer["debts"]], ["1,343.75", "1,330.85", "1,317.09"])
        self.assertEqual([debt["detail"] for debt in answer["debts"]], ["65 days late", "35 days late", "3 days late"])
        self.assertEqual(answer["values"]["line_ids"], self.lines.ids)
        # Two business days on: Friday is a holiday.
        self.assertEqual(answer["values"]["first"], FIRST)
        self.assertEqual([column["key"] for column in answer["values"]["columns"]], ["cash", "short", "long"])
        self.assertEqual((answer["empty"], answer["title"]), ("", self.bakery.name))
        self.assertEqual(answer["result"]["until"], "24/11, 23:59")

    def test_figures_to_the_cent(self):
        """2 % once, 1 % a month by day; Price at 1 % beyond three installments, whose last one takes the cents."""
        result = self.open()["result"]
        self.assertIn("3,991.69", result["total"])
        rows = ("before", "fine", "interest", "principal", "financing", "down", "present")
        self.assertEqual(
            self.texts(result, "cash", *rows),
            ["3,991.69", "− 77.40", "− 22.15", "—", "—", "3,892.14", "3,892.14"],
        )
        self.assertEqual(
            self.texts(result, "short", *rows),
            ["3,991.69", "− 77.40", "—", "—", "—", "1,174.29", "3,849.82"],
        )
        self.assertEqual(
            self.texts(result, "long", *rows), ["3,991.69", "—", "—", "—", "+ 96.42", "798.34", "3,972.92"]
        )
        cells = self.column(result, "short")["cells"]
        self.assertEqual((cells["installments"]["count"], cells["installments"]["value"]), (3, "913.34"))
        self.assertIn("913.33", cells["installments"]["text"])
        self.assertIn("913.34", cells["installments"]["note"])
        self.assertEqual((cells["fine"]["note"], cells["end"]["text"]), ("100 %", "02/24/2027"))
        totals = [self.column(result, key)["cells"]["total"]["value"] for key in ("cash", "short", "long")]
        self.assertEqual(totals, ["3892.14", "3914.29", "4088.11"])
        self.assertNotIn("correction", result["rows"])
        self.assertEqual(result["sendable"], [0, 1, 2])

    def test_fits_the_pocket_or_asks(self):
        answer = self.Desk.fit(self.open()["values"], "R$ 600,00", "24/11/2026")
        column = self.column(answer["result"], "fit")
        self.assertEqual(self.texts(answer["result"], "fit", "financing", "down"), ["+ 119.69", "600.00"])
        self.assertEqual((column["cells"]["installments"]["count"], column["cells"]["total"]["value"]), (6, "4111.38"))
        self.assertIn("585.23", column["cells"]["installments"]["text"])
        self.assertFalse(column["limit"]["is_within"])
        self.assertIn("6", column["limit"]["details"][0])
        self.assertEqual(answer["result"]["sendable"], [0, 1, 2])
        again = self.Desk.fit(answer["values"], "2000", FIRST)
        self.assertEqual([column["key"] for column in again["values"]["columns"]], ["cash", "short", "long", "fit"])
        self.assertTrue(self.column(again["result"], "fit")["limit"]["is_within"])
        with self.assertRaisesRegex(UserError, "So little"):
            self.Desk.fit(answer["values"], "1", FIRST)

    def test_every_figure_is_edited_and_the_rest_follows(self):
        values = self.open()["values"]
        for field, typed, cell, expected in (
            ("total", "3.900,00", "total", "3900.00"),
            ("down", "1.000,00", "down", "1000.00"),
            ("fine", "50 %", "fine", "38.70"),
            ("fine", "38,70", "fine", "38.70"),
            ("percent_interest", "25", "interest", "11.07"),
            ("count", "2", "installments", "1370.00"),
            ("amount", "1000", "installments", "913.34"),
            ("rate", "1", "installments", "940.74"),
        ):
            with self.subTest(field=field):
                answer = self.Desk.simulate_edit(values, 1, field, typed)
                column = answer["result"]["columns"][1]
                self.assertEqual(column["cells"][cell]["value"], expected)
                others = [each for each in answer["values"]["columns"] if each["key"] != "short"]
                self.assertEqual(others, [each for each in values["columns"] if each["key"] != "short"])

    def test_edit_of_the_whole_dialog(self):
        values = self.open()["values"]
        answer = self.Desk.simulate_edit(values, False, "line_ids", self.lines[:1].ids)
        self.assertEqual(answer["values"]["line_ids"], self.lines[:1].ids)
        self.assertIn("1,343.75", answer["result"]["total"])
        moved = self.Desk.simulate_edit(values, False, "first", "2026-11-30")
        self.assertEqual({column["first"] for column in moved["values"]["columns"]}, {"2026-11-30"})
        self.assertEqual(moved["result"]["sendable"], [], "eleven days are beyond the ten of the authority")

    def test_what_is_typed_badly_changes_nothing(self):
        values = self.open()["values"]
        for field, typed in (
            ("total", "NaN"),
            ("total", "-5"),
            ("total", "1e9"),
            ("total", "9999999999999"),
            ("total", "0"),
            ("total", ""),
            ("total", None),
            ("down", "4.000,00"),
            ("count", "1000000000"),
            ("count", "-1"),
            ("fine", "101 %"),
            ("fine", "77,41"),
            ("first", "31/02/2026"),
            ("nothing", "1"),
            ("percents", "1"),
            (None, "1"),
        ):
            with self.subTest(field=field, typed=typed), self.assertRaises(UserError):
                self.Desk.simulate_edit(values, 1, field, typed)

    def test_what_is_sent_back_is_not_believed(self):
        values = self.open()["values"]
        foreign = self.receivable(self.make_invoice(100.0, "2026-11-10", self.customer))
        column = values["columns"][0]
        for changed in (
            {"line_ids": foreign.ids},
            {"line_ids": ["1"]},
            {"line_ids": [True]},
            {"partner_id": -1},
            {"partner_id": "1 OR 1"},
            {"columns": [{**column, "count": 10**9}]},
            {"columns": [{**column, "count": -1}]},
            {"columns": [{**column, "count": True}]},
            {"columns": [{**column, "down": "NaN"}]},
            {"columns": [{**column, "down": "Infinity"}]},
            {"columns": [{**column, "percents": {"fine": "101"}}]},
            {"columns": [{**column, "percents": {"all": "1"}}]},
            {"columns": [{**column, "rate": "-1"}]},
            {"columns": [{**column, "method": "free"}]},
            {"columns": [{**column, "first": "20261124"}]},
            {"columns": [column, column]},
            {"columns": [{**column, "key": str(number)} for number in range(5)]},
            {"columns": [{}]},
            {"columns": "all"},
            {"first": ""},
            {"counter_of_id": 10**12},
        ):
            with self.subTest(changed=changed), self.assertRaises(UserError):
                self.Desk.simulate({**values, **changed})
        with self.assertRaises(UserError):
            self.Desk.simulate([])

    def test_a_plan_that_cannot_be_has_its_reason_and_no_figures(self):
        values = self.open()["values"]
        values["columns"][1]["down"] = "9999.00"
        column = self.Desk.simulate(values)["columns"][1]
        self.assertEqual(column["cells"], {})
        self.assertIn("down payment", column["error"])

    def test_debts_that_cannot_be_agreed_on_say_why(self):
        self.env["cobranca.dispute"].with_user(self.collector)._record(
            self.lines[0].with_user(self.collector), 100.0, "amount"
        )
        self.env["cobranca.hold"]._start(self.company, self.bakery, "court", self.day(), None, lines=self.lines[1])
        answer = self.open()
        reasons = {debt["id"]: debt["reason"] for debt in answer["debts"]}
        self.assertIn("isputed", reasons[self.lines[0].id])
        self.assertIn("Court", reasons[self.lines[1].id])
        self.assertEqual((reasons[self.lines[2].id], answer["values"]["line_ids"]), ("", self.lines[2].ids))
        self.env["cobranca.hold"]._start(self.company, self.bakery, "deceased", self.day(), None)
        nothing = self.open()
        self.assertIn("No invoice", nothing["empty"])
        self.assertEqual(nothing["result"]["columns"], [])
        with self.assertRaisesRegex(UserError, "changed"):
            self.Desk.simulate(answer["values"])

    def test_customer_without_debts(self):
        self.assertIn("Nothing", self.open(partner=self.customer)["empty"])

    def test_without_policy_nothing_is_conceded(self):
        self.policy.active = False
        result = self.open()["result"]
        self.assertEqual(self.texts(result, "cash", "fine", "interest"), ["—", "—"])
        self.assertIn("nothing may be conceded", result["explanation"])

    def test_nothing_is_written_and_nothing_can_be(self):
        values = self.Desk.fit(self.open()["values"], "600", FIRST)["values"]
        before = self.env["cobranca.proposal"].search_count([])
        self.env.flush_all()
        with self.env.cr.savepoint():
            self.env.cr.execute("SET TRANSACTION READ ONLY")  # until the savepoint is left
            self.open()
            self.Desk.simulate(values)
            self.Desk.simulate_edit(values, 1, "down", "1000")
            self.Desk.preview(values, [0, 1, 3])
        self.assertEqual(self.env["cobranca.proposal"].search_count([]), before)

        def write(desk, scene, plans):
            desk.env["res.partner"].sudo().search([], limit=1).write({"comment": "x"})
            desk.env.flush_all()

        with (
            patch.object(type(self.Desk), "_find_match", write),
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction),
            self.env.cr.savepoint(),
        ):
            self.Desk.simulate(values)

    def test_customer_reads_no_limits(self):
        values = self.open()["values"]
        words = self.Desk.preview(values, [0, 1])
        text = words["subject"] + words["body"]
        for said in ("3,892.14", "3,914.29", "Down payment + 3", "11/24/2026", "CNPJ 11.444.777/0001-61"):
            self.assertIn(said, text)
        for hidden in HIDDEN:
            self.assertNotIn(hidden, text)
        self.assertNotIn("href", words["body"])
        single = self.Desk.preview(values, [1])["body"]
        self.assertIn("Discount on the fine", single)
        self.assertNotIn("3,892.14", single)

    def test_only_the_collection_team(self):
        stranger = new_test_user(self.env, "stranger", "account.group_account_invoice")
        values = self.open()["values"]
        for call in (
            lambda desk: desk.simulate_open(self.bakery.id, []),
            lambda desk: desk.simulate(values),
            lambda desk: desk.simulate_edit(values, 0, "total", "1"),
            lambda desk: desk.fit(values, "600", FIRST),
            lambda desk: desk.preview(values, [0]),
            lambda desk: desk.send(values, [0]),
            lambda desk: desk.ask_approval(values, 0, "x"),
        ):
            with self.assertRaisesRegex(AccessError, "collection team"):
                call(self.Desk.with_user(stranger))

    def test_history_points_one_out(self):
        self.assertFalse(any(column["tag"] for column in self.open()["result"]["columns"]))
        for month in ("05", "06", "07"):
            line = self.receivable(self.make_invoice(1200.0, f"2026-{month}-10"))
            self.pay(line, 1200.0, f"2026-{month}-11")
        result = self.open()["result"]
        self.assertEqual([bool(column["tag"]) for column in result["columns"]], [False, True, False])
        self.assertIn("1,200.00", self.column(result, "short")["tag"]["why"])

    def test_more_debts_cost_no_more_queries(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.open()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for _number in range(20):
            self.make_invoice(10.0, "2026-10-20")
        self.assertLessEqual(count(), few + 4)

    def day(self):
        return self.company._cobranca_today()
