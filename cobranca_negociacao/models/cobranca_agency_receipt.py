from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.account_chart_template import TRANSFER_JOURNAL

from ..tools.commission import step

KINDS = [("payment", "Payment"), ("reversal", "Payment taken back"), ("fee", "Fee of an agreement that broke")]
BATCH = 1000


class CobrancaAgencyReceipt(models.Model):
    """Ledger of the money that came in for placed debts: rows are added, never changed.

    Money that goes back is a later row below zero. For each debt and payment all rows together say what the books say.
    """

    _name = "cobranca.agency.receipt"
    _description = "Payment that Earns Commission"
    _inherit = "cobranca.agency.receipt.query"
    _order = "date desc, id desc"
    _rec_name = "debt_name"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    agency_id = fields.Many2one(
        comodel_name="cobranca.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    placement_id = fields.Many2one(
        comodel_name="cobranca.placement", required=True, readonly=True, index=True, ondelete="restrict"
    )
    placement_line_id = fields.Many2one(
        comodel_name="cobranca.placement.line", string="Placed debt", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="placement_id.partner_id", store=True, index=True, string="Customer")
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Receivable line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    debt_name = fields.Char(string="Debt", readonly=True, help="Invoice, or agreement and installment.")
    # Not a reference: a payment may be deleted, what it earned stays on record.
    credit_ref = fields.Integer(string="Payment (id)", required=True, readonly=True, aggregator=None)
    credit_name = fields.Char(string="Payment", readonly=True)
    date = fields.Date(required=True, readonly=True, help="Of the payment, or on which it was seen that it went back.")
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    amount = fields.Monetary(string="Received", required=True, readonly=True)
    percent = fields.Float(string="Commission (%)", digits=(5, 2), readonly=True, aggregator=None)
    fee = fields.Monetary(
        string="Collection fees",
        readonly=True,
        help="What of it the customer pays for the work of the agency, on top of his debt: it earns no commission.",
    )
    commission = fields.Monetary(required=True, readonly=True)
    turn = fields.Integer(
        required=True, readonly=True, aggregator=None, help="How many rows this payment had before for this debt."
    )
    statement_id = fields.Many2one(
        comodel_name="cobranca.agency.statement", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    # What two runs at the same moment would write twice.
    _uniq_turn = models.UniqueIndex(
        "(placement_line_id, credit_ref, turn)", "This payment is in the ledger of the agency already."
    )
    _open_idx = models.Index("(agency_id, date) WHERE statement_id IS NULL")
    _check_sign = models.Constraint(
        "CHECK (CASE kind WHEN 'payment' THEN amount > 0 WHEN 'reversal' THEN amount < 0 "
        "ELSE amount = 0 AND fee <> 0 END)",
        "A payment is above zero, and what went back is below.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if vals:
            raise UserError(self.env._("What was received stays as it is: corrections are later rows."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was received stays as it is: corrections are later rows."))

    # === BUSINESS METHODS === #

    @api.model
    def _collect(self, company):
        """Add what the ledger lacks of what the books say now; the same again adds nothing.

        :param company: res.company
        :return: the rows that were added, with the rights of the system
        """
        # sudo: the ledger is written by this method only, whoever may look at statements
        ledger = self.sudo().with_company(company)
        agencies = ledger._claim_agencies(company)
        if not agencies:
            return ledger.browse()
        self.env.flush_all()
        chart = self.env["account.chart.template"].with_company(company).sudo()  # sudo: finds a journal, no more
        bridges = chart.ref(TRANSFER_JOURNAL, raise_if_not_found=False) or self.env["account.journal"]
        held_money = company.sudo().cobranca_agency_money_account_id  # sudo: which account it is, whoever asks
        rows = self.env.execute_query(ledger._get_differences_query(company, bridges, held_money))
        added = ledger.browse()
        today = company._cobranca_today()
        for start in range(0, len(rows), BATCH):
            added |= ledger.create(ledger._prepare_rows(rows[start : start + BATCH], today))
        agencies.collected_at = fields.Datetime.now()
        return added

    @api.model
    def _claim_agencies(self, company):
        """Keep the agencies of a company for this transaction: who comes second waits.

        `collected_at` is written at the end, so that who waited with an older view of the ledger is served anew.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM cobranca_agency WHERE company_id = %s ORDER BY id FOR NO KEY UPDATE",
                company.id,
            )
        )
        return self.env["cobranca.agency"].sudo().browse(row[0] for row in rows)  # sudo: as for the ledger

    @api.model
    def _prepare_rows(self, differences, today):
        """:return: list of values, of the rows of :meth:`_get_differences_query`"""
        items = self.env["cobranca.placement.line"].browse({row[0] for row in differences})
        items.fetch(["placement_id", "line_id", "company_id", "currency_id"])
        items.placement_id.fetch(["agency_id", "partner_id"])
        names = self._get_debt_names(items.line_id)
        values = []
        for item_id, credit, credit_name, day, *figures, turn, percent in differences:
            item = items.browse(item_id)
            added = step(*map(Decimal, (*figures, percent)))
            values.append(
                {
                    "company_id": item.company_id.id,
                    "currency_id": item.currency_id.id,
                    "agency_id": item.placement_id.agency_id.id,
                    "placement_id": item.placement_id.id,
                    "placement_line_id": item.id,
                    "line_id": item.line_id.id,
                    "debt_name": names[item.line_id],
                    "credit_ref": credit,
                    "credit_name": credit_name,
                    "date": day if added.amount > 0 else today,
                    "kind": self._get_kind(added),
                    "amount": float(added.amount),
                    "fee": float(added.fee),
                    "percent": float(percent),
                    "commission": float(added.commission),
                    "turn": turn,
                }
            )
        return values

    @api.model
    def _get_kind(self, added):
        """:param tools.commission.Step added: what a row adds"""
        if not added.amount:
            return "fee"
        return "payment" if added.amount > 0 else "reversal"

    @api.model
    def _get_debt_names(self, lines):
        """{account.move.line: the invoice, or agreement and installment, as the statement calls it}"""
        lines.fetch(["move_name", "name"])
        names = {line: line.move_name or line.name or "" for line in lines}
        for item in self.env["cobranca.agreement.installment"].search([("line_id", "in", lines.ids)]):
            names[item.line_id] = item.display_name
        return names

    def _put_on(self, statement):
        """Put these rows, which are on no statement, on one."""
        models.Model.write(self, {"statement_id": statement.id})

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_collect(self):
        """Bring the ledger of each company up to date."""
        # sudo: of all companies that have agencies
        companies = self.env["cobranca.agency"].sudo().with_context(active_test=False).search(Domain.TRUE).company_id
        self.env["cobranca.batch.run"]._cron_each(
            list(companies), lambda company: company._cobranca_localize(self)._collect(company)
        )
