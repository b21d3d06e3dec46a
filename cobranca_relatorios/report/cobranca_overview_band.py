from odoo import fields, models
from odoo.tools import SQL

from ..models.cobranca_report_ledger import AS_OF
from ..tools.aging import BANDS

ROWS = """
    SELECT position.id * 10 + band.key::int AS id, position.company_id, company.currency_id, position.date,
           position.computed_at, band.key AS band,
           COALESCE(due.amount, 0) AS amount,
           COALESCE(original.amount, 0) AS original_amount,
           COALESCE(due.title_count, 0) AS title_count,
           COALESCE(100 * due.amount / NULLIF(SUM(due.amount) OVER (PARTITION BY position.id), 0), 0) AS share
      FROM (
        SELECT DISTINCT ON (company_id) id, company_id, date, computed_at
          FROM cobranca_portfolio_snapshot
         ORDER BY company_id, month DESC
      ) position
      JOIN res_company company ON company.id = position.company_id
     CROSS JOIN unnest(%(bands)s) AS band (key)
      LEFT JOIN cobranca_portfolio_band due
        ON due.snapshot_id = position.id AND due.basis = 'due' AND due.band = band.key
      LEFT JOIN cobranca_portfolio_band original
        ON original.snapshot_id = position.id AND original.basis = 'original' AND original.band = band.key
"""


class CobrancaOverviewBand(models.Model):
    """The latest position of each company by delay, every band with a row, empty ones too."""

    _name = "cobranca.overview.band"
    _inherit = ["cobranca.current.company", "cobranca.active.figure"]
    _description = "Latest Position by Delay"
    _auto = False
    _order = "company_id, band"
    _rec_name = "band"
    _depends = {
        "cobranca.portfolio.snapshot": ["month", "date", "computed_at"],
        "cobranca.portfolio.band": ["basis", "band", "amount", "title_count"],
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    date = fields.Date(string="As of", readonly=True)
    computed_at = fields.Datetime(string="Computed on", readonly=True)
    band = fields.Selection(selection=BANDS, string="Delay", readonly=True)
    amount = fields.Monetary(string="Open", readonly=True)
    original_amount = fields.Monetary(
        string="By original due date", readonly=True, help="An installment is as late as the debts it stands for."
    )
    title_count = fields.Integer(string="Titles", readonly=True)
    share = fields.Float(string="Share (%)", digits=(16, 2), readonly=True, aggregator=None)

    @property
    def _table_query(self):
        return SQL(ROWS, bands=[key for key, _label in BANDS])

    # === ACTIONS === #

    def action_open(self):
        """Open the lines of this band as of the day of the position."""
        self.ensure_one()
        self.check_access("read")
        domain = [("company_id", "=", self.company_id.id), ("is_credit", "=", False), ("band", "=", self.band)]
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["band"]._description_selection(self.env)).get(self.band),
            "res_model": "cobranca.aging.report",
            "views": [(False, "list")],
            "domain": domain,
            "context": {AS_OF: fields.Date.to_string(self.date)},
        }
