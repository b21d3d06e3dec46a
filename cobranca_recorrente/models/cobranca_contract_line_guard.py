from odoo import api, models
from odoo.exceptions import AccessError, UserError

# What a billed period was computed from: changed by the contract's own methods only, with a true-up.
BILLED_FIELDS = {
    "product_id",
    "quantity",
    "price_unit",
    "discount",
    "recurrence",
    "billing_timing",
    "date_start",
    "date_end",
    "display_type",
}
# What the contract's own methods note of where a line comes from.
HISTORY_FIELDS = {"previous_line_id", "adjusted_period_id", "is_termination_fee"}


class CobrancaContractLineGuard(models.AbstractModel):
    """What nobody may write on a billed line by hand: the contract's own methods settle what they change."""

    _name = "cobranca.contract.line.guard"
    _description = "Guard of a Billing Contract Line"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._refuse_recurring_after_billing()
        # sudo: only whether there is one
        linked = lines.sudo().filtered(lambda line: any(line[name] for name in HISTORY_FIELDS))
        lines.browse(linked.ids)._refuse_history()
        return lines

    def write(self, vals):
        """A line stays with its contract: moving it would change what another customer pays."""
        if "contract_id" in vals and any(line.contract_id.id != vals["contract_id"] for line in self):
            raise UserError(self.env._("A line cannot be moved to another contract: add a new line there."))
        if changed := BILLED_FIELDS & vals.keys():
            self.filtered(lambda line: line._differs(vals, changed))._refuse_change_after_billing()
        if history := HISTORY_FIELDS & vals.keys():
            self.filtered(lambda line: line._differs(vals, history))._refuse_history()
        result = super().write(vals)
        if {"recurrence", "display_type"} & vals.keys():
            self._refuse_recurring_after_billing()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unbilled(self):
        self._refuse_change_after_billing()

    # === BUSINESS METHODS === #

    def _differs(self, vals, names):
        """Would a write change one of the fields (clients send back what they did not touch)?"""
        self.ensure_one()
        return any(self._fields[name].convert_to_write(self[name], self) != vals[name] for name in names)

    def _refuse_change_after_billing(self):
        """:raise UserError: for lines that a billed period was computed from, unless the system writes"""
        if self.env.su:
            return
        for line in self.filtered(lambda line: not line.display_type):
            contract = line.contract_id
            if line.sudo().adjusted_period_id:  # sudo: whether there is one
                raise UserError(
                    self.env._("%(line)s settles a change of a billed period and stays as it is.", line=line.name)
                )
            # A version that is not billed yet has its days from those before and after it.
            if contract._is_line_billed(line) or (line.recurrence != "once" and contract._has_billed()):
                raise UserError(
                    self.env._(
                        "%(line)s was billed already. Use the button “Change prices or items” of the contract: it "
                        "keeps what was billed and settles the difference.",
                        line=line.name,
                    )
                )

    def _refuse_recurring_after_billing(self):
        """A new recurring item of a billed contract needs a day from which it counts, and its settlement."""
        if self.env.su:
            return
        for line in self.filtered(lambda line: line.recurrence != "once" and not line.display_type):
            if line.contract_id._has_billed():
                raise UserError(
                    self.env._(
                        "%(contract)s has billed periods: add items by its button “Change prices or items”.",
                        contract=line.contract_id.name,
                    )
                )

    def _refuse_history(self):
        """What a line replaces or adjusts is written by the contract's own methods only."""
        if self and not self.env.su:
            raise AccessError(self.env._("What a line replaces or adjusts cannot be written directly."))
