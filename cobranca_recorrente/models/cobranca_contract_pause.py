from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CobrancaContractPause(models.Model):
    """Days on which a contract charges nothing; written by the contract's own methods."""

    _name = "cobranca.contract.pause"
    _description = "Pause of a Contract"
    _order = "date_start desc, id desc"

    contract_id = fields.Many2one(
        comodel_name="cobranca.contract", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    date_start = fields.Date(string="First day", required=True, readonly=True)
    date_end = fields.Date(string="Last day", readonly=True, help="Empty until someone resumes the contract.")
    reason = fields.Char(required=True, readonly=True, groups="cobranca_recorrente.cobranca_group_collector")

    _check_dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "A pause cannot end before it starts."
    )

    # === CONSTRAINTS === #

    @api.constrains("date_start", "date_end", "contract_id")
    def _check_no_overlap(self):
        """Sound because the contract is locked while it is paused."""
        for pause in self:
            for other in pause.contract_id.pause_ids - pause:
                ends_before = pause.date_end and pause.date_end < other.date_start
                begins_after = other.date_end and other.date_end < pause.date_start
                if not (ends_before or begins_after):
                    raise ValidationError(
                        self.env._(
                            "%(contract)s is paused already on some of these days.", contract=pause.contract_id.name
                        )
                    )
