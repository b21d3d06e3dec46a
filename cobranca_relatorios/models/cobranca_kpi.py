from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

CODES = [
    ("late_amount", "Late today"),
    ("rate_30", "Late over 30 days"),
    ("dso", "DSO"),
    ("cei", "CEI (effectiveness)"),
    ("recovered", "Recovered in the month"),
    ("agreement_rate", "Agreements on time"),
    ("average_delay", "Average delay of what is late"),
    ("days_delinquent", "Days due to delay"),
    ("promise_rate", "Promises kept"),
]
UNITS = [("money", "Money"), ("percent", "Percent"), ("days", "Days")]
DIRECTIONS = [("up", "The more the better"), ("down", "The less the better")]
# Unit, what is better, whether it is on the first row, and whether it grows with the days of the month.
KINDS = {
    "late_amount": ("money", "down", True, False),
    "rate_30": ("percent", "down", True, False),
    "dso": ("days", "down", True, False),
    "cei": ("percent", "up", True, True),
    "recovered": ("money", "up", True, True),
    "agreement_rate": ("percent", "up", True, False),
    "average_delay": ("days", "down", False, False),
    "days_delinquent": ("days", "down", False, False),
    "promise_rate": ("percent", "up", False, False),
}
CHANGEABLE = {"user_id", "goal"}


class CobrancaKpi(models.Model):
    """A figure that a company is led by: who answers for it, and what it should be."""

    _name = "cobranca.kpi"
    _description = "Key Figure"
    _order = "company_id, sequence, id"
    _rec_name = "code"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    code = fields.Selection(selection=CODES, string="Figure", required=True, readonly=True)
    sequence = fields.Integer(required=True, readonly=True)
    is_main = fields.Boolean(string="On the first row", readonly=True)
    is_flow = fields.Boolean(
        string="Grows during the month", readonly=True, help="Before the month ends, a lower figure says nothing yet."
    )
    unit = fields.Selection(selection=UNITS, required=True, readonly=True)
    direction = fields.Selection(selection=DIRECTIONS, string="Better", required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        index=True,
        help="Who answers for this figure.",
    )
    goal = fields.Float(digits=(16, 2), help="In the unit of the figure; 0 = no goal.")
    definition = fields.Text(compute="_compute_definition")
    source = fields.Char(compute="_compute_definition", help="Which records it is counted from.")

    _uniq_code = models.UniqueIndex("(company_id, code)", "A company has each key figure once.")
    _check_goal = models.Constraint("CHECK (goal >= 0)", "A goal is zero or above.")

    # === COMPUTE METHODS === #

    @api.depends("code")
    @api.depends_context("lang")
    def _compute_definition(self):
        definitions, sources = self._get_definitions(), self._get_sources()
        for kpi in self:
            kpi.definition = definitions.get(kpi.code)
            kpi.source = sources.get(kpi.code, self.env._("Monthly positions, taken from the receivable accounts."))

    # === CRUD METHODS === #

    def write(self, vals):
        """Owner and goal are decided by people; what a figure is, is not."""
        if not self.env.su and set(vals) - CHANGEABLE:
            raise UserError(self.env._("Only the owner and the goal of a key figure can be changed."))
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _give(self, companies=None):
        """Give companies the key figures that they do not have yet.

        :param companies: res.company; all when None
        """
        # sudo: what every company begins with, whoever makes it
        Kpi = self.sudo()
        companies = companies or Kpi.env["res.company"].with_context(active_test=False).search(Domain.TRUE)
        known = {(kpi.company_id.id, kpi.code) for kpi in Kpi.search([("company_id", "in", companies.ids)])}
        Kpi.create(
            [
                self._prepare(company, code, 10 * number)
                for company in companies
                for number, code in enumerate(KINDS, start=1)
                if (company.id, code) not in known
            ]
        )

    @api.model
    def _prepare(self, company, code, sequence):
        unit, direction, is_main, is_flow = KINDS[code]
        return {
            "company_id": company.id,
            "code": code,
            "sequence": sequence,
            "unit": unit,
            "direction": direction,
            "is_main": is_main,
            "is_flow": is_flow,
        }

    @api.model
    def _get_definitions(self):
        """What each figure means, with its formula."""
        return {
            "late_amount": self.env._("What customers owe and is due before this day. What is due today is not late."),
            "rate_30": self.env._("Open amounts late for over 30 days / all open amounts, by the due date."),
            "dso": self.env._("Days sales outstanding: receivables / sales of three months × days of these months."),
            "cei": self.env._(
                "Collection effectiveness: (receivables at the beginning of the month + sales − receivables at the "
                "end) / (beginning + sales − what is not late at the end). 100 % leaves nothing late."
            ),
            "recovered": self.env._("Money of the month for invoices and installments that were late when it came."),
            "agreement_rate": self.env._("Agreements in force without a late installment / agreements in force."),
            "average_delay": self.env._("Days late of what is open and late, weighted by amount."),
            "days_delinquent": self.env._("DSO less the DSO if nothing were late: the days that delay alone costs."),
            "promise_rate": self.env._("Promises kept / promises decided, of those whose time ended in the month."),
        }

    @api.model
    def _get_sources(self):
        """Where figures are counted, if not in the monthly positions."""
        return {"promise_rate": self.env._("Promises to pay, decided by the payments.")}
