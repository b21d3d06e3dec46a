from odoo import fields, models


class CobrancaContractDelivery(models.AbstractModel):
    """Who receives what a contract bills; who owes it stays the customer."""

    _name = "cobranca.contract.delivery"
    _description = "Delivery of a Contract's Invoices"

    responsible_id = fields.Many2one(
        comodel_name="res.partner",
        string="Financial responsible",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Receives the invoices and reminders in place of the customer, who still owes them. "
        "Empty: the customer himself.",
    )
    send_invoices = fields.Boolean(
        string="Send invoices by e-mail",
        default=lambda self: self.env.company.cobranca_send_invoices,
        tracking=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Each invoice goes out by e-mail, once, after it is posted.",
    )

    # === BUSINESS METHODS === #

    def _get_invoice_recipient(self):
        """Who receives the invoices and reminders of this contract.

        :return: res.partner, one
        """
        self.ensure_one()
        return self.responsible_id or self.partner_id
