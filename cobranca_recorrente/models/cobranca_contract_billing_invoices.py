from odoo import api, models
from odoo.exceptions import UserError

# One message of ours on the contract replaces the log notes of every draft and posting.
QUIET = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class CobrancaContractBillingInvoices(models.AbstractModel):
    """From charges to posted invoices: the ledger first, the journal's number last."""

    _name = "cobranca.contract.billing.invoices"
    _description = "Invoices of Contract Billing"

    @api.model
    def _join_charges(self, charges):
        """Charges that go on one invoice, when the customer wants it so.

        :return: list of lists of ContractCharge
        """
        invoices = {}
        for charge in charges:
            invoices.setdefault(charge.contract._get_invoice_key(charge), []).append(charge)
        return list(invoices.values())

    @api.model
    def _create_and_post(self, invoices):
        """Claim the periods, create the invoices, post them last.

        :param list invoices: lists of ContractCharge
        :return: account.move in the order of the invoices; what comes to nothing has none
        """
        self._claim_periods([charge for charges in invoices for charge in charges])
        charged = [charges for charges in map(self._without_empty, invoices) if charges]
        Factory = self.env["cobranca.invoice.factory"].with_context(**QUIET)
        moves = Factory._create([charges[0].contract._prepare_invoice_values(charges) for charges in charged])
        for charges, move in zip(charged, moves, strict=True):
            for charge in charges:
                charge.periods.write({"move_id": move.id, "amount_total": move.amount_total})
        Factory._post(moves)
        moves = moves.with_env(self.env)
        moves._cobranca_queue_delivery()
        return moves

    @api.model
    def _without_empty(self, charges):
        return [charge for charge in charges if charge.amount]

    @api.model
    def _claim_periods(self, charges):
        """Write the ledger rows first: the unique index refuses what is billed already.

        :raise UserError: when the database has lost that index
        """
        Period = self.env["cobranca.contract.period"]
        if not Period._has_guard():
            raise UserError(Period._explain_missing_guard())
        contracts = self.env["cobranca.contract"].union(*(charge.contract for charge in charges))
        contracts.check_access("write")
        values = [charge.contract._prepare_period_values(charge) for charge in charges]
        # sudo: only its methods write
        claimed = Period.sudo().create([row for of_one in values for row in of_one])
        rows = iter(claimed)
        for charge, of_one in zip(charges, values, strict=True):
            own = claimed.browse().union(*(next(rows) for _ in of_one))
            charge.periods = own.with_prefetch(claimed._prefetch_ids)
            self._mark_usage(charge)
        postponed = contracts.browse(c.contract.id for c in charges if c.contract._is_postponed(c))
        # sudo: guarded fields; they held for this charge only
        postponed.sudo().write({"postponed_due_date": False, "postponed_part": False})

    @api.model
    def _mark_usage(self, charge):
        for item in charge.items:
            if item.usage:
                period = charge.periods.filtered(lambda p, part=item.part: p.line_group == part.group)
                item.usage.sudo().period_id = period  # sudo: decided by the billing run alone
