from itertools import islice

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools import recurrence

# Among so many charges there is one of a period, however many one-off items have invoices of their own.
CHARGES_AHEAD = 100


class CobrancaContractDue(models.AbstractModel):
    """Other due dates of an active contract: of all that is to come, or of one charge."""

    _name = "cobranca.contract.due"
    _description = "Due Dates of a Billing Contract"

    # === BUSINESS METHODS === #

    def _change_due_day(self, day, reason=False):
        """Move all due dates that are not billed yet to another day of the month.

        :raise UserError: for periods of days or weeks, which fall due when they begin
        """
        contract = self._locked_for_change()
        if contract.interval_unit not in recurrence.MONTHS:
            raise UserError(self.env._("Periods of days or weeks have no due day: they fall due when they begin."))
        today = contract.company_id._cobranca_today()
        amount, before = contract._get_monthly_amount(today), contract._get_next_due_of_period()
        contract.sudo().write({"due_day": day, "due_mode": "day"})  # sudo: guarded, after the access check
        charge, _following = contract._get_charge_to_postpone()
        if charge and before and charge.due < today <= before:
            # Nobody can pay on a day that is past: the next invoice keeps its due date.
            contract._write_postponed(charge, before)
        elif charge and contract._is_postponed(charge) and contract.postponed_due_date <= charge.due:
            # What was granted is no longer later than what all are granted.
            contract._write_postponed(charge, False)
        contract._log_change("due", today, amount, reason)

    def _postpone_next(self, due):
        """Move the next due date that is not billed yet, this time only; its own day takes that back.

        :raise UserError: for a day before it, or after the due date that follows
        """
        contract = self._locked_for_change()
        charge, following = contract._get_charge_to_postpone()
        is_taken_back = charge and due == charge.due and contract._is_postponed(charge)
        if not charge or (due <= charge.due and not is_taken_back):
            raise UserError(
                self.env._(
                    "The next due date is %(due)s: choose a later one.",
                    due=format_date(self.env, charge.due) if charge else "–",
                )
            )
        if following and due > following.due:
            raise UserError(
                self.env._(
                    "The invoice after it is due on %(due)s: choose a day up to that one.",
                    due=format_date(self.env, following.due),
                )
            )
        contract._write_postponed(charge, due if due > charge.due else False)

    def _get_charge_to_postpone(self):
        """(The next charge of a period, the one that follows it), by the conditions; None where there is none.

        One-off items with an invoice of their own are passed by, unless nothing else is left.
        """
        charges = list(islice(self._iter_dates(self._get_taken()[self.id]), CHARGES_AHEAD))
        of_periods = [charge for charge in charges if charge.parts] or charges
        return (*of_periods[:2], None, None)[:2]

    def _get_next_due_of_period(self):
        charge, _following = self._get_charge_to_postpone()
        if not charge:
            return None
        return self.postponed_due_date if self._is_postponed(charge) else charge.due

    def _write_postponed(self, charge, due):
        values = {"postponed_due_date": due, "postponed_part": due and charge.keys[0]}
        self.sudo().write(values)  # sudo: guarded fields, after the access check
