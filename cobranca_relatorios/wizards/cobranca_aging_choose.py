from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from ..models.cobranca_report_ledger import AS_OF


class CobrancaAgingChoose(models.TransientModel):
    """Ask for the day at the end of which the receivables are looked at."""

    _name = "cobranca.aging.choose"
    _description = "Receivables as of a Day"

    day = fields.Date(required=True, default=lambda self: self._get_last_month_end())

    # === CONSTRAINT METHODS === #

    @api.constrains("day")
    def _check_day(self):
        today = self.env.company._cobranca_today()
        for choice in self:
            if choice.day > today:
                raise ValidationError(self.env._("Choose today or a day of the past: nobody knows what will be paid."))

    # === ACTIONS === #

    def action_open(self):
        """Open the receivables of the chosen day."""
        self.ensure_one()
        return self._open_day(self.day)

    # === BUSINESS METHODS === #

    @api.model
    def _open_day(self, day):
        """The report of a day, which its title names.

        :param date day: today or earlier
        :return: dict, an action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_relatorios.cobranca_aging_report_action")
        name = self.env._("Receivables on %(day)s", day=format_date(self.env, day))
        context = {"search_default_debits": 1, AS_OF: fields.Date.to_string(day)}
        return {**action, "name": name, "display_name": name, "context": context}

    @api.model
    def _get_last_month_end(self):
        """The last day of the month before this one."""
        return fields.Date.subtract(self.env.company._cobranca_today().replace(day=1), days=1)
