from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class CobrancaContractChecks(models.AbstractModel):
    """What must be in order before a contract is billed, in words that say what to do."""

    _name = "cobranca.contract.checks"
    _description = "Checks of a Billing Contract"

    def _check_complete(self):
        """:raise UserError: with all gaps of this contract in one message"""
        if gaps := self._get_gaps():
            raise UserError("\n".join(gaps))

    def _get_gaps(self):
        """What is missing or wrong for billing, in words that say what to do.

        :return: list of str, empty when the contract can be billed
        """
        self.ensure_one()
        checks = [
            (not self.partner_id.active, self.env._("The customer is archived: restore him or close the contract.")),
            (not self.line_ids, self.env._("There are no lines: add what is to be billed.")),
            (
                self.line_ids and self.currency_id.compare_amounts(self.amount_total, 0) <= 0,
                self.env._("The amount per period is zero: give the lines a price."),
            ),
            (
                any(not line.product_id.active for line in self.line_ids),
                self.env._("A product of the lines is archived: replace it."),
            ),
            (
                any(not line.account_id for line in self.line_ids),
                self.env._("A line has no income account: choose one."),
            ),
            (
                any(not tax.active for tax in self.with_context(active_test=False).line_ids.tax_ids),
                self.env._("A tax of the lines is archived: replace or remove it."),
            ),
            (not self.journal_id.active, self.env._("The journal is archived: choose another.")),
        ]
        return [message for is_wrong, message in checks if is_wrong]

    def _get_gaps_before_first_billing(self):
        """Refuse to bill a customer's past all at once because of an old start date."""
        self.ensure_one()
        today = self.company_id._cobranca_today()
        missed = 0
        index = self.next_period_index
        while (period := self._prepare_period(index)) and period["date_due"] < today:
            if self.date_end and period["date_start"] > self.date_end:
                break
            missed += 1
            index += 1
        # A single one is an ordinary contract that was typed in a little late.
        if missed <= 1:
            return []
        return [
            self.env._(
                "%(count)s periods were due before today and would be billed at once. Set 'Billed until' to the last "
                "day that was billed elsewhere.",
                count=missed,
            )
        ]

    def _explain_nothing_due(self):
        if len(self) != 1:
            return self.env._("None of these contracts has anything to bill today.")
        if self.park_reason:
            return self.env._("This contract waits for a correction: %(reason)s", reason=self.park_reason)
        if self.state != "active":
            return self.env._("Only an active contract is billed: activate it first.")
        if not self.next_issue_date:
            return self.env._("Everything of this contract is billed.")
        return self.env._(
            "Nothing is due today. The next invoice is issued on %(date)s.",
            date=format_date(self.env, self.next_issue_date),
        )
