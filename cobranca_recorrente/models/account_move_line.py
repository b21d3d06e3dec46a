from odoo import api, fields, models

from .cobranca_invoice_fast import FAST, ON


class AccountMoveLine(models.Model):
    """Journal items: what is open of customers, and those that come whole from `cobranca.invoice.fast`."""

    _name = "account.move.line"
    _inherit = [
        "cobranca.fast.company.check",
        "cobranca.line.receipt",
        "cobranca.line.credit",
        "cobranca.prescription",
        "cobranca.debt.words",
        "cobranca.debt.reader",
        "cobranca.open.line",
        "account.move.line",
    ]

    cobranca_credit = fields.Monetary(
        string="Credit",
        compute="_compute_cobranca_credit",
        currency_field="company_currency_id",
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    # What is open and when it falls due; items without an amount to reconcile are left out.
    _cobranca_open_idx = models.Index(
        "(company_id, date_maturity) WHERE reconciled IS NOT TRUE AND parent_state = 'posted' AND amount_residual <> 0"
    )

    @api.depends("amount_residual")
    def _compute_cobranca_credit(self):
        """What is left of a customer's money, as people say it: without the sign of the books."""
        for line in self:
            line.cobranca_credit = max(-line.amount_residual, 0.0)

    def _add_precomputed_values(self, vals_list):
        """Nothing is missing: the prototype has every value."""
        if self.env.context.get(FAST) is not ON:
            super()._add_precomputed_values(vals_list)

    def _prepare_create_values(self, vals_list):
        """Keep the values that Odoo takes out because it would compute them, or derives by inverse methods."""
        result = super()._prepare_create_values(vals_list)
        if self.env.context.get(FAST) is ON:
            stored = [field for field in self._fields.values() if field.store]
            kept = [field.name for field in stored if field.precompute and field.readonly]
            inverse = [field for field in stored if field.inverse]
            for given, values in zip(vals_list, result, strict=True):
                values.update((name, given[name]) for name in kept if name in given)
                balance = given.get("balance") or 0.0
                values.update(debit=max(balance, 0.0), credit=max(-balance, 0.0))
                values["__precomputed__"] = inverse
        return result
