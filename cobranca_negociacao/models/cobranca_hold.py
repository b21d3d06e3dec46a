from odoo import api, fields, models
from odoo.tools import SQL

# Later addons' reasons of which the records themselves know the end.
KEPT = ["agreement", "placement"]


class CobrancaHold(models.Model):
    _inherit = "cobranca.hold"

    reason = fields.Selection(
        selection_add=[("agreement", "Agreement"), ("placement", "With an agency"), ("other",)],
        ondelete={key: lambda holds: holds.write({"reason": "other"}) for key in KEPT},
    )

    # === BUSINESS METHODS === #

    @api.model
    def _get_open_ended_reasons(self):
        return [*super()._get_open_ended_reasons(), *KEPT]

    @api.model
    def _get_kept_reasons(self):
        return [*super()._get_kept_reasons(), *KEPT]

    @api.model
    def _start(self, company, partner, reason, date_from, date_to, lines=None, note=False, source=None):
        """What is disputed, before a court or of somebody who died leaves the agency that had it."""
        holds = super()._start(company, partner, reason, date_from, date_to, lines=lines, note=note, source=source)
        self.env["cobranca.placement"]._follow_hold(company, partner, reason, lines or None)
        return holds

    @api.model
    def _start_of_placements(self, placements, date):
        """Pause the reminders of placed debts, by one statement for all.

        :param placements: cobranca.placement of one company
        :param date date: from which day on
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cobranca_hold (company_id, partner_id, line_id, date_from, reason, res_model, res_id,
                                           create_uid, write_uid, create_date, write_date)
                SELECT p.company_id, p.partner_id, item.line_id, %(date)s, 'placement', 'cobranca.placement', p.id,
                       %(uid)s, %(uid)s, %(now)s, %(now)s
                  FROM cobranca_placement p JOIN cobranca_placement_line item ON item.placement_id = p.id
                 WHERE p.id = ANY(%(ids)s) AND item.is_live
                """,
                date=date,
                uid=self.env.uid,
                now=self.env.cr.now(),
                ids=placements.ids,
            )
        )
        self.invalidate_model()
        for company, own in placements.grouped("company_id").items():
            self.env["cobranca.case.touch"]._touch(company, own.partner_id)
