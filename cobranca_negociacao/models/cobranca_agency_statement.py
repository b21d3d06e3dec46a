from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools.commission import transfer
from .cobranca_agency import MONEY_TO

STATES = [
    ("draft", "Draft"),
    ("sent", "With the agency"),
    ("disputed", "Contested"),
    ("agreed", "Agreed by both"),
    ("billed", "Billed"),
]


class CobrancaAgencyStatement(models.Model):
    """What an agency collected in a month, what it earned, and what it passes on.

    A statement that was sent does not change: what is found later is on a later one.
    """

    _name = "cobranca.agency.statement"
    _description = "Statement of an Agency"
    _inherit = [
        "cobranca.agency.statement.life",
        "cobranca.agency.statement.page",
        "cobranca.agency.statement.book",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "month desc, agency_id, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    agency_id = fields.Many2one(
        comodel_name="cobranca.agency",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    month = fields.Date(required=True, readonly=True, help="Its first day.")
    date_to = fields.Date(string="Until", required=True, readonly=True)
    state = fields.Selection(selection=STATES, default="draft", required=True, readonly=True, index=True, tracking=True)
    receipt_ids = fields.One2many(
        comodel_name="cobranca.agency.receipt", inverse_name="statement_id", string="Payments", readonly=True
    )
    receipt_count = fields.Integer(string="Rows", readonly=True, aggregator=None)
    amount_received = fields.Monetary(string="Received", readonly=True)
    amount_commission = fields.Monetary(string="Commission", readonly=True)
    amount_fee = fields.Monetary(
        string="Collection fees",
        readonly=True,
        help="What customers paid on top of their debts for the work of the agency: it is the agency's.",
    )
    amount_transfer = fields.Monetary(
        string="To pass on", readonly=True, help="What the agency received for us, less its commission and fees."
    )
    money_to = fields.Selection(selection=MONEY_TO, string="Customers pay", required=True, readonly=True)
    # --- what became of it ---
    sent_at = fields.Datetime(readonly=True)
    agency_agreed_at = fields.Datetime(string="Agency agreed", readonly=True, tracking=True)
    agency_agreed_by_id = fields.Many2one(comodel_name="res.users", string="Agreed for the agency by", readonly=True)
    agreed_at = fields.Datetime(string="We agreed", readonly=True)
    agreed_by_id = fields.Many2one(comodel_name="res.users", string="Agreed for us by", readonly=True)
    dispute_reason = fields.Text(string="What the agency contests", readonly=True)
    bill_id = fields.Many2one(
        comodel_name="account.move",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

    _uniq_month = models.UniqueIndex("(agency_id, month)", "This agency has a statement of this month already.")
    _check_agreed = models.Constraint(
        "CHECK (state NOT IN ('agreed', 'billed') OR (agency_agreed_at IS NOT NULL AND agreed_at IS NOT NULL))",
        "A statement is agreed by the agency and by us.",
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "month")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = f"{statement.name} · {statement._get_month_name()}"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Statements stay in the register."))

    # === BUSINESS METHODS === #

    @api.model
    def _prepare_month(self, company, day):
        """Make the statements of a month, of all agencies that have payments on none; the same again adds nothing.

        :param company: res.company
        :param date day: any day of the month
        :return: the statements of the month, with the rights of the system
        """
        # sudo: statements are made by this method only, of what the ledger says
        statements = self.sudo().with_company(company)
        ledger = statements.env["cobranca.agency.receipt"]
        ledger._collect(company)
        month = day.replace(day=1)
        last = fields.Date.subtract(fields.Date.add(month, months=1), days=1)
        own = [("company_id", "=", company.id)]
        waiting = ledger._read_group([*own, ("statement_id", "=", False), ("date", "<=", last)], ["agency_id"])
        there = statements.search([*own, ("month", "=", month)])
        missing = [agency for (agency,) in waiting if agency not in there.agency_id]
        there |= statements.create([statements._prepare_statement(agency, month, last) for agency in missing])
        for statement in there.filtered(lambda statement: statement.state == "draft"):
            statement._fill()
        return there

    @api.model
    def _prepare_statement(self, agency, month, last):
        """:return: dict of values"""
        return {
            "name": self.env["ir.sequence"].next_by_code("cobranca.agency.statement"),
            "company_id": agency.company_id.id,
            "currency_id": agency.company_id.currency_id.id,
            "agency_id": agency.id,
            "month": month,
            "date_to": last,
            "money_to": agency.money_to,
        }

    def _fill(self):
        """Take what is on no statement yet, and add up."""
        self.ensure_one()
        ledger = self.env["cobranca.agency.receipt"]
        domain = [("agency_id", "=", self.agency_id.id), ("statement_id", "=", False), ("date", "<=", self.date_to)]
        ledger.search(domain)._put_on(self)
        self.env.flush_all()
        [(count, received, fees, earned)] = self.env.execute_query(
            SQL(
                "SELECT COUNT(*), COALESCE(SUM(amount), 0)::text, COALESCE(SUM(fee), 0)::text, "
                "COALESCE(SUM(commission), 0)::text "
                "FROM cobranca_agency_receipt WHERE statement_id = %s",
                self.id,
            )
        )
        is_held = self.money_to == "agency"
        self.write(
            {
                "receipt_count": count,
                "amount_received": float(received),
                "amount_commission": float(earned),
                "amount_fee": float(fees),
                "amount_transfer": float(transfer(Decimal(received), Decimal(earned) + Decimal(fees), is_held)),
            }
        )

    def _get_month_name(self):
        """The month in words, in the language of who reads."""
        return format_date(self.env, self.month, date_format="LLLL y") if self.month else ""

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_prepare(self):
        """Make the statements of the last month, once it is over."""
        # sudo: of all companies that have agencies
        companies = self.env["cobranca.agency"].sudo().with_context(active_test=False).search(Domain.TRUE).company_id

        def prepare(company):
            last = fields.Date.subtract(company._cobranca_today().replace(day=1), days=1)
            company._cobranca_localize(self)._prepare_month(company, last)

        self.env["cobranca.batch.run"]._cron_each(list(companies), prepare)
