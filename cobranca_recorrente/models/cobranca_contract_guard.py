from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .cobranca_contract_period import LIVE_STATES

# Written only by this model's own methods: by hand they would bill twice, or hide a contract.
GUARDED_FIELDS = {
    "name",
    "state",
    "park_reason",
    "is_park_checkable",
    "catch_up_until",
    "period_ids",
    "pause_ids",
    "change_ids",
    "postponed_due_date",
    "postponed_from",
    "readjustment_ids",
    "hold_reason",
    "hold_key",
    "hold_amount",
    "hold_deviation",
    "hold_released_keys",
    "hold_released_by_id",
    "renewal_alert_date",
    "close_reason_id",
    "is_paused",
    "monthly_amount",
    "next_issue_date",
    "next_due_date",
    # What a customer asked for stays as he asked it.
    "cancel_state",
    "cancel_protocol",
    "cancel_requested_on",
    "cancel_requested_by_id",
    "cancel_answer_until",
    "cancel_last_day",
    "cancel_is_withdrawal",
    "cancel_fee",
    "cancel_reason_id",
    "cancel_text",
}


class CobrancaContractGuard(models.AbstractModel):
    """What nobody may write on a contract by hand, whatever the client sends."""

    _name = "cobranca.contract.guard"
    _description = "Guard of a Billing Contract"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Guarded fields have no defaults given by a client either."""
        if self.env.su:
            return super().create(vals_list)
        guarded = {f"default_{name}" for name in GUARDED_FIELDS}
        kept = {key: value for key, value in self.env.context.items() if key not in guarded}
        without_defaults = self.with_context(kept)  # pylint: disable=context-overridden
        return super(CobrancaContractGuard, without_defaults).create(vals_list)

    def write(self, vals):
        """A new end settles what is billed already, whoever writes it."""
        if self.env.su or "date_end" not in vals:
            return super().write(vals)
        ends = {contract: contract.date_end for contract in self if contract.state == "active"}
        result = super().write(vals)
        for contract, end in ends.items():
            if contract.date_end != end and contract._has_billed():
                contract._settle_new_end(end)
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _refuse_guarded_fields(self, written):
        """Refuse what only the buttons and the billing run write.

        :param set written: names of fields
        :raise AccessError: unless the system writes
        """
        guarded = GUARDED_FIELDS & written
        if guarded and not self.env.su:
            labels = sorted(self._fields[field]._description_string(self.env) for field in guarded)
            raise AccessError(
                self.env._(
                    "%(fields)s cannot be written directly: use the buttons of the contract.", fields=", ".join(labels)
                )
            )

    def _refuse_other_party(self, vals):
        """What was billed to one customer by one company cannot become another's."""
        if not {"partner_id", "company_id"} & vals.keys():
            return
        debtor = self.env["res.partner"].browse(vals.get("partner_id")).commercial_partner_id
        for contract in self.filtered(lambda c: any(p.state in LIVE_STATES for p in c.period_ids)):
            other_debtor = debtor and debtor != contract.commercial_partner_id
            other_company = vals.get("company_id", contract.company_id.id) != contract.company_id.id
            if other_debtor or other_company:
                raise UserError(
                    self.env._(
                        "%(contract)s was billed: its customer and company stay. Close it and make a new contract.",
                        contract=contract.name,
                    )
                )
