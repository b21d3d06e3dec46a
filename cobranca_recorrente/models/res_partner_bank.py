from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..tools import pix

# Positions in the list of Odoo's `_get_qr_code_vals_list`.
NAME, CITY, REFERENCE = 7, 8, 9
# Who may change the key to which customers pay.
GROUPS = ("account.group_validate_bank_account", "account.group_account_manager")
GROUPS += ("cobranca_recorrente.cobranca_group_manager",)


class ResPartnerBank(models.Model):
    """Pix codes are Odoo's; here they are kept within what banks take."""

    _inherit = "res.partner.bank"

    # Another key sends the money elsewhere: who changed it stays written.
    proxy_type = fields.Selection(tracking=True)
    proxy_value = fields.Char(tracking=True)

    # === CONSTRAINTS === #

    @api.constrains("proxy_type", "proxy_value", "partner_id")
    def _check_br_proxy(self):
        """As Odoo, and also a CNPJ with letters, and keys as people write them."""
        own = self.filtered(lambda bank: bank._cobranca_is_pix())
        for bank in own:
            if not bank._cobranca_get_pix_key():
                raise ValidationError(bank._cobranca_get_key_words())
        super(ResPartnerBank, self - own)._check_br_proxy()

    # === ONCHANGE METHODS === #

    @api.onchange("proxy_type", "proxy_value")
    def _onchange_cobranca_pix_key(self):
        """Show a key as the directory of Pix has it."""
        if self._cobranca_is_pix() and (key := self._cobranca_get_pix_key()):
            self.proxy_value = key

    # === CRUD METHODS === #

    def write(self, vals):
        """Not everybody who may change contacts changes to whom customers pay."""
        if {"proxy_type", "proxy_value"} & vals.keys():
            self._cobranca_check_key_rights(vals)
        return super().write(vals)

    # === BUSINESS METHODS === #

    def _cobranca_is_pix(self):
        """Is this an account with a key of Pix, right or wrong?"""
        return self.country_code == "BR" and self.proxy_type in pix.KINDS

    def _cobranca_get_pix_key(self):
        """The key as a code has it; empty for none and for a wrong one."""
        self.ensure_one()
        return pix.normalized_key(self.proxy_type, self.proxy_value)

    def _cobranca_get_holder(self):
        """Whom a payer reads in his bank."""
        return self.acc_holder_name or self.partner_id.name or ""

    def _cobranca_get_key_words(self):
        """What a key of this kind looks like."""
        key = self.proxy_value
        if not key:
            return self.env._("Fill in the Pix key, or choose “None” as its type.")
        if self.proxy_type == pix.EMAIL:
            return self.env._("“%(key)s” is no e-mail address: a Pix key looks like caixa@empresa.com.br.", key=key)
        if self.proxy_type == pix.PHONE:
            return self.env._("“%(key)s” is no mobile number: write it with its area, as in +5511987654321.", key=key)
        if self.proxy_type == pix.DOCUMENT:
            return self.env._("“%(key)s” is no CPF or CNPJ with right check digits. A CNPJ may have letters.", key=key)
        return self.env._(
            "“%(key)s” is no random key: copy it from your bank, as in 71d6c6e1-64ea-4a11-9560-a10870c40ca2.", key=key
        )

    def _cobranca_get_pix_gap(self):
        """What keeps this account from receiving by Pix.

        :return: a sentence, empty when nothing is missing
        """
        self.ensure_one()
        values = {"account": self.acc_number, "holder": self.partner_id.name}
        if not self.active:
            return self.env._("The account %(account)s is archived.", **values)
        if self.country_code != "BR":
            return self.env._("%(holder)s has no address in Brazil: fill in its country.", **values)
        if not self._cobranca_is_pix() or not self._cobranca_get_pix_key():
            return self.env._("The account %(account)s has no Pix key.", **values)
        if self.currency_id and self.currency_id.name != "BRL":
            return self.env._("The account %(account)s is not kept in reais.", **values)
        if not pix.cleaned(self.partner_id.city, pix.CITY_LENGTH):
            return self.env._("The address of %(holder)s has no city, which a Pix code must name.", **values)
        return ""

    def _cobranca_check_key_rights(self, vals):
        """:raise AccessError: for who may not change the key of an account that customers pay to"""
        if self.env.su or any(self.env.user.has_group(group) for group in GROUPS):
            return
        names = {"proxy_type", "proxy_value"} & vals.keys()
        changed = self.filtered(lambda bank: any(bank[name] != vals[name] for name in names))
        if changed and changed._cobranca_get_receiving():
            raise AccessError(
                self.env._(
                    "Customers pay to this account. Only a manager of Cobrança, or who validates bank accounts, "
                    "changes its Pix key."
                )
            )

    def _cobranca_get_receiving(self):
        """Of some accounts those by which a company may receive Pix.

        :return: res.partner.bank
        """
        accounts = self.sudo()  # sudo: which accounts receive does not depend on who asks
        chosen = accounts.env["res.company"].search([("cobranca_pix_bank_id", "in", accounts.ids)]).cobranca_pix_bank_id
        return accounts._cobranca_filter_vouched() | chosen

    def _cobranca_filter_vouched(self):
        """Those that somebody of accounting vouched for: as trusted, or as the account of a bank journal."""
        return self.filtered(lambda bank: bank.allow_out_payment or bank.journal_id)

    def _cobranca_wipe(self):
        """Remove what tells of the holder; payments go on pointing to the account."""
        for bank in self:
            names = ("acc_holder_name", "note", "clearing_number", "proxy_value")
            bank.allow_out_payment = False
            bank.write(
                {
                    **{name: False for name in names if name in bank._fields},
                    "proxy_type": "none",
                    "acc_number": f"anonymised-{bank.id}",
                    "active": False,
                }
            )

    # === CODES === #

    def _get_merchant_account_info(self):
        """The key as the directory of Pix has it."""
        if not self._cobranca_is_pix():
            return super()._get_merchant_account_info()
        account = [(0, pix.PIX), (1, self._cobranca_get_pix_key())]
        return 26, "".join(self._serialize(*part) for part in account)

    def _get_additional_data_field(self, comment):
        """Banks refuse a reference that is longer than 25, which Odoo does not cut."""
        return super()._get_additional_data_field(pix.txid(comment) if self._cobranca_is_pix() else comment)

    def _get_qr_code_vals_list(
        self, qr_method, amount, currency, debtor_partner, free_communication, structured_communication
    ):
        """Names of signs that every bank reads; `cobranca_pix_reference`: with its reference in any case."""
        values = super()._get_qr_code_vals_list(
            qr_method, amount, currency, debtor_partner, free_communication, structured_communication
        )
        if not self._cobranca_is_pix():
            return values
        holder = self.partner_id
        name = pix.cleaned(holder.name, pix.NAME_LENGTH) or pix.NO_NAME
        values[NAME] = (values[NAME][0], name.upper())
        values[CITY] = (values[CITY][0], pix.cleaned(holder.city, pix.CITY_LENGTH).upper())
        if self.env.context.get("cobranca_pix_reference"):
            reference = structured_communication or free_communication
            values[REFERENCE] = (values[REFERENCE][0], self._get_additional_data_field(reference))
        return values
