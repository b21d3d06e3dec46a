from odoo import fields, models
from odoo.tools import email_normalize
from odoo.tools.misc import format_date

from ..tools import identification
from .cobranca_opt_out import CHANNELS

# How long a refusal is shown on the page.
REFUSAL_DAYS = 30


class CobrancaPartnerOwnPage(models.AbstractModel):
    """What a customer sees of his own data: plain values that these methods choose, never records."""

    _name = "cobranca.partner.own.page"
    _description = "Portal Page of a Customer's Own Data"

    # === BUSINESS METHODS === #

    def _cobranca_get_own_page(self, typed=None):
        """All that the page shows, with what was typed in place of what is kept.

        :param dict typed: texts of a form that was refused
        :return: dict of plain values
        :raise AccessError: unless the user is the customer
        """
        partner = self._cobranca_for_own()
        typed = typed or {}
        texts = partner._cobranca_get_own_texts()
        refused = partner._cobranca_get_refused_channels()[partner]
        is_debtor = partner == partner.commercial_partner_id
        return {
            "is_debtor": is_debtor,
            "document": identification.masked(partner.commercial_partner_id.vat or "") if is_debtor else "",
            "name": texts["name"],
            "texts": {**texts, "vat": "", **{name: typed[name] for name in (*texts, "vat") if name in typed}},
            "states": [{"code": state.code, "label": state.name} for state in partner._cobranca_get_own_states()],
            "channels": partner._cobranca_get_choices("cobranca_channel"),
            "hours": partner._cobranca_get_choices("cobranca_hour"),
            "refused": [
                channel
                for channel, _label in CHANNELS
                if (typed.get(f"refuses_{channel}") if "preferences" in typed else channel in refused)
            ],
            "pending": partner._cobranca_get_own_pending(),
            "refusals": partner._cobranca_get_own_refusals(),
            "verified_on": format_date(self.env, partner.cobranca_verified_on) if partner.cobranca_verified_on else "",
            "creditor": partner._cobranca_get_own_creditor(),
        }

    def _cobranca_get_own_texts(self):
        """{field: text} as it is kept, of all that the page shows but the document."""
        names = ("name", "email", "phone", "zip", "street_name", "street_number", "street_number2", "street2", "city")
        return {
            **{name: self[name] or "" for name in names},
            # Odoo leaves the comma that stood before the number.
            "street_name": (self.street_name or "").rstrip(" ,"),
            "vat": self.vat or "",
            "state": self.state_id.code or "",
            "payer": self._cobranca_get_payer().name or "",
            "channel": self.cobranca_channel or "",
            "hour": self.cobranca_hour or "",
        }

    def _cobranca_get_payer(self):
        """The person whom to speak with about payments.

        :return: res.partner, at most one
        """
        return self.child_ids.filtered(lambda child: child.cobranca_role == "pays")[:1]

    def _cobranca_get_own_states(self):
        """The states that the customer may choose among: of his country, of Brazil unless he has one."""
        return (self.country_id or self.env.ref("base.br")).state_ids.sorted("name")

    def _cobranca_get_choices(self, name):
        return [{"code": code, "label": label} for code, label in self._fields[name]._description_selection(self.env)]

    def _cobranca_get_own_pending(self):
        """{field: dict(text, date)} of what waits for approval; of a document only so much as tells it."""
        return {
            change.field: {
                "text": change.new_masked if change.field == "vat" else change.new_value,
                "date": format_date(self.env, change.requested_on),
            }
            for change in self.env["cobranca.partner.change"]._get_pending(self)
        }

    def _cobranca_get_own_refusals(self):
        """What was refused lately and not asked for again.

        :return: list of str
        """
        since = fields.Date.subtract(self.env.company._cobranca_today(), days=REFUSAL_DAYS)
        changes = self.env["cobranca.partner.change"].search([("partner_id", "=", self.id)], order="id desc")
        labels = dict(changes._fields["field"]._description_selection(self.env))
        last = [found[:1] for found in changes.grouped("field").values()]
        return [
            self.env._(
                "“%(what)s” was not changed (%(date)s). %(reason)s",
                what=labels[change.field],
                date=format_date(self.env, change.decided_on),
                reason=change.reason or "",
            )
            for change in last
            if change.state == "refused" and change.decided_on >= since
        ]

    def _cobranca_get_own_creditor(self):
        company = self.env.company
        return {"name": company.name, "email": company.email or "", "phone": company.phone or ""}

    # --- Odoo's own form ---

    def _cobranca_find_guarded(self, values):
        """What Odoo's own address form must not change, since it waits for approval here.

        :param dict values: that the customer sent there
        :return: {field: message}; empty for who is not billed by us
        """
        own = self.env["res.partner"]._cobranca_get_own()
        if not own or self.commercial_partner_id.id != own.commercial_partner_id.id:
            return {}
        is_own = self.id == own.id
        guarded = ("email", "name", "vat") if is_own else ("email", "name") if self._cobranca_gets_invoices() else ()
        message = (
            self.env._("Ask for this under “My data”: somebody looks at it before it counts.")
            if is_own
            else self.env._("Invoices are sent to this address. Please write to us to change it.")
        )
        found = {name: message for name in guarded if name in values and self._cobranca_differs(name, values[name])}
        company_name = (values.get("company_name") or "").strip()
        if company_name and not is_own and company_name != (self.commercial_partner_id.name or "").strip():
            found["company_name"] = self.env._("Ask for this under “My data”: somebody looks at it before it counts.")
        return found

    def _cobranca_differs(self, name, value):
        now, new = (self[name] or "").strip(), (value or "").strip()
        if name == "email":
            return (email_normalize(now) or now) != (email_normalize(new) or new)
        if name == "vat":
            return identification.compact(now) != identification.compact(new)
        return now != new

    def _cobranca_gets_invoices(self):
        """Do invoices of contracts go to this contact?"""
        Contract = self.env["cobranca.contract"].sudo()  # sudo: whether there is one, no more
        domain = ["|", ("responsible_id", "in", self.ids), ("partner_id", "in", self.ids)]
        return bool(Contract.search_count([*domain, ("state", "=", "active")], limit=1))
