from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools import identification
from .cobranca_opt_out import CHANNELS

GROUP = "cobranca_recorrente.cobranca_group_collector"
ROLES = [
    ("pays", "Pays the invoices"),
    ("decides", "Decides"),
    ("technical", "Technical"),
    ("legal", "Legal"),
    ("other", "Other"),
]
HOURS = [("morning", "In the morning"), ("afternoon", "In the afternoon"), ("evening", "In the evening")]


class CobrancaPartnerRecord(models.AbstractModel):
    """What is known of a debtor: how he wants to be spoken to, what was said, agreed and paused."""

    _name = "cobranca.partner.record"
    _description = "Collection Record of a Customer"

    cobranca_promise_ids = fields.One2many(
        comodel_name="cobranca.promise", inverse_name="partner_id", string="Promises", groups=GROUP
    )
    cobranca_dispute_ids = fields.One2many(
        comodel_name="cobranca.dispute", inverse_name="partner_id", string="Disputes", groups=GROUP
    )
    cobranca_hold_ids = fields.One2many(
        comodel_name="cobranca.hold", inverse_name="partner_id", string="Paused collection", groups=GROUP
    )
    cobranca_interaction_ids = fields.One2many(
        comodel_name="cobranca.interaction", inverse_name="partner_id", string="Contacts made", groups=GROUP
    )
    cobranca_opt_out_ids = fields.One2many(
        comodel_name="cobranca.opt.out", inverse_name="partner_id", string="Refused channels", groups=GROUP
    )
    cobranca_interaction_count = fields.Integer(
        string="Number of contacts", compute="_compute_cobranca_interaction_count", groups=GROUP
    )
    cobranca_channel = fields.Selection(selection=CHANNELS, string="Preferred channel", groups=GROUP)
    cobranca_hour = fields.Selection(selection=HOURS, string="Preferred time", groups=GROUP)
    cobranca_role = fields.Selection(
        selection=ROLES, string="Role in payments", groups=GROUP, help="Whom to speak with when a payment is late."
    )
    cobranca_is_automatic = fields.Boolean(
        string="Automatic debit or card",
        groups=GROUP,
        help="Pays without doing anything: before the due date such customers are only told of the debit.",
    )
    cobranca_masked_document = fields.Char(
        string="CPF or CNPJ (masked)", compute="_compute_cobranca_masked_document", groups=GROUP
    )

    # === COMPUTE METHODS === #

    @api.depends("cobranca_interaction_ids.retracted_on")
    def _compute_cobranca_interaction_count(self):
        counted = [("outcome", "not in", ("kept", "broken")), ("retracted_on", "=", False)]
        counts = dict(
            self.env["cobranca.interaction"]._read_group(
                [("partner_id", "in", self.ids), *counted], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.cobranca_interaction_count = counts.get(partner._origin, 0)

    @api.depends("vat")
    def _compute_cobranca_masked_document(self):
        for partner in self:
            partner.cobranca_masked_document = identification.masked(partner.commercial_partner_id.vat or "") or False

    # === ACTIONS === #

    def action_cobranca_unmask(self):
        """Show the whole CPF or CNPJ; who looked is written down."""
        self.ensure_one()
        self.check_access("read")
        partner = self.commercial_partner_id
        partner._cobranca_check_business()
        self.env["cobranca.access.log"]._log(partner, "unmask")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": partner.name,
                "message": identification.formatted(partner.vat or ""),
                "type": "info",
                "sticky": True,
            },
        }

    def action_cobranca_export(self):
        """Export what is kept of this customer, as he may ask for.

        :raise AccessError: for who is no supervisor
        """
        self.ensure_one()
        self.commercial_partner_id._cobranca_check_business()
        wizard = self.env["cobranca.person.export"].create({"partner_id": self.commercial_partner_id.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Personal data · %(customer)s", customer=self.commercial_partner_id.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_cobranca_register(self):
        """Open the register of a contact with this customer."""
        return self._cobranca_open_wizard("cobranca.interaction.register", self.env._("Register contact"))

    def action_cobranca_promise(self):
        """Open the register of a promise of this customer."""
        return self._cobranca_open_wizard("cobranca.promise.register", self.env._("Promise to pay"))

    def action_cobranca_dispute(self):
        """Open the register of a dispute of this customer."""
        return self._cobranca_open_wizard("cobranca.dispute.register", self.env._("Register dispute"))

    def action_cobranca_hold(self):
        """Open the pause of this customer's collection."""
        return self._cobranca_open_wizard("cobranca.hold.start", self.env._("Pause collection"))

    def action_cobranca_preferences(self):
        """Open how this customer wants to be spoken to."""
        return self._cobranca_open_wizard("cobranca.preference.edit", self.env._("Contact preferences"))

    def _cobranca_open_wizard(self, model, title):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": f"{title} · {self.commercial_partner_id.name}",
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_cobranca_interactions(self):
        """Open all contacts with this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_interaction_action")
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)], "context": {}}

    # === BUSINESS METHODS === #

    def _cobranca_check_business(self):
        """Personal data are for who deals with this debtor (LGPD, art. 6º, III).

        :raise AccessError: for who is no collector, or while the debtor has neither invoice, contract nor contact
            with a company of the user
        """
        self.ensure_one()
        # Customers in the portal may read their own record, and have nothing to do here. A contact that was taken
        # back counts here alone: what is kept of a person can be exported for him.
        self.env["cobranca.interaction"].check_access("read")
        for model, field in (
            ("account.move", "commercial_partner_id"),
            ("cobranca.contract", "commercial_partner_id"),
            ("cobranca.interaction", "partner_id"),
        ):
            if self.env[model].search_count([(field, "=", self.id)], limit=1):
                return
        raise AccessError(
            self.env._(
                "%(customer)s has neither invoice nor contract with your company: there is no need to see this.",
                customer=self.name,
            )
        )

    def _cobranca_get_refused_channels(self):
        """{res.partner: set of channels} that these debtors refuse, in one query."""
        # sudo: what a customer refuses binds every message, whoever sends it
        records = (
            self.env["cobranca.opt.out"]
            .sudo()
            .search([("partner_id", "in", self.commercial_partner_id.ids), ("ended_on", "=", False)])
        )
        refused = {partner: set() for partner in self}
        for partner in self:
            own = records.filtered(lambda record, partner=partner: record.partner_id == partner.commercial_partner_id)
            refused[partner] = set(own.mapped("channel"))
        return refused

    def _cobranca_write_preferences(self, channel, hour, refused, note=False):
        """Write how a debtor wants to be spoken to.

        :param refused: channels that he does not want at all
        :raise UserError: when he would prefer a channel that he refuses
        """
        partner = self.commercial_partner_id
        if channel in refused:
            raise UserError(self.env._("A channel cannot be preferred and refused: choose another one."))
        # sudo: these two fields only; a collector writes down what a customer wants, not the customer himself
        partner.sudo().write({"cobranca_channel": channel, "cobranca_hour": hour})
        self.env["cobranca.opt.out"]._set_refused(partner, refused, note)

    def _cobranca_get_payer(self):
        """With whom to speak about payments: who pays among the customer's people, else the customer himself.

        :return: res.partner
        """
        self.ensure_one()
        people = self.commercial_partner_id.child_ids
        return people.filtered(lambda person: person.cobranca_role == "pays")[:1] or self.commercial_partner_id

    def _cobranca_get_debts(self):
        """The open receivables of this debtor in the current company, the oldest first.

        :return: account.move.line
        """
        self.ensure_one()
        company = self.env.company
        return self.env["account.move.line"]._cobranca_search_open_lines(
            company, company._cobranca_today(), SQL("partner.id = %s", self.commercial_partner_id.id)
        )
