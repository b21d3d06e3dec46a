from contextlib import closing

from odoo import models

SHOWN_CHARGES = 4


class CobrancaContractEffect(models.AbstractModel):
    """What a change would do, found by doing it and taking it back: what is shown is what happens."""

    _name = "cobranca.contract.effect"
    _description = "Effect of a Change of a Contract"

    # === BUSINESS METHODS === #

    def _get_effect(self, change):
        """The effect of a change, which is undone before this returns.

        All records are flushed and their cache is cleared: nothing half-typed may be in it.

        :param change: function of this contract that changes it and gives the new one-off items
        :return: dict(items, total, monthly, charges); items: list of dict(name, amount, is_apart) with taxes;
            monthly: dict(before, after) or None; charges: list of dict(due, before, after), None without a charge
        :raise UserError: as the change itself would
        """
        self.ensure_one()
        self.check_access("write")
        contract = self.with_context(tracking_disable=True, mail_create_nolog=True, mail_notrack=True)
        before, last_change = contract._get_shown_charges(), contract._get_last_change()
        with closing(self.env.cr.savepoint()):
            items = contract._describe_items(change(contract))
            self.env.flush_all()
            after, logged = contract._get_shown_charges(), contract._get_last_change() - last_change
            monthly = {"before": logged.amount_before, "after": logged.amount_after} if logged else None
        dues = sorted(before.keys() | after.keys())
        return {
            "items": items,
            "total": self.currency_id.round(sum(item["amount"] for item in items)),
            "monthly": monthly,
            "charges": [{"due": due, "before": before.get(due), "after": after.get(due)} for due in dues],
        }

    def _get_shown_charges(self):
        """{due date: total} of the next charges."""
        totals = {}
        for charge in self._get_preview(SHOWN_CHARGES):
            totals[charge["due"]] = totals.get(charge["due"], 0.0) + charge["total"]
        return totals

    def _get_last_change(self):
        return self.env["cobranca.contract.change"].search([("contract_id", "=", self.id)], limit=1)

    def _describe_items(self, items):
        return [{"name": item.name, "amount": item.price_total, "is_apart": item.invoice_apart} for item in items or ()]
