from odoo import fields, models


class SmsTracker(models.Model):
    _inherit = "sms.tracker"

    cobranca_message_id = fields.Many2one(
        comodel_name="cobranca.message", string="Message of the ladder", index="btree_not_null", ondelete="cascade"
    )

    # === BUSINESS METHODS === #

    def _action_update_from_sms_state(self, sms_state, failure_type=False, failure_reason=False):
        """Odoo calls `sent` what the operator reports as delivered."""
        result = super()._action_update_from_sms_state(sms_state, failure_type, failure_reason)
        if sms_state == "sent":
            self.cobranca_message_id._note_delivered()
        return result

    def _action_update_from_provider_error(self, provider_error):
        """The operator reports that it never arrived: the next channel is tried."""
        result = super()._action_update_from_provider_error(provider_error)
        _status, failure_type, failure_reason = result
        self.cobranca_message_id._note_not_arrived(failure_type, failure_reason)
        return result
