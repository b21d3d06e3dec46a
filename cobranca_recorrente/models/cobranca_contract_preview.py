from itertools import islice

from odoo import models


class CobrancaContractPreview(models.AbstractModel):
    """What a contract will bill, without writing anything: what billing does, asked beforehand."""

    _name = "cobranca.contract.preview"
    _description = "Preview of a Billing Contract"

    # === BUSINESS METHODS === #

    def _get_preview(self, count=12, until=None):
        """The next charges of this contract, equal to what billing makes of them.

        :param int count: how many at most
        :param date until: last issue date, or None
        :return: list of dict(issue, due, first, last, amount, total, lines), amounts in the contract's
            currency: `amount` before taxes that are added, `total` as the invoice will say;
            lines: list of dict(name, quantity, price_unit, discount, amount, days, of_days)
        """
        self.ensure_one()
        if self.state not in ("draft", "active"):
            return []
        taken, usage = self._get_taken()[self._origin.id], self._get_open_usage()[self._origin.id]
        charges = islice(self._iter_charges(taken, usage), count)
        return [self._preview_of(charge) for charge in charges if not until or charge.issue <= until]

    def _preview_of(self, charge):
        billed = [item for item in charge.items if not item.line.display_type] if charge.amount else []
        base_lines = [
            item.line._prepare_base_line(quantity=item.quantity, price_unit=item.price_unit) for item in billed
        ]
        spans = [part.span for part in charge.parts] or [(charge.issue, charge.issue)]
        return {
            "issue": charge.issue,
            "due": charge.due,
            "first": min(first for first, _last in spans),
            "last": max(last for _first, last in spans),
            "amount": float(charge.amount),
            "total": self._get_total(base_lines) if base_lines else 0.0,
            "lines": [
                {
                    "name": item.line._get_invoice_line_name(item, charge),
                    "quantity": item.quantity,
                    "price_unit": item.price_unit,
                    "discount": item.line.discount,
                    "amount": float(item.amount),
                    "days": item.days,
                    "of_days": item.part.of_days if item.part else 0,
                }
                for item in billed
            ],
        }
