from odoo import fields, models
from odoo.tools.misc import format_date, formatLang

from ..tools import identification
from .cobranca_contract_charge import ContractCharge


class CobrancaContractPortal(models.AbstractModel):
    """What a customer sees of his contract: plain values that these methods choose, never records.

    A customer has no right on journals, accounts, taxes, usage or the register of changes, and
    gets none: access to the contract is checked as himself, then what is read for him is named
    here key by key. A field that no method names cannot reach a page.
    """

    _name = "cobranca.contract.portal"
    _description = "Portal Page of a Billing Contract"
    _inherit = ["portal.mixin", "cobranca.contract.portal.billing", "cobranca.contract.portal.texts"]

    # The portal asks for a login: the token of the mixin opens nothing and is nobody's to read.
    access_token = fields.Char(groups="base.group_user")
    # The customer is not told who collects, nor how a contract's end was classified.
    collector_id = fields.Many2one(comodel_name="res.users", groups="cobranca_recorrente.cobranca_group_collector")
    close_reason_id = fields.Many2one(
        comodel_name="cobranca.close.reason", groups="cobranca_recorrente.cobranca_group_collector"
    )

    # === COMPUTE METHODS === #

    def _compute_access_url(self):
        super()._compute_access_url()
        for contract in self:
            contract.access_url = f"/my/contratos/{contract.id}"

    # === BUSINESS METHODS === #

    def _get_access_action(self, access_uid=None, force_website=False):
        """Lead a customer who follows a link to the portal page, which needs no token."""
        self.ensure_one()
        user = self.env["res.users"].browse(access_uid) if access_uid else self.env.user
        if not (force_website or user.sudo().share):  # sudo: whether a user is of the portal is no secret
            return super()._get_access_action(access_uid=access_uid, force_website=force_website)
        return {"type": "ir.actions.act_url", "url": self.access_url, "target": "self", "res_id": self.id}

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Of the messages on a contract a customer reads those that were sent to him.

        Odoo hides logged notes from searches of people outside, but lets them read one by its id
        when they may read the record; ours say why a contract waits or was paused.
        """
        if message_operation == "read" and self.env.user.share:
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def _for_portal(self):
        """This contract to be read for its customer, once it is known that he may read it.

        :return: cobranca.contract with the rights of the system
        :raise AccessError: unless the user may read the contract
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: only after the check above; the callers return named plain values, never this record
        return self.sudo().with_company(self.company_id)

    def _get_portal_summary(self):
        """What the list of contracts says of each.

        :return: list of dict(url, name, reference, status, tone, items, next_due, amount)
        :raise AccessError: unless the user may read the contracts
        """
        return [contract._for_portal()._prepare_portal_summary() for contract in self]

    def _get_portal_page(self):
        """All that the page of a contract shows, as plain texts and numbers.

        :return: dict; its keys are those of `_prepare_portal_page`
        :raise AccessError: unless the user may read the contract
        """
        return self._for_portal()._prepare_portal_page()

    def _prepare_portal_summary(self):
        status = self._get_portal_status()
        is_billing = self.state == "active" and self.next_due_date
        return {
            "url": self.access_url,
            "name": self.name,
            "reference": self.reference or "",
            "status": status["text"],
            "tone": status["tone"],
            "items": [item["name"] for item in self._get_portal_items()],
            "next_due": format_date(self.env, self.next_due_date) if is_billing else "",
            "amount": self.currency_id.format(self.amount_total),
        }

    def _prepare_portal_page(self):
        """Values of the page; another addon adds its keys here and to the page.

        :return: dict of plain values
        """
        return {
            **self._prepare_portal_summary(),
            "items": self._get_portal_items(),
            "interval": self._get_portal_interval(),
            "beneficiary": self.beneficiary_id.name or "",
            "start": format_date(self.env, self.date_start),
            "notes": self._get_portal_notes(),
            "charges": self._get_portal_charges(),
            "charges_note": self._get_portal_charges_note(),
            "invoices": self._get_portal_invoices(),
            "history": self._get_portal_history(),
            "conditions": self._get_portal_conditions(),
            "creditor": self._get_portal_creditor(),
            "request": self._get_portal_request(),
            "can_ask": self._can_ask_cancellation(),
        }

    def _get_portal_items(self):
        """The items that hold now.

        :return: list of dict(name, detail, amount); `amount` with taxes, empty for usage
        """
        lines = self._get_lines_on(self._get_day_that_counts())
        usage = self.line_ids.filtered(lambda line: line.recurrence == "usage" and not line.display_type)
        return [self._prepare_portal_item(line) for line in (lines | usage).sorted()]

    def _prepare_portal_item(self, line):
        price = self.currency_id.format(line.price_unit)
        if line.recurrence == "usage":
            detail = self.env._("%(price)s each, by what is used", price=price)
        elif line.quantity != 1:
            detail = f"{self._number(line.quantity)} × {price}"
        else:
            detail = ""
        if line.discount:
            off = self.env._("discount of %(percent)s %%", percent=self._number(line.discount))
            detail = f"{detail}, {off}" if detail else off
        return {
            "name": self._get_portal_item_name(line),
            "detail": detail,
            "amount": "" if line.recurrence == "usage" else self.currency_id.format(line.price_total),
        }

    def _number(self, value):
        """A quantity or percentage as the customer writes it, without decimals that say nothing."""
        return formatLang(self.env, value, digits=0 if float(value).is_integer() else 2)

    def _get_portal_item_name(self, line):
        """The description with its words in braces filled as for the period of now."""
        day = self._get_day_that_counts()
        schedule = self._get_schedule()
        part = schedule.part(line._get_group(), schedule.index_of(day)) if schedule else None
        return self._fill_placeholders(line.name or "", ContractCharge(self, day, self.next_due_date or day), part)

    def _get_portal_creditor(self):
        """Who bills and how to reach him: facts that every customer may know.

        :return: dict(name, document, address, email, phone)
        """
        company = self.company_id
        place = " – ".join(filter(None, [company.city, company.state_id.code]))
        return {
            "name": company.name,
            "document": identification.formatted(company.vat or ""),
            "address": ", ".join(filter(None, [company.street, company.street2, place, company.zip])),
            "email": company.email or "",
            "phone": company.phone or "",
        }
