from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.cobranca_recorrente.models.account_chart_template import TRANSFER_JOURNAL

from .cobranca_agreement_entries import ON, OURS


class CobrancaAgreementRestoring(models.AbstractModel):
    """An agreement that broke lives again, as if it had not: by the opposite of the break, of today."""

    _name = "cobranca.agreement.restoring"
    _description = "Restoring of an Agreement"

    # === BUSINESS METHODS === #

    def _restore(self, reason, date=None):
        """Take a break back, within the days that the company allows.

        :param str reason: kept in its history and in that of the invoices
        :param date date: of the entries; today when empty
        :return: account.move, the opposite of the break
        :raise AccessError: for who is no supervisor
        :raise UserError: without a reason, too late, or when the debts were paid or agreed on since
        """
        self.ensure_one()
        self._check_group("supervisor", self.env._("Agreements are restored by a supervisor of Cobrança."))
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write why the agreement is restored."))
        agreement = self.sudo()  # sudo: the right was checked; entries are for methods only
        agreement._claim()
        date = date or self.company_id._cobranca_today()
        agreement._check_may_restore(date)
        agreement._check_day(date)
        entry = agreement.with_company(self.company_id)._post_restored(date)
        agreement._tell_restored(reason)
        return entry.with_env(self.env)

    def _check_may_restore(self, date):
        """:raise UserError: for a break that is too long ago, or whose debts are in another agreement"""
        if self.state != "broken":
            return
        last = self.ended_on + timedelta(days=self.company_id.cobranca_agreement_restore_days)
        if date > last:
            raise UserError(
                self.env._(
                    "%(agreement)s could be restored until %(day)s: make a new agreement.",
                    agreement=self.name,
                    day=format_date(self.env, last),
                )
            )
        if taken := self.env["cobranca.agreement.origin"]._get_of_lines(self.origin_ids.line_id):
            raise UserError(
                self.env._(
                    "%(debt)s is in the agreement %(agreement)s by now.",
                    debt=taken[0].line_id.move_name,
                    agreement=taken[0].agreement_id.name,
                )
            )

    def _post_restored(self, date):
        """Take back what the money of the agreement paid, post the opposite of the mirror and pair all anew.

        :return: account.move
        """
        mirror, money = self.mirror_id, self._get_mirror_money()
        self._set_state(("broken",), "active", ended_on=False, restored_on=date)
        self._take_money_back(money, date)
        self._check_debts_unchanged()
        self._free_of_promises(self.company_id, self.origin_ids.line_id, date)
        rows = [(item, self._prepare_opposite(item)) for item in mirror.line_ids.sorted("id")]
        entry, items = self._post_rows("restore", TRANSFER_JOURNAL, date, rows)
        plan = []
        pairs = self._get_mirror_pairs()
        closing = self.env["account.move.line"].union(*(record.mirror_line_id for record, _close in pairs))
        closing.with_context(**{OURS: ON}).remove_move_reconcile()
        for record, close in pairs:
            plan += [record.mirror_line_id | items[record.mirror_line_id], *close]
        plan += [item | items[item] for item in money]
        self.origin_ids.write({"mirror_line_id": False, "is_live": True})
        self.installment_ids.mirror_line_id = False
        self.env["account.move.line"]._reconcile_plan(plan)
        self._give_charges_back()
        self.parent_id._set_state(("active",), "renegotiated")
        self._hold_debts(date)
        self._follow_placements()
        return entry

    def _get_mirror_money(self):
        """The credits of what was paid, in the entry of the break.

        :return: account.move.line
        """
        return self.mirror_id.line_ids.filtered("cobranca_paid_on")

    def _get_mirror_pairs(self):
        """What the mirror opened and closed, with what has to be paired again.

        :return: list of (record with a mirror_line_id, list of account.move.line)
        """
        pairs = [(item, []) for item in self.installment_ids.filtered("mirror_line_id")]
        return [*pairs, *((origin, [origin.transfer_line_id | origin.line_id]) for origin in self.origin_ids)]

    def _take_money_back(self, money, date):
        """Open again what the money of the agreement paid of the original debts."""
        Receipt = self.env["cobranca.receipt"].with_company(self.company_id)
        Receipt._undo(money, date, self.name)

    def _check_debts_unchanged(self):
        """:raise UserError: when an original debt was paid, credited or written off after the break"""
        for origin in self.origin_ids:
            left = origin.line_id.amount_residual
            if self.currency_id.compare_amounts(left, origin.principal):
                raise UserError(
                    self.env._(
                        "%(debt)s changed since the break: %(left)s is open, it was %(before)s. Make a new agreement.",
                        debt=origin.line_id.move_name,
                        left=self.currency_id.format(left),
                        before=self.currency_id.format(origin.principal),
                    )
                )

    def _prepare_opposite(self, item):
        """:return: dict of values of an account.move.line"""
        owner = item.cobranca_agreement_id
        values = self._item(item.account_id, -self._to_cents(item.balance), item.date_maturity, owner=owner)
        return {**values, "partner_id": item.partner_id.id}

    def _give_charges_back(self):
        """What was agreed, forgiven, paid late and left open counts again."""
        # sudo: nobody writes charges but their methods
        charges = self.env["cobranca.charge"].sudo().search([("agreement_id", "=", self.id), ("state", "=", "undone")])
        lines = self.installment_ids.line_id
        late, booked = charges.filtered(lambda charge: charge.line_id in lines), charges.filtered("item_id")
        booked.state = "paid"
        (late - booked).state = "open"
        (charges - booked - late).state = "waived"
        # Late charges of installments are the agreement's only while it is broken.
        late.agreement_id = False
        self.env["cobranca.loss"]._follow_payments(self.origin_ids.line_id)
