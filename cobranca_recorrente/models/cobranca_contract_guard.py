from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date

from ..tools.schedule import ADVANCE, ARREARS
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
    "postponed_part",
    "readjustment_ids",
    "hold_reason",
    "hold_key",
    "hold_amount",
    "hold_deviation",
    "hold_released_keys",
    "hold_released_by_id",
    "renewal_alert_date",
    "close_reason_id",
    "agreed_end",
    "agreed_renewal",
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
    "cancel_taken_back_on",
    "cancel_taken_back_count",
}
# Given when a contract is made, and kept: where it comes from.
KEPT_FIELDS = {"origin_key"}
# What was billed elsewhere before the first period here.
PAST_FIELDS = ("billed_until", "arrears_billed_until")


class CobrancaContractGuard(models.AbstractModel):
    """What nobody may write on a contract by hand, whatever the client sends."""

    _name = "cobranca.contract.guard"
    _description = "Guard of a Billing Contract"

    # === CONSTRAINTS === #

    @api.constrains("date_start", "trial_end", "interval_count", "interval_unit", "billing_day", *PAST_FIELDS)
    def _check_periods_go_on(self):
        """The days between what was billed elsewhere and a period that begins later would be billed by nobody."""
        for contract in self.filtered(lambda contract: contract.state == "active" and contract.billed_until):
            schedule = contract._get_schedule()
            days = [contract[name] for name in PAST_FIELDS if contract[name]]
            if schedule and not all(schedule.is_last_day_of_period(day) for day in days):
                raise ValidationError(
                    self.env._(
                        "%(contract)s was billed elsewhere until %(day)s: its periods must go on from the day after. "
                        "Return it to draft to change both.",
                        contract=contract.name,
                        day=format_date(self.env, contract.billed_until),
                    )
                )

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
        """A new end settles what is billed already, whoever writes it; what was billed elsewhere stays."""
        self._refuse_guarded_fields(set(vals), KEPT_FIELDS)
        self._refuse_other_past(vals)
        if self.env.su or "date_end" not in vals:
            return super().write(vals)
        ends = {contract: contract.date_end for contract in self if contract.state == "active"}
        result = super().write(vals)
        for contract, end in ends.items():
            if contract.date_end != end and contract._has_billed():
                contract._settle_new_end(end)
        unended = self.filtered(lambda c: c.close_reason_id and not c.date_end and c.state in ("draft", "active"))
        unended._forget_why_it_ended(vals.get("renewal"))
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _refuse_guarded_fields(self, written, guarded=frozenset(GUARDED_FIELDS)):
        """Refuse what only the buttons and the billing run write.

        :param set written: names of fields
        :param set guarded: names of the fields that are refused
        :raise AccessError: unless the system writes
        """
        guarded = guarded & written
        if guarded and not self.env.su:
            labels = sorted(self._fields[field]._description_string(self.env) for field in guarded)
            raise AccessError(
                self.env._(
                    "%(fields)s cannot be written directly: use the buttons of the contract.", fields=", ".join(labels)
                )
            )

    def _refuse_other_past(self, vals):
        """Of a contract that bills already: moved back it bills twice, moved on too far it bills never.

        Moved on a little it leaves out what was missed, which is how people give up a backlog.

        :raise UserError: unless the system writes
        """
        if self.env.su or not vals.keys() & set(PAST_FIELDS):
            return
        for contract in self.filtered(lambda contract: contract.state != "draft"):
            schedule = contract._get_schedule()
            latest = schedule and schedule.period(schedule.index_of(contract.company_id._cobranca_today()))[1]
            until, arrears = (fields.Date.to_date(vals.get(name, contract[name])) for name in PAST_FIELDS)
            for group, after in ((ADVANCE, until), (ARREARS, arrears or until)):
                before = contract._get_billed_until(group) or date.min
                if not before <= (after or date.min) <= max(latest or before, before):
                    raise UserError(contract._explain_other_past(latest or before))

    def _explain_other_past(self, latest):
        return self.env._(
            "%(contract)s is being billed: “Billed until” only moves on, to %(day)s at most. While nothing is billed "
            "yet, return the contract to draft to correct it; later, link the invoices of the other system.",
            contract=self.name,
            day=format_date(self.env, latest),
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
