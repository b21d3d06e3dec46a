from odoo import fields, models


class CobrancaCaseAssign(models.TransientModel):
    """Choose who works some customers in collection."""

    _name = "cobranca.case.assign"
    _description = "Assign Customers in Collection"

    case_ids = fields.Many2many(comodel_name="cobranca.case", string="Customers", required=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Collector",
        domain="[('share', '=', False)]",
        help="Empty: whom the contract or the customer names.",
    )

    # === ACTIONS === #

    def action_assign(self):
        """Give the customers to the collector."""
        self.ensure_one()
        self.case_ids.check_access("read")
        self.case_ids._assign(self.user_id)
        return {"type": "ir.actions.act_window_close"}
