from odoo import fields, models


class CobrancaContractPeople(models.AbstractModel):
    """Who has to do with a contract besides its customer."""

    _name = "cobranca.contract.people"
    _description = "People of a Billing Contract"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        check_company=True,
    )
    collector_id = fields.Many2one(
        comodel_name="res.users",
        domain="[('share', '=', False)]",
        tracking=True,
        check_company=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Who speaks with this customer when a payment is late.",
    )
    beneficiary_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        help="Who uses what is billed, a student for example. Never receives messages.",
    )
    partner_shipping_id = fields.Many2one(
        comodel_name="res.partner",
        string="Delivery address",
        check_company=True,
        help="Where the service is delivered, when it is not the customer's own address.",
    )

    # === BUSINESS METHODS === #

    def _cobranca_get_reply_context(self):
        """Answers to what is written on a contract come from its customer."""
        return self.commercial_partner_id, self.company_id, self.env["account.move.line"]

    def _get_fiscal_position(self, company):
        """The fiscal position that Odoo chooses for an invoice of this contract: by customer and place of delivery.

        :param company: res.company
        :return: account.fiscal.position
        """
        partner = self.partner_id
        delivery = self.partner_shipping_id or partner.browse(partner.address_get(["delivery"])["delivery"])
        return self.env["account.fiscal.position"].with_company(company)._get_fiscal_position(partner, delivery)

    def _get_quiet_partners(self):
        """The beneficiary, unless he is the customer or receives the invoices.

        :return: res.partner, who must not receive what is written on these contracts
        """
        contracts = self.sudo()  # sudo: who receives the invoices is the staff's to read, the rule is for everybody
        return contracts.beneficiary_id - contracts.partner_id - contracts.responsible_id
