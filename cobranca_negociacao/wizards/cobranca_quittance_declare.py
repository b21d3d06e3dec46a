from odoo import api, fields, models


class CobrancaQuittanceDeclare(models.TransientModel):
    """Issue the yearly statement of a customer; what speaks against it is told at once."""

    _name = "cobranca.quittance.declare"
    _description = "Issue a Yearly Statement"

    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    year = fields.Integer(default=lambda self: self.env.company._cobranca_today().year - 1, required=True)
    obstacles = fields.Text(compute="_compute_obstacles")

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id", "year")
    def _compute_obstacles(self):
        Quittance = self.env["cobranca.quittance"]
        for wizard in self:
            debtor = wizard.partner_id.commercial_partner_id
            found = []
            if debtor and 2000 <= wizard.year <= 2999:
                found = Quittance._find_year_obstacles(wizard.company_id, debtor, wizard.year)
            wizard.obstacles = "\n".join(found)

    # === ACTIONS === #

    def action_issue(self):
        """Issue the statement and show it.

        :raise UserError: with all that is still owed of that year
        """
        self.ensure_one()
        quittance = self.env["cobranca.quittance"]._issue_for_year(self.company_id, self.partner_id, self.year)
        return quittance._open()
