from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import webhook

PRIVATE_PARAMETER = "cobranca_recorrente.webhook_allow_private"
MANAGER = "cobranca_recorrente.cobranca_group_manager"


class CobrancaWebhookEndpoint(models.Model):
    """An address of another system that is told when a customer reaches a step; calls are signed by its own secret."""

    _name = "cobranca.webhook.endpoint"
    _inherit = ["cobranca.secret.holder"]
    _description = "Webhook Address"
    _order = "name, id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    url = fields.Char(
        string="Address",
        required=True,
        help="An https address. Calls carry numbers, references, amounts and days late, never names or documents.",
    )
    event_ids = fields.One2many(
        comodel_name="cobranca.webhook.event", inverse_name="endpoint_id", string="Calls", readonly=True
    )
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")

    # === COMPUTE METHODS === #

    @api.depends("event_ids.state")
    def _compute_counts(self):
        rows = self.env["cobranca.webhook.event"]._read_group(
            [("endpoint_id", "in", self.ids), ("state", "in", ("waiting", "failed"))],
            ["endpoint_id", "state"],
            ["__count"],
        )
        counts = {(endpoint.id, state): count for endpoint, state, count in rows}
        for endpoint in self:
            endpoint.waiting_count = counts.get((endpoint.id, "waiting"), 0)
            endpoint.failed_count = counts.get((endpoint.id, "failed"), 0)

    # === CONSTRAINTS === #

    @api.constrains("url")
    def _check_url(self):
        for endpoint in self:
            try:
                webhook.parse(endpoint.url)
            except webhook.Refused as error:
                raise ValidationError(self._explain_refusal(error.reason)) from error

    @api.model
    def _explain_refusal(self, reason):
        return {
            "shape": self.env._("This is no web address: write it as https://system.example.com/path."),
            "scheme": self.env._("Only https addresses are called: the call carries amounts."),
            "user": self.env._("Write the address without user and password: calls are signed by the secret."),
            "unknown": self.env._("The name of this address is not known on the internet."),
            "private": self.env._(
                "This address is in a private network. Who wants that sets the system parameter %(name)s to 1.",
                name=PRIVATE_PARAMETER,
            ),
        }[reason]

    # === ACTIONS === #

    def action_test(self):
        """Put a call without data into the queue."""
        self.ensure_one()
        self.check_access("write")
        self.env["cobranca.webhook.event"]._queue(self, [{"event": "test"}])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("A test call is on its way: look at the calls in a minute."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS === #

    @api.model
    def _search_of_company(self, company):
        """The systems of a company that are told by the steps of its ladder; overridden where others are not.

        :param company: res.company
        :return: cobranca.webhook.endpoint
        """
        return self.search([("company_id", "=", company.id)])

    @api.model
    def _allows_private(self):
        # sudo: managers and crons read this one parameter
        value = self.env["ir.config_parameter"].sudo().get_param(PRIVATE_PARAMETER)
        return (value or "").strip().lower() in ("1", "true")
