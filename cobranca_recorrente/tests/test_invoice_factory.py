from unittest.mock import patch

import pytest

from odoo.tests import freeze_time, tagged

from .invoice_cases import COPIES
from .invoice_factory_case import InvoiceFactoryCase

# These Odoo makes itself, one by one.
NOT_KNOWN = {"term mixed", "cash rounding", "no due date"}


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestInvoiceFactory(InvoiceFactoryCase):
    def test_both_ways(self):
        """Odoo makes each invoice once; either way of ours has to make the same."""
        cases = self.cases.all_cases()
        self.assertGreaterEqual(sum(map(len, cases.values())), 200)
        cases = self.some(cases)
        by_odoo = self.make_by_odoo(cases)
        with self.subTest("normal"):
            self.assert_equal_to_odoo(cases, by_odoo)
            self.assertGreater(self.ways["copied"], 0.6 * self.ways.total())
            self.assertEqual(self.ways["fast"], 0)
        with self.subTest("fast"):
            self.ways.clear()
            self.company.cobranca_fast_posting = True
            self.assert_equal_to_odoo(cases, by_odoo)
            self.assertGreater(self.ways["fast"], 0.6 * self.ways.total())
            self.assertFalse(self.stopped, "a check of its own found a difference")

    def test_what_is_not_known_is_made_by_odoo(self):
        cases = self.cases.all_cases()
        for name in NOT_KNOWN:
            self.ways.clear()
            self.factory._create(cases[name])
            self.assertEqual(self.ways, {"standard": COPIES, "copied": 0, "fast": 0}, name)

    # === WHAT IS NOT KNOWN === #

    def test_field_of_an_unknown_module(self):
        """While a module adds stored computed fields that were not proved, Odoo makes all."""
        Shape = type(self.env["cobranca.invoice.shape"])
        known = Shape._get_known_modules(self.env["cobranca.invoice.shape"])
        self.assertEqual(self.env["cobranca.invoice.shape"]._get_unknown_code(), ())
        with patch.object(Shape, "_get_known_modules", lambda _shape: known - {"l10n_latam_invoice_document"}):
            self.env.registry.clear_cache()
            self.make_five()
            unknown = self.env["cobranca.invoice.shape"]._get_unknown_code()
        self.env.registry.clear_cache()
        self.assertEqual(self.ways, {"standard": COPIES, "copied": 0, "fast": 0})
        self.assertIn("l10n_latam_invoice_document: account.move.l10n_latam_document_type_id", unknown)

    def test_engine_that_disagrees_with_odoo(self):
        """What the engine cannot reproduce of the first invoice, it may not compute for the others."""
        Engine = type(self.env["cobranca.invoice.engine"])
        compute = Engine._compute_items

        def wrong(engine, prototype, vals):
            items = compute(engine, prototype, vals)
            items.taxes[0]["balance"] += 0.01
            return items

        with patch.object(Engine, "_compute_items", wrong):
            self.make_five()
        self.assertEqual(self.ways, {"standard": COPIES, "copied": 0, "fast": 0})

    # === PEOPLE === #

    def test_lowest_rights(self):
        for fast in (False, True):
            self.company.cobranca_fast_posting = fast
            factory = self.factory.with_user(self.supervisor)
            moves = factory._create(self.cases.tax_cases()["tax ten"])
            factory._post(moves)
            self.assertEqual(moves.mapped("state"), ["posted"] * COPIES)

    def test_customers_are_ranked(self):
        self.company.cobranca_fast_posting = True
        self.make_five()
        self.assertEqual(self.cases.partners.mapped("customer_rank"), [1] * COPIES)


@pytest.mark.soak
@tagged("post_install", "-at_install", "-standard", "soak")
@freeze_time("2026-01-05 15:00:00")
class TestInvoiceFactoryAtLength(TestInvoiceFactory):
    PART = 1
