from odoo import fields, models

from ..tools import identification

# What managers set.
CONTACT = ("cobranca_contact_name", "cobranca_contact_phone", "cobranca_contact_email", "cobranca_contact_hours")


class CobrancaCompanyContact(models.AbstractModel):
    """Who collects, and the person whom a customer reaches: named in every message (CDC, art. 42-A)."""

    _name = "cobranca.company.contact"
    _description = "Human Contact of a Company"

    cobranca_contact_name = fields.Char(
        string="Customers speak with",
        groups="base.group_user",
        help="A person or a team, named at the end of reminders and notices.",
    )
    cobranca_contact_phone = fields.Char(
        string="Phone for customers", groups="base.group_user", help="Empty: the phone of the company."
    )
    cobranca_contact_email = fields.Char(
        string="E-mail for customers", groups="base.group_user", help="Empty: the e-mail of the company."
    )
    cobranca_contact_hours = fields.Char(
        string="When somebody answers",
        translate=True,
        groups="base.group_user",
        help="For example: Mon. to Fri., 9 am to 6 pm.",
    )

    # === BUSINESS METHODS === #

    def _cobranca_localize(self, records):
        """Records as they are for the people of a company: a job has no language, and they read what it writes.

        :return: the same records, in the company and its language
        """
        self.ensure_one()
        return records.with_company(self).with_context(lang=self.partner_id.lang or self.env.user.lang)

    def _cobranca_get_creditor(self):
        """Who collects and how to reach him, in the language of the environment.

        :return: dict(name, document, address, contact, phone, email, hours); texts, empty where nothing is known
        """
        self.ensure_one()
        company = self.sudo()  # sudo: facts that the law wants every customer to be told
        kind = identification.kind(company.vat or "")
        document = identification.formatted(company.vat or "")
        place = "/".join(filter(None, [company.city, company.state_id.code]))
        return {
            "name": company.partner_id.name or "",
            "document": f"{kind.upper()} {document}" if kind else document,
            "address": ", ".join(filter(None, [company.street, company.street2, place, company.zip])),
            "contact": company.cobranca_contact_name or "",
            "phone": company.cobranca_contact_phone or company.phone or "",
            "email": company.cobranca_contact_email or company.email or "",
            "hours": company.cobranca_contact_hours or "",
        }

    def _cobranca_get_creditor_gap(self):
        """What a message may not go without (CDC, art. 42-A) and this company has not filled in yet.

        :return: text that says what to fill in and where, empty when nothing is missing
        """
        self.ensure_one()
        company = self.sudo()  # sudo: whoever asks is told what is missing, no more
        creditor = self._cobranca_get_creditor()
        gaps = [
            ("" if identification.is_valid(company.vat or "") else self.env._("CNPJ or CPF")),
            ("" if company.street and company.city else self.env._("street and city")),
            ("" if creditor["phone"] or creditor["email"] else self.env._("phone or e-mail")),
        ]
        if not any(gaps):
            return ""
        return self.env._(
            "No message to customers of %(company)s can go out: the law wants the creditor's name, address and CNPJ in "
            "each of them (CDC, art. 42-A), and they need somebody to speak with. Fill in the form of the company: "
            "%(missing)s.",
            company=company.name,
            missing=", ".join(filter(None, gaps)),
        )
