from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import identification
from ..tools.late_charges import ZERO


class CobrancaPartnerDebt(models.AbstractModel):
    """What a customer owes a company on a day, and by which terms."""

    _name = "cobranca.partner.debt"
    _description = "Debts of a Customer"

    cobranca_currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_cobranca_debt",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    cobranca_debt_total = fields.Monetary(
        string="Overdue today",
        compute="_compute_cobranca_debt",
        currency_field="cobranca_currency_id",
        groups="cobranca_recorrente.cobranca_group_collector",
        help="What is open and overdue, with fine, interest and correction of today and those of paid invoices.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("company")
    def _compute_cobranca_debt(self):
        company = self.env.company
        summaries = self._cobranca_get_debt_summaries(company._cobranca_today())
        for partner in self:
            partner.cobranca_currency_id = company.currency_id
            summary = summaries.get(partner.commercial_partner_id)
            partner.cobranca_debt_total = float(self._cobranca_get_overdue(summary)) if summary else 0.0

    @api.model
    def _cobranca_get_overdue(self, summary):
        return summary["overdue"] + summary["charges"] + summary["charge_memo_amount"]

    # === CONSTRAINTS === #

    @api.constrains("cobranca_charge_policy_id", "vat", "is_company")
    def _check_cobranca_charge_policy(self):
        for partner in self:
            policy = partner.sudo().cobranca_charge_policy_id  # sudo: whoever corrects a document, the law holds
            if policy:
                policy._check_for(partner)

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep the former policy for the invoices that were issued under it."""
        if "cobranca_charge_policy_id" not in vals:
            return super().write(vals)
        # sudo: whoever writes the customer
        former = {partner: partner.sudo().cobranca_charge_policy_id for partner in self}
        result = super().write(vals)
        changed = {
            partner: policy
            for partner, policy in former.items()
            if policy != partner.sudo().cobranca_charge_policy_id  # sudo: whoever writes the customer
        }
        self.env["cobranca.charge.policy.change"]._keep(self.env.company, changed)
        return result

    # === ACTIONS === #

    def action_cobranca_receive_charges(self):
        """Open the receipt of what stayed open of charges when this customer's invoices were paid."""
        self.ensure_one()
        company, customer = self.env.company, self.commercial_partner_id
        return self.env["cobranca.charge"]._search_memos(company, company._cobranca_today(), customer).action_receive()

    # === BUSINESS METHODS === #

    def _cobranca_is_consumer(self):
        """Is this customer a natural person, whom the consumer's law protects?

        :return: bool
        """
        self.ensure_one()
        customer = self.commercial_partner_id
        return identification.is_consumer(customer.vat, customer.is_company)

    def _cobranca_get_debt_summary(self, date):
        """What a customer owes the current company: the open lines of now, with the amounts of a day.

        :param date date: of fine, interest and correction
        :return: dict(open, overdue, charges, charge_memo_amount, total, credit as Decimal; oldest_due,
            days_late; lines, credits as account.move.line; charge_memos as cobranca.charge; debts
            {line: tools.debt.Debt}). `open` and `overdue` are amounts of invoices, `charges` what is
            added to them, `charge_memo_amount` what stayed open of charges of invoices that are paid,
            `total` all three; `credit` is in the customer's favour and taken off nothing
        """
        self.ensure_one()
        found = self._cobranca_get_debt_summaries(date)
        return found.get(self.commercial_partner_id) or self._cobranca_prepare_debt_summary({}, date)

    def _cobranca_get_debt_summaries(self, date):
        """The same for many customers, by a few queries.

        :return: {commercial partner: dict}, without those that neither owe nor are owed anything
        """
        customers = self.commercial_partner_id
        if not customers.ids:
            return {}
        lines = self.env["account.move.line"]._cobranca_search_open_lines(
            self.env.company, date, SQL("partner.id = ANY(%s)", list(customers.ids))
        )
        debts = lines._cobranca_read_debts(date)
        by_customer = {}
        for line, debt in debts.items():
            by_customer.setdefault(line.partner_id.commercial_partner_id, {})[line] = debt
        credits = self._cobranca_get_open_credits(customers, date)
        memos = self._cobranca_get_charge_memos(customers, date)
        return {
            customer: self._cobranca_prepare_debt_summary(
                by_customer.get(customer, {}), date, credits.get(customer), memos.get(customer)
            )
            for customer in customers
            if customer in by_customer or customer in credits or customer in memos
        }

    def _cobranca_get_debt_page(self, date):
        """What this customer pays on a day for all that is open, in words.

        :param date date: of the payment
        :return: dict for the template `debt_explained`, empty when there is nothing to pay
        """
        self.ensure_one()
        summary = self._cobranca_get_debt_summary(date)
        if not summary["lines"] and not summary["charge_memos"]:
            return {}
        shown = summary["lines"]._cobranca_explain_debts(date, summary["charge_memos"])
        if summary["credit"]:
            shown["credit"] = self.env._(
                "%(amount)s in the customer's favour is not used yet.",
                amount=self.env.company.currency_id.format(float(summary["credit"])),
            )
        return shown

    @api.model
    def _cobranca_get_open_credits(self, customers, date):
        """Credit notes and payments that are not used yet.

        :return: {commercial partner: account.move.line}
        """
        lines = self.env["account.move.line"]._cobranca_search_open_lines(
            self.env.company,
            date,
            SQL("partner.id = ANY(%s)", list(customers.ids)),
            SQL("line.amount_residual < 0"),
            asked=False,
        )
        return lines.grouped(lambda line: line.partner_id.commercial_partner_id)

    @api.model
    def _cobranca_get_charge_memos(self, customers, date):
        """What stayed open of charges when their invoices were paid.

        :return: {commercial partner: cobranca.charge}
        """
        memos = self.env["cobranca.charge"]._search_memos(self.env.company, date, customers)
        # sudo: whose they are; to read them is another matter
        grouped = memos.sudo().grouped(lambda memo: memo.partner_id.commercial_partner_id)
        return {customer.with_env(self.env): rows.with_env(self.env) for customer, rows in grouped.items()}

    @api.model
    def _cobranca_prepare_debt_summary(self, debts, date, credits=None, memos=None):
        lines = self.env["account.move.line"].union(*debts) if debts else self.env["account.move.line"]
        overdue = [debt for debt in debts.values() if debt.days_late]
        open_amount = sum((debt.charges.principal for debt in debts.values()), ZERO)
        charges = sum((debt.charges.charges for debt in debts.values()), ZERO)
        credits = credits if credits is not None else lines.browse()
        memos = memos if memos is not None else self.env["cobranca.charge"]
        memo_amount = sum((debt.charges.charges for debt in memos._get_memo_debts().values()), ZERO)
        return {
            "open": open_amount,
            "overdue": sum((debt.charges.principal for debt in overdue), ZERO),
            "charges": charges,
            "charge_memo_amount": memo_amount,
            "total": open_amount + charges + memo_amount,
            "credit": -sum((Decimal(f"{line.amount_residual:.2f}") for line in credits), ZERO),
            "oldest_due": min((debt.due for debt in overdue), default=False),
            "days_late": max((debt.days_late for debt in overdue), default=0),
            "lines": lines,
            "credits": credits,
            "charge_memos": memos,
            "debts": debts,
        }
