from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

# More time than that is another agreement, or a year that was mistyped.
LONGEST = relativedelta(years=1)


class CobrancaAgreementPostponement(models.AbstractModel):
    """A later due date for one installment: only that changes, nothing is booked."""

    _name = "cobranca.agreement.postponement"
    _description = "Postponement of an Installment"

    # === BUSINESS METHODS === #

    def _postpone(self, installment, due, reason):
        """Give an open installment a later due date, as of which it is reminded and late.

        :param installment: cobranca.agreement.installment
        :param date due: its new due date
        :param str reason: kept in the history
        :raise AccessError: for who is no collector; beyond the days that collectors may grant, and for what is late
            already (whose charges begin anew), for who is no supervisor
        :raise UserError: without a reason, for what is not open, or for a day that is earlier or taken
        """
        self.ensure_one()
        reason = (reason or "").strip()
        self._check_may_postpone(installment, due)
        if not reason:
            raise UserError(self.env._("Write why the installment is postponed."))
        agreement, item = self.sudo(), installment.sudo()  # sudo: the right was checked
        agreement._claim()
        agreement._check_postponed(item, due)
        before, item.due = item.due, due
        # The amounts stay: Odoo must not draw up the receivable lines anew.
        item.line_id.with_context(skip_invoice_sync=True).date_maturity = due
        agreement.move_id.with_context(skip_invoice_sync=True, tracking_disable=True).invoice_date_due = max(
            agreement.installment_ids.mapped("due")
        )
        agreement._follow_placements()
        self.env["cobranca.case.touch"]._touch(agreement.company_id, agreement.partner_id)
        agreement.message_post(
            body=self.env._(
                "%(installment)s postponed from %(before)s to %(after)s: %(reason)s",
                installment=item._get_label(),
                before=format_date(self.env, before),
                after=format_date(self.env, due),
                reason=reason,
            )
        )

    def _check_may_postpone(self, installment, due):
        """:raise AccessError: for who may not grant this"""
        self._check_group("collector", self.env._("Installments are postponed by people of Cobrança."))
        company = self.company_id
        days = company.sudo().cobranca_agreement_postpone_days  # sudo: a setting of the company
        is_long = bool(due) and (due - installment.due_agreed).days > days
        if is_long or installment.due < company._cobranca_today():
            self._check_group(
                "supervisor",
                self.env._(
                    "Collectors postpone by up to %(days)s days, and before the due date: ask a supervisor.", days=days
                ),
            )

    def _check_postponed(self, item, due):
        """:raise UserError: when an installment cannot get a due date"""
        if item.agreement_id != self or self.state != "active" or not item._get_open():
            raise UserError(self.env._("Only an open installment of an agreement in force can be postponed."))
        if not due or due <= item.due or due < self.company_id._cobranca_today():
            raise UserError(
                self.env._("The due date is %(due)s: choose a later one.", due=format_date(self.env, item.due))
            )
        if due > (last := item.due_agreed + LONGEST):
            raise UserError(
                self.env._(
                    "Choose a day up to %(day)s, a year after the due date that was agreed: for more time make a new "
                    "agreement.",
                    day=format_date(self.env, last),
                )
            )
        if due in (self.installment_ids - item).mapped("due"):
            raise UserError(
                self.env._("Another installment is due on %(due)s: choose another day.", due=format_date(self.env, due))
            )
