import bisect
import re

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError

from ..tools import contact_data

# Written in place of a number.
WITHOUT_NUMBER = re.compile(r"\bs\s*/?\s*n[ºo°.]?\s*$", re.IGNORECASE)
COLLECTOR = "cobranca_recorrente.cobranca_group_collector"
SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"
# Who has these wrong gets another one's bills: a supervisor decides.
SENSITIVE = frozenset(("name", "vat"))
VERIFIED = (
    *("name", "vat", "email", "phone", "street_name", "street_number", "street_number2", "street2"),
    *("zip", "city", "city_id", "state_id"),
)
# What is looked at to tell gaps.
LOOKED_AT = (
    *("vat", "is_company", "country_id", "email_normalized", "email", "message_bounce", "phone", "street"),
    *("street_number", "city", "state_id", "zip", "cobranca_verified_on", "parent_id.vat", "commercial_partner_id"),
)


class CobrancaPartnerQuality(models.AbstractModel):
    """How well a customer can be found and written to, what is missing, and who looked at it last."""

    _name = "cobranca.partner.quality"
    _description = "Quality of a Customer's Data"

    cobranca_quality_score = fields.Integer(
        string="Data quality",
        compute="_compute_cobranca_quality_score",
        store=True,
        aggregator="avg",
        groups=COLLECTOR,
        help="100 when nothing is missing; a missing CPF or CNPJ costs 30, e-mail or phone 20 each, the address up to "
        "20, data that nobody verified 10.",
    )
    cobranca_quality_gaps = fields.Text(
        string="What is missing", compute="_compute_cobranca_quality_gaps", groups=COLLECTOR
    )
    cobranca_verified_on = fields.Date(string="Verified on", readonly=True, copy=False, groups=COLLECTOR)
    cobranca_verified_by_id = fields.Many2one(
        comodel_name="res.users", string="Verified by", readonly=True, copy=False, groups=COLLECTOR
    )
    cobranca_review_on = fields.Date(
        string="Look at it again on",
        copy=False,
        groups=COLLECTOR,
        help="From this day on the customer is listed among the data to verify.",
    )

    # === COMPUTE METHODS === #

    @api.depends(*LOOKED_AT)
    def _compute_cobranca_quality_score(self):
        for partner in self:
            partner.cobranca_quality_score = contact_data.score(partner._cobranca_get_gaps())

    @api.depends(*LOOKED_AT)
    def _compute_cobranca_quality_gaps(self):
        for partner in self:
            texts = map(partner._cobranca_explain_gap, partner._cobranca_get_gaps())
            partner.cobranca_quality_gaps = "\n".join(texts) or False

    # === GAPS === #

    def _cobranca_get_gaps(self):
        """What is missing or wrong in the data of this customer.

        :return: list of codes of `tools.contact_data`, the most expensive first
        """
        self.ensure_one()
        return contact_data.gaps(self._cobranca_get_contact())

    def _cobranca_get_contact(self):
        commercial = self.commercial_partner_id or self
        number = self.street_number or ("s/n" if WITHOUT_NUMBER.search(self.street or "") else "")
        code = contact_data.cep(self.zip)
        return contact_data.Contact(
            document=self.vat or commercial.vat or "",
            is_company=commercial.is_company,
            is_brazilian=not self.country_id or self.country_id.code == "BR",
            is_email_valid=bool(self.email_normalized) if self.email else None,
            has_bounced=bool(self.message_bounce),
            is_phone_valid=bool(self._phone_format(fname="phone")) if self.phone else None,
            street=self.street or "",
            number=number,
            city=self.city or "",
            state=self.state_id.code or "",
            zip=self.zip or "",
            zip_state=self._cobranca_get_state_of_zip(code) if code else None,
            is_verified=bool(self.cobranca_verified_on),
        )

    @api.model
    def _cobranca_get_state_of_zip(self, code):
        """Letters of the state that a CEP belongs to; None when no range holds it."""
        return self._cobranca_find_zip(code)[0]

    @api.model
    def _cobranca_get_city_of_zip(self, text):
        """The city that a CEP belongs to, however it is written.

        :return: res.city, empty when no range holds it
        """
        code = contact_data.cep(text)
        return self.env["res.city"].browse(code and self._cobranca_find_zip(code)[1] or [])

    def _cobranca_find_zip(self, code):
        starts, ends, places = self._cobranca_get_zip_ranges()
        at = bisect.bisect_right(starts, code) - 1
        return places[at] if at >= 0 and code <= ends[at] else (None, None)

    @api.model
    @tools.ormcache()
    def _cobranca_get_zip_ranges(self):
        """The ranges of the cities as Odoo ships them, in the order of their starts.

        :return: (starts, ends, (letters of the state, id of the city) of each)
        """
        Range = self.env["l10n_br.zip.range"].sudo()  # sudo: public knowledge
        ranges = Range.search([("city_id", "!=", False)], order="start")
        rows = [(each.start, each.end, (each.city_id.state_id.code, each.city_id.id)) for each in ranges]
        return tuple(zip(*rows, strict=True)) if rows else ((), (), ())

    @api.model
    def _cobranca_explain_gap(self, code):
        return {
            "document_missing": self.env._("CPF or CNPJ is missing."),
            "document_wrong": self.env._("The CPF or CNPJ cannot be right: its check digits do not match."),
            "document_kind": self.env._("A person has a CPF, a company a CNPJ: one of the two is wrong here."),
            "email_missing": self.env._("E-mail is missing."),
            "email_wrong": self.env._("The e-mail cannot be right."),
            "email_bounced": self.env._("Messages to this e-mail came back."),
            "phone_missing": self.env._("Phone is missing."),
            "phone_wrong": self.env._("The phone cannot be right: area code and number are needed."),
            "street_missing": self.env._("Street is missing."),
            "number_missing": self.env._("The number of the house is missing (or “s/n”)."),
            "city_missing": self.env._("City is missing."),
            "state_missing": self.env._("State is missing."),
            "zip_missing": self.env._("CEP is missing."),
            "zip_wrong": self.env._("The CEP cannot be right: it has eight digits."),
            "zip_elsewhere": self.env._("The CEP belongs to another state."),
            "never_verified": self.env._("Nobody has verified these data yet."),
        }[code]

    # === VERIFICATION === #

    def _cobranca_verify(self, values, review_on=False):
        """Write what was corrected and keep that someone looked.

        :param dict values: of the fields in `VERIFIED`; others are refused
        :param date review_on: when to look again; a year later unless given
        :raise AccessError: for who is no collector, or changes name or document without being a supervisor
        :raise UserError: when the day to look again has passed
        """
        self.ensure_one()
        today = self.env.company._cobranca_today()
        changed = {name: value for name, value in values.items() if self._cobranca_is_change(name, value)}
        if changed.get("city") and "city_id" not in changed and self.city_id.name != changed["city"]:
            changed["city_id"] = False
        self._cobranca_check_may_verify(values, changed)
        if review_on and review_on <= today:
            raise UserError(self.env._("Choose a later day to look at these data again."))
        before = {name: self._cobranca_show(name) for name in changed}
        verified = {"cobranca_verified_on": today, "cobranca_verified_by_id": self.env.uid}
        verified["cobranca_review_on"] = review_on or fields.Date.add(today, years=1)
        # sudo: collectors correct what the check above lets them, without a right on all contacts
        self.sudo().write({**changed, **verified})
        self._cobranca_tell_verified(before)

    def _cobranca_is_change(self, name, value):
        own = self[name].id if self._fields[name].type == "many2one" else self[name]
        return (own or False) != (value or False)

    def _cobranca_check_may_verify(self, values, changed):
        self.check_access("read")
        if not self.env.user.has_group(COLLECTOR) or values.keys() - set(VERIFIED):
            raise AccessError(self.env._("Only the people of Cobrança verify the data of customers."))
        if SENSITIVE & changed.keys() and not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Name, CPF and CNPJ are changed by a supervisor of Cobrança."))

    def _cobranca_show(self, name):
        value = self[name]
        return (value.display_name if self._fields[name].type == "many2one" else value) or "–"

    def _cobranca_tell_verified(self, before):
        """One note with what was corrected, for the history of the customer."""
        changes = [
            f"{self._fields[name]._description_string(self.env)}: {old} → {self._cobranca_show(name)}"
            for name, old in before.items()
        ]
        text = self.env._("Data verified.")
        body = " ".join([text, "; ".join(changes)]) if changes else text
        # sudo: a note in the history, after the check of who writes it
        self.sudo().message_post(body=body, author_id=self.env.user.partner_id.id)

    def action_cobranca_verify(self):
        """Open the verification of this customer's data."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Verify data · %(customer)s", customer=self.display_name),
            "res_model": "cobranca.partner.verify",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.id},
        }
