import random

import pytest

from odoo import Command
from odoo.tests import freeze_time, tagged

from .invoice_cases import InvoiceCases
from .invoice_factory_case import InvoiceFactoryCase
from .invoice_more_cases import MoreInvoiceCases


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestInvoiceMoreShapes(InvoiceFactoryCase):
    """Customers, companies and days that the shapes of `test_invoice_factory` do not have."""

    Cases = MoreInvoiceCases

    def assert_both_ways(self, cases):
        cases = self.some(cases)
        by_odoo = self.make_by_odoo(cases)
        for fast in (False, True):
            self.company.cobranca_fast_posting = fast
            self.ways.clear()
            self.assert_equal_to_odoo(cases, by_odoo)
            self.assertFalse(self.stopped, "a check of its own found a difference")
            self.assertGreater(self.ways["fast" if fast else "copied"], 0.3 * self.ways.total(), self.ways)

    def test_more_shapes(self):
        self.assert_both_ways(self.cases.more_cases())

    def test_all_shapes_in_one_call(self):
        """In a batch of all of them each invoice finds its own shape."""
        # Each shape alone is compared elsewhere; here some are among strangers.
        cases = list(self.some(self.cases.all_cases() | self.cases.more_cases()).values())
        batch = [vals for five in cases for vals in five[:3]]
        random.Random(7).shuffle(batch)
        self.assert_both_ways({"batch": batch})

    def test_company_that_rounds_at_the_end(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.assert_both_ways(self.cases.tax_setup_cases() | self.cases.amount_cases())

    def test_company_whose_prices_include_taxes(self):
        self.company.account_price_include = "tax_included"
        self.assert_both_ways(self.cases.tax_setup_cases())

    def test_terms_and_conditions_of_the_company(self):
        self.env["ir.config_parameter"].set_param("account.use_invoice_terms", True)
        self.company.invoice_terms = "<p>Terms</p>"
        self.company.with_context(lang="pt_BR").invoice_terms = "<p>Condições</p>"
        self.company.incoterm_id = self.env["account.incoterms"].search([], limit=1)
        self.assert_both_ways(self.cases.language_cases() | self.cases.partner_cases())

    def test_locked_days(self):
        """Posting moves the accounting date: nothing of that is known to the fast way."""
        self.company.fiscalyear_lock_date = "2026-01-01"
        lines = lambda k: [self.cases.line(k), self.cases.line(k, tax="none")]  # noqa: E731
        dates = {"invoice_date": lambda k: f"2026-01-0{1 + k % 2}"}
        self.assert_both_ways({"locked": self.cases.five(lines, **dates), "open": self.cases.five(lines)})

    def test_second_company(self):
        """Made from the first one, as by a run over all companies."""
        other = self.env["res.company"].create({"name": "Other", "country_id": self.env.ref("base.br").id})
        self.env["account.chart.template"].try_loading("br", company=other, install_demo=False)
        self.env.user.company_ids |= other
        theirs = InvoiceCases(
            self.env(context={**self.env.context, "allowed_company_ids": [other.id, self.company.id]})
        )
        cases = theirs.term_cases() | theirs.partner_cases()
        for vals in (vals for five in cases.values() for vals in five):
            vals["company_id"] = other.id
            self.assertEqual(self.env["account.journal"].browse(vals["journal_id"]).company_id, other)
        other.cobranca_fast_posting = True
        self.assert_equal_to_odoo(cases)
        self.assertTrue(other.cobranca_fast_posting)
        self.assertGreater(self.ways["fast"], 0.5 * self.ways.total())
        with self.undone():
            moves = self.factory._create(cases["term one"] + self.cases.tax_cases()["tax ten"])
            self.factory._post(moves)
            self.assertEqual(moves.company_id, other | self.company)

    def test_what_a_client_sends_is_no_fast_way(self):
        """The key alone, as in the context of a call from outside, changes nothing."""
        vals = self.cases.tax_cases()["tax ten"][0]
        lines = [Command.create({**command[2], "price_subtotal": 1.0}) for command in vals["invoice_line_ids"]]
        forged = {**vals, "invoice_line_ids": lines, "amount_total": 1.0, "amount_untaxed": 1.0}
        for key in (True, 1, "cobranca_fast"):
            move = self.env["account.move"].with_context(cobranca_fast=key).create({**forged})
            self.assertEqual((move.amount_total, move.amount_untaxed), (220.0, 200.0))
            self.assertEqual(move.invoice_line_ids.mapped("price_subtotal"), [100.0, 100.0])


@pytest.mark.soak
@tagged("post_install", "-at_install", "-standard", "soak")
@freeze_time("2026-01-05 15:00:00")
class TestInvoiceMoreShapesAtLength(TestInvoiceMoreShapes):
    PART = 1
