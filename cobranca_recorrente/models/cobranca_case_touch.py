from odoo import api, fields, models
from odoo.tools import SQL

CRON = "cobranca_recorrente.ir_cron_cobranca_case_follow"
KEY = "cobranca.case.touch"


class CobrancaCaseTouch(models.Model):
    """Debtors whose case has to be looked at again: something happened, or their hour comes.

    Rows are only added and taken away, so that payments never wait for the desk or fail because of it.
    """

    _name = "cobranca.case.touch"
    _description = "Case to Look at Again"
    _log_access = False

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(comodel_name="res.partner", required=True, readonly=True, ondelete="cascade")
    due_at = fields.Datetime(required=True, readonly=True, index=True)

    # === BUSINESS METHODS === #

    @api.model
    def _touch(self, company, partners):
        """Have the cases of some debtors refreshed right after this transaction.

        One statement for all that a transaction touches, when it is committed.

        :param company: res.company
        :param partners: res.partner, debtors or their people
        """
        waiting = self.env.cr.precommit.data.setdefault(KEY, {})
        if not waiting:
            self.env.cr.precommit.add(self._write_down)
        waiting.setdefault(company.id, set()).update(partners.commercial_partner_id.ids)

    @api.model
    def _write_down(self):
        waiting = self.env.cr.precommit.data.pop(KEY, {})
        for company, partners in waiting.items():
            self._insert(company, sorted(partners), fields.Datetime.now())
        self._trigger()

    @api.model
    def _insert(self, company_id, partner_ids, moment):
        """Customers that a rolled back part of the transaction made are no more: they are left out."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO cobranca_case_touch (company_id, partner_id, due_at)
                SELECT %s, id, %s FROM res_partner WHERE id = ANY(%s)
                """,
                company_id,
                moment,
                partner_ids,
            )
        )

    @api.model
    def _trigger(self, moments=None):
        cron = self.env.ref(CRON, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(moments)  # sudo: whoever receives a payment starts it

    @api.model
    def _remind(self, company, hours):
        """Look at cases again when the hour that was agreed with the customer has come.

        :param hours: [(id of the debtor, moment in UTC)]
        """
        known = set()
        if hours:
            # sudo: internal rows, whoever agreed on an hour
            found = self.sudo().search([("partner_id", "in", [partner for partner, _moment in hours])])
            known = {(row.partner_id.id, row.due_at) for row in found}
        new = [hour for hour in hours if hour not in known]
        for partner, moment in new:
            self._insert(company.id, [partner], moment)
        if new:
            self._trigger(sorted({moment for _partner, moment in new}))
