from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

# What became of the steps of so many days; groups are compared over more, as few are drawn.
DAYS, MONTHS_COMPARED = 90, 12
SUMS = ("amount_open", "paid_before_count", "waiting_count", "amount_judged", "amount_recovered")
ARRIVED = ("delivered", "read")


class CobrancaPortfolioStep(models.Model):
    """What each step of the ladders brought lately: sent, delivered, read, paid; and beside its control group."""

    _name = "cobranca.portfolio.step"
    _inherit = ["cobranca.portfolio.part", "cobranca.step.comparison", "cobranca.view.link"]
    _description = "Step of the Latest Position"
    _order = "turn, id"
    _rec_name = "level_id"

    level_id = fields.Many2one(required=True, ondelete="cascade")
    policy_id = fields.Many2one(related="level_id.policy_id", string="Ladder", store=True)
    turn = fields.Integer(required=True, readonly=True, aggregator=None)
    since = fields.Date(required=True, readonly=True)
    compared_since = fields.Date(required=True, readonly=True)
    sent_count = fields.Integer(
        string="Titles reached", readonly=True, help="The message was sent, delivered or read, in the last 90 days."
    )
    delivered_count = fields.Integer(
        string="Delivered", readonly=True, help="As far as a channel tells; what was read was delivered."
    )
    read_count = fields.Integer(string="Read", readonly=True, help="As far as a channel tells.")
    amount_open = fields.Monetary(string="Open when sent", readonly=True)
    paid_before_count = fields.Integer(
        string="Paid before the next step",
        readonly=True,
        help="All that was open when the step was sent was paid before another one left.",
    )
    waiting_count = fields.Integer(
        string="Still waiting", readonly=True, help="Open, and no later step was sent about it yet."
    )
    amount_judged = fields.Monetary(
        string="Open, judged", readonly=True, help="Open when sent, of steps that left more than 15 days ago."
    )
    amount_recovered = fields.Monetary(
        string="Recovered",
        readonly=True,
        help="Money that came within 15 days after this step, as the last one sent. Neither credit notes nor "
        "agreements count. It came after the step, which does not prove that it came by it: see the control group.",
    )

    name = fields.Char(string="Step in words", compute="_compute_name")

    _uniq_level = models.UniqueIndex("(company_id, level_id)", "A step has one row.")

    # === COMPUTE METHODS === #

    @api.depends("level_id", "policy_id")
    @api.depends_context("lang")
    def _compute_name(self):
        """The step, with its ladder where there are steps of several ones."""
        ladders = {}
        for company, policy in self._read_group([], ["company_id", "policy_id"]):
            ladders.setdefault(company, []).append(policy)
        for row in self:
            level = row.level_id
            label = level.name if level.is_event else level.display_name
            is_one = len(ladders.get(row.company_id, [])) < 2
            row.name = label if is_one else f"{label} ({row.policy_id.name})"

    # === ACTIONS === #

    def action_open(self):
        """Open the titles that were at the step; of those that were only compared, these."""
        self.ensure_one()
        self.check_access("read")
        domain = [*self._get_own_domain(), ("level_id", "=", self.level_id.id), ("date", "<=", self.snapshot_id.date)]
        if self.sent_count:
            domain += [("is_reached", "=", True), ("date", ">=", self.since)]
        else:
            domain += [("compared_count", ">", 0), ("date", ">=", self.compared_since)]
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "cobranca.step.report",
            "views": [(False, "list"), (False, "pivot")],
            "domain": domain,
            "context": {},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_rows(self, snapshot):
        Report = self.env["cobranca.step.report"]
        since = snapshot.date - timedelta(days=DAYS)
        compared_since = snapshot.date - relativedelta(months=MONTHS_COMPARED)
        sent = self._get_sent(snapshot.company_id, since, snapshot.date)
        compared = {
            found["level"]: self._get_compared(found)
            for found in Report._get_uplift(snapshot.company_id, compared_since, snapshot.date)
        }
        levels = sorted({*sent, *compared}, key=Report._get_turn)
        shared = {"since": since, "compared_since": compared_since}
        return [
            {**shared, "level_id": level.id, "turn": turn, **sent.get(level, {}), **compared.get(level, {})}
            for turn, level in enumerate(levels)
        ]

    @api.model
    def _get_sent(self, company, since, until):
        """What became of the titles whose customers a step reached.

        :return: {cobranca.dunning.level: dict of values}
        """
        domain = Domain("company_id", "=", company.id) & Domain("is_reached", "=", True)
        domain &= Domain("date", ">=", since) & Domain("date", "<=", until)
        rows = self.env["cobranca.step.report"]._read_group(
            domain, ["level_id", "message_state"], ["__count", *(f"{name}:sum" for name in SUMS)]
        )
        found = {}
        for level, state, count, *sums in rows:
            values = found.setdefault(level, dict.fromkeys(("sent_count", "delivered_count", "read_count", *SUMS), 0))
            values["sent_count"] += count
            values["delivered_count"] += count if state in ARRIVED else 0
            values["read_count"] += count if state == "read" else 0
            for name, amount in zip(SUMS, sums, strict=True):
                values[name] += amount
        return found

    @api.model
    def _get_compared(self, found):
        (reminded, reminded_paid), (control, control_paid) = found["reminded"], found["control"]
        return {
            "reminded_count": reminded,
            "reminded_paid_count": reminded_paid,
            "control_count": control,
            "control_paid_count": control_paid,
        }
