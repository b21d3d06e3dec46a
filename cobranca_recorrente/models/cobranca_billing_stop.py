from odoo import fields, models
from odoo.exceptions import AccessError

# The chatter and the activities of a stop may be written, not what it stands for.
FACTS = {"company_id", "date", "reason", "state", "released_by_id"}


class CobrancaBillingStop(models.Model):
    """A day on which a company's billing reached its safety bound and waits for someone to look."""

    _name = "cobranca.billing.stop"
    _description = "Stopped Billing"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    date = fields.Date(required=True, readonly=True)
    reason = fields.Text(required=True, readonly=True)
    state = fields.Selection(
        selection=[("stopped", "Stopped"), ("released", "Released")], default="stopped", required=True, readonly=True
    )
    released_by_id = fields.Many2one(comodel_name="res.users", string="Released by", readonly=True)

    _uniq_day = models.UniqueIndex("(company_id, date)", "The billing of this company is stopped on that day already.")

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and FACTS & vals.keys():
            raise AccessError(self.env._("A stop is kept as it was: use “Release” to let the billing go on."))
        return super().write(vals)

    # === ACTIONS === #

    def action_release(self):
        """Let the billing of that day go on without its bounds."""
        self.check_access("write")
        self.sudo().write(  # sudo: read-only fields, after the access check
            {"state": "released", "released_by_id": self.env.uid}
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.env.ref("cobranca_recorrente.ir_cron_cobranca_contract_billing").sudo()._trigger()  # sudo: only starts it
        return True
