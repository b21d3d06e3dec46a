from odoo import api, fields, models
from odoo.tools import SQL, split_every

from odoo.addons.cobranca_recorrente.tools.contact_data import COSTS

NOTHING = "nothing"
GAPS = [
    ("document_missing", "CPF or CNPJ missing"),
    ("document_wrong", "CPF or CNPJ cannot be right"),
    ("document_kind", "CPF where a CNPJ belongs, or the reverse"),
    ("email_missing", "E-mail missing"),
    ("email_wrong", "E-mail cannot be right"),
    ("email_bounced", "Messages came back"),
    ("phone_missing", "Phone missing"),
    ("phone_wrong", "Phone cannot be right"),
    ("street_missing", "Street missing"),
    ("zip_missing", "CEP missing"),
    ("zip_wrong", "CEP cannot be right"),
    ("zip_elsewhere", "CEP of another state"),
    ("city_missing", "City missing"),
    ("state_missing", "State missing"),
    ("number_missing", "House number missing"),
    ("never_verified", "Nobody verified the data"),
    (NOTHING, "Nothing missing"),
]
# Customers: who owes something, or had invoices fall due lately.
CUSTOMERS = """
    SELECT partner_id FROM cobranca_behavior WHERE company_id = %(company)s
     UNION
    SELECT partner_id FROM (%(titles)s) title WHERE partner_id IS NOT NULL
     ORDER BY 1
"""
BATCH = 1000


class CobrancaPortfolioGap(models.Model):
    """What is missing in the data of each customer, as of the last night: rules that only Python knows."""

    _name = "cobranca.portfolio.gap"
    _description = "Gap in a Customer's Data"
    _order = "company_id, partner_id, gap"
    _rec_name = "partner_id"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    gap = fields.Selection(selection=GAPS, required=True, readonly=True)
    cost = fields.Integer(readonly=True, help="Points that it costs of 100 of the data quality.")
    computed_on = fields.Date(string="As of", required=True, readonly=True)

    _uniq_gap = models.UniqueIndex("(company_id, partner_id, gap)", "A gap of a customer is listed once.")

    # === CRON === #

    @api.model
    def _cron_refresh(self):
        """Look at the data of all customers, company by company, each in a transaction."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for number, company in enumerate(companies, start=1):
            self._refresh(company)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number):
                return

    # === BUSINESS METHODS === #

    @api.model
    def _refresh(self, company):
        """Write anew what is missing of each customer of a company; safe to repeat.

        :param company: res.company
        """
        self.env.flush_all()
        titles = self.env["cobranca.report.ledger"]._get_titles_query(company)
        found = self.env.execute_query(SQL(CUSTOMERS, company=company.id, titles=titles))
        self.env.cr.execute("DELETE FROM cobranca_portfolio_gap WHERE company_id = %s", [company.id])
        today = company._cobranca_today()
        for ids in split_every(BATCH, (partner for (partner,) in found)):
            self._insert_gaps(company, self.env["res.partner"].browse(ids), today)
        self.env.invalidate_all()

    def _insert_gaps(self, company, partners, today):
        rows = [
            (company.id, partner.id, code, COSTS.get(code, 0), today, self.env.uid, self.env.cr.now())
            for partner in partners
            for code in partner._cobranca_get_gaps() or [NOTHING]
        ]
        self.env.cr.execute_values(
            """
            INSERT INTO cobranca_portfolio_gap
                   (company_id, partner_id, gap, cost, computed_on, create_uid, create_date)
            VALUES %s
            """,
            rows,
        )
