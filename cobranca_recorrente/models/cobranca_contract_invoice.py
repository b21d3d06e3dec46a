from decimal import Decimal

from odoo import Command, api, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..tools import placeholders


class CobrancaContractInvoice(models.AbstractModel):
    """What is written of a charge: the rows of the ledger, the invoice and its texts."""

    _name = "cobranca.contract.invoice"
    _description = "Invoice of a Billing Contract"

    # === BUSINESS METHODS === #

    def _prepare_invoice_values(self, charges):
        """Values of the invoice, or credit note, of charges of one customer that are due together.

        :param charges: list of ContractCharge with items
        :return: dict for account.move, with its lines
        """
        contract = charges[0].contract
        is_refund = sum(charge.amount for charge in charges) < 0
        notes = {charge.contract.invoice_note for charge in charges if charge.contract.invoice_note}
        origins = [charge.contract.name for charge in charges]
        references = [charge.contract.reference for charge in charges if charge.contract.reference]
        return {
            "move_type": "out_refund" if is_refund else "out_invoice",
            "company_id": contract.company_id.id,
            "journal_id": contract.journal_id.id,
            "currency_id": contract.currency_id.id,
            "partner_id": contract.partner_id.id,
            **({"partner_shipping_id": contract.partner_shipping_id.id} if contract.partner_shipping_id else {}),
            "invoice_user_id": contract.user_id.id,
            "invoice_origin": ", ".join(origins),
            "ref": ", ".join(references) or False,
            **({"narration": "<br/>".join(sorted(notes))} if notes else {}),
            "invoice_date": max(charge.issue for charge in charges),
            **contract._prepare_due_values(charges),
            "invoice_line_ids": [
                Command.create(values)
                for charge in charges
                for values in contract._prepare_lines_of(charge, len(charges) > 1, -1 if is_refund else 1)
            ],
        }

    def _prepare_period_values(self, charge):
        """The rows of the ledger that a charge claims: one for each part, one for each one-off item.

        :return: list of dict for cobranca.contract.period
        """
        dates = {"contract_id": self.id, "date_issue": charge.issue, "date_due": charge.due}
        # Given, they come with the INSERT instead of by an UPDATE of each row.
        dates |= {"company_id": self.company_id.id, "partner_id": self.partner_id.id}
        dates["state"] = "billed" if charge.amount else "skipped"
        rows = [
            {
                **dates,
                "kind": "recurring",
                "line_group": part.group,
                "index": part.index,
                "date_start": part.span[0],
                "date_end": part.span[1],
                "of_days": part.of_days,
                **self._prepare_details([item for item in charge.items if item.part == part]),
            }
            for part in charge.parts
        ]
        for item in charge.items:
            if item.line in charge.once:
                day = item.line.date_start
                once = {"kind": "once", "line_group": item.line._get_once_group(), "index": 0}
                once |= {"date_start": day, "date_end": day, "of_days": 1}
                rows.append({**dates, **once, **self._prepare_details([item])})
        return rows

    def _prepare_details(self, items):
        """What each line was charged: recurring ones are settled after changes, usage never is."""
        usage = {f"{item.line.id}": f"{item.amount}" for item in items if item.usage}
        lines = {f"{item.line.id}": f"{item.amount}" for item in items if not item.usage}
        details = {"lines": lines, **({"usage": usage} if usage else {})}
        return {"amount": float(sum((item.amount for item in items), Decimal(0))), "details": details}

    def _get_invoice_key(self, charge):
        """Charges with the same key go on one invoice."""
        self.ensure_one()
        if not self.commercial_partner_id.cobranca_group_invoices:
            return self.id
        term = self.payment_term_id if self.due_mode == "term" else False
        # One invoice has one recipient: what another pays for is not his to read.
        people = (self.partner_id, self._get_invoice_recipient(), self.partner_shipping_id)
        # And one date: billed late they stay as apart as they would be in time, and as they are planned.
        return (*people, self.journal_id, self.currency_id, term, charge.issue, charge.due)

    def _get_billed_together(self, domain):
        """The other contracts that share invoices with these: they are billed at the same time.

        :param domain: of contracts to bill
        :return: cobranca.contract, these included
        """
        together = self.commercial_partner_id.filtered("cobranca_group_invoices")
        return self.search(domain & Domain("commercial_partner_id", "in", together.ids)) if together else self.browse()

    def _prepare_due_values(self, charges):
        issue = max(charge.issue for charge in charges)
        if self.due_mode == "term" and charges[0].due == max(self._get_due_by_term(issue), issue):
            return {"invoice_payment_term_id": self.payment_term_id.id}
        # Always explicit: without a payment term Odoo would make it due at once.
        return {"invoice_date_due": charges[0].due, "invoice_payment_term_id": False}

    @api.model
    def _prepare_lines_of(self, charge, with_heading, sign):
        heading = {"display_type": "line_section", "name": charge.contract._get_heading()}
        lines = [item.line._prepare_invoice_line_values(item, charge) for item in charge.items]
        for values in filter(None, lines):
            if sign < 0 and "price_unit" in values:
                values["price_unit"] *= sign
        return ([heading] if with_heading else []) + [values for values in lines if values]

    # --- texts ---

    def _get_heading(self):
        """What tells this contract from the others on an invoice of several."""
        return " · ".join(filter(None, [self.name, self.reference, self.beneficiary_id.name]))

    def _get_placeholder_values(self, charge, part, span=None):
        """What the words in braces of a description mean on an invoice, in the customer's language."""
        lang = self._get_customer_lang()
        first, last = span or (part.span if part else (charge.issue, charge.issue))
        days = {"start": first, "end": last, "due": charge.due}
        return {
            **{meaning: format_date(self.env, day, lang_code=lang) for meaning, day in days.items()},
            "month": format_date(self.env, first, lang_code=lang, date_format="MMMM"),
            "year": f"{first.year}",
            "contract": self.name,
            "beneficiary": self.beneficiary_id.name or "",
        }

    def _get_customer_lang(self):
        return self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang

    def _fill_placeholders(self, text, charge, part, span=None):
        return placeholders.fill(text, self._get_placeholder_values(charge, part, span))

    def _get_span_text(self, span):
        lang = self._get_customer_lang()
        first, last = (format_date(self.env, day, lang_code=lang) for day in span)
        return self.with_context(lang=lang).env._("%(first)s to %(last)s", first=first, last=last)
