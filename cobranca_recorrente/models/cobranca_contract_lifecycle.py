from datetime import timedelta

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools import recurrence

ONE_DAY = timedelta(days=1)


class CobrancaContractLifecycle(models.AbstractModel):
    """Changes of an active contract: each settles what is billed already and leaves a row in the register."""

    _name = "cobranca.contract.lifecycle"
    _description = "Life of a Billing Contract"

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        """A copy begins with the items that hold, not with what was replaced, is over or settles the past."""
        vals_list = super().copy_data(default)
        if "line_ids" not in (default or {}):
            for contract, values in zip(self, vals_list, strict=True):
                values["line_ids"] = [Command.create(line) for line in contract._get_lines_to_copy().copy_data()]
        return vals_list

    def _get_lines_to_copy(self):
        today = (self.company_id or self.env.company)._cobranca_today()
        has_billed = self._has_billed()
        return self.line_ids.filtered(
            lambda line: not (line.date_end and line.date_end < today)
            and not (has_billed and line.recurrence == "once")
        )

    # === BUSINESS METHODS === #

    def _change_items(self, day, changes, kind="price", reason=False, credit=True, apart=False):
        """Replace, end or add lines from a day on.

        :param date day: first day of the new conditions
        :param list changes: (line or None, dict of new values or None) each: (line, values) replaces a line,
            (line, None) ends it the day before, (None, values) adds one
        :param str kind: of the change, see cobranca.contract.change
        :param bool credit: give back what was billed too much
        :param bool apart: settle on an invoice of its own
        :return: one-off items of the settlement
        """
        contract = self._locked_for_change()
        contract._require_day_of_contract(day)
        before = contract._get_monthly_amount(max(day - ONE_DAY, contract.date_start))
        for line, values in changes:
            contract._change_item(line, values, day)
        adjustments = contract._settle(credit, apart)
        contract._log_change(kind, day, before, reason)
        return adjustments

    def _change_item(self, line, values, day):
        lines = self.line_ids.sudo()  # sudo: the access was checked, the lines are guarded
        if line is None:
            return lines.create({**values, "contract_id": self.id, "date_start": day})
        if line.contract_id != self:
            raise UserError(self.env._("This line is of another contract."))
        if line.date_end and line.date_end < day:
            raise UserError(self.env._("%(line)s ended before that day.", line=line.name))
        replaces_all = (line.date_start or self._get_billing_start()) >= day and not self._is_line_billed(line)
        if replaces_all and values is not None:
            line.sudo().write(values)  # sudo: guarded, written here after the access check
            return line
        if replaces_all and not line.next_line_ids:
            line.sudo().unlink()  # sudo: guarded, written here after the access check
            return lines.browse()
        new = lines.browse()
        if values is not None:
            new = line.sudo().copy(  # sudo: guarded, written here after the access check
                {
                    **values,
                    "contract_id": self.id,
                    "previous_line_id": line.id,
                    "date_start": max(day, line.date_start or day),
                    "date_end": line.date_end,
                }
            )
        # One that is replaced on its first day, or before, ends the day before that: it holds on no day.
        # sudo: a guarded line, written after the access check
        line.sudo().date_end = max(day, line.date_start or day) - ONE_DAY
        return new

    def _pause(self, first, last, reason):
        """Charge nothing from one day to another; what is billed of these days is given back.

        :param date last: last day without charge; empty until someone resumes
        :return: one-off items of the settlement
        """
        contract = self._locked_for_change()
        contract._require_day_of_contract(first)
        before = contract._get_monthly_amount(max(first - ONE_DAY, contract.date_start))
        contract.env["cobranca.contract.pause"].sudo().create(  # sudo: written by this method only, access checked
            {"contract_id": contract.id, "date_start": first, "date_end": last, "reason": reason}
        )
        adjustments = contract._settle()
        contract._log_change("pause", first, before, reason)
        return adjustments

    def _resume(self, day, reason=False):
        """End a pause: this day is charged again.

        :return: one-off items of the settlement
        """
        contract = self._locked_for_change()
        paused = contract.pause_ids.filtered(lambda p: p.date_start <= day and (not p.date_end or p.date_end >= day))
        if not paused:
            raise UserError(self.env._("%(contract)s is not paused on that day.", contract=contract.name))
        for pause in paused.sudo():  # sudo: written by this method only, access checked
            if pause.date_start == day:
                pause.unlink()
            else:
                pause.date_end = day - ONE_DAY
        adjustments = contract._settle()
        contract._log_change("resume", day, 0.0, reason)
        return adjustments

    def _get_pause_spans(self):
        return [(pause.date_start, pause.date_end or None) for pause in self.pause_ids]

    def _end(self, day, reason, credit=True, fee=0.0, fee_product=None):
        """End a contract: nothing after a day is charged.

        :param date day: last day of the contract
        :param reason: cobranca.close.reason
        :param bool credit: give back what is billed of the days after
        :param float fee: termination fee, added as a one-off item in place of the one of an end chosen before
        :return: one-off items of the settlement
        """
        contract = self._locked_for_change()
        if day < contract.date_start:
            raise UserError(self.env._("A contract cannot end before it starts."))
        before = contract._get_monthly_amount(day)
        values = {"date_end": day, "close_reason_id": reason.id, "renewal": "none"}
        values |= contract._prepare_agreed_end()
        contract.sudo().write(values)  # sudo: guarded fields, after the access check
        adjustments = contract._take_back_fees() | contract._settle(credit)
        if fee:
            adjustments |= contract._add_fee(fee, fee_product)
        contract._log_change("end", day, before, reason.name)
        contract._close_finished()
        return adjustments

    def _add_fee(self, amount, product):
        return self.line_ids.sudo().create(  # sudo: the access was checked; adds an item to a guarded contract
            {
                "contract_id": self.id,
                "recurrence": "once",
                "is_termination_fee": True,
                "product_id": product.id,
                "name": product.with_context(lang=self._get_customer_lang()).display_name,
                "price_unit": amount,
                "date_start": self.company_id._cobranca_today(),
            }
        )

    def _renew(self):
        """Move the end of a contract by its renewal term."""
        contract = self._locked_for_change()
        if not contract.date_end:
            raise UserError(self.env._("%(contract)s has no end: there is nothing to renew.", contract=contract.name))
        amount = contract._get_monthly_amount(contract.date_end)
        following, end = contract.date_end + ONE_DAY, contract._get_renewed_end(contract.date_end)
        contract.sudo().date_end = end  # sudo: a guarded field, after the access check
        contract._settle()
        contract._log_change("renew", following, amount, format_date(self.env, end))

    def _get_renewed_end(self, end):
        """The end that a renewal puts in place of another."""
        self.ensure_one()
        following = end + ONE_DAY
        # Counted from the anchor: a month too short for its day does not move the ends to come.
        schedule = self._get_schedule()
        begins_period = following == schedule.period(schedule.index_of(following))[0]
        day = (begins_period and schedule.begin_day) or following.day
        return recurrence.add_months(following, self.renewal_months, day) - ONE_DAY

    def _settle_new_end(self, before):
        """Settle the days that a new end takes from, or gives to, periods that are billed, and register it.

        :param date before: the end until now, or False
        """
        contract = self._locked_for_change()
        day = contract.date_end
        is_shorter = bool(day) and (not before or day < before)
        first = day if is_shorter else before + ONE_DAY
        amount = contract._get_monthly_amount(day) if is_shorter else 0.0
        contract._settle()
        contract._log_change("end" if is_shorter else "reactivate", first, amount)

    # --- shared ---

    def _locked_for_change(self):
        """This contract, locked so that no billing run and no other change works on it meanwhile.

        :raise UserError: unless it is active
        """
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset()
        if self.state != "active":
            raise UserError(self.env._("%(contract)s is not active.", contract=self.name))
        return self

    def _log_change(self, kind, day, before, reason=False):
        self.env["cobranca.contract.change"].sudo().create(  # sudo: the register is written by its methods only
            {
                "contract_id": self.id,
                "kind": kind,
                "date": day,
                "amount_before": before,
                "amount_after": 0.0 if kind in ("pause", "end") else self._get_monthly_amount(day),
                "reason": reason,
            }
        )

    def _renews_itself(self):
        """Does this contract go on after its end unless somebody stops it?"""
        self.ensure_one()
        return self.renewal == "auto" and not self.close_reason_id

    def _close_finished(self):
        """Close contracts whose last day is past and of which nothing is left to bill or to renew."""
        for contract in self.filtered(lambda c: c.state == "active" and c.date_end and not c.next_issue_date):
            if not contract._renews_itself() and contract.date_end < contract.company_id._cobranca_today():
                contract._update_state(("active",), "closed")
                contract._tell_unbilled_usage()

    def _get_minimum_until(self):
        """Last day of the minimum term; None without one."""
        self.ensure_one()
        if not self.minimum_months:
            return None
        return recurrence.add_months(self.date_start, self.minimum_months, self.date_start.day) - ONE_DAY

    def _get_termination_fee(self, day):
        """What leaving on a day costs under the minimum term.

        :param date day: last day of the contract
        :return: (float amount, str explanation)
        """
        self.ensure_one()
        until = self._get_minimum_until()
        if self.termination_fee == "none" or not until or day >= until:
            return 0.0, self.env._("The minimum term is over or there is none: no fee.")
        if self.termination_fee == "fixed":
            return self.termination_fee_amount, self.env._("Fixed fee of the contract.")
        remaining = self._get_remaining_after(day)
        percent = 100.0 if self.termination_fee == "remaining" else self.termination_fee_percent
        explanation = self.env._(
            "%(percent)s %% of %(remaining)s that remain until %(until)s.",
            percent=f"{percent:g}",
            remaining=self.currency_id.format(remaining),
            until=format_date(self.env, until),
        )
        return self.currency_id.round(remaining * percent / 100), explanation

    def _get_remaining_after(self, day):
        """What a contract would still cost after a day until the end of its minimum term; days of trial cost nothing.

        :return: float
        """
        first = max(day + ONE_DAY, self._get_billing_start())
        return float(self._get_amount_between(first, self._get_minimum_until()))

    def _get_withdrawal_until(self):
        """Last day on which a consumer may withdraw from a distance sale (CDC, art. 49); None if he may not.

        The seven days count from the signing or from the begin of the service, whichever comes later.
        """
        self.ensure_one()
        if not self.is_distance_sale or not self._is_consumer():
            return None
        return fields.Date.add(max(self.date_signed or self.date_start, self.date_start), days=7)

    def _is_consumer(self):
        """Is the customer a natural person? Then the consumer code protects him."""
        return not self.commercial_partner_id.is_company
