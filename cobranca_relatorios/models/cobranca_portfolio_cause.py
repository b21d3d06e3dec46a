from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

MONTHS = 12


class CobrancaPortfolioCause(models.Model):
    """Why customers pay late, as they told it in the last twelve months."""

    _name = "cobranca.portfolio.cause"
    _inherit = ["cobranca.portfolio.part", "cobranca.view.link"]
    _description = "Cause of Delay of the Latest Position"
    _order = "amount_overdue desc, id"
    _rec_name = "reason_id"

    reason_id = fields.Many2one(
        comodel_name="cobranca.delinquency.reason",
        string="Cause",
        readonly=True,
        ondelete="cascade",
        groups="cobranca_recorrente.cobranca_group_supervisor",
        help="As the customer told it; empty: not informed. Personal reasons are for supervisors.",
    )
    since = fields.Date(required=True, readonly=True)
    contact_count = fields.Integer(
        string="Customers asked", readonly=True, help="One contact for each customer and month."
    )
    amount_overdue = fields.Monetary(string="Overdue at registration", readonly=True)
    share = fields.Float(
        string="Share (%)",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        help="Σ overdue at registration of the cause / Σ overdue at registration of all causes.",
    )
    name = fields.Char(string="Cause in words", compute="_compute_name")

    _uniq_reason = models.UniqueIndex("(company_id, reason_id)", "A cause has one row.")

    # === COMPUTE METHODS === #

    @api.depends("reason_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for row in self:
            row.name = row.reason_id.display_name or self.env._("Not informed")

    # === ACTIONS === #

    def action_open(self):
        """Open the contacts in which the cause was told."""
        self.ensure_one()
        self.check_access("read")
        until = self.snapshot_id.date
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cobranca.cause.report",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                *self._get_own_domain(),
                ("reason_id", "=", self.reason_id.id),
                ("day", ">=", self.since),
                ("day", "<=", until),
            ],
            "context": {},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_rows(self, snapshot):
        since = snapshot.month - relativedelta(months=MONTHS - 1)
        rows = self.env["cobranca.cause.report"]._read_group(
            [("company_id", "=", snapshot.company_id.id), ("day", ">=", since), ("day", "<=", snapshot.date)],
            ["reason_id"],
            ["contact_count:sum", "amount_overdue:sum"],
        )
        whole = sum(amount for _reason, _count, amount in rows)
        return [
            {
                "reason_id": reason.id,
                "since": since,
                "contact_count": count,
                "amount_overdue": amount,
                "share": 100 * amount / whole if whole else 0.0,
            }
            for reason, count, amount in rows
        ]
