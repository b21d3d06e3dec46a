from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .cobranca_contract_period import LIVE_STATES

# Between the alert of a renewal and the renewal, at least.
DAYS_TO_DECIDE = 7


class CobrancaContractClosing(models.AbstractModel):
    """The ways out of a contract that are no ordinary end, and the way back."""

    _name = "cobranca.contract.closing"
    _description = "Withdrawal from a Billing Contract"

    agreed_end = fields.Date(
        string="End agreed before",
        readonly=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="The end that the contract had before somebody ended it: it comes back when that is taken back.",
    )
    agreed_renewal = fields.Char(
        string="Renewal agreed before",
        readonly=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    # === BUSINESS METHODS === #

    def _terminate(self, day, reason, credit=True, waived=False):
        """End this contract with the fee that its minimum term asks for.

        :param date day: last day of the contract
        :param reason: cobranca.close.reason
        :param bool credit: give back what is billed of the days after
        :param waived: why the fee is not charged; False charges it
        :return: one-off items of the settlement, the fee among them
        :raise UserError: without a reason to waive the fee, or without a product to charge it
        """
        self.ensure_one()
        fee, _explanation = self._get_fee_to_charge(day, reason)
        product = self.company_id.cobranca_fee_product_id
        if not fee:
            return self._end(day, reason, credit)
        if waived is not False:
            self._note_waived_fee(fee, waived)
            return self._end(day, reason, credit)
        if not product.active:
            raise UserError(
                self.env._("There is no product for termination fees: choose one in the settings of Cobrança.")
            )
        return self._end(day, reason, credit, fee, product)

    def _get_fee_to_charge(self, day, reason):
        """What is charged for leaving on a day, by whom ends it and what the law allows.

        :return: (float amount, str explanation)
        """
        self.ensure_one()
        if reason and not reason.is_by_customer:
            return 0.0, self.env._("The customer does not end it himself: no fee.")
        fee, explanation = self._get_termination_fee(day)
        # However it is agreed: as all that remains, as 100 % of it, or as an amount that comes to it.
        if fee and self._is_consumer() and self.currency_id.compare_amounts(fee, self._get_remaining_after(day)) >= 0:
            return 0.0, self.env._("A consumer cannot be charged all that remains (CDC, art. 51): no fee.")
        return fee, explanation

    def _take_back_fees(self):
        """Another end, or none, makes the fee of the end chosen before void: it goes, or is given back when billed.

        :return: one-off items that give back
        """
        given_back = self.env["cobranca.contract.line"]
        for fee in self.line_ids.sudo().filtered("is_termination_fee"):  # sudo: written by this method only
            billed = self._get_live_period_of(fee)
            if not billed:
                fee.unlink()
                continue
            fee.is_termination_fee = False
            if billed._is_settled_here():
                given_back |= self._add_adjustment(fee, -fee._get_full_amount(), billed.browse())
        return given_back

    def _get_live_period_of(self, once):
        """The row of the ledger that bills a one-off item, if any."""
        group = once._get_once_group()
        periods = self.sudo().period_ids  # sudo: reads the ledger
        return periods.filtered(lambda period: period.line_group == group and period.state in LIVE_STATES)

    def _note_waived_fee(self, fee, why):
        if not (why or "").strip():
            raise UserError(self.env._("Say why the termination fee is waived: it is kept on the contract."))
        self.message_post(
            body=self.env._(
                "Termination fee of %(amount)s waived: %(why)s", amount=self.currency_id.format(fee), why=why
            )
        )

    def _can_withdraw(self):
        """May the customer still withdraw today (CDC, art. 49)?"""
        self.ensure_one()
        until = self._get_withdrawal_until()
        return self.state == "active" and bool(until) and self.company_id._cobranca_today() <= until

    def _withdraw(self, reason):
        """Undo a distance sale: everything billed is given back, no fee; nothing is billed again.

        The periods stay in the ledger, so that no run bills them again.

        :param reason: cobranca.close.reason
        :return: account.move, the credit notes
        :raise UserError: when the seven days are over, or an invoice was credited in part
        """
        contract = self._locked_for_change()
        if not contract._can_withdraw():
            raise UserError(self.env._("The seven days for withdrawal are over: end the contract instead."))
        today = contract.company_id._cobranca_today()
        before = contract._get_monthly_amount(contract._get_day_that_counts())
        credits = contract._give_back(contract._get_withdrawn_invoices())
        contract.sudo().write({"close_reason_id": reason.id, "renewal": "none"})  # sudo: guarded, access checked
        contract._log_change("end", today, before, reason.name)
        contract._update_state(("active",), "cancelled")
        contract.message_post(
            body=self.env._(
                "Withdrawal of the customer: %(count)s credit notes, nothing more is billed.", count=len(credits)
            )
        )
        return credits

    def _get_withdrawn_invoices(self):
        """The good invoices of this contract, which a withdrawal gives back in full.

        :raise UserError: when one was credited in part
        """
        self.ensure_one()
        live = self.period_ids.filtered(lambda period: period.state in LIVE_STATES and period._has_valid_invoice())
        for move in live.move_id:
            if move.reversal_move_ids.filtered(lambda credit: credit.state == "posted"):
                raise UserError(
                    self.env._(
                        "The invoice %(invoice)s was credited in part. Credit the rest of it first.", invoice=move.name
                    )
                )
        return live.move_id

    def _give_back(self, moves):
        """Credit notes of these invoices; of one that bills other contracts too, only the part of this one."""
        drafts = moves.filtered(lambda move: move.state == "draft")
        drafts.button_cancel()
        shared = moves.filtered(lambda move: len(move.cobranca_period_ids.contract_id) > 1) - drafts
        today = self.company_id._cobranca_today()
        whole = moves - drafts - shared
        values = [
            {"invoice_date": today, "date": today, "ref": self.env._("Withdrawal: %(invoice)s", invoice=move.name)}
            for move in whole
        ]
        credits = whole._reverse_moves(values, cancel=True)
        return credits | self._give_back_shared(shared, today)

    def _give_back_shared(self, moves, today):
        lines = self.env["cobranca.contract.line"]
        periods = self.sudo().period_ids.filtered(lambda p: p.move_id in moves)  # sudo: reads the ledger's details
        # What a period was charged counts its adjustments: open ones go with it, billed ones not once more.
        adjustments = periods.adjustment_ids
        lines |= adjustments.filtered(lambda line: not self._is_line_billed(line)).sudo(False)
        for period in periods:
            for line_id, amount in period._get_charged().items():
                if line_id not in adjustments.ids:
                    lines |= self._add_adjustment(lines.browse(line_id), -amount, period)
        if not lines:
            return self.env["account.move"]
        charge = self._get_charge_now(lines, today)
        return self.env["cobranca.contract.billing"]._create_and_post([[charge]])

    def _tell_unbilled_usage(self):
        """Ask a person to see to usage that came too late for the last invoice of a contract that is over."""
        first, last = self._get_billing_start(), self.date_end
        late = self._get_open_usage()[self.id].filtered(lambda row: first <= row.date <= last)
        if late:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.company_id._cobranca_today(),
                user_id=self._get_user_to_ask().id,
                summary=self.env._("%(count)s readings of usage were never billed: charge them", count=len(late)),
            )

    def _get_renewal_day(self):
        """The day on which a contract renews itself: in time for the first invoice of the renewed term."""
        self.ensure_one()
        return fields.Date.subtract(self.date_end, days=self.issue_lead_days)

    def _get_renewal_alert_day(self):
        """The day on which its end is told: early enough to stop a renewal that comes before the end itself."""
        self.ensure_one()
        alert = fields.Date.subtract(self.date_end, days=self.renewal_notice_days)
        if self.renewal != "auto":
            return alert
        return min(alert, fields.Date.subtract(self._get_renewal_day(), days=DAYS_TO_DECIDE))

    def _stop_renewal(self):
        """Let a contract end on its last day.

        :raise UserError: when it has no end
        """
        contract = self._locked_for_change()
        if not contract.date_end:
            raise UserError(
                self.env._(
                    "%(contract)s has no end: use “End contract” to choose its last day.", contract=contract.name
                )
            )
        contract.renewal = "none"
        contract.activity_unlink(["cobranca_recorrente.mail_activity_renewal"])

    def _prepare_agreed_end(self):
        """What was agreed before somebody ends the contract; another end chosen later does not change it."""
        self.ensure_one()
        return {} if self.close_reason_id else {"agreed_end": self.date_end, "agreed_renewal": self.renewal}

    def _prepare_unended(self):
        """Values of a contract whose end is taken back: those agreed before, without an end that is past by now."""
        self.ensure_one()
        end, renewal = self.date_end, self.renewal
        if self.close_reason_id:
            end, renewal = self.agreed_end, self.agreed_renewal or "auto"
        today = self.company_id._cobranca_today()
        while end and end < today:
            end = renewal == "auto" and self._get_renewed_end(end)
        return {
            "date_end": end,
            "renewal": renewal,
            "close_reason_id": False,
            "agreed_end": False,
            "agreed_renewal": False,
        }

    def _forget_why_it_ended(self, renewal=None):
        """Somebody took the end away by hand: its reason and its fee go with it."""
        for contract in self:
            values = contract._prepare_unended() | {"date_end": False}
            contract.sudo().write(values | ({"renewal": renewal} if renewal else {}))  # sudo: guarded, as in `_end`
            contract._take_back_fees()

    def _reactivate(self):
        """Take back the end of a contract: it goes on to the end agreed before, or without one when that is past.

        What was given back is charged again.

        :return: one-off items of the settlement
        :raise UserError: unless someone ended it
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset()
        is_ended = self.state == "closed" or (self.state == "active" and self.close_reason_id)
        if not is_ended:
            raise UserError(self.env._("%(contract)s was not ended by anyone.", contract=self.name))
        ended = format_date(self.env, self.date_end) if self.date_end else False
        self.sudo().write(self._prepare_unended())  # sudo: as in `_end`
        self._update_state(("closed",), "active")
        adjustments = self._take_back_fees() | self._settle()
        self._log_change("reactivate", self.company_id._cobranca_today(), 0.0, ended)
        return adjustments
