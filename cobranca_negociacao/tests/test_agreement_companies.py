from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .agreement_common import FIRST_DUE, SIGNED, TODAY, AgreementCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementCompanies(AgreementCommon):
    """One customer of two companies: what is agreed with one is nothing to the other."""

    def of_company(self, company):
        """{account: balance} of all that a company has posted."""
        rows = self.env["account.move.line"]._read_group(
            [("company_id", "=", company.id), ("parent_state", "=", "posted")], ["account_id"], ["balance:sum"]
        )
        self.assertEqual(company.currency_id.round(sum(balance for _account, balance in rows)), 0.0)
        return {account: company.currency_id.round(balance) for account, balance in rows if balance}

    def make_other(self):
        """Another company, and a debt of the same customer to it."""
        company = self.env["res.company"].create({"name": "Other", "country_id": self.env.ref("base.br").id})
        self.env["account.chart.template"].try_loading("br", company=company, install_demo=False)
        self.env.cr.precommit.run()
        fee = {"name": "Fee", "price_unit": 100.0, "tax_ids": [Command.clear()]}
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": FIRST_DUE,
                    "invoice_date_due": FIRST_DUE,
                    "invoice_line_ids": [Command.create(fee)],
                }
            )
        )
        move.action_post()
        return company, move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def test_two_companies(self):
        other, theirs = self.make_other()
        ours = self.invoice(200.0)
        nothing = self.of_company(other)
        with self.assertRaisesRegex(UserError, "to one company"):
            self.Agreement._sign(
                self.company, self.customer, self.plan(ours | theirs, down=None), ours | theirs, SIGNED
            )
        agreement = self.sign(ours, down=None, count=2, method="none")
        self.assertEqual((self.of_company(other), theirs.amount_residual), (nothing, 100.0))
        mine = self.of_company(self.company)
        Agreement = self.Agreement.with_company(other)
        plan = self.plan(theirs, down=None, count=2, method="none")
        second = Agreement._sign(other, self.customer, plan, theirs, SIGNED)
        self.assertEqual(self.of_company(self.company), mine)
        self.assertEqual(second.entry_ids.company_id, other)
        self.assertEqual(second.move_id.journal_id.company_id, other)
        self.assertNotEqual(second.move_id.journal_id, agreement.move_id.journal_id)
        self.assertEqual(second.entry_ids.line_ids.account_id.company_ids, other)
        self.assertEqual(theirs.reconciled, True)
        # Who works for one company knows nothing of the other's agreement, and cannot end it.
        self.assertEqual(self.Agreement.with_user(self.supervisor).search([]), agreement)
        with self.assertRaises(AccessError):
            second.with_user(self.supervisor).read(["total"])
        second._break(SIGNED, "Not paid")
        self.assertEqual((agreement.state, self.of_company(self.company)), ("active", mine))
        self.assertEqual((self.of_company(other), theirs.amount_residual), (nothing, 100.0))
