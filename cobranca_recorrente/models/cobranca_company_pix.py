from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What managers set.
PIX_SETTINGS = ("cobranca_pix_bank_id",)


class CobrancaCompanyPix(models.AbstractModel):
    """To which account of a company its customers pay by Pix."""

    _name = "cobranca.company.pix"
    _description = "Pix of a Company"

    cobranca_pix_bank_id = fields.Many2one(
        comodel_name="res.partner.bank",
        string="Account that receives Pix",
        groups="base.group_user",
        domain="[('partner_id', '=', partner_id)]",
        help="Empty: the first account with a Pix key that belongs to a bank journal of the company, or that somebody "
        "vouched for (“Send Money”).",
    )

    # === CONSTRAINTS === #

    @api.constrains("cobranca_pix_bank_id")
    def _check_cobranca_pix_bank_id(self):
        for company in self:
            account = company.sudo().cobranca_pix_bank_id  # sudo: whoever sets it, the same must hold
            if account and account.partner_id != company.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(company)s receives Pix by an account of its own: %(account)s is of %(holder)s.",
                        company=company.name,
                        account=account.acc_number,
                        holder=account.partner_id.name,
                    )
                )
            if account and (gap := account._cobranca_get_pix_gap()):
                raise ValidationError(gap)

    # === BUSINESS METHODS === #

    def _cobranca_get_pix_account(self):
        """The account that customers pay to.

        :return: res.partner.bank with the rights of the system; empty while none can receive
        """
        self.ensure_one()
        company = self.sudo()  # sudo: of the company's accounts only what a code shows
        # Whoever may change contacts may add an account: money goes to none that nobody vouched for.
        accounts = company.cobranca_pix_bank_id or company.partner_id.bank_ids._cobranca_filter_vouched()
        usable = accounts.filtered(lambda account: not account._cobranca_get_pix_gap())
        return usable.sorted(lambda account: (account.sequence, account.id))[:1]

    def _cobranca_get_pix_words(self):
        """Whether customers can pay by Pix, and what is missing.

        :return: (is it possible, sentence)
        """
        self.ensure_one()
        company = self.sudo()  # sudo: the accounts of the company that whoever sets it up chooses from
        if account := company._cobranca_get_pix_account():
            return True, self.env._(
                "Customers pay by Pix to the key %(key)s (account %(account)s).",
                key=account._cobranca_get_pix_key(),
                account=account.acc_number,
            )
        accounts = company.cobranca_pix_bank_id or company.partner_id.bank_ids.filtered("proxy_value")
        if not accounts:
            return False, self.env._("No Pix key yet: register one, and customers can pay by Pix.")
        gap = accounts[0]._cobranca_get_pix_gap() or self.env._("Choose the account that receives it.")
        return False, self.env._("Customers cannot pay by Pix yet. %(gap)s", gap=gap)

    def _cobranca_get_pix_accounts_action(self):
        """The bank accounts of the company, where a Pix key is registered."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bank accounts of %(company)s", company=self.name),
            "res_model": "res.partner.bank",
            "views": [(False, "list"), (False, "form")],
            "domain": [("partner_id", "=", self.partner_id.id)],
            "context": {"default_partner_id": self.partner_id.id},
        }
