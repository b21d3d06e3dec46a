from odoo import api, fields, models


class CobrancaContractLineStatus(models.AbstractModel):
    """Where a line stands in the life of its contract, for the screens."""

    _name = "cobranca.contract.line.status"
    _description = "Status of a Billing Contract Line"

    is_billed = fields.Boolean(
        string="Was billed", compute="_compute_is_billed", groups="cobranca_recorrente.cobranca_group_collector"
    )
    is_ended = fields.Boolean(
        string="Is over", compute="_compute_is_ended", groups="cobranca_recorrente.cobranca_group_collector"
    )
    is_adjustment = fields.Boolean(
        string="Adjustment", compute="_compute_is_adjustment", groups="cobranca_recorrente.cobranca_group_collector"
    )

    # === DEFAULT METHODS === #

    @api.model
    def default_get(self, fields):
        """A one-off item is billed from today on, unless another day is chosen."""
        values = super().default_get(fields)
        if values.get("recurrence") == "once" and not values.get("date_start") and "date_start" in fields:
            values["date_start"] = self.env.company._cobranca_today()
        return values

    # === COMPUTE METHODS === #

    @api.depends("contract_id.period_ids.state")
    def _compute_is_billed(self):
        for line in self:
            line.is_billed = bool(line._origin) and line.contract_id._is_line_billed(line)

    @api.depends("date_end", "recurrence", "contract_id.period_ids.state")
    def _compute_is_ended(self):
        """A recurring line after its last day; a one-off item once it is billed."""
        for line in self:
            today = (line.company_id or self.env.company)._cobranca_today()
            is_past = bool(line.date_end) and line.date_end < today
            line.is_ended = line.is_billed if line.recurrence == "once" else is_past

    @api.depends("adjusted_period_id")
    def _compute_is_adjustment(self):
        for line in self:
            line.is_adjustment = bool(line.adjusted_period_id)

    # === BUSINESS METHODS === #

    def _get_price_version(self):
        """The version of this item in which its unit price became what it is."""
        self.ensure_one()
        line = self
        while previous := line.previous_line_id:
            if (line.product_id, line.price_unit) != (previous.product_id, previous.price_unit):
                break
            line = previous
        return line

    def _prepare_amend_values(self):
        """What a change of this line starts from: its values now.

        :return: dict for cobranca.contract.amend.line
        """
        self.ensure_one()
        names = ("product_id", "name", "recurrence", "quantity", "price_unit", "discount")
        return {name: self._fields[name].convert_to_write(self[name], self) for name in names}
