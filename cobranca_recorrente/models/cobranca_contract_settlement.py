from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import proration, recurrence
from .cobranca_contract_charge import ContractCharge
from .cobranca_contract_period import LIVE_STATES


class CobrancaContractSettlement(models.AbstractModel):
    """What a change of a contract costs or gives back in the periods that are billed already.

    A period's row keeps what each line has been charged for it. After a change the same
    computation as at billing says what it should have been, and the difference becomes a
    one-off item: whatever is changed, in whatever order, the customer pays each day once.
    """

    _name = "cobranca.contract.settlement"
    _description = "Settlement of Changes of a Contract"

    # === BUSINESS METHODS === #

    def _has_billed(self):
        """Was any period of these contracts billed, here?"""
        return any(period.state in LIVE_STATES for period in self.sudo().period_ids)  # sudo: only a yes or no

    def _is_line_billed(self, line):
        """Was a line part of something billed?"""
        self.ensure_one()
        live = self.sudo().period_ids.filtered(lambda p: p.state in LIVE_STATES)  # sudo: only a yes or no
        kinds = ("lines", "usage", "usage_now", "kept")
        return any(line._origin.id in period._get_amounts(kind) for period in live for kind in kinds)

    def _settle(self, credit=True, apart=False):
        """Make one-off items of what billed periods should cost now and what was charged for them.

        :param bool credit: False keeps what was charged too much, until the same item costs more again
        :param bool apart: the items get an invoice of their own
        :return: cobranca.contract.line, the new one-off items
        """
        adjustments = self.env["cobranca.contract.line"]
        for contract in self:
            schedule = contract._get_schedule()
            for period in contract.sudo().period_ids.sorted("date_start"):  # sudo: the ledger's own methods write it
                if period.kind == "recurring" and period._is_settled_here():
                    part = schedule.part(period.line_group, period.index)
                    adjustments |= contract._settle_period(period, part, credit)
        adjustments.sudo().invoice_apart = apart  # sudo: a guarded line, made here
        return adjustments

    def _settle_period(self, period, part, credit):
        expected = self._get_expected_amounts(period.line_group, part)
        charged = period._get_amounts("lines")
        usage, charged_usage = self._get_expected_usage(period), period._get_charged_usage()
        adjustments = self.env["cobranca.contract.line"]
        # A line is one or the other, and never changes from one to the other once it is billed.
        now, before = expected | usage, charged | charged_usage
        lines = adjustments.browse(sorted(now.keys() | before.keys()))
        differences = {line: now.get(line.id, Decimal(0)) - before.get(line.id, Decimal(0)) for line in lines}
        differences, kept = self._net_of_kept(differences, period._get_kept(), credit)
        for line, difference in differences.items():
            if difference:
                adjustments |= self._add_adjustment(line, difference, period)
        values = {}
        if now != before:
            values["details"] = self._with_charged(period, expected, usage, kept)
        if part and part.span[1] > period.date_end:
            values["date_end"] = part.span[1]
        if values:
            period.write(values)
        return adjustments

    def _net_of_kept(self, differences, kept, credit):
        """What is left to settle of an item when money for it that was not given back pays first.

        The versions of an item count together: what one became cheaper, another became dearer.

        :param dict differences: {line: Decimal}, lines in the order in which they were made
        :param dict kept: {id of an item's first version: Decimal} that was charged and not given back
        :param bool credit: give back what became cheaper, instead of keeping it
        :return: ({line: Decimal} to settle, {id: Decimal} kept from now on)
        """
        items = {}
        for line, difference in differences.items():
            items.setdefault(line._get_first_version().id, {})[line] = difference
        settled, kept = {}, dict(kept)
        for item, of_versions in items.items():
            held, total = kept.get(item, Decimal(0)), sum(of_versions.values())
            if credit and (total <= 0 or not held):
                settled |= of_versions
                continue
            kept[item] = max(held - total, Decimal(0))
            if total > held:
                settled[max(of_versions, key=lambda line: line.id)] = total - held
        return settled, {item: amount for item, amount in kept.items() if amount}

    def _with_charged(self, period, lines, usage, kept):
        """Details of a period of the ledger with what its lines are charged now.

        What its invoice charged for usage stays: the check of a month compares that.
        """
        details = {name: value for name, value in (period.details or {}).items() if name != "kept"}
        changed = {
            "lines": lines,
            **({"usage_now": usage} if usage != period._get_charged_usage() else {}),
            **({"kept": kept} if kept else {}),
        }
        for name, amounts in changed.items():
            details[name] = {f"{line_id}": f"{amount}" for line_id, amount in amounts.items()}
        return details

    def _get_expected_usage(self, period):
        """{line id: amount} of what the readings that a period billed cost under the conditions of now."""
        readings, amounts = period.usage_ids, {}
        for line in self.line_ids.sorted(lambda line: (line.sequence, line.id)) if readings else ():
            if used := readings.filtered(lambda row, line=line: row._belongs_to(line)):
                amounts[line.id] = line._get_usage_amount(used)[1]
                readings -= used
        return amounts

    def _get_expected_amounts(self, group, part):
        """{line id: amount} of what a period costs under the conditions of now."""
        if not part:
            return {}
        lines = self._get_periodic_lines().filtered(
            lambda line: line.recurrence == "recurring" and line._get_group() == group
        )
        amounts = {line.id: line._get_part_amount(part) for line in lines}
        return {line_id: amount for line_id, (amount, days) in amounts.items() if days}

    def _add_adjustment(self, line, amount, period):
        """A one-off item that corrects what a period was charged.

        :param line: the line it corrects
        :param amount: Decimal, negative gives back
        :param period: the billed period, or none
        :return: cobranca.contract.line
        """
        span = (period.date_start, period.date_end) if period else None
        name = self._fill_placeholders(line.name, self._get_dates_of_adjustment(span), None)
        where = f"{name} ({self._get_span_text(span)})" if span else name
        lang = self._get_customer_lang()
        return line.sudo().create(  # sudo: a settled amount, never typed
            {
                "contract_id": self.id,
                "recurrence": "once",
                "sequence": line.sequence,
                "product_id": line.product_id.id,
                "name": self.with_context(lang=lang).env._("Adjustment: %(item)s", item=where),
                "price_unit": float(amount),
                "account_id": line.account_id.id,
                "tax_ids": [fields.Command.set(line.tax_ids.ids)],
                "analytic_distribution": line.analytic_distribution,
                "date_start": self.company_id._cobranca_today(),
                "adjusted_period_id": period.id,
            }
        )

    def _get_dates_of_adjustment(self, span):
        first = span[0] if span else self.company_id._cobranca_today()
        return ContractCharge(self, first, first)

    # --- amounts ---

    def _get_day_that_counts(self):
        """Today, or the first or last day that is charged when the contract begins later or is over."""
        today = (self.company_id or self.env.company)._cobranca_today()
        if self.date_end and self.date_end < today:
            return self.date_end
        return max(today, self._get_billing_start()) if self.date_start else today

    def _get_total(self, base_lines):
        """Total of an invoice with these lines, by Odoo's own tax engine and the company's way of rounding.

        :param list base_lines: see account.tax
        :return: float, taxes included
        """
        company = self.company_id or self.env.company
        Tax = self.env["account.tax"]
        Tax._add_tax_details_in_base_lines(base_lines, company)
        Tax._round_base_lines_tax_details(base_lines, company)
        currency = self.currency_id or company.currency_id
        return currency.round(Tax._get_tax_totals_summary(base_lines, currency, company)["total_amount_currency"])

    def _get_lines_on(self, day):
        """The recurring lines that hold on a day."""
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: line.recurrence == "recurring"
            and not line.display_type
            and proration.overlap((day, day), line.date_start or None, line.date_end or None)
        )

    def _get_monthly_amount(self, day):
        """What the recurring lines of a day come to in a month; nothing while paused, before and after.

        :return: float, before taxes that are added
        """
        self.ensure_one()
        ends = day if self._renews_itself() else self.date_end or day
        spans = proration.without((day, day), self._get_pause_spans())
        if self.state != "active" or not spans or not self.date_start <= day <= ends:
            return 0.0
        total = sum((line._get_full_amount() for line in self._get_lines_on(day)), Decimal(0))
        return float(total) / self._get_months_in_period()

    def _get_months_in_period(self):
        return float(recurrence.months_in(self.interval_unit, self.interval_count))

    def _get_amount_between(self, first, last):
        """What the recurring lines cost from one day to another, by days in periods cut short.

        :return: Decimal
        """
        schedule = self._get_schedule()
        total = Decimal(0)
        index = schedule.index_of(first)
        while (whole := schedule.period(index))[0] <= last:
            span = proration.overlap(whole, first, last)
            of_days = proration.days_of(whole)
            for line in self.line_ids.filtered(lambda line: line.recurrence == "recurring" and not line.display_type):
                days = [proration.days_of(piece) for piece in line._get_spans(span)]
                total += proration.prorate(line._get_full_amount(), sum(days), of_days)
            index += 1
        return total

    def _get_next_effective_date(self):
        """First day that no billed period covers: from it a change needs no settlement."""
        self.ensure_one()
        live = self.period_ids.filtered(lambda p: p.state in LIVE_STATES and p.kind == "recurring")
        after = max(live.mapped("date_end"), default=None)
        start = self._get_billing_start()
        if self.billed_until and (not after or after < self.billed_until):
            after = self.billed_until
        return max(fields.Date.add(after, days=1), start) if after else start

    def _require_day_of_contract(self, day):
        """:raise UserError: for a day outside the contract, as it will be when it renews itself"""
        self.ensure_one()
        is_past_end = self.date_end and day > self.date_end and not self._renews_itself()
        if day < self.date_start or is_past_end:
            raise UserError(self.env._("Choose a day between the start and the end of %(name)s.", name=self.name))
