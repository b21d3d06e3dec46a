from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import ladder_effect

# Paid within so many days after the step; younger steps are not judged yet.
DAYS = 7
EFFECT = """
    SELECT notice.level_id, notice.is_control, count(*),
           count(*) FILTER (
               WHERE line.reconciled AND paid.day <= notice.date + %(days)s AND COALESCE(replaced.is_paid, TRUE)
           )
      FROM cobranca_dunning_notice notice
      JOIN account_move_line line ON line.id = notice.line_id
      LEFT JOIN cobranca_message message ON message.id = notice.message_id
      LEFT JOIN LATERAL (
            SELECT max(max_date) AS day FROM account_partial_reconcile WHERE debit_move_id = line.id
           ) paid ON TRUE
      LEFT JOIN (%(replaced)s) replaced ON replaced.line_id = line.id
     WHERE notice.level_id = ANY(%(levels)s) AND notice.date + %(days)s < %(today)s
       AND (notice.is_control OR message.state IN ('sent', 'delivered', 'read'))
     GROUP BY notice.level_id, notice.is_control
"""


class CobrancaDunningEffect(models.AbstractModel):
    """What a step is worth: how many pay within a week, beside those who were drawn to get nothing."""

    _name = "cobranca.dunning.effect"
    _description = "Effect of a Dunning Step"

    effect_text = fields.Char(string="Result", compute="_compute_effect_text")

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    def _compute_effect_text(self):
        results = self._get_effects()
        for level in self:
            level.effect_text = level._tell_effect(*results.get(level._origin.id, ((0, 0), (0, 0))))

    # === BUSINESS METHODS === #

    def _get_effects(self):
        """How many invoices were paid within a week after the step.

        :return: {id of the step: ((reminded, paid of them), (control group, paid of them))}
        """
        for model in ("cobranca.dunning.notice", "cobranca.message", "account.move.line", "account.partial.reconcile"):
            self.env[model].flush_model()
        effects = {}
        for company, levels in self.grouped("company_id").items():
            if not company:
                continue
            query = SQL(
                EFFECT,
                levels=levels._origin.ids,
                days=DAYS,
                today=company._cobranca_today(),
                replaced=self.env["account.move.line"]._cobranca_get_replaced_query(company),
            )
            for level, is_control, count, paid in self.env.execute_query(query):
                pair = effects.setdefault(level, [(0, 0), (0, 0)])
                pair[bool(is_control)] = (count, paid)
        return {level: tuple(pair) for level, pair in effects.items()}

    def _tell_effect(self, reminded, control):
        """The result in words; hidden while one of the groups is too small to tell anything."""
        self.ensure_one()
        result = ladder_effect.compare(reminded, control)
        if result is None:
            missing = min(reminded[0], control[0])
            if not self.control_percent and not control[0]:
                return False
            return self.env._(
                "Too few invoices to tell: %(count)s of %(minimum)s in the smaller group.",
                count=missing,
                minimum=ladder_effect.MINIMUM,
            )
        return self.env._(
            "Paid within %(days)s days: %(reminded)s of the reminded, %(control)s of the control group "
            "(difference %(difference)s points, between %(low)s and %(high)s).",
            days=DAYS,
            reminded=self._percent(result.reminded),
            control=self._percent(result.control),
            difference=self._points(result.difference),
            low=self._points(result.low),
            high=self._points(result.high),
        )

    @api.model
    def _percent(self, share):
        return f"{share * 100:.0f} %"

    @api.model
    def _points(self, share):
        return f"{share * 100:+.0f}"
