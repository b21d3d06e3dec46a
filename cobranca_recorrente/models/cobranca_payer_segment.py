from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# Bounds of a segment: field, column of `cobranca.behavior` and how the two are compared. 0 asks nothing.
BOUNDS = (
    ("min_invoices", "invoice_count", ">="),
    ("max_invoices", "invoice_count", "<="),
    ("min_average_delay", "average_delay", ">="),
    ("max_average_delay", "average_delay", "<="),
    ("min_late_percent", "late_percent", ">="),
    ("max_late_percent", "late_percent", "<="),
    ("min_alone_percent", "alone_percent", ">="),
    ("min_overdue_days", "overdue_days", ">="),
    ("max_overdue_days", "overdue_days", "<="),
)
# Pauses that say: leave this customer alone. Field and reason of `cobranca.hold`; any one of them fits.
HOLDS = (
    ("is_held_deceased", "deceased"),
    ("is_held_over_indebtedness", "over_indebtedness"),
    ("is_held_court", "court"),
    ("is_held_procon", "procon"),
)
ASKED = [*(name for name, _column, _operator in BOUNDS), *(name for name, _reason in HOLDS)]
ON_ACTIVATION = [("none", "Say nothing"), ("warn", "Ask for a reason"), ("block", "Only a supervisor, with a reason")]
OPERATORS = {">=": SQL(">="), "<=": SQL("<=")}


class CobrancaPayerSegment(models.Model):
    """A kind of payer, told by figures that managers set; the first in the list that fits counts."""

    _name = "cobranca.payer.segment"
    _description = "Payer Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    advice = fields.Char(translate=True, help="How to treat such customers; shown beside the segment.")
    queue_weight = fields.Integer(
        string="Weight in the queue (%)",
        default=100,
        help="100 counts amount × days late as they are; more brings such customers forward, less puts them back; "
        "0 = they are not called.",
    )
    rule = fields.Char(string="Who belongs to it", compute="_compute_rule")
    min_invoices = fields.Integer(string="Invoices fallen due, at least", help="0 asks nothing, here and below.")
    max_invoices = fields.Integer(string="Invoices fallen due, at most")
    min_average_delay = fields.Float(string="Average delay (days), at least", digits=(16, 1))
    max_average_delay = fields.Float(string="Average delay (days), at most", digits=(16, 1))
    min_late_percent = fields.Float(string="Late (%), at least", digits=(16, 1))
    max_late_percent = fields.Float(string="Late (%), at most", digits=(16, 1))
    min_alone_percent = fields.Float(
        string="Late but paid without a reminder (%), at least",
        digits=(16, 1),
        help="Of the invoices that were paid late, how many were paid before anybody reminded.",
    )
    min_overdue_days = fields.Integer(string="Oldest overdue (days), at least")
    max_overdue_days = fields.Integer(string="Oldest overdue (days), at most")

    is_held_deceased = fields.Boolean(string="Deceased", help="A pause for this reason is in force; here and below.")
    is_held_over_indebtedness = fields.Boolean(string="Over-indebtedness (Lei 14.181/2021)")
    is_held_court = fields.Boolean(string="Court case")
    is_held_procon = fields.Boolean(string="Procon")

    credit_months = fields.Float(
        string="Credit (months of billing)",
        default=1.0,
        digits=(16, 2),
        help="How many times the average bill of a month is suggested as credit limit, before what delays take off. "
        "0 = no limit is suggested.",
    )
    on_activation = fields.Selection(
        selection=ON_ACTIVATION,
        string="When a contract is activated",
        default="none",
        required=True,
        help="What happens when somebody activates a contract of such a customer.",
    )

    _check_credit_months = models.Constraint(
        "CHECK (credit_months BETWEEN 0 AND 60)", "The months of billing are 0 to 60."
    )
    _check_bounds = models.Constraint(
        "CHECK (queue_weight BETWEEN 0 AND 1000 AND min_invoices >= 0 AND max_invoices >= 0 "
        "AND min_average_delay >= 0 AND max_average_delay >= 0 "
        "AND min_late_percent BETWEEN 0 AND 100 AND max_late_percent BETWEEN 0 AND 100 "
        "AND min_alone_percent BETWEEN 0 AND 100 AND min_overdue_days >= 0 AND max_overdue_days >= 0)",
        "Days and numbers are zero or more, percentages from 0 to 100, weights up to 1000.",
    )

    # === COMPUTE METHODS === #

    @api.depends(*ASKED)
    def _compute_rule(self):
        def label(name):
            return self._fields[name]._description_string(self.env)

        for segment in self:
            asked = [name for name, _column, _operator in BOUNDS if segment[name]]
            parts = [f"{label(name)}: {segment[name]:g}" for name in asked]
            if held := [label(name) for name, _reason in HOLDS if segment[name]]:
                parts.append(self.env._("Collection paused: %(reasons)s", reasons=", ".join(held)))
            segment.rule = "; ".join(parts) or self.env._("Everybody else")

    # === CONSTRAINTS === #

    @api.constrains(*(name for name, _column, _operator in BOUNDS))
    def _check_order_of_bounds(self):
        for segment in self:
            for what in ("invoices", "average_delay", "late_percent", "overdue_days"):
                low, high = segment[f"min_{what}"], segment[f"max_{what}"]
                if high and low > high:
                    label = self._fields[f"min_{what}"]._description_string(self.env)
                    raise ValidationError(
                        self.env._(
                            "%(segment)s: “%(bound)s” is above its upper bound: nobody would fit.",
                            segment=segment.name,
                            bound=label,
                        )
                    )

    # === SQL === #

    @api.model
    def _get_case(self, alias, company, today):
        """What gives each row of figures its segment.

        :param str alias: of the rows, with the columns of `cobranca.behavior`
        :param company: res.company of the rows
        :param date today: on which pauses must be in force
        :return: SQL, an expression; NULL when no segment fits
        """
        # sudo: configuration, whoever refreshes
        segments = self.sudo().search([("name", "!=", False)])
        cases = [
            SQL("WHEN %s THEN %s", segment._get_condition(alias, company, today), segment.id) for segment in segments
        ]
        return SQL("CASE %s ELSE NULL END", SQL(" ").join(cases)) if cases else SQL("NULL::int4")

    def _get_condition(self, alias, company, today):
        self.ensure_one()
        asked = [
            SQL("%s %s %s", SQL.identifier(alias, column), OPERATORS[operator], self[name])
            for name, column, operator in BOUNDS
            if self[name]
        ]
        if reasons := [reason for name, reason in HOLDS if self[name]]:
            asked.append(self._get_held_condition(SQL.identifier(alias, "partner_id"), company, today, reasons))
        return SQL(" AND ").join(asked) if asked else SQL("TRUE")

    @api.model
    def _get_held_condition(self, customer, company, today, reasons):
        """Is a pause for one of these reasons in force, of whatever the customer owes?"""
        return SQL(
            """%(customer)s IN (
                SELECT hold.partner_id FROM cobranca_hold hold
                 WHERE hold.company_id = %(company)s AND hold.reason = ANY(%(reasons)s)
                   AND hold.date_from <= %(today)s AND (hold.date_to IS NULL OR hold.date_to >= %(today)s)
                   AND (hold.ended_on IS NULL OR hold.ended_on > %(today)s)
            )""",
            customer=customer,
            company=company.id,
            reasons=reasons,
            today=today,
        )
