from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import desk

WHYS = [
    (desk.CALLBACK, "Callback agreed"),
    (desk.PROMISE_DUE, "Promise due"),
    (desk.PROMISE_BROKEN, "Promise broken"),
    (desk.REPLIED, "Customer replied"),
    (desk.SAYS_PAID, "Says it is paid"),
    (desk.RETRY, "Another try"),
    (desk.HIGH, "High amount"),
    (desk.FIRST, "First contact"),
    (desk.FOLLOW, "Follow up"),
    (desk.PAUSED, "Paused"),
    (desk.PRESCRIBED, "Prescribed"),
]


class CobrancaCase(models.Model):
    """A customer in collection: one open case per debtor, company and currency, opened and closed by the books."""

    _name = "cobranca.case"
    _description = "Customer in Collection"
    _inherit = [
        "cobranca.case.refresh",
        "cobranca.case.desk",
        "cobranca.case.screen",
        "cobranca.case.training",
        "cobranca.case.actions",
    ]
    _order = "rank, callback_at, score desc, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        selection=[("open", "In collection"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    opened_on = fields.Date(string="In collection since", required=True, readonly=True)
    closed_on = fields.Date(readonly=True)
    close_reason = fields.Selection(
        selection=[("settled", "Nothing is open"), ("not_late", "Nothing is late"), ("merged", "Customer merged")],
        readonly=True,
    )
    collector_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False)]",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        help="Who works this customer; empty: whoever has time.",
    )
    is_assigned = fields.Boolean(
        readonly=True, help="A supervisor chose the collector: contracts and customer do not change it any more."
    )
    line_count = fields.Integer(string="Late invoices", readonly=True)
    amount_original = fields.Monetary(string="Original", readonly=True)
    amount = fields.Monetary(string="Today", readonly=True, help="Late invoices with fine, interest and correction.")
    days_late = fields.Integer(string="Late days", readonly=True, aggregator="max", help="Days late of the oldest one.")
    level_id = fields.Many2one(
        comodel_name="cobranca.dunning.level",
        string="Step",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The highest step of the ladder that one of the late invoices has reached.",
    )
    segment_id = fields.Many2one(comodel_name="cobranca.payer.segment", readonly=True, ondelete="set null")
    why = fields.Selection(selection=WHYS, string="Why now", readonly=True, index=True)
    queue_date = fields.Date(string="Turn", readonly=True, index=True, help="Day on which the customer is spoken to.")
    callback_at = fields.Datetime(string="Hour", readonly=True)
    rank = fields.Integer(readonly=True, aggregator=None)
    score = fields.Float(readonly=True, aggregator=None, help="Amount × days late × weight of the segment.")
    contacted_on = fields.Datetime(string="Last contact", readonly=True)
    refreshed_on = fields.Date(string="As of", readonly=True)
    attendant_id = fields.Many2one(comodel_name="res.users", string="With", readonly=True, ondelete="set null")
    attended_until = fields.Datetime(readonly=True)
    is_training = fields.Boolean(readonly=True)

    _uniq_open = models.UniqueIndex(
        "(company_id, partner_id, currency_id) WHERE state = 'open' AND is_training IS NOT TRUE",
        "This customer is in collection already.",
    )
    _queue_idx = models.Index("(company_id, rank, callback_at, score DESC) WHERE state = 'open'")

    is_due = fields.Boolean(string="In today's queue", compute="_compute_is_due", search="_search_is_due")

    # === COMPUTE METHODS === #

    @api.depends("state", "queue_date")
    def _compute_is_due(self):
        for case in self:
            today = (case.company_id or self.env.company)._cobranca_today()
            case.is_due = case.state == "open" and bool(case.queue_date) and case.queue_date <= today

    def _search_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = Domain.OR(
            Domain("company_id", "=", company.id) & Domain("queue_date", "<=", company._cobranca_today())
            for company in self.env.companies
        ) & Domain("state", "=", "open")
        wanted = Domain.FALSE
        if True in value:
            wanted |= due
        if False in value:
            wanted |= ~due
        return wanted

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not all(self.mapped("is_training")):
            raise UserError(self.env._("Cases stay in the register: they are closed when nothing is late any more."))

    # === ACTIONS === #

    def action_open_partner(self):
        """Open the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def action_assign(self):
        """Open the choice of who works these customers."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Who works these customers"),
            "res_model": "cobranca.case.assign",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_case_ids": self.ids},
        }

    # === BUSINESS METHODS === #

    def _assign(self, user):
        """Give cases to a collector for good, or leave them to whoever their contracts name.

        :param user: res.users; none: as the contracts say
        """
        # sudo: cases are written by their methods only; the wizard checks who may assign
        cases = self.sudo()
        cases.lock_for_update()
        for case in cases:
            collector = user or case._get_collectors(case.company_id, case.partner_id).get(case.partner_id.id)
            case.write({"collector_id": collector.id if collector else False, "is_assigned": bool(user)})
