from odoo.exceptions import AccessError, UserError
from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from .debt_common import DebtCommon


@freeze_time("2026-11-21 15:00:00")
@tagged("post_install", "-at_install")
class TestPrescription(DebtCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.make_invoice("2021-11-20", "2021-11-20")
        cls.recent = cls.make_invoice("2021-11-21", "2021-11-21")

    @classmethod
    def make_invoice(cls, day, due, partner=None):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": day,
                "invoice_date_due": due,
                "journal_id": cls.company.cobranca_contract_journal_id.id,
                "invoice_line_ids": [(0, 0, {"product_id": cls.product.id, "price_unit": 100})],
            }
        )
        move.action_post()
        return move

    def prescribed(self, value=True):
        Move = self.env["account.move"].with_user(self.collector)
        domain = [("cobranca_is_prescribed", "=", value), ("id", "in", (self.old | self.recent).ids)]
        return Move.search(domain)

    def test_five_years(self):
        old, recent = self.old.with_user(self.collector), self.recent.with_user(self.collector)
        self.assertEqual(
            (old.cobranca_prescription_date, old.cobranca_is_prescribed), (Date.to_date("2026-11-21"), True)
        )
        self.assertEqual(recent.cobranca_prescription_date, Date.to_date("2026-11-22"))
        self.assertFalse(recent.cobranca_is_prescribed)
        self.assertEqual((self.prescribed(), self.prescribed(False)), (self.old, self.recent))
        with freeze_time("2026-11-22 15:00:00"):
            self.assertEqual(self.prescribed(), self.old | self.recent)

    def test_nature_of_the_debt(self):
        self.give(self.customer, self.make_policy("all", prescription="rent"), is_first=True)
        self.assertEqual(self.prescribed(), self.old | self.recent)
        self.assertEqual(self.recent.cobranca_prescription_date, Date.to_date("2024-11-22"))
        self.give(self.customer, self.make_policy("all", prescription="general"), is_first=True)
        self.assertFalse(self.prescribed())

    def test_paid_debts_are_not_listed(self):
        line = self.old.line_ids.filtered(lambda line: line.account_id == self.receivable)
        self.pay(line, 100, "2022-01-05")
        self.assertFalse(self.prescribed())

    def test_interrupted_once(self):
        self.old.with_user(self.supervisor).cobranca_interruption_date = "2023-05-10"
        self.assertEqual(self.old.cobranca_prescription_date, Date.to_date("2028-05-11"))
        self.assertFalse(self.prescribed())
        with self.assertRaisesRegex(UserError, "once"):
            self.old.with_user(self.supervisor).cobranca_interruption_date = "2024-05-10"
        self.old.with_user(self.manager).cobranca_interruption_date = "2023-05-11"

    def test_interruption_by_whom_and_when(self):
        with self.assertRaises(AccessError):
            self.old.with_user(self.collector).cobranca_interruption_date = "2023-05-10"
        for day in ("2021-11-19", "2026-11-22"):
            with self.assertRaisesRegex(UserError, "between"):
                self.old.with_user(self.supervisor).cobranca_interruption_date = day
