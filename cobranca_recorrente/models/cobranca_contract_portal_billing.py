from odoo import models
from odoo.tools.misc import format_date

from .cobranca_contract_charge import ContractCharge
from .cobranca_contract_period import LIVE_STATES

SHOWN_CHARGES = 12
SHOWN_INVOICES = 120


class CobrancaContractPortalBilling(models.AbstractModel):
    """What a customer sees of the past and the future of his billing."""

    _name = "cobranca.contract.portal.billing"
    _description = "Billing on the Portal Page of a Contract"

    # === BUSINESS METHODS === #

    # --- what comes ---

    def _get_portal_charges(self, count=SHOWN_CHARGES):
        """The next charges in words; a paused one is there, without charge.

        :return: list of dict(due, issue, period, is_free, total, taxes, lines), lines: list of dict(name, amount)
        """
        return [self._prepare_portal_charge(charge) for charge in self._get_preview(count)]

    def _prepare_portal_charge(self, charge):
        money = self.currency_id
        taxes = charge["total"] - charge["amount"]
        return {
            "due": format_date(self.env, charge["due"]),
            "issue": format_date(self.env, charge["issue"]),
            "period": self._get_portal_span(charge["first"], charge["last"]),
            "is_free": money.is_zero(charge["total"]),
            "is_credit": money.compare_amounts(charge["total"], 0) < 0,
            "total": money.format(abs(charge["total"])),
            "taxes": "" if money.is_zero(taxes) else money.format(taxes),
            "lines": [{"name": line["name"], "amount": money.format(line["amount"])} for line in charge["lines"]],
        }

    def _get_portal_charges_note(self):
        """What the list of next charges cannot know or why it is short."""
        if self.state != "active":
            return ""
        if any(line.recurrence == "usage" for line in self.line_ids):
            return self.env._("What is measured by use is added when the measurement arrives.")
        if self.date_end:
            return self.env._("The list goes until the end of the contract, %(day)s.", day=self._day(self.date_end))
        return ""

    # --- what was billed ---

    def _get_portal_invoices(self):
        """The invoices of this contract, each once with its total, and the periods on it.

        :return: list of dict(number, url, due, total, payment, tone, rows, is_shared), rows: list of
            dict(label, amount), `amount` being the row's own, before taxes that are added
        """
        live = self.period_ids.filtered(lambda period: period.state in LIVE_STATES)
        ordered = live.sorted(lambda period: (period.date_due, period.id), reverse=True)[:SHOWN_INVOICES]
        groups = {}
        for period in ordered:
            key = period.move_id or period
            groups[key] = groups.get(key, period.browse()) | period
        return [self._prepare_portal_invoice(periods) for periods in groups.values()]

    def _prepare_portal_invoice(self, periods):
        move, money = periods.move_id, periods.currency_id
        total = move.amount_total if move else sum(periods.mapped("amount"))
        is_readable = bool(move) and move.sudo(False).has_access("read")
        shared = move.cobranca_period_ids.contract_id - periods.contract_id
        tone, payment = self._get_portal_payment(periods)
        is_told = move.state != "draft"  # what is still being checked may change
        return {
            "number": move.name if is_readable else "",
            "url": move.access_url if is_readable else "",
            "due": format_date(self.env, move.invoice_date_due or periods[:1].date_due),
            "total": money.format(total) if is_told else "",
            "payment": payment,
            "tone": tone,
            "is_shared": bool(shared),
            "rows": [
                {
                    "label": self._get_portal_row_label(period),
                    "amount": money.format(period.amount) if is_told else "",
                }
                for period in self._get_told_periods(periods)
            ],
        }

    def _get_told_periods(self, periods):
        """The periods of an invoice that cost something, or all when none does: usage often comes to nothing."""
        ordered = periods.sorted(lambda period: (period.date_start, period.id))
        return ordered.filtered("amount") or ordered

    def _get_portal_row_label(self, period):
        if period.kind == "once":
            line_id = int(period.line_group.removeprefix("line-"))
            line = period.contract_id.line_ids.filtered(lambda line: line.id == line_id)
            charge = ContractCharge(self, period.date_issue, period.date_due)
            return self._fill_placeholders(line.name or "", charge, None) or self._day(period.date_start)
        return self._get_portal_span(period.date_start, period.date_end)

    def _get_portal_payment(self, periods):
        """How an invoice stands, in words that blame nobody.

        :return: (tone, text)
        """
        move = periods.move_id
        if all(period.state == "skipped" for period in periods):
            return "secondary", self.env._("No charge")
        if not move or move.state == "cancel":
            return "secondary", self.env._("Invoice cancelled")
        if move.state == "draft":
            return "secondary", self.env._("Being prepared")
        if move.payment_state == "reversed":
            return "secondary", self.env._("Cancelled by a credit note")
        if move.payment_state in ("paid", "in_payment"):
            return "success", self.env._("Paid")
        if move.move_type == "out_refund":
            return "info", self.env._("Credit in your favor")
        return self._get_portal_open_payment(move)

    def _get_portal_open_payment(self, move):
        if move.payment_state == "partial":
            residual = move.currency_id.format(move.amount_residual)
            return "warning", self.env._("Paid in part: %(amount)s open", amount=residual)
        today, due = move.company_id._cobranca_today(), move.invoice_date_due
        if due == today:
            return "warning", self.env._("Due today")
        if due and due < today:
            return "warning", self.env._("Not paid yet")
        return "info", self.env._("To be paid")

    # --- what changed ---

    def _get_portal_history(self):
        """What the register of changes says, in words: the reason only where the customer was told one.

        :return: list of dict(day, text, reason), the newest first
        """
        return [
            {
                "day": format_date(self.env, change.date),
                "text": self._get_portal_change(change),
                "reason": change.reason or "" if change.kind in ("price", "readjust") else "",
            }
            for change in self.change_ids.sorted(lambda change: (change.date, change.id), reverse=True)
        ]

    def _get_portal_change(self, change):
        before = self.currency_id.format(change.amount_before)
        after = self.currency_id.format(change.amount_after)
        texts = {
            "activate": self.env._("The contract began: %(after)s per month", after=after),
            "price": self.env._("Prices or items: from %(before)s to %(after)s per month", before=before, after=after),
            "readjust": self.env._("Readjusted: from %(before)s to %(after)s per month", before=before, after=after),
            "pause": self.env._("Charges paused"),
            "resume": self.env._("Charges resumed: %(after)s per month", after=after),
            "due": self.env._("The due day changed"),
            "renew": self.env._("Renewed: %(after)s per month", after=after),
            "end": self.env._("End of the contract"),
            "reactivate": self.env._("The end was withdrawn: %(after)s per month", after=after),
        }
        return texts.get(change.kind) or self.env._("Changed")
